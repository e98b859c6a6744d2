"""Elementwise functions: a table of rows, and the one function that carries a row out.

Source: https://data-apis.org/array-api/2025.12/API_specification/elementwise_functions.html
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import dtypes
from ..dtypes import DType, Scalar, bool_
from ..execute import copy as copy_into
from ..execute import run
from ..plan import Elementwise, Spec
from ..shapes import Shape, broadcast_shapes, broadcast_strides, collapse, contiguous_strides
from ..tensor import Tensor, allocate
from .checks import check_same_device

ArrayLike = Tensor | Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One elementwise function.

    ``kind`` is the standard's kind that its arguments must be of. ``out`` is "promoted" or
    "bool". ``wgsl`` is the expression on x1, x2, x3 of the promoted type ``T`` with ``BITS``
    bits; ``floats`` and ``bools`` the ones for those types where they differ. ``uses`` names a
    library of ``shaders/lib`` for ``floats``, which exists per floating type.
    """

    name: str
    arity: int
    kind: str
    wgsl: str
    says: str
    out: str = "promoted"
    floats: str = ""
    bools: str = ""
    uses: str = ""

    def library(self, dtype: DType) -> str:
        """The library for arguments that promote to ``dtype``, "" for none."""
        return f"{self.uses}_{dtype.wgsl}" if self.uses and dtype.is_floating else ""

    def expression(self, dtype: DType) -> str:
        """The WGSL for arguments that promote to ``dtype``."""
        special = self.floats if dtype.is_floating else self.bools if dtype is bool_ else ""
        return special or self.wgsl


TABLE: dict[str, Row] = {}


def unary(name: str, **row: str) -> Callable[[Tensor], Tensor]:
    """A row with one argument, as the function that users call."""
    described = TABLE[name] = Row(name, 1, **row)

    def function(x: Tensor, /) -> Tensor:
        return apply(described, x)

    return _documented(function, described, f"x: (...) {described.kind}")


def binary(name: str, **row: str) -> Callable[[ArrayLike, ArrayLike], Tensor]:
    """A row with two arguments, of which one may be a Python scalar."""
    described = TABLE[name] = Row(name, 2, **row)

    def function(x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
        return apply(described, x1, x2)

    return _documented(function, described, f"x1, x2: {described.kind}, shapes that broadcast; one may be a Python scalar")


def _documented(function: Any, row: Row, arguments: str) -> Callable[..., Tensor]:
    function.__name__ = function.__qualname__ = row.name
    result = "bool" if row.out == "bool" else "the promoted dtype"
    function.__doc__ = f"{row.says}\n\n{arguments}. Returns {result}. Raises TypeError for another dtype. Does not wait.\n"
    return function  # type: ignore[no-any-return]


# fmt: off
abs_ = unary("abs", kind="numeric", wgsl="abs(x1)", says="Magnitude of each element.")
add = binary("add", kind="numeric", wgsl="x1 + x2", says="Sums.")
bitwise_and = binary("bitwise_and", kind="integral or bool", wgsl="x1 & x2", says="Bitwise AND.")
bitwise_invert = unary("bitwise_invert", kind="integral or bool", wgsl="~x1", bools="!x1", says="Bitwise NOT.")
bitwise_left_shift = binary("bitwise_left_shift", kind="integral", wgsl="select(x1 << (u32(x2) % BITS), T(0), u32(x2) >= BITS)", says="Shifts left, filling with zeros.")
bitwise_or = binary("bitwise_or", kind="integral or bool", wgsl="x1 | x2", says="Bitwise OR.")
bitwise_right_shift = binary("bitwise_right_shift", kind="integral", wgsl="x1 >> min(u32(x2), BITS - 1u)", says="Shifts right, filling with the sign.")
bitwise_xor = binary("bitwise_xor", kind="integral or bool", wgsl="x1 ^ x2", bools="x1 != x2", says="Bitwise XOR.")
ceil = unary("ceil", kind="numeric", wgsl="x1", floats="ceil(x1)", says="Rounds up to integers.")
divide = binary("divide", kind="real floating", wgsl="x1 / x2", says="Quotients.")
equal = binary("equal", kind="all", out="bool", wgsl="x1 == x2", says="x1 == x2.")
floor = unary("floor", kind="numeric", wgsl="x1", floats="floor(x1)", says="Rounds down to integers.")
greater = binary("greater", kind="numeric", out="bool", wgsl="x1 > x2", says="x1 > x2.")
greater_equal = binary("greater_equal", kind="numeric", out="bool", wgsl="x1 >= x2", says="x1 >= x2.")
isfinite = unary("isfinite", kind="numeric", out="bool", wgsl="true", floats="is_finite(x1)", uses="float_bits", says="Neither NaN nor infinite.")
isinf = unary("isinf", kind="numeric", out="bool", wgsl="false", floats="is_inf(x1)", uses="float_bits", says="Infinite of either sign.")
isnan = unary("isnan", kind="numeric", out="bool", wgsl="false", floats="is_nan(x1)", uses="float_bits", says="Not a number.")
less = binary("less", kind="numeric", out="bool", wgsl="x1 < x2", says="x1 < x2.")
less_equal = binary("less_equal", kind="numeric", out="bool", wgsl="x1 <= x2", says="x1 <= x2.")
logical_and = binary("logical_and", kind="bool", out="bool", wgsl="x1 && x2", says="Logical AND.")
logical_not = unary("logical_not", kind="bool", out="bool", wgsl="!x1", says="Logical NOT.")
logical_or = binary("logical_or", kind="bool", out="bool", wgsl="x1 || x2", says="Logical OR.")
logical_xor = binary("logical_xor", kind="bool", out="bool", wgsl="x1 != x2", says="Logical XOR.")
# max and min of WGSL drop a NaN; the standard wants it back, and x1 + x2 is one.
maximum = binary("maximum", kind="numeric", wgsl="max(x1, x2)", floats="select(max(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2))", uses="float_bits", says="The larger of each pair, NaN if either is.")
minimum = binary("minimum", kind="numeric", wgsl="min(x1, x2)", floats="select(min(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2))", uses="float_bits", says="The smaller of each pair, NaN if either is.")
multiply = binary("multiply", kind="numeric", wgsl="x1 * x2", says="Products.")
negative = unary("negative", kind="signed", wgsl="-x1", says="Negated elements.")
# A NaN differs from everything, but `!=` of SPIR-V, as naga writes it, says that it does not.
not_equal = binary("not_equal", kind="all", out="bool", wgsl="!(x1 == x2)", says="x1 != x2.")
positive = unary("positive", kind="numeric", wgsl="x1", says="A copy.")
reciprocal = unary("reciprocal", kind="real floating", wgsl="T(1) / x1", says="1 / x.")
round_ = unary("round", kind="numeric", wgsl="x1", floats="round(x1)", says="Rounds to the nearest integer, halves to even.")
sign = unary("sign", kind="signed", wgsl="sign(x1)", floats="select(sign(x1), x1, is_nan(x1))", uses="float_bits", says="-1, 0 or 1; NaN stays.")
sqrt = unary("sqrt", kind="real floating", wgsl="sqrt(x1)", says="Square roots.")
square = unary("square", kind="numeric", wgsl="x1 * x1", says="Squares.")
subtract = binary("subtract", kind="numeric", wgsl="x1 - x2", says="Differences.")
trunc = unary("trunc", kind="numeric", wgsl="x1", floats="trunc(x1)", says="Rounds towards zero.")
# fmt: on

_WHERE = TABLE["where"] = Row("where", 3, "all", "select(x3, x2, x1)", "Elements of x1 or of x2.")


def where(condition: Tensor, x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
    """Elements of x1 where ``condition`` is true, of x2 elsewhere.

    condition: bool; x1, x2: any dtypes that promote; shapes that broadcast. Raises TypeError
    for a condition of another dtype. Does not wait.
    """
    if not isinstance(condition, Tensor) or condition.dtype is not bool_:
        given = getattr(condition, "dtype", type(condition).__name__)
        raise TypeError(f"where: condition must be a bool tensor, not {given}; compare, or convert it with astype()")
    return apply(_WHERE, condition, x1, x2)


def astype(x: Tensor, dtype: DType, /, *, copy: bool = True, device: Any = None) -> Tensor:
    """``x`` converted to ``dtype``; ``x`` itself with ``copy=False`` where nothing changes.

    Floating values lose their fraction towards zero and are clamped to the range of an
    integer type. ``device`` moves the result there, which waits; otherwise does not wait.
    Raises DTypeNotSupportedError.
    """
    if device is not None:
        x = x.to_device(device)
    dtype = dtypes.available(dtypes.as_dtype(dtype), x.device)
    if dtype is x.dtype and not copy:
        return x
    out = allocate(x.shape, dtype, x.device)
    if out.size:
        copy_into(x, out)
    return out


def apply(row: Row, *arguments: ArrayLike) -> Tensor:
    """Carries out one row of the table on tensors and Python scalars."""
    first: Tensor | None = None
    described: list[Any] = []
    for x in arguments:
        if type(x) is Tensor:
            if first is None:
                first = x
            else:
                check_same_device(row.name, first, x)
            described.append((x.shape, x.strides, x.dtype))
        elif isinstance(x, bool | int | float):
            described.append(type(x))
        else:
            return apply(row, *(_accepted(row, y) for y in arguments))
    if first is None:
        raise TypeError(f"{row.name}: every argument is a Python scalar; make one a tensor with asarray()")
    device = first.device
    plan, shape, features = _plan(row, *described)
    if not features <= device.features:
        for dtype in plan.arguments:
            dtypes.available(dtype, device)
    out = allocate(shape, plan.specs[0].dtype, device)
    if out.size:
        operands: list[Tensor | int] = [out]
        for x, spec in zip(arguments, plan.specs[1:], strict=True):
            operands.append(x if type(x) is Tensor else scalar_word(row.name, x, spec.dtype))  # type: ignore[arg-type]
        run(plan, operands, device)
    return out


@lru_cache(maxsize=16384)
def _plan(row: Row, *described: Any) -> tuple[Elementwise, Shape, frozenset[str]]:
    """The plan for arguments given as (shape, strides, dtype), or as a Python scalar's type.

    Also the shape of the result, and the device features that the arithmetic needs.
    """
    try:
        promoted = _promoted(row, described[1:] if row is _WHERE else described)
        shape = broadcast_shapes(*(d[0] for d in described if isinstance(d, tuple)))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{row.name}: {error}") from None
    result = bool_ if row.out == "bool" else promoted
    arguments = [promoted] * row.arity
    if row is _WHERE:
        arguments[0] = bool_
    strides = [broadcast_strides(d[0], d[1], shape) for d in described if isinstance(d, tuple)]
    collapsed, (out, *columns) = collapse(shape, contiguous_strides(shape), *strides)
    specs = [Spec("out", result, collapsed, out)]
    for i, (d, dtype) in enumerate(zip(described, arguments, strict=True), start=1):
        if isinstance(d, tuple):
            specs.append(Spec(f"x{i}", d[2], collapsed, columns.pop(0)))
        else:
            specs.append(Spec(f"x{i}", dtype, (), None))
    plan = Elementwise(
        op=row.name,
        expression=row.expression(promoted),
        uses=row.library(promoted),
        arguments=tuple(arguments),
        result=result,
        shape=collapsed,
        specs=tuple(specs),
    )
    return plan, shape, promoted.features


def _promoted(row: Row, described: Sequence[Any]) -> DType:
    """The dtype in which arguments, given as in ``_plan``, are computed."""
    tensors = [d[2] for d in described if isinstance(d, tuple)]
    if not tensors:
        raise TypeError("x1 and x2 are both Python scalars; make one a tensor with asarray()")
    promoted: DType = tensors[0]
    for dtype in tensors[1:]:
        promoted = dtypes.promote(promoted, dtype)
    for d in described:
        if not isinstance(d, tuple):
            promoted = dtypes.promote_scalar(d, promoted)
    if row is _DIVIDE and dtypes.is_kind(promoted, "integral"):
        return dtypes.float32  # As NumPy and scikit-learn expect; the standard leaves it open.
    if not dtypes.is_kind(promoted, row.kind):
        raise TypeError(f"arguments must be {row.kind}, not {promoted.name}; convert with astype()")
    return promoted


_DIVIDE = TABLE["divide"]


def _accepted(row: Row, x: object) -> ArrayLike:
    """A tensor as it is, anything else as a Python scalar. Raises TypeError for what is no operand."""
    return x if isinstance(x, Tensor) else as_scalar(row.name, x)


def as_scalar(function: str, x: object) -> Scalar:
    """A Python scalar for itself, a NumPy scalar, or an array without axes; a tensor waits. Raises TypeError."""
    if isinstance(x, bool | int | float):
        return x
    if getattr(x, "ndim", None) == 0 and hasattr(x, "item"):
        return as_scalar(function, x.item())
    raise TypeError(
        f"{function}: argument of type {type(x).__name__} is neither a tensor nor a Python scalar; "
        "convert it with asarray()"
    )


def scalar_word(function: str, value: Scalar, dtype: DType) -> int:
    """The bits of a Python scalar as the shader receives them. Raises OverflowError."""
    if dtype.is_floating:
        # Beyond float32 a value is infinite, as when a float64 is converted.
        if abs(value) > _LARGEST[dtype]:
            value = math.inf if value > 0 else -math.inf
        return int.from_bytes(struct.pack("<" + dtype.format, value), "little")
    if dtype is bool_:
        return int(value)
    low, high = dtypes.integer_range(dtype)
    if not low <= value <= high:
        raise OverflowError(f"{function}: {value} does not fit {dtype.name}, which holds {low} to {high}")
    mask: int = 2**dtype.bits - 1
    return int(value) & mask


# Largest value that rounds to a finite one.
_LARGEST = {dtypes.float32: (2 - 2**-24 - 2**-52) * 2.0**127, dtypes.float64: sys.float_info.max}
