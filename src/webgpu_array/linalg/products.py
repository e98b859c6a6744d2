"""Products of matrices and vectors.

Source: https://data-apis.org/array-api/2025.12/API_specification/linear_algebra_functions.html
"""

from __future__ import annotations

import math
from typing import Any

from .. import dtypes
from ..dtypes import DType
from ..execute import fill, run
from ..ops.checks import check_same_device, check_tensor, check_two_axes, checked_integer, common_dtype
from ..ops.creation import eye
from ..ops.elementwise import astype, conj, multiply, subtract
from ..ops.manipulation import broadcast_to, duplicate, expand_dims, moveaxis, permute_dims, reshape, stack, unstack
from ..ops.statistical import sum
from ..plans.linalg import MatMul
from ..shapes import broadcast_shapes, collapse, listed_axes, normalize_axis
from ..tensor import Tensor, allocate
from .checks import check_matrices, check_numeric, check_square
from .inverse import inv

# Rows, columns and length of sums from which on a copy costs little beside a product of contiguous matrices.
_LARGE = 256


def matmul(x1: Tensor, x2: Tensor, /) -> Tensor:
    """Matrix products. x1: (..., M, K) or (K,), x2: (..., K, N) or (K,), numeric -> (..., M, N).

    Batch axes broadcast; a vector's axis is missing in the result. Raises ValueError for
    shapes that do not fit, TypeError for bool, for dtypes that do not promote, and for what
    is no tensor. Does not wait.
    """
    dtype = _promoted("matmul", x1, x2)
    if not x1.ndim or not x2.ndim:
        raise ValueError(f"matmul: x1 and x2 must have at least one axis, not shapes {x1.shape} and {x2.shape}")
    left = expand_dims(x1, axis=0) if x1.ndim == 1 else x1
    right = expand_dims(x2, axis=1) if x2.ndim == 1 else x2
    if left.shape[-1] != right.shape[-2]:
        raise ValueError(
            f"matmul: x1 with shape {x1.shape} has {left.shape[-1]} columns, "
            f"x2 with shape {x2.shape} has {right.shape[-2]} rows; they must be equal"
        )
    try:
        batch = broadcast_shapes(left.shape[:-2], right.shape[:-2])
    except ValueError:
        raise ValueError(
            f"matmul: the batch axes of x1 with shape {x1.shape} and x2 with shape {x2.shape} do not broadcast"
        ) from None
    m, k, n = *left.shape[-2:], right.shape[-1]
    out = allocate((*batch, m, n), dtype, x1.device)
    if out.size and not k:
        fill(out, 0)
    elif out.size:
        _multiply(broadcast_to(left, (*batch, m, k)), broadcast_to(right, (*batch, k, n)), out)
    return reshape(out, batch + (m,) * (x1.ndim > 1) + (n,) * (x2.ndim > 1))


def _multiply(x1: Tensor, x2: Tensor, out: Tensor) -> None:
    """``out = x1 @ x2`` for equal batch axes, in the dtype of ``out``."""
    left = _with_one_batch_axis(astype(x1, out.dtype, copy=False))
    right = _with_one_batch_axis(astype(x2, out.dtype, copy=False))
    if not right.strides[0] and left.strides[0] == left.shape[1] * left.strides[1]:
        # One matrix for all: the rows of the batch are those of one tall matrix.
        left = left.view((1, left.shape[0] * left.shape[1], left.shape[2]), (0, *left.strides[1:]))
        right = right.view((1, *right.shape[1:]), right.strides)
    if min(*left.shape[1:], right.shape[2]) >= _LARGE:
        left, right = _contiguous(left), _contiguous(right)
    if not _can_be_cut(left, 2):
        left = duplicate(left)
    if not _can_be_cut(right, 1):
        right = _transposed(duplicate(_transposed(right)))
    batch, m, k = left.shape
    n = right.shape[-1]
    plan = MatMul(
        dtype=out.dtype,
        batch=batch,
        m=m,
        n=n,
        k=k,
        out_steps=(m * n, n, 1),
        x1_steps=_three(left),
        x2_steps=_three(right),
    )
    run(plan, (out, left, right), out.device)


def _contiguous(x: Tensor) -> Tensor:
    return x if x.is_contiguous else duplicate(x)


def _with_one_batch_axis(x: Tensor) -> Tensor:
    """``x`` (..., M, N) as (batch, M, N): a view where the batch axes collapse to one, else a copy."""
    lengths, (steps,) = collapse(x.shape[:-2], x.strides[:-2])
    if len(lengths) > 1:
        x = duplicate(x)
        lengths, (steps,) = collapse(x.shape[:-2], x.strides[:-2])
    step = steps[0] if steps else 0
    return x.view((math.prod(lengths), *x.shape[-2:]), (step, *x.strides[-2:]))


def _can_be_cut(x: Tensor, axis: int) -> bool:
    """Whether one row of the sum, along ``axis``, fits a binding; what is larger is cut across it only."""
    reach = abs(x.strides[axis]) * x.shape[axis] * x.dtype.storage_bytes
    return reach <= x.device.limits["max-storage-buffer-binding-size"] // 2


def _transposed(x: Tensor) -> Tensor:
    return permute_dims(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def _three(x: Tensor) -> tuple[int, int, int]:
    batch, row, column = x.strides
    return batch, row, column


def matrix_transpose(x: Tensor, /) -> Tensor:
    """The view (..., N, M) of x (..., M, N). Raises ValueError below two axes. Does not wait."""
    check_tensor("matrix_transpose", x)
    check_two_axes("matrix_transpose", x)
    return _transposed(x)


def matrix_power(x: Tensor, n: int, /) -> Tensor:
    """The n-th power of each matrix of ``x``: of the inverse for a negative n, the identity for 0.

    x: (..., M, M) numeric, floating-point for a negative n. Returns the same shape and dtype. Raises LinAlgError
    when the last two axes differ, and as ``inv`` does, TypeError for bool and for an n that is no integer.
    Waits for the device where n is negative.
    """
    check_numeric("matrix_power", x)
    check_two_axes("matrix_power", x, axes="n, n")
    check_square("matrix_power", x)
    exponent = checked_integer("matrix_power", "n", n)
    if exponent == 0:
        return duplicate(broadcast_to(eye(x.shape[-1], dtype=x.dtype, device=x.device), x.shape))
    if exponent < 0:
        check_matrices("matrix_power", x)
        return _power(inv(x), -exponent)
    return duplicate(x) if exponent == 1 else _power(x, exponent)


def _power(x: Tensor, n: int) -> Tensor:
    """The n-th power for n ≥ 1, by squaring that of half n."""
    if n == 1:
        return x
    half = _power(x, n // 2)
    square = matmul(half, half)
    return matmul(square, x) if n % 2 else square


def diagonal(x: Tensor, /, *, offset: int = 0) -> Tensor:
    """The view (..., L) of a diagonal of each matrix of x (..., M, N), ``offset`` above the main one.

    Of an offset beyond the matrix L is 0. Raises ValueError below two axes, TypeError for an offset that is no
    integer. Does not wait.
    """
    return _diagonal("diagonal", x, offset)


def _diagonal(function: str, x: Tensor, offset: int) -> Tensor:
    check_tensor(function, x)
    check_two_axes(function, x)
    offset = checked_integer(function, "offset", offset)
    *lead, rows, columns = x.shape
    *lead_steps, row_step, column_step = x.strides
    row, column = max(-offset, 0), max(offset, 0)
    length = max(min(rows - row, columns - column), 0)
    first = row * row_step + column * column_step if length else 0
    return x.view((*lead, length), (*lead_steps, row_step + column_step), x.offset + first)


def trace(x: Tensor, /, *, offset: int = 0, dtype: DType | None = None) -> Tensor:
    """The sum of a diagonal of each matrix: x (..., M, N) numeric, ``offset`` above the main one -> (...).

    Integers are summed in the default integer type or a wider one, unless ``dtype`` says otherwise.
    Raises ValueError below two axes, TypeError for bool and for an offset that is no integer. Does not wait.
    """
    check_numeric("trace", x)
    return sum(_diagonal("trace", x, offset), axis=-1, dtype=dtype)


def vecdot(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """Σ conj(x1) x2 along ``axis``, which must be equally long; the other axes broadcast. Does not wait.

    Raises ValueError for shapes that do not fit, TypeError for bool.
    """
    _promoted("vecdot", x1, x2)
    lengths = _lengths("vecdot", x1, x2, axis)
    if lengths[0] != lengths[1]:
        raise ValueError(f"vecdot: x1 with shape {x1.shape} and x2 with shape {x2.shape} differ along axis {axis}")
    left, right = _with_axis_last("vecdot", x1, x2, axis)
    product = multiply(conj(left) if x1.dtype.is_complex else left, right)
    return sum(product, axis=-1, dtype=product.dtype)


def cross(x1: Tensor, x2: Tensor, /, *, axis: int = -1) -> Tensor:
    """Cross products of the vectors of three elements along ``axis``; the other axes broadcast. Does not wait.

    x1, x2: numeric. Returns the promoted dtype. Raises ValueError where ``axis`` is not 3 long or the others do not
    broadcast, TypeError for bool.
    """
    _promoted("cross", x1, x2)
    if _lengths("cross", x1, x2, axis) != [3, 3]:
        raise ValueError(
            f"cross: axis {axis} of x1 with shape {x1.shape} and of x2 with shape {x2.shape} must have 3 elements"
        )
    a, b = (unstack(x, axis=-1) for x in _with_axis_last("cross", x1, x2, axis))
    elements = [subtract(multiply(a[i], b[j]), multiply(a[j], b[i])) for i, j in ((1, 2), (2, 0), (0, 1))]
    return moveaxis(stack(elements, axis=-1), -1, axis)


def outer(x1: Tensor, x2: Tensor, /) -> Tensor:
    """Products of each element of x1 (M,) with each of x2 (N,): (M, N), numeric. Does not wait.

    Raises ValueError for other shapes, TypeError for bool.
    """
    _promoted("outer", x1, x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"outer: x1 and x2 must have one axis each, not shapes {x1.shape} and {x2.shape}")
    return multiply(expand_dims(x1, axis=1), x2)


def tensordot(x1: Tensor, x2: Tensor, /, *, axes: int | tuple[Any, Any] = 2) -> Tensor:
    """Sums of products over several axes: the last ``axes`` of x1 with the first of x2, or those two sequences name.

    The result has the other axes of x1, then those of x2. Raises ValueError where the axes
    differ in number or in length or are named twice, IndexError for an axis out of range, TypeError for bool and for
    ``axes`` of another kind. Does not wait.
    """
    _promoted("tensordot", x1, x2)
    first, second = _summed_axes(x1, x2, axes)
    summed = tuple(x1.shape[a] for a in first)
    if summed != tuple(x2.shape[a] for a in second):
        raise ValueError(f"tensordot: axes {axes} of x1 with shape {x1.shape} and x2 with shape {x2.shape} do not fit")
    rest1 = [a for a in range(x1.ndim) if a not in first]
    rest2 = [a for a in range(x2.ndim) if a not in second]
    shape1 = tuple(x1.shape[a] for a in rest1)
    shape2 = tuple(x2.shape[a] for a in rest2)
    k = math.prod(summed)
    left = reshape(permute_dims(x1, (*rest1, *first)), (math.prod(shape1), k))
    right = reshape(permute_dims(x2, (*second, *rest2)), (k, math.prod(shape2)))
    return reshape(matmul(left, right), shape1 + shape2)


def _summed_axes(x1: Tensor, x2: Tensor, axes: int | tuple[Any, Any]) -> tuple[list[int], list[int]]:
    """The axes of x1 and of x2 that ``tensordot`` sums over, counted from the front. Raises as it does."""
    if isinstance(axes, tuple | list):
        if len(axes) != 2 or not all(isinstance(named, tuple | list) for named in axes):
            raise TypeError(f"tensordot: axes must be an integer or two sequences of integers, not {axes!r}")
        return listed_axes("tensordot", axes[0], x1.shape), listed_axes("tensordot", axes[1], x2.shape)
    n = checked_integer("tensordot", "axes", axes)
    if not 0 <= n <= min(x1.ndim, x2.ndim):
        raise ValueError(
            f"tensordot: axes is {n}; use 0 to {min(x1.ndim, x2.ndim)} for x1 with shape {x1.shape} "
            f"and x2 with shape {x2.shape}"
        )
    return list(range(x1.ndim - n, x1.ndim)), list(range(n))


def _lengths(function: str, x1: Tensor, x2: Tensor, axis: int) -> list[int]:
    """How long both are along ``axis``. Raises IndexError."""
    return [x.shape[normalize_axis(function, axis, x.ndim, x.shape)] for x in (x1, x2)]


def _with_axis_last(function: str, x1: Tensor, x2: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """Both with ``axis`` moved to the end. Raises ValueError unless the others broadcast."""
    left, right = moveaxis(x1, axis, -1), moveaxis(x2, axis, -1)
    try:
        broadcast_shapes(left.shape[:-1], right.shape[:-1])
    except ValueError:
        raise ValueError(
            f"{function}: the axes of x1 with shape {x1.shape} and x2 with shape {x2.shape} "
            f"besides axis {axis} do not broadcast"
        ) from None
    return left, right


def _promoted(function: str, x1: Any, x2: Any) -> DType:
    """The type of a product. Raises TypeError unless both are numeric tensors, ValueError across devices."""
    for x in (x1, x2):
        if not isinstance(x, Tensor):
            raise TypeError(f"{function}: x1 and x2 must be tensors, not {type(x).__name__}; convert it with asarray()")
    check_same_device(function, x1, x2)
    promoted = common_dtype(function, x1, x2)
    if not dtypes.is_kind(promoted, "numeric"):
        raise TypeError(f"{function}: x1 and x2 must be numeric, not {promoted.name}; convert them with astype()")
    return dtypes.available(promoted, x1.device)
