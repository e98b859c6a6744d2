"""Whether what a kernel from a plugin computed for the first time is an inverse: one vector, there and back, tells."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

from ..dtypes import int32
from ..errors import DeviceMemoryError
from ..ops.creation import arange
from ..ops.data_types import finfo
from ..ops.elementwise import (
    abs_,
    add,
    astype,
    greater,
    greater_equal,
    isfinite,
    isnan,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    multiply,
    not_equal,
    remainder,
    subtract,
    where,
)
from ..ops.manipulation import concat, expand_dims
from ..ops.statistical import max as max_
from ..ops.statistical import sum as sum_
from ..plans.linalg import Inverse
from ..tensor import Tensor

# Kernels that pass the gate have a left residual of 30 n u ‖A‖ ‖X‖ at most; the check's own rounding adds 2 or so.
_BOUND = 100.0

# Beyond such a residual the bound says nothing: of matrices so ill-conditioned any answer fulfils it. Where they are more than a few of
# the batch, somebody else has to say what is right.
_VAGUE, _FEW = 2.0**-10, 1 / 64

# Of more bytes than this, every so manieth matrix is looked at, and so many rows at a time.
_BYTES = 1 << 26

_DOUBTFUL, _WRONG = 1, 2


def fault_of_inverse(plan: Inverse, operands: Sequence[Any]) -> str | None:
    """``_fault``, or an empty text where there is no memory to find out."""
    try:
        return _fault(plan, operands)
    except DeviceMemoryError:
        return ""


def _fault(plan: Inverse, operands: Sequence[Any]) -> str | None:
    """What is wrong with the ``inverse`` of ``x``, or None. Waits for the device.

    For the vector v of numbers between 1 and 2, ‖X(Av) - v‖₁ must be at most 100 n u ‖A‖₁ ‖X‖₁ ‖v‖₁, which inverses of ill-conditioned
    matrices fulfil as well, unless A is not finite. Where the kernel calls some finite matrix singular or ill-conditioned, or where more than
    a few residuals are above ‖v‖₁ / 1024, the answer is an empty text: this check cannot tell.
    """
    inverse, *said, x = operands
    step = max(1, -(-plan.batch * plan.n * plan.n * x.dtype.storage_bytes // _BYTES))
    inverse, x = _every(step, 2, inverse), _every(step, 2, x)
    v = add(remainder(multiply(arange(plan.n, dtype=finfo(x.dtype).dtype, device=x.device), 0.61803), 1.0), 1.0)
    there, norm = _product_and_norm(x, v)
    back, norm_of_inverse = _product_and_norm(inverse, there)
    unit = finfo(x.dtype).eps / 2
    bound = multiply(multiply(norm, norm_of_inverse), multiply(sum_(v), _BOUND * plan.n * unit))
    residual = sum_(abs_(subtract(back, v)), axis=-1)
    is_close = less_equal(residual, bound)
    is_finite = logical_and(isfinite(norm), isfinite(sum_(abs_(there), axis=-1)))
    is_wrong = logical_and(is_finite, logical_not(is_close))
    is_vague = logical_and(is_finite, logical_not(less_equal(residual, multiply(sum_(v), _VAGUE))))
    n_vague = sum_(astype(is_vague, v.dtype))
    doubt = multiply(astype(greater(n_vague, _FEW * math.prod(is_vague.shape)), int32), _DOUBTFUL)
    level = where(is_wrong, _WRONG, doubt)
    if plan.flags_only:
        if struct.unpack("<I", x.device.transfer.read(said[0].buffer, 4 * said[0].offset, 4))[0]:
            return ""
    else:
        info, rcond = (_every(step, 0, of) for of in said)
        is_called_bad = logical_or(not_equal(info, 0), logical_not(greater_equal(rcond, finfo(x.dtype).eps)))
        is_called_bad = logical_and(is_called_bad, logical_not(logical_and(isnan(rcond), is_finite)))
        doubtful = multiply(astype(is_finite, int32), _DOUBTFUL)
        level = where(is_called_bad, doubtful, level)
    worst = max_(level)
    (found,) = struct.unpack("<i", x.device.transfer.read(worst.buffer, 4 * worst.offset, 4))
    if found == _WRONG:
        return f"it computed a wrong inverse of a {x.dtype.name} matrix of order {plan.n}, in a batch of {plan.batch:,}"
    return "" if found == _DOUBTFUL else None


def _every(step: int, n_own_axes: int, x: Tensor) -> Tensor:
    """Every ``step``th along the first axis of a batch."""
    if step == 1 or len(x.shape) == n_own_axes:
        return x
    return x.view((-(-x.shape[0] // step), *x.shape[1:]), (x.strides[0] * step, *x.strides[1:]), x.offset)


def _product_and_norm(x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """``x v`` and ‖x‖₁ of each matrix, some rows at a time: the magnitudes of all would take the memory of another ``x``."""
    *lead, n, columns = x.shape
    rows = max(1, _BYTES // (math.prod(lead) * columns * x.dtype.storage_bytes))
    v = expand_dims(v, axis=-2)
    products = []
    norms = None
    for start in range(0, n, rows):
        part = x.view((*lead, min(rows, n - start), columns), x.strides, x.offset + start * x.strides[-2])
        products.append(sum_(multiply(part, v), axis=-1))
        sums = sum_(abs_(part), axis=-2)
        norms = sums if norms is None else add(norms, sums)
    assert norms is not None
    return concat(products, axis=-1), max_(norms, axis=-1)
