"""The blocked inverse where a device would not choose its way: pivots found in rounds, and searched for beside a product."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import dtypes, shader
from webgpu_array.execute import run
from webgpu_array.kernels.gauss_jordan_blocked import GaussJordanBlocked
from webgpu_array.plans.linalg import Inverse
from webgpu_array.testing import check, stack

# 256 rows to a search: an order above takes two rounds.
ROUNDS = {"block": 64, "panel": 16, "rows": 1, "tile": 64, "strip": 32, "eliminated": 64, "ahead": 0}
# The same where a software adapter's subgroups exchange what they load, and 64 rows are one's.
OWN_ROUNDS = {**ROUNDS, "rows": 8}
# What a large GPU takes for large matrices, in the workgroup memory that every native device has.
AHEAD = {"block": 128, "panel": 16, "rows": 1, "tile": 128, "strip": 32, "eliminated": 64, "ahead": 1}


def _inverted(monkeypatch: pytest.MonkeyPatch, a: np.ndarray, device: Any, config: dict[str, int]) -> tuple[Any, Any, Any]:
    """Inverse, info and rcond by one configuration, cut as on a GPU unless it is the device's own."""
    if config is not OWN_ROUNDS:
        launches = GaussJordanBlocked.launches
        on_gpu = SimpleNamespace(kind="discrete", limits=device.limits, subgroup_size=0)
        monkeypatch.setattr(
            GaussJordanBlocked, "launches", lambda self, plan, device, config: launches(self, plan, on_gpu, config)
        )
    x = xp.asarray(a, device=device)
    batch, n, _ = a.shape
    results = (
        xp.empty_like(x),
        xp.empty((batch,), dtype=xp.int32, device=device),
        xp.empty((batch,), dtype=x.dtype, device=device),
    )
    run(Inverse(dtypes.BY_NAME[a.dtype.name], n, batch), (*results, x), device, "gauss_jordan_blocked", config)
    return tuple(result.numpy() for result in results)


@pytest.mark.parametrize("config", [ROUNDS, OWN_ROUNDS, AHEAD], ids=["rounds", "own", "ahead"])
def test_every_family_passes_the_gate(monkeypatch: pytest.MonkeyPatch, own_device: Any, config: dict[str, int]) -> None:
    memory = own_device.limits["max-compute-workgroup-storage-size"]
    if config is AHEAD and (memory < 32768 or own_device.limits["max-storage-buffers-per-shader-stage"] < 9):
        pytest.skip("the passes of two blocks at once need 32 KiB of workgroup memory and nine buffers")
    batch = stack(300, "float32")
    report = check(batch, _inverted(monkeypatch, batch.matrices, own_device, config))
    assert not report.failures, report.describe()
    assert not report.alarms, report.alarms


@pytest.mark.parametrize("config", [ROUNDS, OWN_ROUNDS], ids=["rounds", "own"])
def test_proposals_of_a_sparse_part_do_not_hide_the_pivots_of_another(
    monkeypatch: pytest.MonkeyPatch, own_device: Any, config: dict[str, int]
) -> None:
    # The rows of one workgroup are zero in the columns in work, where it has nothing to propose.
    n = 520
    rng = np.random.default_rng(5)
    a = np.zeros((1, n, n), np.float32)
    a[0, :260, 260:] = rng.standard_normal((260, 260))
    a[0, 260:, :260] = rng.standard_normal((260, 260))
    inverse, info, rcond = _inverted(monkeypatch, a, own_device, config)
    assert info[0] == 0
    assert np.abs(inverse[0].astype(float) @ a[0] - np.eye(n)).max() < 1e-2
    assert rcond[0] == pytest.approx(1 / np.linalg.cond(a[0].astype(float), 1), rel=0.05)


@pytest.mark.parametrize("config", [ROUNDS, OWN_ROUNDS], ids=["rounds", "own"])
def test_a_singular_matrix_found_in_rounds_is_named(
    monkeypatch: pytest.MonkeyPatch, own_device: Any, config: dict[str, int]
) -> None:
    a = np.random.default_rng(6).standard_normal((2, 300, 300)).astype(np.float32)
    a[1, :, 270] = 0
    inverse, info, rcond = _inverted(monkeypatch, a, own_device, config)
    assert info.tolist() == [0, 271]
    assert np.isnan(inverse[1]).all()
    assert rcond[1] == 0
    assert np.isfinite(inverse[0]).all()


@pytest.mark.parametrize(
    ("config", "file", "exact"),
    [(ROUNDS, "lib/gauss_jordan_choose", "over(one(), pivot)"), (OWN_ROUNDS, "gauss_jordan_blocked_choose_broadcast", "1.0 / own[0]")],
    ids=["rounds", "own"],
)
def test_rough_reciprocals_do_no_harm(
    monkeypatch: pytest.MonkeyPatch, own_device: Any, config: dict[str, int], file: str, exact: str
) -> None:
    # WGSL allows 2.5 ulp in a division, and GPUs use it, where a software adapter rounds correctly.
    read = shader.read
    assert exact in read(file)
    monkeypatch.setattr(shader, "read", lambda file: read(file).replace(exact, f"({exact}) * 1.00000024"))
    shader.load.cache_clear()
    try:
        batch = stack(65, "float32")
        report = check(batch, _inverted(monkeypatch, batch.matrices, own_device, config))
    finally:
        shader.load.cache_clear()
    # Ones are singular to the bit only where their reciprocals are exact.
    assert all("ones" in failure for failure in report.failures), report.describe()


def test_every_configuration_offered_gives_the_same_inverse(device: Any) -> None:
    a = np.random.default_rng(7).standard_normal((2, 150, 150)).astype(np.float32)
    x = xp.asarray(a, device=device)
    plan = Inverse(dtypes.float32, 150, 2, flags_only=True)
    offered = GaussJordanBlocked().configs(plan, device)
    assert offered
    exact = np.linalg.inv(a.astype(float))
    for config in offered:
        inverse, flagged = xp.empty_like(x), xp.zeros((1, 3), dtype=xp.uint32, device=device)
        run(plan, (inverse, flagged, x), device, "gauss_jordan_blocked", config)
        assert np.abs(inverse.numpy() - exact).max() / np.abs(exact).max() < 1e-3, config
        assert int(flagged[0, 0]) == 0
