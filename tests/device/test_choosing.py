"""Kernels chosen by what is stored, on a device: the fastest that may be used, and what becomes of those that fail."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import KernelError, PluginWarning, TuningWarning
from webgpu_array.extending import API_VERSION, Capabilities, Config, Inverse, Launch, Work, float32, wgsl
from webgpu_array.linalg.proof import fault_of_inverse
from webgpu_array.plugins import registry
from webgpu_array.tuner import choice
from webgpu_array.tuner.fingerprint import canonical, fingerprint, source_of_candidate, source_of_kernel
from webgpu_array.tuner.store import Store, Timing, Verdict

N, BATCH = 4, 300

# Writes a number everywhere, as if it were an inverse.
FILL = """
struct Params { words: u32, value: u32 }
@group(0) @binding(0) var<storage, read_write> inverse: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x < params.words) { inverse[id.x] = params.value + u32(x[0] * 0.0); }
}
"""


@dataclass(frozen=True)
class Plugin:
    """The built-in kernel for small matrices under another name, or something worse."""

    name: str = "newcomer"
    does: str = "rightly"
    operation: str = "inverse"
    version: int = 1
    api_version: int = API_VERSION

    def _fails(self, where: str) -> None:
        if self.does == where:
            raise RuntimeError(f"{where} is not written yet")

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        self._fails("why_not")
        return built_in().why_not(plan, device)

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        self._fails("configs")
        return [] if self.does == "no configs" else built_in().configs(plan, device)

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        self._fails("launches")
        work = built_in().launches(plan, device, config)
        (launch,) = work.launches
        if self.does == "no text":
            return Work([replace(launch, shader=replace(launch.shader, code="this is no WGSL"))])
        if self.does == "not work":
            return None  # type: ignore[return-value]
        if self.does in ("ones", "NaN"):
            words = plan.batch * plan.n * plan.n
            value = 0x3F800000 if self.does == "ones" else 0x7FC00000
            return Work([Launch(wgsl("fill.wgsl", FILL), -(-words // 64), {"words": words, "value": value})])
        return work


def built_in() -> Any:
    return registry().kernels["gauss_jordan_thread"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The user's store, empty."""
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "tuning.json"))
    return Store.load()


@pytest.fixture
def install(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Plugin]]:
    """Registers a plugin's kernel for the test: ``is_first`` before the built-in ones, so that it is the default."""
    filled = registry()
    monkeypatch.setattr(filled, "_kernels", dict(filled._kernels))
    monkeypatch.setattr(filled, "_owners", dict(filled._owners))
    monkeypatch.setattr(choice, "_failed", {})
    monkeypatch.setattr(choice, "_is_fresh", {})

    def install(does: str = "rightly", *, is_first: bool = False) -> Plugin:
        kernel = Plugin(does=does)
        assert filled.add([kernel], "fast-kernels", "2.0") == []
        if is_first:
            monkeypatch.setattr(filled, "_kernels", {kernel.name: kernel, **filled._kernels})
        return kernel

    return install


def matrices(seed: int = 0, n: int = N, batch: int = BATCH) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (batch, n, n)).astype(np.float32) + 5 * np.eye(n, dtype=np.float32)


def timing(kernel: Any, device: Any, ms: float, n: int = N, batch: int = BATCH) -> Timing:
    plan = Inverse(float32, n, batch)
    config = built_in().configs(plan, device)[0]
    source = "" if getattr(kernel, "does", "") in ("launches", "not work") else source_of_candidate(kernel, plan, device, config)
    distribution = registry().distribution(kernel.name)
    return Timing("inverse", "float32", n, batch, kernel.name, config, distribution, source, (ms,), 0.0)


def verdict(kernel: Any, device: Any, accuracy: str | None = "stable") -> Verdict:
    try:
        source = source_of_kernel(kernel, Inverse(float32, N, BATCH), device)
    except Exception:
        source = ""
    return Verdict(kernel.name, "float32", registry().distribution(kernel.name), kernel.version, source, accuracy, "it was slanted")


def tell(store: Store, device: Any, plugin: Plugin, ms: float = 0.5, accuracy: str | None = "stable", **cell: int) -> None:
    """Stores that the plugin took ``ms``, and the default 1 ms."""
    timings = [timing(kernel, device, took, **cell) for kernel, took in ((built_in(), 1.0), (plugin, ms))]
    store.add(fingerprint(device), timings=timings, verdicts=[verdict(plugin, device, accuracy)])


def check(device: Any, host: np.ndarray | None = None) -> None:
    host = matrices() if host is None else host
    x = xp.asarray(host, device=device)
    expected = np.linalg.inv(host.astype(np.float64))
    np.testing.assert_allclose(xp.linalg.inv(x).numpy(), expected, atol=1e-4)
    np.testing.assert_allclose(xp.linalg.inv_ex(x).inverse.numpy(), expected, atol=1e-4)


def kernels_used(device: Any) -> set[str]:
    return {program.kernel for program in device.programs.values() if program.chosen_at is not None}


def test_with_an_empty_store_the_default_is_used_and_nothing_is_written(own_device: Any, store: Store) -> None:
    check(own_device)
    assert kernels_used(own_device) == {"gauss_jordan_thread"}
    assert store.path is not None and not list(store.path.parent.iterdir())


def test_a_plugin_that_won_is_used_and_trusted_and_proven(own_device: Any, store: Store, install: Any) -> None:
    plugin = install()
    tell(store, own_device, plugin)
    chosen = choice.choose(Inverse(float32, N, BATCH), own_device)
    assert (chosen.kernel, chosen.is_trusted, chosen.is_unproven) == (plugin, True, True)
    assert chosen.why == "it took 0.5 ms for 4x300, and the default gauss_jordan_thread 1 ms"
    check(own_device)
    assert kernels_used(own_device) == {"newcomer"}
    assert not any(program.is_unproven for program in own_device.programs.values())


@pytest.mark.parametrize("accuracy", ["stable", "fast", None])
def test_accuracy_decides_what_may_win(own_device: Any, store: Store, install: Any, accuracy: str | None) -> None:
    tell(store, own_device, install(), accuracy=accuracy)
    plan = Inverse(float32, N, BATCH)
    wins = {}
    for asked in ("stable", "fast"):
        with xp.tuning("stored", accuracy=asked):
            wins[asked] = choice.choose(plan, own_device).kernel.name == "newcomer"
    assert wins == {"stable": accuracy == "stable", "fast": accuracy is not None}


def test_settings_change_what_is_used_at_once(own_device: Any, store: Store, install: Any) -> None:
    tell(store, own_device, install())
    x = xp.asarray(matrices(), device=own_device)
    assert xp.linalg.kernel_for(x) == "newcomer"
    with xp.tuning("off"):
        assert xp.linalg.kernel_for(x) == "gauss_jordan_thread"
        check(own_device)
        assert kernels_used(own_device) == {"gauss_jordan_thread"}
    check(own_device)
    assert "newcomer" in kernels_used(own_device)


def test_what_is_stored_in_this_process_counts_from_the_next_call_on(own_device: Any, store: Store, install: Any) -> None:
    plugin = install()
    check(own_device)
    assert kernels_used(own_device) == {"gauss_jordan_thread"}
    tell(store, own_device, plugin)
    check(own_device)
    assert kernels_used(own_device) == {"newcomer"}


@pytest.mark.parametrize(
    "change",
    [
        {"source": "another"},
        {"distribution": "fast-kernels 1.9"},
        {"kernel": "gone"},
        {"config": {"workgroup": 7}},
        {"device_ms": (0.98,)},
        {"dtype": "float64"},
        {"operation": "solve"},
        {"n": 2 * N + 1},
        {"batch": 9 * BATCH},
    ],
    ids=str,
)
def test_rows_that_do_not_hold_here_decide_nothing(own_device: Any, store: Store, install: Any, change: dict[str, Any]) -> None:
    plugin = install()
    rows = [timing(built_in(), own_device, 1.0), replace(timing(plugin, own_device, 0.5), **change)]
    store.add(fingerprint(own_device), timings=rows, verdicts=[verdict(plugin, own_device)])
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel.name == "gauss_jordan_thread"


@pytest.mark.parametrize("change", [{"source": "x"}, {"distribution": "fast-kernels 1.9"}, {"kernel_version": 2}, {"dtype": "float64"}], ids=str)
def test_a_verdict_of_something_else_does_not_count(own_device: Any, store: Store, install: Any, change: dict[str, Any]) -> None:
    plugin = install()
    rows = [timing(built_in(), own_device, 1.0), timing(plugin, own_device, 0.5)]
    store.add(fingerprint(own_device), timings=rows, verdicts=[replace(verdict(plugin, own_device), **change)])
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel.name == "gauss_jordan_thread"


def test_a_cell_near_by_decides(own_device: Any, store: Store, install: Any) -> None:
    tell(store, own_device, install())
    for n, batch, wins in ((3, 300, True), (4, 2000, True), (4, 3000, False), (1, 300, False)):
        assert (choice.choose(Inverse(float32, n, batch), own_device).kernel.name == "newcomer") == wins, (n, batch)


FAILURES = ["why_not", "configs", "launches", "no configs", "no text", "not work", "ones", "NaN"]


@pytest.mark.parametrize("does", FAILURES)
def test_a_default_that_fails_is_quarantined_and_the_call_is_answered(own_device: Any, store: Store, install: Any, does: str) -> None:
    install(does, is_first=True)
    with pytest.warns(PluginWarning, match="kernel newcomer of fast-kernels 2.0 is not used on .* any more") as caught:
        check(own_device)
    assert len(caught) == 1
    assert kernels_used(own_device) == {"gauss_jordan_thread"}
    check(own_device, matrices(1))
    row = store.measured(fingerprint(own_device)).quarantined["newcomer"]
    assert (row.distribution, row.kernel_version) == ("fast-kernels 2.0", 1)
    assert row.reason in str(caught[0].message)
    # In another process it is left out in silence.
    choice._failed.clear()
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel.name == "gauss_jordan_thread"


@pytest.mark.parametrize("does", [*FAILURES[:3], *FAILURES[4:]])
def test_a_winner_that_fails_is_quarantined_and_the_call_is_answered(own_device: Any, store: Store, install: Any, does: str) -> None:
    plugin = install(does)
    if does in FAILURES[:3]:
        tell(store, own_device, replace(plugin, does="rightly"))
    else:
        tell(store, own_device, plugin)
    with pytest.warns(PluginWarning, match="kernel newcomer of fast-kernels 2.0 is not used") as caught:
        check(own_device)
    assert len(caught) == 1
    assert kernels_used(own_device) == {"gauss_jordan_thread"}
    assert store.measured(fingerprint(own_device)).quarantined.keys() == {"newcomer"}


@pytest.mark.parametrize("does", FAILURES[:6])
def test_a_kernel_that_was_named_fails_with_an_error(own_device: Any, install: Any, does: str) -> None:
    install(does)
    with pytest.raises(KernelError, match="newcomer"):
        xp.linalg.inv(xp.asarray(matrices(), device=own_device), kernel="newcomer")
    assert choice._failed == {}


def test_a_kernel_that_was_named_is_not_checked(own_device: Any, install: Any) -> None:
    install("ones")
    x = xp.asarray(matrices(), device=own_device)
    assert (xp.linalg.inv(x, kernel="newcomer").numpy() == 1).all()


def test_a_new_version_ends_the_quarantine(own_device: Any, store: Store, install: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = install("launches", is_first=True)
    with pytest.warns(PluginWarning):
        check(own_device)
    choice._failed.clear()
    better = replace(plugin, version=2, does="rightly")
    monkeypatch.setattr(registry(), "_kernels", {**registry()._kernels, "newcomer": better})
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel is better


def test_new_text_ends_the_quarantine(own_device: Any, store: Store, install: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = install("launches", is_first=True)
    with pytest.warns(PluginWarning):
        check(own_device)
    choice._failed.clear()
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel is not plugin
    monkeypatch.setattr(choice, "source_of_files", lambda kernel: "another text")
    assert choice.choose(Inverse(float32, N, BATCH), own_device).kernel is plugin


def test_without_permission_to_write_the_quarantine_holds_all_the_same(
    own_device: Any, tmp_path: Path, install: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "file" / "tuning.json"))
    install("ones", is_first=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check(own_device)
        check(own_device)
    assert [each.category for each in caught] == [TuningWarning, PluginWarning]


@pytest.mark.parametrize("batch", [1, 5])
def test_singular_matrices_are_no_reproach(own_device: Any, store: Store, install: Any, batch: int) -> None:
    # What a kernel calls singular before it is proven another one has to confirm.
    tell(store, own_device, install(), batch=batch)
    host = matrices(batch=batch)
    host[-1] = 1
    x = xp.asarray(host, device=own_device)
    with pytest.raises(xp.LinAlgError, match="singular"):
        xp.linalg.inv(x)
    inverse, info, _ = xp.linalg.inv_ex(x)
    assert int(xp.sum(xp.not_equal(info, 0))) == 1
    assert np.isnan(inverse.numpy()[-1]).all()
    host[-1] = np.nan
    result = xp.linalg.inv(xp.asarray(host, device=own_device)).numpy()
    assert np.isnan(result[-1]).all() and np.isfinite(result[:-1]).all()
    check(own_device, matrices(batch=batch))
    assert choice._failed == {} and not any(program.is_unproven for program in own_device.programs.values())


@pytest.mark.parametrize(("factor", "found"), [(1, None), (-1, "")])
def test_what_the_bound_cannot_tell_of_is_doubted(own_device: Any, factor: int, found: str | None) -> None:
    # 100 n u times the condition number is above 2 for such matrices: any answer fulfils the bound.
    n = 256
    host = np.random.default_rng(0).standard_normal((2, n, n)).astype(np.float32)
    x = xp.asarray(host, device=own_device)
    inverse = xp.asarray(factor * np.linalg.inv(host), device=own_device)
    flags = xp.zeros((1, 3), dtype=xp.uint32, device=own_device)
    assert fault_of_inverse(Inverse(float32, n, 2, flags_only=True), (inverse, flags, x)) == found
    info, rcond = (xp.zeros((2,), dtype=dtype, device=own_device) + value for dtype, value in ((xp.int32, 0), (xp.float32, 1e-5)))
    assert fault_of_inverse(Inverse(float32, n, 2), (inverse, info, rcond, x)) == found


def test_the_mode_on_measures_what_is_missing_and_uses_it(
    own_device: Any, store: Store, install: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webgpu_array.tuner import session

    plugin = install()
    asked: list[Any] = []

    def measure(plan: Any, device: Any, settings: Any) -> None:
        asked.append((canonical(plan), settings.mode, settings.budget))
        tell(store, device, plugin)

    monkeypatch.setattr(session, "measure", measure)
    with xp.tuning("on", budget=3):
        xp.linalg.inv(xp.asarray(matrices(), device=own_device))
        xp.linalg.inv(xp.asarray(matrices(1), device=own_device))
    assert asked == [(Inverse(float32, N, BATCH, flags_only=True), "on", 3.0)]
    assert kernels_used(own_device) == {"newcomer"}


def test_a_measurement_that_fails_does_not_stop_the_call(own_device: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from webgpu_array.tuner import session

    def measure(plan: Any, device: Any, settings: Any) -> None:
        raise OSError("no process can be started")

    monkeypatch.setattr(session, "measure", measure)
    with xp.tuning("on"), pytest.warns(TuningWarning, match="no process can be started"):
        xp.linalg.inv(xp.asarray(matrices(), device=own_device))


def test_a_frozen_store_is_not_added_to(own_device: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from webgpu_array.tuner import session

    frozen = tmp_path / "frozen.json"
    store.freeze(frozen)
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(frozen))
    monkeypatch.setattr(session, "measure", lambda *arguments: pytest.fail("measured"))
    with xp.tuning("on"):
        check(own_device)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"mode": "maybe"}, "tuning: mode must be one of 'off', 'stored', 'on', not 'maybe'"),
        ({"accuracy": "exact"}, "tuning: accuracy must be 'stable' or 'fast', not 'exact'"),
        ({"budget": -1}, "tuning: budget must be a number of seconds, not -1"),
        ({"budget": float("nan")}, "tuning: budget must be a number of seconds, not nan"),
    ],
)
def test_wrong_settings_are_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError) as caught, xp.tuning(**arguments):
        pass
    assert str(caught.value) == says
