"""Fixtures and options of every test.

``device`` runs a test once per adapter of this machine. Looking for adapters loads wgpu, so it
happens only when a test that asks for a device is collected: ``pytest tests/pure`` never does.
With ``--browser`` each has the limits and features of a browser, in processes that tests start as well.

What the user has measured is not used, and the kernels of installed plugins are left out: what is tested here is this package. Plugins have tests of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_HERE = Path(__file__).parent
_WITH_DEVICE = (_HERE / "device", _HERE / "memory")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")
    parser.addoption("--browser", action="store_true", help="open devices with the limits and features of a browser")


def pytest_configure(config: pytest.Config) -> None:
    os.environ["WEBGPU_ARRAY_PLUGINS"] = ""
    os.environ["WEBGPU_ARRAY_TUNING"] = ""
    # SciPy reads it when it is imported, and scikit-learn gives tensors to SciPy.
    os.environ["SCIPY_ARRAY_API"] = "1"
    if config.getoption("--browser"):
        os.environ["WEBGPU_ARRAY_BROWSER_LIMITS"] = "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run it with --slow"))
    if config.getoption("--browser"):
        for item in items:
            if item.get_closest_marker("any_limits"):
                item.add_marker(pytest.mark.skip(reason="it says the same without --browser"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "device" not in metafunc.fixturenames:
        return
    path = Path(str(metafunc.definition.path))
    if not any(path.is_relative_to(folder) for folder in _WITH_DEVICE):
        raise pytest.UsageError(f"{path} asks for a device; move the test to tests/device or tests/memory")
    from webgpu_array.gpu.device import devices

    found = devices()
    # One failing test rather than none: a run that tested nothing must not look like a pass.
    metafunc.parametrize(
        "device", found or [None], ids=[d.name for d in found] or ["no-adapter"], indirect=True, scope="session"
    )


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> Any:
    """Each device of this machine in turn."""
    if request.param is None:
        pytest.fail("no adapter was found: install a Vulkan driver (mesa-vulkan-drivers, libvulkan1)", pytrace=False)
    return request.param


@pytest.fixture
def needs_float64(device: Any) -> None:
    """Skips on a device that has no float64."""
    from webgpu_array.dtypes import float64

    if not device.supports(float64):
        pytest.skip(f"{device} has no float64")


@pytest.fixture(params=["float32", "float64", "complex64", "complex128"])
def inexact(request: pytest.FixtureRequest, device: Any) -> str:
    """The name of each floating-point type, real and complex, that the device has."""
    from webgpu_array.dtypes import BY_NAME

    if not device.supports(BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


@pytest.fixture(params=["float32", "float64"])
def dtype(request: pytest.FixtureRequest, device: Any) -> str:
    """The name of each floating-point type that the device has."""
    from webgpu_array.dtypes import BY_NAME

    if not device.supports(BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


_INTEGERS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
_ANY_DTYPE = ["bool", *_INTEGERS, "float16", "float32", "float64", "complex64", "complex128"]


@pytest.fixture(params=_ANY_DTYPE)
def any_dtype(request: pytest.FixtureRequest, device: Any) -> str:
    """The name of each type that the device has."""
    from webgpu_array.dtypes import BY_NAME

    if not device.supports(BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return str(request.param)


@pytest.fixture
def as_laid_out(device: Any) -> Callable[[np.ndarray], Any]:
    """A function that uploads a NumPy view with its strides: permuted, reversed, sliced, broadcast.

    The tensor sees the same elements at the same steps as the array that was passed.
    """
    from webgpu_array.dtypes import as_dtype
    from webgpu_array.interop import from_numpy

    def upload(host: np.ndarray) -> Any:
        base = host
        while isinstance(base.base, np.ndarray):
            base = base.base
        flat = np.lib.stride_tricks.as_strided(base, (base.size,), (base.itemsize,))
        start = host.__array_interface__["data"][0] - flat.__array_interface__["data"][0]
        whole = from_numpy(flat, as_dtype(host.dtype), device)
        steps = tuple(step // host.itemsize for step in host.strides)
        return whole.view(host.shape, steps, start // host.itemsize)

    return upload


@pytest.fixture
def own_device(device: Any) -> Any:
    """A device of the test's own on the same adapter: its caches and counters begin empty, and it may break."""
    from webgpu_array.gpu.device import Device

    return Device(device.adapter)


@pytest.fixture(scope="session")
def bare_device(device: Any) -> Any:
    """A device on the same adapter that uses no optional feature: without float64, and with 64-bit integers of two words."""
    from webgpu_array.gpu.device import Device

    bare = Device(device.adapter)
    bare.features = frozenset()
    return bare
