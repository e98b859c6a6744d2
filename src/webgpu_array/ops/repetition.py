"""Elements repeated a number of times each.

Source: https://data-apis.org/array-api/2025.12/API_specification/manipulation_functions.html
"""

from __future__ import annotations

import operator

from .. import dtypes
from ..execute import run
from ..plans.indexing import RepeatPositions
from ..shapes import normalize_axis
from ..tensor import Tensor, allocate
from .checks import check_same_device, check_tensor
from .cumulative import scan
from .elementwise import astype
from .indexing import take
from .manipulation import duplicate, reshape
from .statistical import min as minimum_of
from .statistical import sum as sum_of


def repeat(x: Tensor, repeats: int | Tensor, /, *, axis: int | None = None) -> Tensor:
    """Each element of ``x`` along ``axis`` (None: of the flattened ``x``) ``repeats`` times, one after another.

    repeats: an integer, or (n,), (1,) or () of any integer type for an axis of length n. A tensor makes the call wait
    for the length of the result. Raises TypeError for another dtype, ValueError for another shape, for a negative
    number, and across devices.
    """
    check_tensor("repeat", x)
    if axis is None:
        return repeat(reshape(x, (x.size,)), repeats, axis=0)
    a = normalize_axis("repeat", axis, x.ndim, x.shape)
    if not isinstance(repeats, Tensor):
        times = _checked(_integer(repeats))
        copies = x.view((*x.shape[: a + 1], times, *x.shape[a + 1 :]), (*x.strides[: a + 1], 0, *x.strides[a + 1 :]))
        return reshape(duplicate(copies), (*x.shape[:a], x.shape[a] * times, *x.shape[a + 1 :]))
    check_same_device("repeat", x, repeats)
    if not dtypes.is_kind(repeats.dtype, "integral"):
        raise TypeError(f"repeat: repeats must be integers, not {repeats.dtype.name}; convert it with astype()")
    if repeats.shape not in ((), (1,), (x.shape[a],)):
        raise ValueError(f"repeat: repeats must have shape (1,) or ({x.shape[a]},), not {repeats.shape}")
    if repeats.size == 1:
        return repeat(x, int(repeats), axis=a)
    return _repeated(x, repeats, a)


def _repeated(x: Tensor, repeats: Tensor, axis: int) -> Tensor:
    """The positions along ``axis`` are those of the ends of the runs: where the sum of the repeats so far is exceeded."""
    if not repeats.size:
        return duplicate(x)
    _checked(int(minimum_of(repeats)))
    total = int(sum_of(repeats))
    ends = allocate(repeats.shape, dtypes.uint32, x.device)
    scan("sum", astype(repeats, dtypes.uint32, copy=False), ends, 0)
    positions = allocate((total,), dtypes.uint32, x.device)
    if total:
        run(RepeatPositions(total, ends.size), (positions, ends, 0), x.device)
    return take(x, positions, axis=axis)


def _integer(repeats: object) -> int:
    try:
        return operator.index(repeats)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            f"repeat: repeats must be an integer or a tensor of integers, not {type(repeats).__name__}; "
            "convert it with asarray()"
        ) from None


def _checked(times: int) -> int:
    if times < 0:
        raise ValueError(f"repeat: repeats holds {times}, but must not be negative")
    return times
