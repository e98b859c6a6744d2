"""Live buffers return to what they were after a thousand operations of every kind, failed ones too."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceMemoryError, LinAlgError
from webgpu_array.interop import to_numpy_async

N = 1000


def settle(device: Any) -> None:
    """Waits for the device, and takes every dropped buffer back."""
    device.synchronize()
    gc.collect()
    device.pool.collect()


def assert_nothing_left(device: Any, work: Callable[[], Any], n: int = N) -> None:
    """Runs ``work`` once to fill the caches, then ``n`` times; no buffer may be left, nor the pool have grown."""
    work()
    work()
    settle(device)
    live, allocated = device.pool.n_live, device.pool.bytes_allocated
    for _ in range(n):
        work()
    settle(device)
    assert device.pool.n_live == live
    assert device.pool.bytes_free <= device.pool.bytes_allocated <= max(8 * allocated, 1 << 20)


@pytest.fixture
def x(own_device: Any) -> Any:
    return xp.asarray(np.eye(8, dtype=np.float32) + 1, device=own_device)


def test_elementwise(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.sqrt(x * 2.0) + x)


def test_views(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.permute_dims(x[::-1, 1:], (1, 0))[2] + 1.0)


def test_reductions(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.sum(x, axis=0) + xp.max(x))


def test_matmul(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.matmul(x, x[::-1, :]))


def test_inverses(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.linalg.inv_ex(x))


def test_inverses_with_scratch(own_device: Any) -> None:
    large = xp.asarray(np.eye(200, dtype=np.float32), device=own_device)
    assert_nothing_left(own_device, lambda: xp.linalg.inv_ex(large), n=20)


def test_solutions(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: xp.linalg.solve(x, x), n=300)


def test_uploads(own_device: Any) -> None:
    host = np.ones(100, np.float32)
    assert_nothing_left(own_device, lambda: xp.asarray(host, device=own_device))


def test_readbacks(own_device: Any, x: Any) -> None:
    assert_nothing_left(own_device, lambda: np.asarray(x[1:] + 1.0))
    assert sum(map(len, own_device.transfer._staging.values())) <= 2


def test_awaited_readbacks(own_device: Any, x: Any) -> None:
    async def main() -> None:
        for _ in range(N):
            await to_numpy_async(x + 1.0)

    assert_nothing_left(own_device, lambda: asyncio.run(main()), n=1)


def test_random_numbers(own_device: Any) -> None:
    generator = xp.random.default_rng(0)
    assert_nothing_left(own_device, lambda: generator.standard_normal((5, 5), device=own_device))


def test_reference_circles(own_device: Any, x: Any) -> None:
    def work() -> None:
        circle: list[Any] = [x + 1.0]
        circle.append(circle)

    assert_nothing_left(own_device, work)


def test_operations_that_are_refused(own_device: Any, x: Any) -> None:
    short = xp.asarray([1.0, 2.0, 3.0], device=own_device)

    def work() -> None:
        with pytest.raises(ValueError, match="do not broadcast"):
            (x + 1.0) + short

    assert_nothing_left(own_device, work)


def test_singular_matrices(own_device: Any) -> None:
    zeros = xp.asarray(np.zeros((3, 3), np.float32), device=own_device)

    def work() -> None:
        with pytest.raises(LinAlgError):
            xp.linalg.inv(zeros + 0.0)

    assert_nothing_left(own_device, work, n=200)


def test_operations_without_memory(own_device: Any, x: Any) -> None:
    def work() -> None:
        own_device.pool.trim()
        own_device.pool.budget = own_device.pool.bytes_allocated
        with pytest.raises(DeviceMemoryError, match="the budget is reached"):
            xp.broadcast_to(x, (1000, 8, 8)) + 1.0
        own_device.pool.budget = 1 << 30

    assert_nothing_left(own_device, work, n=200)
    np.testing.assert_array_equal(np.asarray(x + 0.0), np.eye(8) + 1)


def test_a_long_chain_needs_few_buffers(own_device: Any, x: Any) -> None:
    settle(own_device)
    before = own_device.pool.bytes_allocated
    for _ in range(N):
        x = x * 1.0
    settle(own_device)
    assert own_device.pool.bytes_allocated - before <= 4 * x.buffer.size


def test_ever_new_shapes_keep_the_pool_small(own_device: Any) -> None:
    for n in range(1, 300):
        y = xp.asarray(np.ones(37 * n, np.float32), device=own_device) + 1.0
    del y
    settle(own_device)
    assert own_device.pool.n_live == 0
    assert own_device.pool.bytes_free == own_device.pool.bytes_allocated < 64 * 4 * 37 * 300
