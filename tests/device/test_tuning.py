"""Measuring in a process of its own: kernels that hang, crash or compute wrongly are left out, and the rest goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import cli, plugins
from webgpu_array.errors import TuningWarning
from webgpu_array.tuner import choice, gating, session
from webgpu_array.tuner.cases import case_for, plan_of
from webgpu_array.tuner.desk import Desk
from webgpu_array.tuner.grid import Limits
from webgpu_array.tuner.measuring import Bench, Candidate, _Entrant, _keep_pace, candidates
from webgpu_array.tuner.session import Session
from webgpu_array.tuner.store import Store
from webgpu_array.tuner.supervisor import Supervisor

# Processes and packages: what they show has nothing to do with what a device grants.
pytestmark = pytest.mark.any_limits

# A plugin with kernels for orders up to 4 that do what a built-in one does, but for what their names say.
PLUGIN = '''
import os, time
from webgpu_array.extending import API_VERSION, Launch, Work, hookimpl, wgsl
from webgpu_array.kernels.gauss_jordan_thread import GaussJordanThread

RIGHT = GaussJordanThread()

SLOW = """
@group(0) @binding(0) var<storage, read_write> inverse: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    var x = f32(id.x);
    for (var i = 0u; i < 60000u; i += 1u) { x = fract(x * 1.37 + 0.3); }
    if (x > 2.0) { inverse[0] = x; }
}
"""
NAN = """
@group(0) @binding(0) var<storage, read_write> inverse: array<f32>;
@compute @workgroup_size(1) fn main() { inverse[arrayLength(&inverse) - 1u] = bitcast<f32>(0x7fc00000u + 0u * arrayLength(&inverse)); }
"""
BEYOND = """
@group(0) @binding(0) var<storage, read_write> inverse: array<f32>;
@compute @workgroup_size(1) fn main() { inverse[END + 7u] = 1.5; }
"""

class Kernel:
    operation, version, api_version = "inverse", 1, API_VERSION

    def __init__(self, name):
        self.name = name

    def why_not(self, plan, device):
        if plan.n > 4 or plan.dtype.name != "float32":
            return "only small ones"
        if self.name == "no_single_ones" and plan.batch < 2:
            return "not a single one"
        return None

    def configs(self, plan, device):
        return [{"workgroup": 32, "staged": 0, "ordered": 0}]

    def launches(self, plan, device, config):
        work = RIGHT.launches(plan, device, config)
        if self.name == "never_returns":
            while True:
                time.sleep(0.1)
        if self.name == "crashes":
            print("a kernel that prints")
            os._exit(7)
        if self.name == "raises":
            raise ZeroDivisionError("as always")
        texts = {"hangs": (SLOW, 65535), "not_a_number": (NAN, 1), "beyond": (BEYOND, 1)}
        if self.name in texts:
            text, groups = texts[self.name]
            text = text.replace("END", f"{plan.batch * plan.n**2}u")
            return Work([*work.launches, Launch(wgsl(self.name, text), groups, {})])
        return work

@hookimpl
def webgpu_array_kernels():
    return [Kernel(name) for name in NAMES]
'''

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """A function that installs a plugin with the kernels of some names, for this process and for those it starts."""
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", "fakes")
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "tuning.json"))
    monkeypatch.syspath_prepend(tmp_path)

    def install(*names: str) -> None:
        (tmp_path / "fake_kernels.py").write_text(f"NAMES = {names!r}\n{PLUGIN}")
        info = tmp_path / "fake_kernels-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-kernels\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[webgpu_array]\nfakes = fake_kernels\n")
        _forget()

    yield install
    session.close()
    sys.modules.pop("fake_kernels", None)
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    plugins.registry.cache_clear()
    choice._failed.clear()
    choice._is_fresh.clear()


@pytest.fixture
def supervisor(device: Any) -> Iterator[Supervisor]:
    found = Supervisor(device.name, patience=40)
    yield found
    found.close()


def fakes(device: Any, plan: Any) -> list[Candidate]:
    return [c for c in candidates(plan, device) if plugins.registry().owner(c.kernel) == "fake-kernels"]


def test_readings_are_compared_at_one_clock() -> None:
    # The clock falls to a quarter after the second turn; the third one was read only before.
    def entrant(*ms: float) -> _Entrant:
        return _Entrant(Candidate("a", {}), "", 1, 1, read_ms=dict(enumerate(ms)))

    usual, better, dropped = entrant(2.0, 2.0, 8.0, 8.2), entrant(1.0, 1.1, 4.0, 4.0), entrant(3.0, 3.0)
    _keep_pace([usual, better, dropped], [usual, better])
    assert better.device_ms == [1.0, 1.1, 1.0, 1.0]
    assert [round(each.ms, 1) for each in (usual, better, dropped)] == [2.0, 1.0, 3.0]
    # One bad moment of one of three changes nothing.
    usual, *steady = entrant(40.0, 10.0, 10.0), entrant(1.0, 1.0, 1.0), entrant(2.0, 2.0, 2.0)
    _keep_pace([usual, *steady], [usual, *steady])
    assert [each.ms for each in (usual, *steady)] == [10.0, 1.0, 2.0]
    # An impossible reading of one leaves the turn to the others.
    usual, better, dropped = entrant(2.0, 8.0), entrant(), entrant(3.5)
    better.read_ms = {1: 4.0}
    _keep_pace([usual, better, dropped], [usual, better])
    assert dropped.device_ms == [3.5]
    alone = entrant(5.0, 7.0)
    assert alone.ms == 6.0 and entrant().ms == float("inf")


@pytest.mark.parametrize("shape", [(3, 10), (24, 100), (48, 3), (48, 1000)])
def test_candidates_begin_with_the_default(device: Any, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", "")
    plan = plan_of("inverse", "float32", *shape)
    usual = choice.default(plan, device)
    expected = Candidate(usual.kernel.name, dict(usual.config))
    assert Desk(device, "inverse", "float32").candidates(plan)[0] == candidates(plan, device)[0] == expected


def test_a_kernel_that_does_no_single_matrices_passes_the_gate(device: Any, supervisor: Supervisor, install: Install) -> None:
    install("no_single_ones")
    outcome = supervisor.gate("no_single_ones", "float32")
    assert outcome.verdict is not None and (outcome.verdict.accuracy, outcome.verdict.reason) == ("stable", "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("crashes", "it ended the process with status 7"),
        ("raises", "ZeroDivisionError: as always"),
        ("not_a_number", "left residual nan of well-conditioned matrices, 4 x 64, exceeds 30"),
    ],
)
def test_a_kernel_that_fails_is_named_and_the_others_are_timed(
    device: Any, supervisor: Supervisor, install: Install, name: str, reason: str
) -> None:
    install("fine", name, "as_well")
    plan = plan_of("inverse", "float32", 4, 64)
    outcome = supervisor.times(plan, fakes(device, plan))
    assert list(outcome.failed) == [name] and reason in outcome.failed[name]
    assert [row.kernel for row in outcome.timings] == ["fine", "as_well"]
    assert outcome.error is None
    assert all(min(row.device_ms) > 0 and row.host_ms == 0 and row.distribution == "fake-kernels 1.0" for row in outcome.timings)


@pytest.mark.parametrize(("name", "what"), [("never_returns", "compile"), ("hangs", "run")])
def test_a_kernel_that_never_comes_back_is_given_up(device: Any, install: Install, name: str, what: str) -> None:
    install("fine", name)
    plan = plan_of("inverse", "float32", 4, 64)
    supervisor = Supervisor(device.name, patience=10)
    try:
        outcome = supervisor.times(plan, fakes(device, plan))
    finally:
        supervisor.close()
    assert outcome.failed == {name: f"it did not come back within 10 s ({what}, {name} workgroup=32 staged=0 ordered=0)"}
    assert [row.kernel for row in outcome.timings] == ["fine"]


def test_a_hang_beyond_the_budget_is_nobodys_fault(device: Any, supervisor: Supervisor, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("never_returns")
    monkeypatch.setattr("webgpu_array.tuner.supervisor._GRACE", 10.0)
    plan = plan_of("inverse", "float32", 4, 64)
    outcome = supervisor.times(plan, fakes(device, plan), until=time.monotonic() + 2)
    assert outcome.failed == {} and outcome.timings == [] and outcome.out_of_time
    assert supervisor._suspects == {"never_returns"}
    assert outcome.cut_short == "compile, never_returns workgroup=32 staged=0 ordered=0"


def test_the_gate_lets_a_right_kernel_pass(device: Any, supervisor: Supervisor, install: Install) -> None:
    install("fine")
    outcome = supervisor.gate("fine", "float32")
    assert outcome.error is None and outcome.verdict is not None
    assert (outcome.verdict.accuracy, outcome.verdict.reason) == ("stable", "")


def test_writing_beyond_the_result_is_seen(device: Any, supervisor: Supervisor, install: Install) -> None:
    install("beyond")
    outcome = supervisor.gate("beyond", "float32")
    assert outcome.verdict is not None
    assert (outcome.verdict.accuracy, outcome.verdict.reason) == (None, "it writes outside of 'inverse' for 37 matrices of order 1")


def test_what_is_written_beside_operands_is_seen(device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gating._overrun("gauss_jordan_thread", "float32", device) is None
    made = gating._guarded

    def askew(*arguments: Any) -> Any:
        whole, inside = made(*arguments)
        return whole, inside.view(inside.shape, inside.strides, 64)

    monkeypatch.setattr(gating, "_guarded", askew)
    assert gating._overrun("gauss_jordan_thread", "float32", device) == "it writes outside of 'inverse' for 37 matrices of order 1"


def test_a_process_that_ended_meanwhile_is_replaced(device: Any, supervisor: Supervisor) -> None:
    plan = plan_of("inverse", "float32", 3, 10)
    (first, *_) = candidates(plan, device)
    assert supervisor.times(plan, [first]).timings
    assert supervisor._process is not None
    supervisor._process.kill()
    supervisor._process.wait()
    assert supervisor.times(plan, [first]).timings


def test_a_session_keeps_quarantine_verdicts_and_times_in_the_store(device: Any, supervisor: Supervisor, install: Install) -> None:
    install("crashes", "fine")
    desk = Desk(device, "inverse", "float32", kernels=["gauss_jordan_thread", "crashes", "fine"])
    tally = Session(desk, supervisor).tune(Limits(1e4, 1 << 16, 4), [(3, 40)])
    assert list(tally.failed) == ["crashes"]
    known = Store.load().measured(choice.fingerprint(device))
    assert list(known.quarantined) == ["crashes"]
    assert {row.kernel for row in known.timings} == {"gauss_jordan_thread", "fine"}
    assert ("gauss_jordan_thread", "float32") in known.verdicts
    # What is known is not measured again.
    assert Session(desk, supervisor).tune(Limits(1e4, 1 << 16, 4), [(3, 40)]).n_rows == 0


def test_a_block_measures_at_the_call_and_the_answer_is_right(device: Any, install: Install) -> None:
    install("crashes", "raises")
    host = np.random.default_rng(1).standard_normal((50, 3, 3)).astype(np.float32)
    x = xp.asarray(host, device=device)
    with xp.tuning("on", budget=120), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = xp.linalg.inv(x)
    np.testing.assert_allclose(np.asarray(y) @ host, np.broadcast_to(np.eye(3), host.shape), atol=1e-2)
    known = Store.load().measured(choice.fingerprint(device))
    assert (3, 50) in known.cells("inverse", "float32")
    assert {"crashes", "raises"} <= set(known.quarantined)


def test_a_block_without_budget_measures_nothing(device: Any, install: Install) -> None:
    install("crashes")
    with xp.tuning("on", budget=0):
        xp.linalg.inv(xp.eye(3, device=device))
    assert not Store.load().measured(choice.fingerprint(device)).timings


def test_a_process_that_cannot_start_is_a_warning(device: Any, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("fine")
    monkeypatch.setattr(sys, "executable", sys.executable + "-that-is-missing")
    with xp.tuning("on", budget=60), pytest.warns(TuningWarning, match="could not start|FileNotFoundError|No such file"):
        y = xp.linalg.inv(xp.eye(3, device=device))
    np.testing.assert_array_equal(np.asarray(y), np.eye(3))


def test_what_a_kernel_leaves_as_it_was_is_no_result(device: Any) -> None:
    case = case_for(plan_of("inverse", "float32", 5, 9), device)
    case.spoil()
    assert "residual nan" in str(case.fault())


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64"])
def test_one_wrong_element_shows(device: Any, dtype: str) -> None:
    if not device.supports(getattr(xp, dtype)):
        pytest.skip(f"{device} has no {dtype}")
    plan = plan_of("inverse", dtype, 6, 20)
    case = case_for(plan, device)
    inverse, _, x = case.operands
    right = xp.linalg.inv(x)
    inverse[...] = right
    assert case.fault() is None
    inverse[13, 2, 4] = inverse[13, 2, 4] * 1.01 + 0.001
    assert "residual" in str(case.fault())


def test_readings_faster_than_the_device_are_thrown_out(device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(device)
    assert min(bench.rates) > 0
    monkeypatch.setattr("webgpu_array.tuner.measuring._IMPOSSIBLE", 1e-9)
    monkeypatch.setattr("webgpu_array.tuner.measuring._IMPOSSIBLE_SOFTWARE", 1e-9)
    plan = plan_of("inverse", "float32", 3, 10)
    assert bench.times(plan, candidates(plan, device)[:1]) == []


def test_what_cannot_be_done_is_said_before_anything_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def complaint(*arguments: object) -> str:
        assert cli.main(["tune", *map(str, arguments)]) == 1
        return capsys.readouterr().err

    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", "")
    assert "there is no inverse kernel called 'nope'; there are: " in complaint("--kernel", "nope")
    assert "there is no file to take rows into: WEBGPU_ARRAY_TUNING is empty" in complaint("import", tmp_path / "rows.json")
    for action in ("export", "freeze"):
        assert f"there is no folder {tmp_path / 'missing'}; make it first" in complaint(action, tmp_path / "missing" / "rows.json")


# Where the tests run in the background of a shell, processes inherit that they ignore the signal of Ctrl-C.
_INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from webgpu_array.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_keeps_what_was_measured(device: Any, tmp_path: Path) -> None:
    path = tmp_path / "tuning.json"
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTIBLE, "tune", "--budget", "inf", "--device", device.name],
        env={**os.environ, "WEBGPU_ARRAY_TUNING": str(path), "WEBGPU_ARRAY_PLUGINS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and not (path.exists() and "device_ms" in path.read_text()):
        assert process.poll() is None, process.communicate()
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "interrupted; everything measured so far is kept" in out
    (content,) = json.loads(path.read_text())["devices"].values()
    assert content["times"] and content["gate"]
