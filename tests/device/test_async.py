"""Reading without blocking the event loop, and stopping in the middle of it."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.gpu.device import Device
from webgpu_array.interop import to_numpy_async


@pytest.fixture(params=["raw", "public"])
def either_device(request: pytest.FixtureRequest, device: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A device of the test's own, with raw and with public calls."""
    monkeypatch.setenv("WEBGPU_ARRAY_RAW_CALLS", "1" if request.param == "raw" else "0")
    return Device(device.adapter)


def long_work(device: Any) -> Any:
    """A tensor that takes the device some milliseconds."""
    x = xp.asarray(np.zeros(1 << 18, np.float32), device=device)
    for _ in range(40):
        x = x + 1.0
    return x


def test_an_awaited_read_is_the_same_as_another(either_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=either_device) + 1.0
    with either_device.counting() as counts:
        found = asyncio.run(to_numpy_async(x))
    assert counts.reads == [4000]
    np.testing.assert_array_equal(found, np.asarray(x))


def test_the_loop_runs_while_the_device_works(either_device: Any) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def main() -> np.ndarray:
        other = asyncio.create_task(turn())
        try:
            return await to_numpy_async(long_work(either_device))
        finally:
            other.cancel()

    np.testing.assert_array_equal(asyncio.run(main()), 40)
    assert turns > 1


def test_reads_at_once_do_not_mix(either_device: Any) -> None:
    tensors = [xp.asarray(np.full(100, i, np.float32), device=either_device) * 2.0 for i in range(20)]

    async def main() -> list[np.ndarray]:
        return await asyncio.gather(*(to_numpy_async(x) for x in tensors))

    for i, found in enumerate(asyncio.run(main())):
        np.testing.assert_array_equal(found, 2 * i)


def test_a_blocking_read_works_within_a_loop(either_device: Any) -> None:
    async def main() -> np.ndarray:
        return np.asarray(long_work(either_device))

    np.testing.assert_array_equal(asyncio.run(main()), 40)


def test_a_cancelled_read_leaves_no_mapped_staging(either_device: Any) -> None:
    async def main() -> None:
        for _ in range(3):
            x = long_work(either_device)
            task = asyncio.create_task(to_numpy_async(x))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        np.testing.assert_array_equal(await to_numpy_async(x), 40)

    asyncio.run(main())
    kept = [staging for same in either_device.transfer._staging.values() for staging in same]
    assert len(kept) == 1
    assert getattr(either_device.recorder._calls, "map_status", {}) == {}


def test_a_read_that_ran_out_of_time_leaves_the_device_usable(either_device: Any) -> None:
    async def main() -> np.ndarray:
        x = long_work(either_device)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(to_numpy_async(x), timeout=0)
        return await to_numpy_async(x)

    np.testing.assert_array_equal(asyncio.run(main()), 40)
