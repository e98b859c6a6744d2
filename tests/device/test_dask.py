"""Tensors as the chunks of dask.array, and inverses in several processes, each with a device of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

da = pytest.importorskip("dask.array", reason="dask is not installed; the extra 'arrays' has it")
import webgpu_array.dask_chunks  # noqa: E402

pytestmark = pytest.mark.any_limits

H = np.random.default_rng(0).standard_normal((8, 6)).astype("float32")
BATCH = np.random.default_rng(1).standard_normal((8, 4, 4)).astype("float32") + 4 * np.eye(4, dtype="float32")


def _on_device(host: np.ndarray, device: Any) -> Any:
    return da.from_array(xp.asarray(host, device=device), chunks=(4, *host.shape[1:-1], 3), asarray=False)


# What is computed from an array of 8 by 6.
STAYS: dict[str, Callable[[Any], Any]] = {
    "itself": lambda a: a,
    "arithmetic": lambda a: (a * 2 - a) / 3 + a**2,
    "comparison": lambda a: (a > 0) & (a < 1),
    "sum": lambda a: a.sum(),
    "sum along an axis": lambda a: a.sum(axis=0),
    "mean": lambda a: a.mean(axis=0),
    "max": lambda a: a.max(axis=1),
    "prod": lambda a: a.prod(axis=1),
    "any": lambda a: (a > 0).any(axis=0),
    "norm": lambda a: da.linalg.norm(a),
    "slices": lambda a: a[1:5, ::2],
    "lists as indices": lambda a: a[[6, 0, 3]],
    "take": lambda a: da.take(a, [0, 5], axis=1),
    "transpose": lambda a: a.T,
    "rechunk": lambda a: a.rechunk((8, 2)),
    "concatenate": lambda a: da.concatenate([a, a]),
    "diff": lambda a: da.diff(a, axis=0),
    "tensordot": lambda a: da.tensordot(a, a, axes=((0,), (0,))),
    "einsum": lambda a: da.einsum("ij,kj->ik", a, a),
    "astype": lambda a: a.astype("int32"),
    "overlap": lambda a: a.map_overlap(lambda x: x * 2, depth=1, boundary="none"),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_stays_on_the_device(device: Any, name: str) -> None:
    found = STAYS[name](_on_device(H, device)).compute(scheduler="sync")
    expected = STAYS[name](da.from_array(H, chunks=(4, 3))).compute(scheduler="sync")
    assert isinstance(found, xp.Tensor)
    assert found.device is device
    assert found.numpy().dtype == expected.dtype
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-5)


def test_functions_of_the_namespace_go_over_blocks(device: Any) -> None:
    a = _on_device(H, device)
    found = a.map_blocks(xp.exp, meta=a._meta).compute()
    assert isinstance(found, xp.Tensor)
    np.testing.assert_allclose(found.numpy(), np.exp(H), rtol=1e-5)
    total = da.blockwise(xp.matmul, "ik", a.rechunk((4, 6)), "ij", a.T.rechunk((6, 4)), "jk", meta=a._meta, concatenate=True)
    np.testing.assert_allclose(total.compute().numpy(), H @ H.T, rtol=1e-4, atol=1e-5)


def test_inverses_of_blocks(device: Any) -> None:
    batch = da.from_array(xp.asarray(BATCH, device=device), chunks=(3, 4, 4), asarray=False)
    found = batch.map_blocks(xp.linalg.inv, meta=batch._meta)
    np.testing.assert_allclose(found.compute().numpy(), np.linalg.inv(BATCH), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=0).compute().numpy(), np.linalg.inv(BATCH).sum(axis=0), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    "function",
    [lambda a: da.exp(a), lambda a: a @ a.T, lambda a: a + da.from_array(H, chunks=(4, 3))],
    ids=["ufuncs of NumPy", "matmul", "NumPy beside tensors"],
)
def test_what_is_refused(device: Any, function: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"does not support ufuncs|neither a tensor nor a Python scalar"):
        function(_on_device(H, device)).compute(scheduler="sync")


def test_what_becomes_numpys(device: Any) -> None:
    found = da.clip(_on_device(H, device), -1, 1).compute(scheduler="sync")
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, np.clip(H, -1, 1))


def test_two_processes_invert_each_on_its_device(device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed; the extra 'arrays' has it")
    monkeypatch.setenv("WEBGPU_ARRAY_DEVICE", device.name)

    def inverted(block: np.ndarray) -> np.ndarray:
        return xp.linalg.inv(xp.asarray(block)).numpy()

    def where() -> tuple[int, str]:
        return os.getpid(), xp.default_device().name

    with (
        distributed.LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = da.from_array(BATCH, chunks=(2, 4, 4)).map_blocks(inverted, dtype=BATCH.dtype).compute()
        workers = list(client.run(where).values())
        # A tensor goes to another process by the host, and by its device's name.
        there = client.submit(lambda x: (os.getpid(), x.device.name, x * 2), xp.asarray(H, device=device)).result()
    np.testing.assert_allclose(found, np.linalg.inv(BATCH), rtol=1e-3, atol=1e-5)
    assert len({os.getpid(), *(pid for pid, _ in workers)}) == 3
    assert [name for _, name in workers] == [device.name] * 2
    pid, name, doubled = there
    assert (pid, name) in workers
    assert doubled.device is device
    np.testing.assert_array_equal(doubled.numpy(), H * 2)
