"""Points SciPy's own array-API tests at webgpu_array: a plugin of pytest.

They take the namespace from the fixture ``xp``, which has a parameter for each library that SciPy knows. Here it has
one for this namespace instead.

    SCIPY_ARRAY_API=1 python -m pytest -p only_ours -p scipy_plugin --pyargs scipy.fft
"""

from __future__ import annotations

import pytest
from only_ours import NAMESPACE
from scipy import conftest

import webgpu_array
from webgpu_array.info import NamespaceInfo

# Marks of tests ("NumPy only") are read for the libraries in this set.
conftest.xp_known_backends.add(NAMESPACE)

# SciPy adds a list to the devices, which the standard has as a tuple since 2025.12.
_tuple_of_devices = NamespaceInfo.devices
NamespaceInfo.devices = lambda self: list(_tuple_of_devices(self))  # type: ignore[assignment, method-assign, return-value]


# And the default type to be float64, of every library but torch.
webgpu_array.set_default_dtypes(floating="float64")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "xp" in metafunc.fixturenames:
        ours = pytest.param(webgpu_array, id=NAMESPACE, marks=pytest.mark.array_api_backends)
        metafunc.definition.add_marker(pytest.mark.parametrize("xp", [ours], indirect=True))
