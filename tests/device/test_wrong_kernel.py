"""A kernel without pivoting, as a plugin might bring it: it looks right, and the gate catches it and says why."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.extending import Capabilities, Config, Inverse, Launch, Work, report_library, wgsl
from webgpu_array.gpu.device import Device
from webgpu_array.linalg import kernel_for
from webgpu_array.plugins import registry
from webgpu_array.testing import Report, benchmark_kernel, check_inverter, stack
from webgpu_array.testing.on_device import on_device

_MODULE = runpy.run_path(str(Path(__file__).parents[1] / "no_pivoting.py"))
NoPivoting = _MODULE["NoPivoting"]


@contextmanager
def registered(kernel: Any) -> Iterator[str]:
    """Registers a kernel as a plugin's, for the time of the block. Gives its name."""
    assert registry().add([kernel], owner="no-pivoting", version="1.0") == []
    yield kernel.name
    del registry()._kernels[kernel.name], registry()._owners[kernel.name]


@pytest.fixture
def kernel() -> Iterator[str]:
    """The name of the kernel without pivoting."""
    with registered(NoPivoting()) as name:
        yield name


@pytest.fixture
def report(kernel: str, own_device: Device) -> Report:
    """What the gate says of it, for a few orders."""
    invert = on_device(kernel, own_device)
    return sum((check_inverter(invert, stack(n, "float32"), n_singles=2) for n in (2, 5)), Report())


def test_it_looks_right(kernel: str, own_device: Device) -> None:
    x = np.random.default_rng(0).uniform(size=(100, 4, 4)).astype(np.float32) + 4 * np.eye(4, dtype=np.float32)
    inverse = xp.linalg.inv(xp.asarray(x, device=own_device), kernel=kernel)
    np.testing.assert_allclose(inverse.numpy() @ x, np.broadcast_to(np.eye(4), x.shape), atol=1e-5)


def test_the_gate_names_the_families_and_the_checks(report: Report) -> None:
    failed = {failure.split(": ")[1].split(",")[0] for failure in report.failures}
    assert {"zero leading pivot", "near permutation"} <= failed
    # What needs no exchange of rows passes.
    assert not failed & {"tridiagonal", "upper triangular", "lower triangular", "NaN", "Inf"}
    checks = {"left residual", "forward error", "reports a zero pivot that is not there"}
    assert all(any(check in failure for failure in report.failures) for check in checks)


def test_the_gate_says_why(report: Report) -> None:
    first, *rest = report.why()
    assert first == (
        "Where the largest element of a column is not on the diagonal, the kernel fails: it does not exchange rows, or not for every step."
    )
    assert any("near permutation" in sentence and "pivots are too small" in sentence for sentence in rest)
    assert any("zero leading pivot" in sentence and "a regular matrix was called singular" in sentence for sentence in rest)
    assert report.describe().splitlines()[1] == first


def test_it_is_not_what_is_used_unless_it_is_named(kernel: str, own_device: Device) -> None:
    x = np.array([[0, 1], [1, 0]], np.float32)
    np.testing.assert_array_equal(xp.linalg.inv(xp.asarray(x, device=own_device)).numpy(), x)
    with pytest.raises(xp.LinAlgError):
        xp.linalg.inv(xp.asarray(x, device=own_device), kernel=kernel)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"text": _MODULE["TEXT"].replace("storage, read> x", "storage, read_write> x")},
            "wrong: no_pivoting.wgsl may write 'x', an input of inverse; bind it as read",
        ),
        ({"scratch": {"work": 1.5}}, "wrong: scratch 'work' has 1.5 bytes; it must be an int of 1 or more"),
        ({"groups": 0}, "wrong: a launch of no_pivoting.wgsl has 0 workgroups; it must be an int of 1 or more"),
    ],
    ids=["writes an input", "scratch", "no workgroup"],
)
def test_what_a_kernel_must_not_ask_for_is_refused_with_its_name(
    own_device: Device, changes: dict[str, Any], message: str
) -> None:
    @dataclass(frozen=True)
    class Wrong(NoPivoting):
        name: str = "wrong"

        def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
            text = changes.get("text", _MODULE["TEXT"])
            shader = wgsl("no_pivoting.wgsl", text, report_library(plan), T=plan.dtype, F=plan.dtype, N=plan.n, WORKGROUP=64)
            launch = Launch(shader, changes.get("groups", 1), {"batch": plan.batch, "zero": 0})
            return Work([launch], changes.get("scratch", {}))

    x = xp.asarray([[2.0, 0.0], [0.0, 4.0]], device=own_device)
    with registered(Wrong()) as name:
        with pytest.raises(xp.KernelError) as caught:
            xp.linalg.inv(x, kernel=name)
        assert message in str(caught.value)
    np.testing.assert_array_equal(xp.linalg.inv(x).numpy(), [[0.5, 0], [0, 0.25]])


def test_a_benchmark_times_it_beside_the_default(kernel: str, own_device: Device) -> None:
    small, large = benchmark_kernel(kernel, [(4, 100), (32, 10)], own_device, runs=2)
    assert (small.n, small.batch, small.config) == (4, 100, {"workgroup": 64})
    assert small.ms is not None
    assert small.ms > 0
    assert small.default_ms > 0
    assert small.default == kernel_for(xp.zeros((100, 4, 4), device=own_device))
    assert "times as fast" in str(small)
    assert large.ms is None
    assert str(large) == "32x10: no_pivoting cannot: a matrix of order 32 is too large for one invocation"
    with pytest.raises(ValueError, match="there is no inverse kernel called 'nothing'"):
        benchmark_kernel("nothing", [(4, 100)], own_device)
