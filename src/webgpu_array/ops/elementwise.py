"""Elementwise functions: a table of rows, and the one function that carries a row out.

Source: https://data-apis.org/array-api/2025.12/API_specification/elementwise_functions.html
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from .. import dtypes
from ..dtypes import DType, Scalar, bool_
from ..execute import run
from ..plan import Elementwise, Spec
from ..shapes import Shape, broadcast_shapes, broadcast_strides, collapse, contiguous_strides
from ..tensor import Tensor, allocate

ArrayLike = Tensor | Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One elementwise function.

    ``kind`` is the standard's kind that its arguments must be of. ``out`` is "promoted" or
    "bool". ``wgsl`` is the expression on x1, x2, x3 of the promoted type; ``floats`` the one
    for floating types where that differs. ``uses`` names a library of ``shaders/lib``, which
    exists per floating type.
    """

    name: str
    arity: int
    kind: str
    out: str
    wgsl: str
    floats: str
    uses: str
    says: str


TABLE: dict[str, Row] = {}


def unary(name: str, *, kind: str, wgsl: str, says: str, out: str = "promoted", floats: str = "", uses: str = "") -> Callable[[Tensor], Tensor]:  # fmt: skip
    """A row with one argument, as the function that users call."""
    row = TABLE[name] = Row(name, 1, kind, out, wgsl, floats or wgsl, uses, says)

    def function(x: Tensor, /) -> Tensor:
        return apply(row, x)

    return _named(function, row, f"x: (…) {kind}")


def binary(name: str, *, kind: str, wgsl: str, says: str, out: str = "promoted", floats: str = "", uses: str = "") -> Callable[[ArrayLike, ArrayLike], Tensor]:  # fmt: skip
    """A row with two arguments, of which one may be a Python scalar."""
    row = TABLE[name] = Row(name, 2, kind, out, wgsl, floats or wgsl, uses, says)

    def function(x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
        return apply(row, x1, x2)

    return _named(function, row, f"x1, x2: {kind}, shapes that broadcast; one may be a Python scalar")


def _named(function: Any, row: Row, arguments: str) -> Any:
    function.__name__ = function.__qualname__ = row.name
    result = "bool" if row.out == "bool" else "the promoted dtype"
    function.__doc__ = f"{row.says}\n\n{arguments}. Returns {result}. Raises TypeError for another dtype. Does not wait.\n"
    return function


# fmt: off
abs_ = unary("abs", kind="numeric", wgsl="abs(x1)", says="Magnitude of each element.")
add = binary("add", kind="numeric", wgsl="x1 + x2", says="Sums.")
bitwise_and = binary("bitwise_and", kind="integral or bool", wgsl="x1 & x2", says="Bitwise AND.")
bitwise_or = binary("bitwise_or", kind="integral or bool", wgsl="x1 | x2", says="Bitwise OR.")
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
# max and min of WGSL drop a NaN; the standard wants it back, and x1 + x2 is one.
maximum = binary("maximum", kind="numeric", wgsl="max(x1, x2)", floats="select(max(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2))", uses="float_bits", says="The larger of each pair, NaN if either is.")
minimum = binary("minimum", kind="numeric", wgsl="min(x1, x2)", floats="select(min(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2))", uses="float_bits", says="The smaller of each pair, NaN if either is.")
multiply = binary("multiply", kind="numeric", wgsl="x1 * x2", says="Products.")
negative = unary("negative", kind="signed", wgsl="-x1", says="Negated elements.")
not_equal = binary("not_equal", kind="all", out="bool", wgsl="x1 != x2", says="x1 != x2.")
positive = unary("positive", kind="numeric", wgsl="x1", says="A copy.")
reciprocal = unary("reciprocal", kind="real floating", wgsl="1 / x1", says="1 / x.")
round_ = unary("round", kind="numeric", wgsl="x1", floats="round(x1)", says="Rounds to the nearest integer, halves to even.")
sign = unary("sign", kind="signed", wgsl="sign(x1)", floats="select(sign(x1), x1, is_nan(x1))", uses="float_bits", says="-1, 0 or 1; NaN stays.")
sqrt = unary("sqrt", kind="real floating", wgsl="sqrt(x1)", says="Square roots.")
square = unary("square", kind="numeric", wgsl="x1 * x1", says="Squares.")
subtract = binary("subtract", kind="numeric", wgsl="x1 - x2", says="Differences.")
trunc = unary("trunc", kind="numeric", wgsl="x1", floats="trunc(x1)", says="Rounds towards zero.")
# fmt: on

_WHERE = TABLE["where"] = Row("where", 3, "all", "promoted", "select(x3, x2, x1)", "select(x3, x2, x1)", "", "")


def where(condition: Tensor, x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
    """Elements of x1 where ``condition`` is true, of x2 elsewhere.

    condition: bool; x1, x2: any dtypes that promote; shapes that broadcast. Raises TypeError
    for a condition of another dtype. Does not wait.
    """
    if condition.dtype is not bool_:
        raise TypeError(f"where: condition must be bool, not {condition.dtype.name}")
    return apply(_WHERE, condition, x1, x2)


def astype(x: Tensor, dtype: DType, /, *, copy: bool = True) -> Tensor:
    """``x`` converted to ``dtype``; ``x`` itself with ``copy=False`` where nothing changes.

    Floating values lose their fraction towards zero and are clamped to the range of an
    integer type. Raises DTypeNotSupportedError. Does not wait.
    """
    dtype = dtypes.available(dtypes.as_dtype(dtype), x.device)
    if dtype is x.dtype and not copy:
        return x
    row = _conversion(dtype)
    plan, shape, _ = _plan(row, (x.shape, x.strides, x.dtype))
    return _fill(plan, shape, dtype, x.device, (x,))


@lru_cache
def _conversion(dtype: DType) -> Row:
    return Row(f"astype_{dtype.name}", 1, "all", dtype.name, "x1", "x1", "", "")


def apply(row: Row, *arguments: ArrayLike) -> Tensor:
    """Carries out one row of the table on tensors and Python scalars."""
    device = None
    described: list[Any] = []
    for x in arguments:
        if type(x) is Tensor:
            if device is None:
                device = x.device
            elif x.device is not device:
                raise ValueError(
                    f"{row.name}: arguments are on {device} and {x.device}; move one with to_device()"
                )
            described.append((x.shape, x.strides, x.dtype))
        elif isinstance(x, bool | int | float):
            described.append(type(x))
        else:
            return apply(row, *(_accepted(row, y) for y in arguments))
    if device is None:
        raise TypeError(f"{row.name}: at least one argument must be a tensor, not only Python scalars")
    plan, shape, dtype = _plan(row, *described)
    operands = [
        x if type(x) is Tensor else _bits(row, cast(Scalar, x), spec.dtype)
        for x, spec in zip(arguments, plan.specs[1:], strict=True)
    ]
    return _fill(plan, shape, dtype, device, operands)


def _fill(plan: Elementwise, shape: Shape, dtype: DType, device: Any, operands: Any) -> Tensor:
    out = allocate(shape, dtype, device)
    if out.size:
        run(plan, (out, *operands), device)
    return out


@lru_cache(maxsize=16384)
def _plan(row: Row, *described: Any) -> tuple[Elementwise, Shape, DType]:
    """The plan for arguments given as (shape, strides, dtype), or as a Python scalar's type.

    Also the shape and dtype of the result.
    """
    arguments, promoted, result = _types(row, described)
    shapes = [d[0] for d in described if isinstance(d, tuple)]
    shape = broadcast_shapes(*shapes)
    strides = [broadcast_strides(d[0], d[1], shape) for d in described if isinstance(d, tuple)]
    collapsed, columns = collapse(shape, contiguous_strides(shape), *strides)
    out, *rest = columns
    specs = [Spec("out", result, collapsed, out)]
    for i, (d, dtype) in enumerate(zip(described, arguments, strict=True), start=1):
        if isinstance(d, tuple):
            specs.append(Spec(f"x{i}", d[2], collapsed, rest.pop(0)))
        else:
            specs.append(Spec(f"x{i}", dtype, (), None))
    floating = promoted.is_floating
    plan = Elementwise(
        op=row.name,
        expression=row.floats if floating else row.wgsl,
        uses=f"{row.uses}_{promoted.wgsl}" if row.uses and floating else "",
        arguments=arguments,
        result=bool_ if row.out == "bool" else promoted,
        shape=collapsed,
        specs=tuple(specs),
    )
    return plan, shape, result


def _types(row: Row, described: tuple[Any, ...]) -> tuple[tuple[DType, ...], DType, DType]:
    """The types in which the arguments enter the expression, their promotion, and the result's."""
    if row.out in dtypes.BY_NAME and row.name.startswith("astype"):
        target = dtypes.BY_NAME[row.out]
        return (target,), target, target
    values = described[1:] if row.name == "where" else described
    tensors = [d[2] for d in values if isinstance(d, tuple)]
    scalars = [d for d in values if not isinstance(d, tuple)]
    if not tensors:
        raise TypeError(f"{row.name}: x1 and x2 are both Python scalars; make one an array with asarray()")
    promoted = tensors[0]
    for dtype in tensors[1:]:
        promoted = dtypes.promote(promoted, dtype)
    for kind in scalars:
        promoted = dtypes.promote_scalar(kind, promoted)
    if row.name == "divide" and dtypes.is_kind(promoted, "integral"):
        promoted = dtypes.float32  # As NumPy and scikit-learn expect; the standard leaves it open.
    if not dtypes.is_kind(promoted, row.kind):
        raise TypeError(f"{row.name}: needs {row.kind} arguments, not {promoted.name}; convert with astype()")
    arguments = (promoted,) * len(values)
    if row.name == "where":
        arguments = (bool_, *arguments)
    return arguments, promoted, bool_ if row.out == "bool" else promoted


def _accepted(row: Row, x: object) -> ArrayLike:
    """A NumPy scalar or 0-D array as a Python scalar. Raises TypeError for what is no operand."""
    if isinstance(x, Tensor | bool | int | float):
        return x
    if getattr(x, "ndim", None) == 0 and hasattr(x, "item"):
        return _accepted(row, x.item())
    raise TypeError(
        f"{row.name}: argument of type {type(x).__name__} is neither a tensor nor a Python scalar; "
        "convert it with asarray()"
    )


def _bits(row: Row, value: Scalar, dtype: DType) -> int:
    """The bits of a Python scalar as the shader receives them."""
    if dtype.is_floating:
        code = "<I" if dtype.bits == 32 else "<Q"
        try:
            return int(struct.unpack(code, struct.pack("<" + dtype.format, value))[0])
        except OverflowError:
            # Beyond float32: infinite, as converting a float64 is.
            return int(struct.unpack(code, struct.pack("<" + dtype.format, float("inf") if value > 0 else float("-inf")))[0])
    if dtype is bool_:
        return int(value)
    dtypes.check_integer_fits(int(value), dtype)
    return int(value) & (2**dtype.bits - 1)
