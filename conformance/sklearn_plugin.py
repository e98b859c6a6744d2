"""Points scikit-learn's own array-API tests at webgpu_array: a plugin of pytest.

The tests are parametrized by three generators of ``sklearn.utils._array_api``, which name the namespaces that
scikit-learn supports. This module must be imported before any test of scikit-learn: it puts others in their place.

    SCIPY_ARRAY_API=1 python -m pytest -p only_ours -p sklearn_plugin --pyargs sklearn.decomposition
"""

from __future__ import annotations

from collections.abc import Iterator

from only_ours import NAMESPACE
from sklearn.utils import _array_api

# The dtype is named because None would select the tolerance of float64.
DTYPES = ("float32", "float64")

MIXED = (
    ("numpy", NAMESPACE),
    (NAMESPACE, "numpy"),
    ("array_api_strict", NAMESPACE),
    (NAMESPACE, "array_api_strict"),
)


def yield_namespaces(include_numpy_namespaces: bool = True) -> Iterator[str]:
    """The namespace."""
    yield NAMESPACE


def yield_namespace_device_dtype_combinations(
    include_numpy_namespaces: bool = True,
) -> Iterator[tuple[str, None, str]]:
    """The namespace, its default device, and each dtype."""
    for dtype in DTYPES:
        yield NAMESPACE, None, dtype


def yield_mixed_namespace_input_permutations() -> Iterator[
    tuple[_array_api.NamespaceAndDevice, _array_api.NamespaceAndDevice, str]
]:
    """The namespace of the other inputs, that of the first, to which they must move, and a name for the pair."""
    for other, first in MIXED:
        pair = (_array_api.NamespaceAndDevice(name, None) for name in (other, first))
        yield *pair, f"{other} to {first}"  # type: ignore[misc]


for _replacement in (
    yield_namespaces,
    yield_namespace_device_dtype_combinations,
    yield_mixed_namespace_input_permutations,
):
    setattr(_array_api, _replacement.__name__, _replacement)
