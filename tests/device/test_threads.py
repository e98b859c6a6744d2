"""Several threads on one device: opening, recording, reading, and finalizers anywhere."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

import webgpu_array as xp

N_THREADS = 6


def together(work: Callable[[int], Any]) -> list[Any]:
    """Results of ``work(0)``, ``work(1)``, … in threads that start at the same moment."""
    barrier = threading.Barrier(N_THREADS)

    def run(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(N_THREADS) as pool:
        return list(pool.map(run, range(N_THREADS)))


def test_a_device_is_opened_once(own_device: Any) -> None:
    parts = ("recorder", "pool", "transfer")
    together(lambda number: getattr(own_device, parts[number % 3]))
    assert own_device.transfer._recorder is own_device.recorder
    assert own_device.transfer._pool is own_device.pool
    assert len(set(together(lambda _: own_device._open()))) == 1


def test_devices_are_found_once() -> None:
    program = """
import threading
from concurrent.futures import ThreadPoolExecutor
from webgpu_array.gpu.device import devices

barrier = threading.Barrier(8)
def find(_):
    barrier.wait()
    return devices()
with ThreadPoolExecutor(8) as pool:
    print(len({id(found) for found in pool.map(find, range(8))}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_chains_in_threads_do_not_mix(own_device: Any) -> None:
    def work(number: int) -> np.ndarray:
        x = xp.asarray(np.full(500, number, np.float32), device=own_device)
        one = xp.asarray(np.ones(500, np.float32), device=own_device)
        for _ in range(150):
            x = x + one
        return np.asarray(x)

    for number, found in enumerate(together(work)):
        np.testing.assert_array_equal(found, number + 150)


def test_reads_in_threads_do_not_mix(own_device: Any) -> None:
    def work(number: int) -> None:
        for i in range(40):
            n = 1 + (37 * i) % 300
            x = xp.asarray(np.full(n, 1000 * number + i, np.float32), device=own_device)
            np.testing.assert_array_equal(np.asarray(x + 1.0), 1000 * number + i + 1)

    together(work)


def test_one_tensor_is_read_by_all(own_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=own_device) + 1.0
    for found in together(lambda _: np.asarray(x)):
        np.testing.assert_array_equal(found, np.arange(1000) + 1)


def test_one_tensor_is_read_by_some_while_others_compute_with_it(own_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=own_device) + 1.0

    def work(number: int) -> None:
        for i in range(50):
            if number % 2:
                np.testing.assert_array_equal(np.asarray(x), np.arange(1000) + 1)
            else:
                y = x + float(i)
                own_device.recorder.flush()
                assert float(y[7]) == 8 + i

    together(work)


def test_new_shapes_are_compiled_by_all(own_device: Any) -> None:
    def work(number: int) -> None:
        for axes in range(1, 6):
            shape = (2,) * axes
            host = np.arange(2**axes, dtype=np.float32).reshape(shape)
            x = xp.asarray(host, device=own_device)
            order = tuple(reversed(range(axes)))
            found = xp.permute_dims(x, order) + x
            np.testing.assert_array_equal(np.asarray(found), host.transpose(order) + host)

    together(work)


def test_buffers_dropped_in_other_threads_come_back(own_device: Any) -> None:
    def work(number: int) -> None:
        for i in range(30):
            circle: list[Any] = [xp.asarray(np.full(100, i, np.float32), device=own_device) + 1.0]
            circle.append(circle)
            del circle
            if i % 10 == number:
                gc.collect()

    together(work)
    gc.collect()
    own_device.pool.collect()
    assert own_device.pool.n_live == 0
    assert own_device.pool.bytes_free == own_device.pool.bytes_allocated
