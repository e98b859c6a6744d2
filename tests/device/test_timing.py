"""``Device.timed``: what a measurement holds, what leaves it, and devices that take no timestamps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceError
from webgpu_array.gpu import timing
from webgpu_array.gpu.device import Device


@pytest.fixture(params=["raw", "public"])
def timed_device(request: pytest.FixtureRequest, device: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A device of the test's own that takes timestamps, with raw and with public calls."""
    if "timestamp-query" not in device.features:
        pytest.skip(f"{device} takes no timestamps")
    monkeypatch.setenv("WEBGPU_ARRAY_RAW_CALLS", "1" if request.param == "raw" else "0")
    return Device(device.adapter)


def product(device: Any, n: int) -> Any:
    x = xp.ones((n, n), device=device)
    return x @ x


def test_work_takes_time_and_more_work_takes_more(timed_device: Any) -> None:
    product(timed_device, 16)
    product(timed_device, 256)
    with timed_device.timed() as small:
        product(timed_device, 16)
    with timed_device.timed() as large:
        for _ in range(5):
            product(timed_device, 256)
    assert 0 < small.seconds < large.seconds < 60


def test_nothing_takes_no_time(timed_device: Any) -> None:
    with timed_device.timed() as nothing:
        pass
    assert nothing.seconds == 0


def test_results_within_and_after_a_measurement_are_right(timed_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=timed_device)
    before = x + 1.0
    with timed_device.timed():
        within = before + 1.0
        np.testing.assert_array_equal(np.asarray(within), np.arange(1000) + 2)
        within = within + 1.0
    np.testing.assert_array_equal(np.asarray(within + before), 2 * np.arange(1000) + 4)


def test_an_inner_measurement_is_refused_and_the_outer_one_goes_on(timed_device: Any) -> None:
    with timed_device.timed() as outer:
        product(timed_device, 16)
        with pytest.raises(ValueError) as caught, timed_device.timed():
            pass
        product(timed_device, 16)
    assert str(caught.value) == "timed: a measurement is under way on this device; end it first"
    assert outer.seconds > 0


def test_a_measurement_that_failed_leaves_the_device_usable(timed_device: Any) -> None:
    with pytest.raises(KeyboardInterrupt), timed_device.timed():
        x = product(timed_device, 16)
        raise KeyboardInterrupt
    np.testing.assert_array_equal(np.asarray(x), 16)
    with timed_device.timed() as again:
        product(timed_device, 16)
    assert again.seconds > 0


def test_more_submits_than_a_measurement_holds(timed_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_PASSES", 3)
    x = xp.ones((100,), device=timed_device)
    with pytest.raises(ValueError) as caught, timed_device.timed():
        for _ in range(4):
            x = x + 1.0
            timed_device.recorder.flush()
    assert str(caught.value) == "one measurement holds 3 submits; measure fewer calls at once"
    np.testing.assert_array_equal(np.asarray(xp.ones((3,), device=timed_device) + 1.0), 2)


def test_a_device_without_timestamps_says_so(device: Any) -> None:
    bare = Device(device.adapter)
    bare.features = frozenset()
    with pytest.raises(DeviceError) as caught:
        bare.timed()
    assert str(caught.value) == f"{bare} takes no timestamps; measure on the host, with synchronize()"
