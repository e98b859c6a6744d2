"""Explanations of choices: what is said of every candidate, from stores that are written here."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import webgpu_array as xp
from webgpu_array import cli
from webgpu_array.dtypes import float32
from webgpu_array.plans.linalg import Inverse, Solve
from webgpu_array.plugins import registry
from webgpu_array.tuner import explanation
from webgpu_array.tuner.choice import distribution_of, quarantine_row
from webgpu_array.tuner.explain import explain
from webgpu_array.tuner.explanation import Candidate, Explanation
from webgpu_array.tuner.fingerprint import canonical, fingerprint, source_of_candidate, source_of_kernel
from webgpu_array.tuner.settings import tuning
from webgpu_array.tuner.store import Store, Timing, Verdict

# Three kernels that can all do this on every device; the first is the default there.
N, BATCH = 3, 1000
PLAN = Inverse(float32, N, BATCH)


class Rows:
    """Writes rows to the store as the tuner would."""

    def __init__(self, device: Any) -> None:
        self.device = device

    def names(self, plan: Any = PLAN) -> list[str]:
        return [kernel.name for kernel in registry().candidates(canonical(plan), self.device)]

    def time(self, name: str, *device_ms: float, n: int = N, batch: int = BATCH, at: int = 0, **changes: Any) -> None:
        found, plan = registry().kernels[name], Inverse(float32, n, batch)
        config = found.configs(plan, self.device)[at]
        source = source_of_candidate(found, plan, self.device, config)
        row = Timing("inverse", "float32", n, batch, name, dict(config), distribution_of(name), source, device_ms, 0.5)
        Store.load().add(fingerprint(self.device), timings=[dataclasses.replace(row, **changes)])

    def gate(self, kernel: str, accuracy: str | None = "stable", reason: str = "", **changes: Any) -> None:
        found = registry().kernels[kernel]
        source = source_of_kernel(found, PLAN, self.device)
        row = Verdict(kernel, "float32", distribution_of(kernel), found.version, source, accuracy, reason)
        Store.load().add(fingerprint(self.device), verdicts=[dataclasses.replace(row, **changes)])

    def quarantine(self, kernel: str, reason: str) -> None:
        row = quarantine_row(registry().kernels[kernel], reason)
        Store.load().add(fingerprint(self.device), quarantined=[row])


@pytest.fixture
def rows(device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    """An empty store of one's own."""
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "tuning.json"))
    yield Rows(device)


def of(found: Explanation, kernel: str) -> Candidate:
    """The first candidate of a kernel."""
    return next(candidate for candidate in found.candidates if candidate.kernel == kernel)


def all_pass(rows: Rows, times: Sequence[float]) -> list[str]:
    """Times of the kernels in the order of the registry, all of which pass the gate. Returns their names."""
    names = rows.names()[: len(times)]
    for name, ms in zip(names, times, strict=True):
        rows.gate(name)
        rows.time(name, ms, ms * 1.1, ms * 0.9)
    return names


def test_with_an_empty_store_it_is_the_default(device: Any, rows: Rows) -> None:
    found = explain(PLAN, device)
    assert (found.kernel, found.basis, found.cell, found.lead, found.n_cells) == (rows.names()[0], "default", None, None, 0)
    assert "nothing was measured near by" in found.why
    assert found.candidates[0].status == "chosen"
    assert {candidate.status for candidate in found.candidates[1:]} <= {"not measured", "cannot"}
    assert of(found, "lu_inverse").why.startswith("real matrices are eliminated in place")


def test_the_fastest_wins_by_how_much(device: Any, rows: Rows) -> None:
    default, winner = all_pass(rows, [2.5, 1.5])
    found = explain(PLAN, device)
    assert (found.kernel, found.basis, found.cell, found.runner_up) == (winner, "measured", (N, BATCH), default)
    assert found.lead == pytest.approx(1.5)
    assert found.why == f"it is the fastest measured here, 1.50 times as fast as {default}"
    assert [candidate.status for candidate in found.candidates[:2]] == ["chosen", "measured"]
    assert of(found, winner).ms == pytest.approx(2.0)
    assert of(found, winner).spread == pytest.approx((1.35 + 0.5, 1.65 + 0.5))
    assert of(found, winner).gate == "stable"


def test_the_nearest_cell_is_named(device: Any, rows: Rows) -> None:
    all_pass(rows, [2.5, 1.5])
    found = explain(Inverse(float32, N, BATCH + 500), device)
    assert (found.basis, found.cell) == ("nearest", (N, BATCH))
    assert f"in the nearest cell, {N} x 1,000" in found.why


def test_a_default_that_is_the_fastest(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [1.5, 2.5])
    found = explain(PLAN, device)
    assert (found.kernel, found.basis, found.runner_up) == (default, "measured", other)


def test_on_a_tie_the_default_stays(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [1.5, 1.47])
    found = explain(PLAN, device)
    assert found.kernel == default
    assert found.why == f"it is the default, and stays: {other} is 1.5% faster here, and up to 3% count as a tie"


def test_where_the_default_was_not_measured_nothing_is_decided(device: Any, rows: Rows) -> None:
    default, other = rows.names()[:2]
    rows.gate(other)
    rows.time(other, 1.0)
    found = explain(PLAN, device)
    assert (found.kernel, found.basis, found.cell) == (default, "default", (N, BATCH))
    assert "does not decide without it" in found.why


def test_a_kernel_that_fails_the_gate_is_out(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [2.5, 1.5])
    rows.gate(other, None, "left residual 400 exceeds 30: randn, n = 4")
    found = explain(PLAN, device)
    assert found.kernel == default
    assert (of(found, other).status, of(found, other).gate) == ("not accurate", "failed")
    assert of(found, other).why == "it fails the accuracy gate: left residual 400 exceeds 30: randn, n = 4"
    assert of(found, other).ms == pytest.approx(2.0)


def test_accuracy_fast_lets_more_win(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [2.5, 1.5])
    rows.gate(other, "fast", "right residual 50 exceeds 30")
    assert explain(PLAN, device).kernel == default
    assert "only for well-conditioned matrices" in of(explain(PLAN, device), other).why
    with tuning("stored", accuracy="fast"):
        found = explain(PLAN, device)
    assert (found.kernel, found.accuracy) == (other, "fast")


def test_a_quarantined_kernel_is_out(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [2.5, 1.5])
    rows.quarantine(other, "it took longer than 20 s")
    found = explain(PLAN, device)
    assert found.kernel == default
    assert (of(found, other).status, of(found, other).why) == ("quarantined", "it took longer than 20 s")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"source": "0123456789abcdef"}, "what it launches has changed since it was measured"),
        ({"distribution": "webgpu-array 0.0.1"}, "measured as it was in webgpu-array 0.0.1, which is webgpu-array 0.1.0 now"),
    ],
)
def test_a_kernel_that_has_changed_is_stale(changes: dict[str, str], why: str, device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [2.5, 1.5])
    rows.time(other, 1.5, **changes)
    found = explain(PLAN, device)
    assert found.kernel == default
    assert (of(found, other).status, of(found, other).why) == ("stale", why)


def test_a_gate_of_an_earlier_version_is_outdated(device: Any, rows: Rows) -> None:
    default, other = all_pass(rows, [2.5, 1.5])
    rows.gate(other, kernel_version=77)
    found = explain(PLAN, device)
    assert found.kernel == default
    assert (of(found, other).status, of(found, other).gate) == ("stale", "outdated")
    assert of(found, other).why == "the accuracy gate was run on version 77 of webgpu-array 0.1.0"


def test_a_kernel_that_has_not_been_through_the_gate(device: Any, rows: Rows) -> None:
    default, other = rows.names()[:2]
    rows.time(default, 2.5)
    rows.time(other, 1.5)
    found = explain(PLAN, device)
    assert found.kernel == default
    assert (of(found, other).status, of(found, other).gate) == ("not gated", "not run")


def test_a_kernel_that_is_gone_is_listed(device: Any, rows: Rows) -> None:
    _, other = all_pass(rows, [2.5, 1.5])
    rows.time(other, 0.5, kernel="bygone", distribution="old-kernels 1.0")
    found = of(explain(PLAN, device), "bygone")
    assert (found.status, found.why, found.distribution) == ("stale", "it is not registered any more", "old-kernels 1.0")


def test_a_named_kernel(device: Any, rows: Rows) -> None:
    _, other = all_pass(rows, [1.5, 2.5])
    found = explain(PLAN, device, other)
    assert (found.kernel, found.basis, found.why, found.lead) == (other, "named", "it was named", pytest.approx(2 / 3))


def test_with_tuning_off_it_is_the_default(device: Any, rows: Rows) -> None:
    default, _ = all_pass(rows, [2.5, 1.5])
    with tuning("off"):
        found = explain(PLAN, device)
    assert (found.kernel, found.basis, found.mode, found.cell) == (default, "off", "off", None)


def test_in_the_mode_on_nothing_is_measured(device: Any, rows: Rows) -> None:
    with tuning("on"):
        found = explain(PLAN, device)
    assert (found.mode, found.basis, found.n_cells) == ("on", "default", 0)


def test_an_operation_that_is_not_tuned(device: Any, rows: Rows) -> None:
    found = explain(Solve(float32, 3, 1, 10), device)
    assert found.basis == "off"
    assert "kernels for solve are not measured" in found.why


def test_a_frozen_store_says_so(device: Any, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, winner = all_pass(rows, [2.5, 1.5])
    Store.load().freeze(tmp_path / "frozen.json")
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "frozen.json"))
    found = explain(PLAN, device)
    assert (found.kernel, found.is_frozen) == (winner, True)
    assert found.why.startswith("the frozen store says so: it is the fastest measured here")
    assert "frozen" in str(found)


def test_the_floor_is_below_every_time(device: Any, rows: Rows) -> None:
    all_pass(rows, [2.5, 1.5])
    rows.time(rows.names()[0], 0.25, batch=10)
    found = explain(PLAN, device)
    assert found.floor is not None
    assert found.floor_ms == pytest.approx(1.35)
    assert found.floor.ms(N, 10) < 0.25
    assert "2 measured cells" in str(found.floor)


def test_as_text_and_as_json(device: Any, rows: Rows) -> None:
    default, winner = all_pass(rows, [2.5, 1.5])
    found = explain(PLAN, device)
    text = str(found)
    assert repr(found) == text
    for word in (default, winner, "3.00", "1.85 to 2.15", "times the best", "floor: 1.35 ms", "store: ", "inverse of 1,000 matrices of order 3, float32"):
        assert word in text, word
    assert max(map(len, text.splitlines())) < 400
    written = json.loads(json.dumps(found.as_dict()))
    assert (written["kernel"], written["cell"], written["lead"]) == (winner, {"n": N, "batch": BATCH}, found.lead)
    assert [candidate["kernel"] for candidate in written["candidates"][:2]] == [winner, default]
    assert written["candidates"][0]["device_ms"] == pytest.approx([1.5, 1.65, 1.35])
    assert written["device"]["name"] == device.name


def test_linalg_explain(device: Any, rows: Rows) -> None:
    x = xp.ones((10, 100, 3, 3), dtype=xp.float32, device=device)
    _, winner = all_pass(rows, [2.5, 1.5])
    assert xp.linalg.explain(x).kernel == winner
    with pytest.raises(ValueError, match="explain: "):
        xp.linalg.explain(xp.ones((3, 4), device=device))
    with pytest.raises(ValueError, match="holds no numbers"):
        xp.linalg.explain(xp.ones((0, 3, 3), device=device))
    with pytest.raises(ValueError, match="there is no inverse kernel called 'no_such'"):
        xp.linalg.explain(x, kernel="no_such")


def test_work_that_is_cut_into_parts_is_explained_by_one(device: Any, rows: Rows) -> None:
    limit = device.limits["max-storage-buffer-binding-size"]
    batch = 3 * limit // (4 * N * N)
    assert explain(Inverse(float32, N, batch), device).batch < batch


def _picture_size(data: bytes) -> tuple[int, int]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


@pytest.mark.parametrize("cells", [[(3, 1000)], [(n, batch) for n in (2, 3, 4) for batch in (1, 8, 64, 512)]], ids=["one", "some"])
def test_a_picture(cells: list[tuple[int, int]], device: Any, rows: Rows, tmp_path: Path) -> None:
    default, other = rows.names()[:2]
    for name in (default, other):
        rows.gate(name)
    for n, batch in cells:
        rows.time(default, 0.1 + 1e-4 * n**3 * batch, n=n, batch=batch)
        rows.time(other, 0.2 + 0.5e-4 * n**3 * batch, n=n, batch=batch)
    explain(PLAN, device).picture(tmp_path / "picture.png")
    assert _picture_size((tmp_path / "picture.png").read_bytes()) == (1600, 960)


def test_a_picture_of_nothing(device: Any, rows: Rows) -> None:
    with pytest.raises(ValueError, match="there is nothing to draw: nothing was measured for inverse of float32 matrices"):
        explain(PLAN, device).draw(io.BytesIO())


def test_the_command_prints_a_table(device: Any, rows: Rows, capsys: pytest.CaptureFixture[str]) -> None:
    default, _ = all_pass(rows, [2.5, 1.5])
    assert cli.main(["kernels", "explain", "--n", "3", "--batch", "1000", "--device", device.name]) == 0
    printed = capsys.readouterr().out
    assert f"1.50 times as fast as {default}" in printed
    assert "chosen" in printed


def test_the_command_prints_json_and_draws(device: Any, rows: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, winner = all_pass(rows, [2.5, 1.5])
    arguments = ["kernels", "explain", "--n", "3", "--batch", "1000", "--device", device.name, "--json"]
    assert cli.main([*arguments, "--picture", str(tmp_path / "a.png")]) == 0
    assert json.loads(capsys.readouterr().out)["kernel"] == winner
    assert _picture_size((tmp_path / "a.png").read_bytes()) == (1600, 960)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--n", "3", "--kernel", "no_such"], "there is no inverse kernel called 'no_such'"),
        (["--n", "3", "--picture", "nothing.png"], "there is nothing to draw"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: list[str], message: str, device: Any, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["kernels", "explain", *arguments, "--device", device.name]) == 1
    printed = capsys.readouterr().err
    assert message in printed
    assert printed.count("\n") == 1
    assert not (tmp_path / "nothing.png").exists()


def test_without_matplotlib_one_line_says_so(
    device: Any, rows: Rows, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(explanation, "find_spec", lambda name: None)
    assert cli.main(["kernels", "explain", "--n", "3", "--picture", "x.png", "--device", device.name]) == 1
    text = "webgpu-array kernels: explain: a picture needs Matplotlib; install it with: pip install 'webgpu-array[demo]'\n"
    assert capsys.readouterr().err == text
