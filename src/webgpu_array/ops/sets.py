"""Sets: membership, and the distinct elements of a tensor.

Source: https://data-apis.org/array-api/2025.12/API_specification/set_functions.html

Elements are distinct when ``equal`` says so: -0 is 0, and every NaN, like every complex number with
a NaN in it, is by itself. Distinct elements come in the order of ``sort``, which puts NaN last.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from .. import dtypes
from ..dtypes import DType, Scalar, bool_, uint32
from ..execute import contiguous, fill, run
from ..plans.sorting import CountRuns, Search, WriteRuns
from ..tensor import Tensor, allocate
from .checks import check_same_device, check_tensor, common_dtype
from .compaction import last_word
from .cumulative import scan
from .elementwise import astype, logical_and, logical_or, subtract
from .manipulation import cut_axis, in_pieces, reshape
from .scalars import as_scalar, scalar_word
from .sorting import sort_rows


class UniqueAll(NamedTuple):
    """What ``unique_all`` returns."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """What ``unique_counts`` returns."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """What ``unique_inverse`` returns."""

    values: Tensor
    inverse_indices: Tensor


def isin(x1: Tensor | Scalar, x2: Tensor | Scalar, /, *, invert: bool = False) -> Tensor:
    """Whether each element of x1 is equal to one of x2, or to none with ``invert``: bool, of x1's shape.

    x1, x2: any shapes and dtypes that promote; one may be a Python scalar. A NaN is in nothing.
    Raises TypeError for dtypes that do not promote, and for two scalars; ValueError across
    devices; OverflowError for a scalar that the other's dtype cannot hold. Does not wait.
    """
    x1, x2 = promoted_pair("isin", x1, x2)
    out = allocate(x1.shape, bool_, x1.device)
    pieces = in_pieces(reshape(x2, (x2.size,)))
    if out.size and len(pieces) > 1:
        return functools.reduce(
            logical_and if invert else logical_or, [isin(x1, piece, invert=invert) for piece in pieces]
        )
    if out.size and not x2.size:
        fill(out, int(bool(invert)))
    elif out.size:
        (pool,) = sort_rows(pieces[0], False, uint32, "values")
        plan = Search("not in" if invert else "in", x1.dtype, bool_, x2.size, x1.size, has_sorter=False)
        run(plan, (out, pool, contiguous(x1)), x1.device)
    return out


def unique_all(x: Tensor, /) -> UniqueAll:
    """The distinct elements of ``x``, where each occurs first, which of them each element is, and how often they occur.

    x: (...) of any dtype; the inverse indices have its shape, all else is (n,). Indices and
    counts are of the default integer type. Waits for n.
    """
    runs = _runs("unique_all", x, "values", "indices", "inverse", "starts")
    return UniqueAll(runs["values"], runs["indices"], reshape(runs["inverse"], x.shape), _lengths(runs["starts"]))


def unique_counts(x: Tensor, /) -> UniqueCounts:
    """The distinct elements of ``x`` and how often each occurs: two of what ``unique_all`` returns. Waits for n."""
    runs = _runs("unique_counts", x, "values", "starts")
    return UniqueCounts(runs["values"], _lengths(runs["starts"]))


def unique_inverse(x: Tensor, /) -> UniqueInverse:
    """The distinct elements of ``x`` and which each element is: two of what ``unique_all`` returns. Waits for n."""
    runs = _runs("unique_inverse", x, "values", "inverse")
    return UniqueInverse(runs["values"], reshape(runs["inverse"], x.shape))


def unique_values(x: Tensor, /) -> Tensor:
    """The distinct elements of ``x``: (n,). x: (...) of any dtype. Waits for n."""
    return _runs("unique_values", x, "values")["values"]


def promoted_pair(function: str, x1: Tensor | Scalar, x2: Tensor | Scalar) -> tuple[Tensor, Tensor]:
    """Both as tensors of the dtype that they promote to, a scalar without axes. Raises as ``isin`` says."""
    tensor, other = (x1, x2) if isinstance(x1, Tensor) else (x2, x1)
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{function}: x1 and x2 are both Python scalars; make one a tensor with asarray()")
    if isinstance(other, Tensor):
        check_same_device(function, tensor, other)
        dtype = common_dtype(function, tensor, other)
    else:
        dtype = _with_scalar(function, tensor, other)
    return _converted(function, x1, tensor, dtype), _converted(function, x2, tensor, dtype)


def _with_scalar(function: str, tensor: Tensor, scalar: Scalar) -> DType:
    scalar = as_scalar(function, scalar)
    try:
        return dtypes.promote_scalar(type(scalar), tensor.dtype, dtypes.default_floating(tensor.device))
    except TypeError as error:
        raise TypeError(f"{function}: {error}") from None


def _converted(function: str, x: Tensor | Scalar, other: Tensor, dtype: DType) -> Tensor:
    if isinstance(x, Tensor):
        return astype(x, dtype, copy=False)
    out = allocate((), dtype, other.device)
    fill(out, scalar_word(function, as_scalar(function, x), dtype))
    return out


def _runs(function: str, x: Tensor, *wants: str) -> dict[str, Tensor]:
    """What ``wants`` names of the runs of equal elements of sorted ``x``; see ``WriteRuns``. Waits for their number."""
    check_tensor(function, x)
    n, device = x.size, x.device
    index = dtypes.default_integer(device)
    n_runs = 0
    operands: tuple[Tensor, ...] = ()
    if n:
        has_order = "inverse" in wants
        ordered = sort_rows(reshape(x, (n,)), False, uint32, "values", *(("indices",) if has_order else ()))
        offsets = _run_offsets(ordered[0])
        n_runs = last_word(offsets)
        operands = (ordered[0], cut_axis(offsets, 0, 0, offsets.size - 1), *ordered[1:])
    lengths = {"values": n_runs, "starts": n_runs + 1, "indices": n_runs, "inverse": n}
    outputs = {name: allocate((lengths[name],), x.dtype if name == "values" else index, device) for name in wants}
    if n:
        run(WriteRuns(x.dtype, index, n, n_runs, wants), (*outputs.values(), *operands), device)
    return outputs


def _run_offsets(x: Tensor) -> Tensor:
    """How many runs of the sorted vector ``x`` begin before each tile of ``CountRuns``, and at the end their number."""
    plan = CountRuns(x.dtype, x.size)
    counts = allocate((plan.n_tiles,), uint32, x.device)
    run(plan, (counts, x), x.device)
    offsets = allocate((plan.n_tiles + 1,), uint32, x.device)
    fill(cut_axis(offsets, 0, 0, 1), 0)
    scan("sum", counts, cut_axis(offsets, 0, 1, offsets.size), 0)
    return offsets


def _lengths(starts: Tensor) -> Tensor:
    """Lengths of runs from where they begin and, last, where they end."""
    n = starts.size - 1
    return subtract(cut_axis(starts, 0, 1, n + 1), cut_axis(starts, 0, 0, n))
