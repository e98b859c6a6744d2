"""The file of measurements: what is in it comes back, and nothing that is wrong with it does harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from webgpu_array.errors import TuningWarning
from webgpu_array.tuner import store as store_module
from webgpu_array.tuner.fingerprint import as_fingerprint
from webgpu_array.tuner.store import Measured, Quarantine, Store, Timing, Verdict

FACTS = {"kind": "discrete", "backend": "Vulkan", "device": "Card", "driver": "1.0", "wgpu-native": "29"}
CARD = as_fingerprint(FACTS)
OLD_CARD = as_fingerprint({**FACTS, "driver": "0.9"})
OTHER = as_fingerprint({**FACTS, "device": "Another", "kind": "software"})

TIMING = Timing("inverse", "float32", 8, 1000, "fast", {"workgroup": 64}, "fast-kernels 1.0", "abc", (1.0, 3.0, 1.5), 0.25)
VERDICT = Verdict("fast", "float32", "fast-kernels 1.0", 1, "abc", "stable")
QUARANTINE = Quarantine("broken", "fast-kernels 1.0", 1, "a1b2", "it hung")

# Run in ten processes: each adds twenty rows.
ADD_TWENTY = """
import sys
from webgpu_array.tuner.fingerprint import as_fingerprint
from webgpu_array.tuner.store import Store, Timing
path, facts, who = sys.argv[1], eval(sys.argv[2]), sys.argv[3]
from pathlib import Path
store = Store(Path(path))
for n in range(1, 21):
    row = Timing("inverse", "float32", n, 8, f"kernel_{who}", {}, "some 1", "s", (1.0,), 0.1)
    store.add(as_fingerprint(facts), timings=[row])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tuning.json"


@pytest.fixture
def filled(path: Path) -> Path:
    Store(path).add(CARD, timings=[TIMING], verdicts=[VERDICT], quarantined=[QUARANTINE])
    return path


@pytest.fixture(autouse=True)
def nothing_left_over(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.glob("*.tmp"))


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("tuning.json.bad-*"))


def warned(path: Path, of: Any = CARD) -> tuple[Measured, str]:
    """What a new process would see, and its one warning."""
    with pytest.warns(TuningWarning) as caught:
        opened = Store(path)
        found = opened.measured(of)
        assert opened.measured(of) == found
    (text,) = (str(each.message) for each in caught)
    return found, text


def test_an_empty_store_has_nothing_and_says_nothing(path: Path) -> None:
    assert Store(path).measured(CARD) == Measured()
    assert Store(None).measured(CARD) == Measured()
    assert not path.exists()


def test_what_is_added_comes_back(filled: Path) -> None:
    found = Store(filled).measured(CARD)
    assert found.timings == (TIMING,)
    assert found.verdicts == {("fast", "float32"): VERDICT}
    assert found.quarantined == {"broken": QUARANTINE}
    assert found.cells("inverse", "float32") == {(8, 1000): [TIMING]}
    assert found.cells("inverse", "float64") == {}
    assert TIMING.ms == 1.75


def test_a_row_replaces_the_one_of_the_same_candidate(filled: Path) -> None:
    newer, other = replace(TIMING, source="def"), replace(TIMING, config={"workgroup": 32})
    Store(filled).add(CARD, timings=[newer, other])
    assert Store(filled).measured(CARD).timings == (newer, other)


def test_the_file_has_a_row_per_line(filled: Path) -> None:
    lines = [line for line in filled.read_text().splitlines() if '"kernel"' in line]
    assert len(lines) == 3
    assert json.loads(filled.read_text())["format"] == 1


def test_rows_of_another_device_are_kept_apart(filled: Path) -> None:
    Store(filled).add(OTHER, timings=[replace(TIMING, kernel="slow")])
    found = Store(filled)
    assert [row.kernel for row in found.measured(CARD).timings] == ["fast"]
    assert [row.kernel for row in found.priors(CARD)] == ["slow"]


def test_what_another_process_adds_is_seen(filled: Path) -> None:
    opened = Store(filled)
    opened.measured(CARD)
    before = store_module.changes
    Store(filled).add(CARD, timings=[replace(TIMING, n=9)])
    assert len(opened.measured(CARD).timings) == 2
    assert store_module.changes > before


def test_without_a_file_rows_last_as_long_as_the_process() -> None:
    store = Store(None)
    store.add(CARD, timings=[TIMING])
    assert store.measured(CARD).timings == (TIMING,)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[: len(data) // 2], "it is no JSON"),
        (lambda data: b"", "it is no JSON"),
        (lambda data: bytes(range(256)) * 40, "it is no JSON"),
        (lambda data: b"[" * 100_000, "it is no JSON"),
        (lambda data: b"[1, 2]", "it says no format"),
        (lambda data: data.replace(b'"format": 1', b'"format": 2'), "its format is 2, not 1"),
        (lambda data: data.replace(b'"format": 1', b'"format": "new"'), "its format is 'new', not 1"),
        (lambda data: b'{"format": 1, "devices": 3}', "it has no table of devices"),
        (lambda data: b'{"format": 1, "devices": {"a": 3}}', "it has no table of devices"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside(filled: Path, damage: Any, says: str) -> None:
    bad = damage(filled.read_bytes())
    filled.write_bytes(bad)
    found, text = warned(filled)
    assert found == Measured()
    assert says in text
    (kept,) = aside(filled)
    assert kept.name in text and kept.read_bytes() == bad
    # From then on there is nothing to say, and the store works.
    Store(filled).add(CARD, timings=[TIMING])
    assert Store(filled).measured(CARD).timings == (TIMING,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", "8"),
        ("n", 0),
        ("batch", 1.5),
        ("batch", True),
        ("kernel", None),
        ("config", [1]),
        ("config", {"workgroup": "64"}),
        ("device_ms", []),
        ("device_ms", [float("nan")]),
        ("device_ms", [1, "2"]),
        ("device_ms", 3),
        # No reading is 0: it would win for ever.
        ("device_ms", [0.0]),
        # So many would be no number when orders are compared.
        ("n", 10**400),
        ("host_ms", -1),
        ("host_ms", float("inf")),
        ("source", 5),
    ],
)
def test_rows_of_wrong_types_are_left_out_and_the_rest_is_used(filled: Path, field: str, value: object) -> None:
    document = json.loads(filled.read_text())
    rows = document["devices"][CARD.hash]["times"]
    rows.append({**rows[0], "kernel": "bad", field: value})
    bad = json.dumps(document)
    filled.write_text(bad)
    found, text = warned(filled)
    assert found.timings == (TIMING,)
    assert "1 rows are not what they should be" in text
    (kept,) = aside(filled)
    assert kept.name in text and kept.read_text() == bad
    assert Store(filled).measured(CARD) == found


@pytest.mark.parametrize("row", [None, 3, "row", [], {}, {"kernel": "fast"}])
@pytest.mark.parametrize("table", ["gate", "times", "quarantine"])
def test_rows_that_are_none_are_left_out(filled: Path, table: str, row: object) -> None:
    document = json.loads(filled.read_text())
    document["devices"][CARD.hash][table].append(row)
    filled.write_text(json.dumps(document))
    found, _ = warned(filled)
    assert len(list(found.rows())) == 3


def test_a_device_whose_facts_were_changed_is_left_out(filled: Path) -> None:
    filled.write_text(filled.read_text().replace('"driver": "1.0"', '"driver": "1.1"'))
    found, text = warned(filled)
    assert found == Measured()
    assert "1 rows are not what they should be" in text
    assert len(aside(filled)) == 1


def test_what_another_driver_measured_is_not_used_and_not_lost(path: Path) -> None:
    Store(path).add(OLD_CARD, timings=[TIMING])
    found, text = warned(path)
    assert found == Measured()
    assert "Card was measured with driver '0.9', but has '1.0' now" in text and "webgpu-array tune" in text
    Store(path).add(CARD, timings=[replace(TIMING, kernel="new")])
    assert [row.kernel for row in Store(path).measured(CARD).timings] == ["new"]
    assert Store(path).measured(OLD_CARD).timings == (TIMING,)
    assert Store(path).priors(CARD) == (TIMING,)


def test_another_device_is_no_reason_to_warn(path: Path) -> None:
    Store(path).add(OTHER, timings=[TIMING])
    assert Store(path).measured(CARD) == Measured()


def test_where_nothing_can_be_written_rows_last_as_long_as_the_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "tuning.json")
    assert store.measured(CARD) == Measured()
    with pytest.warns(TuningWarning, match="cannot be written; what is measured is kept for this process only") as caught:
        store.add(CARD, timings=[TIMING])
        store.add(CARD, verdicts=[VERDICT])
    assert len(caught) == 1
    assert store.measured(CARD).timings == (TIMING,)
    assert store.measured(CARD).verdicts == {("fast", "float32"): VERDICT}


def test_a_folder_in_its_place_is_no_crash(path: Path) -> None:
    path.mkdir()
    store = Store(path)
    with pytest.warns(TuningWarning, match="cannot be read"):
        assert store.measured(CARD) == Measured()
    with pytest.warns(TuningWarning, match="cannot be written"):
        store.add(CARD, timings=[TIMING])
    assert store.measured(CARD).timings == (TIMING,)


def test_what_cannot_be_read_is_not_overwritten(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(f"{path} is another user's")

    before = filled.read_bytes()
    store = Store(filled)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.warns(TuningWarning) as caught:
            store.add(CARD, timings=[replace(TIMING, n=9)])
    unread, unwritten = (str(each.message) for each in caught)
    assert "cannot be read" in unread and "cannot be written" in unwritten
    assert filled.read_bytes() == before
    assert [row.n for row in store.measured(CARD).timings] == [8, 9]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_what_is_no_regular_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    store = Store(path)
    with pytest.warns(TuningWarning, match="cannot be read.*it is no regular file"):
        assert store.measured(CARD) == Measured()
    with pytest.warns(TuningWarning, match="cannot be written.*it is no regular file"):
        store.add(CARD, timings=[TIMING])
    assert path.is_fifo()


def test_a_file_system_without_locks_is_no_crash(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **more: Any) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    filled.write_text(filled.read_text().replace('"n": 8', '"n": 0'))
    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    store = Store(filled)
    with pytest.warns(TuningWarning, match="1 rows are not what they should be, and were left out; it stays as it is"):
        assert store.measured(CARD).timings == ()
    with pytest.warns(TuningWarning, match="cannot be written.*flock"):
        store.add(CARD, timings=[TIMING])
    filled.write_text("{")
    with pytest.warns(TuningWarning, match="Nor can it be set aside.*flock"):
        Store(filled).measured(CARD)


def test_a_lock_that_is_never_free_is_waited_for_only_so_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_LOCK_TIMEOUT", 0.2)
    holding = "import filelock, sys, time\nwith filelock.FileLock(sys.argv[1]):\n print(1, flush=True)\n time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", holding, f"{path}.lock"], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    store = Store(path)
    try:
        with pytest.warns(TuningWarning, match="cannot be written"):
            store.add(CARD, timings=[TIMING])
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    # What could not be written then is written with the next row.
    store.add(CARD, verdicts=[VERDICT])
    assert Store(path).measured(CARD).timings == (TIMING,)


def test_ten_processes_that_add_at_once_lose_nothing(path: Path) -> None:
    adding = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", ADD_TWENTY, str(path), repr(FACTS), str(who)], stderr=subprocess.PIPE)
        for who in range(10)
    ]
    for process in adding:
        _, stderr = process.communicate(timeout=240)
        assert (process.returncode, stderr) == (0, b"")
    found = {(row.kernel, row.n) for row in Store(path).measured(CARD).timings}
    assert found == {(f"kernel_{who}", n) for who in range(10) for n in range(1, 21)}
    assert aside(path) == []


def test_export_and_import(filled: Path, tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    Store(filled).add(OTHER, timings=[TIMING])
    assert Store(filled).export(exported) == 4
    elsewhere = Store(tmp_path / "elsewhere.json")
    older = replace(TIMING, device_ms=(9.0,), date="2001-01-01T00:00:00Z")
    newer = replace(VERDICT, accuracy="fast", date="2101-01-01T00:00:00Z")
    elsewhere.add(CARD, timings=[older], verdicts=[newer])
    assert elsewhere.import_(exported) == 4
    assert elsewhere.measured(CARD).timings == (TIMING,)
    assert elsewhere.measured(CARD).verdicts == {("fast", "float32"): newer}
    assert elsewhere.priors(CARD) == (TIMING,)


def test_what_is_no_export_is_refused(filled: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    before = filled.read_bytes()
    with pytest.raises(ValueError, match="cannot be imported: it says no format"):
        Store(filled).import_(bad)
    with pytest.raises(FileNotFoundError):
        Store(filled).import_(tmp_path / "missing.json")
    assert filled.read_bytes() == before


def test_without_a_file_to_keep_them_no_rows_are_taken(filled: Path, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen.json"
    Store(filled).freeze(frozen)
    assert (Store(None).import_(filled), Store(frozen).import_(filled)) == (0, 0)


def test_a_frozen_file_is_read_and_never_written(filled: Path, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen.json"
    assert Store(filled).freeze(frozen) == 3
    before = frozen.read_bytes()
    store = Store(frozen)
    assert store.is_frozen and not Store(filled).is_frozen
    store.add(CARD, timings=[replace(TIMING, n=9)])
    assert frozen.read_bytes() == before
    assert store.measured(CARD).timings == (TIMING,)


def test_the_environment_says_where_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(path))
    assert Store.load().path == path
    assert Store.load() is Store.load()
    for nothing in ("", os.devnull):
        monkeypatch.setenv("WEBGPU_ARRAY_TUNING", nothing)
        assert Store.load().path is None
    monkeypatch.delenv("WEBGPU_ARRAY_TUNING")
    found = Store.load().path
    assert found is not None and found.parts[-2:] == ("webgpu-array", "tuning.json")


def test_a_home_that_is_unknown_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", "~no-such-user/tuning.json")
    with pytest.warns(TuningWarning, match="~no-such-user/tuning.json cannot be found, so that nothing is kept"):
        assert Store.load().path is None
