"""Reductions that leave NaN out, under the names and with the arguments of NumPy's. xarray reduces by them.

Of nothing but NaN a mean, a variance and an extreme are NaN, a sum is 0 and a product 1. There are no warnings.
"""

from __future__ import annotations

import math

from .. import dtypes
from ..dtypes import DType, Scalar
from ..tensor import Tensor
from .checks import check_tensor
from .cumulative import cumulative_prod, cumulative_sum
from .elementwise import astype, divide, greater, isnan, logical_not, multiply, sqrt, subtract, where
from .statistical import Axis, max, min, prod, sum
from .utility import all


def nansum(x: Tensor, /, axis: Axis = None, dtype: DType | None = None, *, keepdims: bool = False) -> Tensor:
    """``sum`` of what is not NaN. Does not wait."""
    return sum(_filled("nansum", x, 0), axis=axis, dtype=dtype, keepdims=keepdims)


def nanprod(x: Tensor, /, axis: Axis = None, dtype: DType | None = None, *, keepdims: bool = False) -> Tensor:
    """``prod`` of what is not NaN. Does not wait."""
    return prod(_filled("nanprod", x, 1), axis=axis, dtype=dtype, keepdims=keepdims)


def nancumsum(x: Tensor, /, axis: int | None = None, dtype: DType | None = None) -> Tensor:
    """``cumulative_sum`` with 0 in place of NaN. Does not wait."""
    return cumulative_sum(_filled("nancumsum", x, 0), axis=axis, dtype=dtype)


def nancumprod(x: Tensor, /, axis: int | None = None, dtype: DType | None = None) -> Tensor:
    """``cumulative_prod`` with 1 in place of NaN. Does not wait."""
    return cumulative_prod(_filled("nancumprod", x, 1), axis=axis, dtype=dtype)


def nanmax(x: Tensor, /, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """``max`` of what is not NaN. Does not wait."""
    found = max(_filled("nanmax", x, -math.inf), axis=axis, keepdims=keepdims)
    return _unless_all_nan(found, x, axis, keepdims)


def nanmin(x: Tensor, /, axis: Axis = None, *, keepdims: bool = False) -> Tensor:
    """``min`` of what is not NaN. Does not wait."""
    found = min(_filled("nanmin", x, math.inf), axis=axis, keepdims=keepdims)
    return _unless_all_nan(found, x, axis, keepdims)


def nanmean(x: Tensor, /, axis: Axis = None, dtype: DType | None = None, *, keepdims: bool = False) -> Tensor:
    """Means of what is not NaN, computed in ``dtype`` or as ``mean`` does. x: (...) numeric. Does not wait."""
    wide, result = _accumulated("nanmean", x, dtype)
    return astype(_mean(wide, axis, keepdims), result, copy=False)


def nanvar(
    x: Tensor, /, axis: Axis = None, dtype: DType | None = None, *, ddof: int | float = 0, keepdims: bool = False
) -> Tensor:
    """Variances of what is not NaN: Σ(x - mean)² / (N - ddof), NaN unless N > ddof. x: (...) real numeric. Does not wait."""
    wide, result = _accumulated("nanvar", x, dtype)
    if result.is_complex:
        raise TypeError(f"nanvar: x must be real, not {result.name}; take its real() and imag()")
    deviation = subtract(wide, _mean(wide, axis, True))
    # As in `var`: the mean was rounded.
    deviation = _filled("nanvar", subtract(deviation, _mean(deviation, axis, True)), 0)
    divisor = subtract(_count(wide, axis, keepdims), ddof)
    total = sum(multiply(deviation, deviation), axis=axis, keepdims=keepdims)
    return astype(divide(total, where(greater(divisor, 0), divisor, math.nan)), result, copy=False)


def nanstd(
    x: Tensor, /, axis: Axis = None, dtype: DType | None = None, *, ddof: int | float = 0, keepdims: bool = False
) -> Tensor:
    """The roots of ``nanvar``. Does not wait."""
    return sqrt(nanvar(x, axis, dtype, ddof=ddof, keepdims=keepdims))


def _filled(function: str, x: Tensor, value: Scalar) -> Tensor:
    """``x`` with ``value`` in place of NaN; itself where its type has none."""
    check_tensor(function, x)
    return where(isnan(x), value, x) if dtypes.is_kind(x.dtype, "floating-point") else x


def _unless_all_nan(found: Tensor, x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    if not x.dtype.is_floating:
        return found
    return where(all(isnan(x), axis=axis, keepdims=keepdims), math.nan, found)


def _accumulated(function: str, x: Tensor, dtype: DType | None) -> tuple[Tensor, DType]:
    """``x`` in the type that a mean is computed in, and that of the mean: float16 is summed as float32."""
    check_tensor(function, x)
    if not dtypes.is_kind(x.dtype, "numeric"):
        raise TypeError(f"{function}: x must be numeric, not {x.dtype.name}; convert it with astype()")
    result = x.dtype if dtypes.is_kind(x.dtype, "floating-point") else dtypes.default_floating(x.device)
    if dtype is not None:
        result = dtypes.available(dtypes.as_dtype(dtype), x.device)
    return astype(x, dtypes.float32 if result is dtypes.float16 else result, copy=False), result


def _mean(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    return divide(sum(_filled("nanmean", x, 0), axis=axis, keepdims=keepdims), _count(x, axis, keepdims))


def _count(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    """How many are not NaN, as floats."""
    return sum(astype(logical_not(isnan(x)), dtypes.real_of(x.dtype)), axis=axis, keepdims=keepdims)
