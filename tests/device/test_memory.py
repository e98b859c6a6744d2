"""The pool: size classes, reuse, budget, and the whole text of every refusal."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceMemoryError
from webgpu_array.gpu import memory
from webgpu_array.gpu.device import Device


def test_size_classes_waste_at_most_a_quarter() -> None:
    for nbytes in [*range(257, 5_000), *(2**k + d for k in range(13, 34) for d in (-1, 0, 1))]:
        size = memory._size_class(nbytes)
        assert nbytes <= size < 1.25 * nbytes
        assert size % 4 == 0
        assert memory._size_class(size) == size


def test_a_dropped_buffer_is_handed_out_again(own_device: Any) -> None:
    pool = own_device.pool
    buffer = pool.allocate(1000)
    handle = buffer.handle
    del buffer
    gc.collect()
    assert pool.allocate(1000).handle is handle


def test_a_buffer_from_a_circle_of_garbage_can_be_used_again(own_device: Any) -> None:
    circle: list[Any] = [own_device.pool.allocate(1000)]
    circle.append(circle)
    number = id(circle[0].handle)
    del circle
    gc.collect()
    data = np.arange(250, dtype=np.uint32)
    buffer = own_device.transfer.upload(memoryview(data).cast("B"))
    assert id(buffer.handle) == number, "the test needs the same buffer again"
    assert bytes(own_device.transfer.read(buffer, 0, 1000)) == data.tobytes()


def test_a_buffer_in_use_is_not_handed_out(own_device: Any) -> None:
    pool = own_device.pool
    held = [pool.allocate(1000) for _ in range(3)]
    assert len({id(buffer.handle) for buffer in held}) == 3


def test_bytes_add_up(own_device: Any) -> None:
    pool = own_device.pool
    held = [pool.allocate(nbytes) for nbytes in (1, 300, 5_000, 5_000, 100_000)]
    sizes = [buffer.size for buffer in held]
    assert (pool.n_live, pool.bytes_allocated, pool.bytes_free) == (5, sum(sizes), 0)
    del held[2:4]
    pool.collect()
    assert (pool.n_live, pool.bytes_allocated, pool.bytes_free) == (3, sum(sizes), sizes[2] + sizes[3])
    pool.trim()
    assert (pool.n_live, pool.bytes_allocated, pool.bytes_free) == (3, sum(sizes) - sizes[2] - sizes[3], 0)
    del held[:]
    pool.collect()
    pool.trim()
    assert (pool.n_live, pool.bytes_allocated, pool.bytes_free) == (0, 0, 0)


def test_trim_destroys_the_largest_first(own_device: Any) -> None:
    pool = own_device.pool
    small, large = pool.allocate(1 << 10), pool.allocate(1 << 20)
    del small, large
    pool.collect()
    pool.trim(keep_bytes=1 << 12)
    assert pool.bytes_free == pool.bytes_allocated == 1 << 10


def test_free_buffers_beyond_a_quarter_of_the_budget_are_destroyed(own_device: Any) -> None:
    pool = own_device.pool
    pool.budget = 1 << 20
    held = [pool.allocate(1 << 16) for _ in range(8)]
    del held
    pool.collect()
    assert pool.bytes_free <= pool.budget / 8
    assert pool.bytes_allocated == pool.bytes_free


def test_the_budget_is_kept(own_device: Any) -> None:
    pool = own_device.pool
    pool.budget = 1 << 20
    held = pool.allocate(3 << 18)
    with pytest.raises(DeviceMemoryError) as caught:
        pool.allocate(1 << 19)
    assert str(caught.value) == (
        f"cannot allocate 524,288 bytes on {own_device.name}: the budget is reached "
        "(786,432 bytes in use, budget 1,048,576); "
        "delete tensors, or set WEBGPU_ARRAY_MEMORY_BUDGET to a number of bytes"
    )
    assert isinstance(caught.value, MemoryError)
    del held
    assert pool.allocate(1 << 19).size == 1 << 19


def test_free_buffers_make_room_within_the_budget(own_device: Any) -> None:
    pool = own_device.pool
    pool.budget = 1 << 20
    for nbytes in (3 << 18, 7 << 17, 5 << 17, 1 << 20):
        pool.allocate(nbytes)
    assert pool.bytes_allocated <= pool.budget


def test_an_array_beyond_the_largest_buffer_is_refused(own_device: Any) -> None:
    pool = own_device.pool
    limit = own_device.limits["max-buffer-size"] // 256 * 256
    with pytest.raises(DeviceMemoryError) as caught:
        pool.allocate(limit + 4)
    assert str(caught.value) == (
        f"an array of {limit + 4:,} bytes exceeds the largest buffer of {own_device.name}, "
        f"{limit:,} bytes; split it, or use another device"
    )
    assert pool.n_live == pool.bytes_allocated == 0


def test_a_size_class_beyond_the_largest_buffer_is_cut_to_it(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_device.pool, "_limit", 1000 << 10)
    assert own_device.pool.allocate(990 << 10).size == 1000 << 10


@pytest.mark.parametrize("asked", ["1048576", "0"])
def test_a_variable_sets_the_budget(device: Any, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_MEMORY_BUDGET", asked)
    assert Device(device.adapter).pool.budget == int(asked)


@pytest.mark.parametrize("asked", ["2GiB", "-1", ""])
def test_a_variable_that_is_no_number_is_refused(device: Any, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_MEMORY_BUDGET", asked)
    with pytest.raises(ValueError) as caught:
        Device(device.adapter).synchronize()
    assert str(caught.value) == f"WEBGPU_ARRAY_MEMORY_BUDGET is {asked!r}; set it to a number of bytes"


def test_a_driver_without_memory_is_an_error_of_ours(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import wgpu

    pool = own_device.pool
    held = pool.allocate(5000)

    def refuse(**_: Any) -> None:
        raise wgpu.GPUOutOfMemoryError("Out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(pool, "_device", type("Full", (), {"create_buffer": staticmethod(refuse)}))
        with pytest.raises(DeviceMemoryError) as caught:
            pool.allocate(1 << 20)
    assert str(caught.value) == (
        f"cannot allocate 1,048,576 bytes on {own_device.name}: the driver has no memory left "
        f"({held.size:,} bytes in use, budget {pool.budget:,}); "
        "delete tensors, or set WEBGPU_ARRAY_MEMORY_BUDGET to a number of bytes"
    )
    assert pool.allocate(1 << 20).size == 1 << 20


def test_an_operation_works_after_one_that_had_no_memory(own_device: Any) -> None:
    x = xp.asarray(np.arange(1 << 16, dtype=np.float32), device=own_device)
    pending = x + 1.0
    own_device.pool.budget = own_device.pool.bytes_allocated
    with pytest.raises(DeviceMemoryError, match="the budget is reached"):
        xp.broadcast_to(x, (4, 1 << 16)) + 1.0
    own_device.pool.budget = 1 << 30
    np.testing.assert_array_equal(np.asarray(pending + x), 2 * np.arange(1 << 16) + 1)


def test_trimming_does_not_disturb_what_is_recorded(own_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=own_device)
    for _ in range(5):
        x = x + 1.0  # drops a buffer that a recorded command still reads
        own_device.pool.collect()
        own_device.pool.trim()
    np.testing.assert_array_equal(np.asarray(x), np.arange(1000) + 5)


def test_a_chain_within_a_budget_of_three_buffers(own_device: Any) -> None:
    nbytes = 1 << 16
    own_device.pool.budget = 3 * nbytes
    x = xp.asarray(np.zeros(nbytes // 4, np.float32), device=own_device)
    for _ in range(50):
        x = x + 1.0
    np.testing.assert_array_equal(np.asarray(x), 50)
