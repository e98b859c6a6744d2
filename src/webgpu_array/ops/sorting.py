"""Sorting along an axis.

Source: https://data-apis.org/array-api/2025.12/API_specification/sorting_functions.html

The order: a NaN is above every number, so last, or first when descending; -0 and 0 are equal;
False is below True; complex numbers go by their real parts, then by their imaginary parts.
"""

from __future__ import annotations

from .. import dtypes
from ..dtypes import DType
from ..execute import contiguous, run
from ..plans.sorting import Sort
from ..shapes import normalize_axis
from ..tensor import Tensor, allocate
from .checks import check_tensor
from .manipulation import duplicate, moveaxis


def sort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """A copy of ``x`` sorted along ``axis``. x: (...) of any dtype.

    Equal elements keep their order, with ``stable=False`` too. Raises IndexError for an axis out
    of range, DeviceMemoryError where a row exceeds one binding of the device. Does not wait.
    """
    return _along_axis("sort", x, axis, descending, "values")


def argsort(x: Tensor, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """The indices that sort ``x`` along ``axis``, in the default integer type; else as ``sort``. Does not wait."""
    return _along_axis("argsort", x, axis, descending, "indices")


def _along_axis(function: str, x: Tensor, axis: int, descending: bool, wanted: str) -> Tensor:
    check_tensor(function, x)
    a = normalize_axis(function, axis, x.ndim, x.shape)
    last_axis = moveaxis(x, a, -1)
    (out,) = sort_rows(last_axis, bool(descending), dtypes.default_integer(x.device), wanted)
    return out if a == x.ndim - 1 else duplicate(moveaxis(out, -1, a))


def sort_rows(x: Tensor, descending: bool, index: DType, *wants: str) -> tuple[Tensor, ...]:
    """The rows of ``x`` (..., n) sorted stably: what ``wants`` names of "values" and "indices", of type ``index``.

    Does not wait.
    """
    outputs = tuple(allocate(x.shape, index if name == "indices" else x.dtype, x.device) for name in wants)
    if x.size:
        n = x.shape[-1]
        plan = Sort(x.dtype, index, x.size // n, n, descending, wants)
        run(plan, (*outputs, contiguous(x)), x.device)
    return outputs
