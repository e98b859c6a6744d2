"""Elementwise functions: a table of rows, and the one function that carries a row out.

Source: https://data-apis.org/array-api/2025.12/API_specification/elementwise_functions.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any, ClassVar

from .. import dtypes
from ..dtypes import DType, Scalar, bool_
from ..execute import copy as copy_into
from ..execute import run
from ..gpu.device import as_device
from ..plans.elementwise import Elementwise
from ..plans.protocol import Spec
from ..shapes import Shape, Strides, broadcast_shapes, broadcast_strides, collapse_along_first, strides_like
from ..tensor import Tensor, allocate
from .checks import check_same_device, check_tensor
from .scalars import as_scalar, scalar_word

ArrayLike = Tensor | Scalar


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One elementwise function.

    ``kind`` is the standard's kind that its arguments must be of; where that is one of floats, integers
    become the default floating type. ``out`` is "promoted",
    "bool", or "real": the type of the parts of complex numbers. ``wgsl`` is the expression on
    x1, x2, x3 of the promoted type ``T`` with ``BITS`` bits, which may call the library
    ``number_*`` of T; ``floats``, ``halves`` (float16, computed in f32), ``complexes`` and
    ``bools`` the ones for those types where they differ. Each expression may name, after a
    " // ", the libraries of ``shaders/lib`` that it calls.
    """

    floats_first: ClassVar[bool] = False
    """Whether integers become the default floating type before they meet other floats."""
    is_long: ClassVar[bool] = False
    """Whether the expressions take thousands of instructions."""
    name: str
    arity: int
    kind: str
    says: str
    wgsl: str = ""
    out: str = "promoted"
    floats: str = ""
    halves: str = ""
    complexes: str = ""
    bools: str = ""

    @property
    def takes_floats(self) -> bool:
        """Whether integers are converted: NumPy, torch and their users expect it, the standard leaves it open."""
        return self.kind in ("floating-point", "real floating")

    @property
    def accepted(self) -> str:
        """The types of arguments, in words."""
        return self.kind + (", or integers, which become the default floating type" if self.takes_floats else "")

    def expression(self, dtype: DType) -> tuple[str, str]:
        """The WGSL for arguments that promote to ``dtype``, and the libraries that it uses."""
        special = {
            "real floating": (dtype is dtypes.float16 and self.halves) or self.floats,
            "complex floating": self.complexes,
            "bool": self.bools,
        }.get(dtype.kind, "")
        wgsl, _, uses = (special or self.wgsl).partition(" // ")
        return wgsl, uses

    def result(self, dtype: DType) -> DType:
        """The type of the result for arguments that promote to ``dtype``."""
        return bool_ if self.out == "bool" else dtypes.real_of(dtype) if self.out == "real" else dtype


TABLE: dict[str, Row] = {}


def unary(name: str, **row: str) -> Callable[[Tensor], Tensor]:
    """A row with one argument, as the function that users call."""
    described = TABLE[name] = Row(name, 1, **row)

    def function(x: Tensor, /) -> Tensor:
        return apply(described, x)

    return _documented(function, described, f"x: (...) {described.accepted}")


def binary(name: str, **row: str) -> Callable[[ArrayLike, ArrayLike], Tensor]:
    """A row with two arguments, of which one may be a Python scalar."""
    described = TABLE[name] = Row(name, 2, **row)

    def function(x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
        return apply(described, x1, x2)

    return _documented(function, described, f"x1, x2: {described.accepted}; shapes that broadcast; one may be a Python scalar")


def _documented(function: Any, row: Row, arguments: str) -> Callable[..., Tensor]:
    function.__name__ = function.__qualname__ = row.name
    result = {"bool": "bool", "real": "the type of the real parts"}.get(row.out, "the promoted dtype")
    function.__doc__ = f"{row.says}\n\n{arguments}. Returns {result}. Raises TypeError for another dtype. Does not wait.\n"
    return function  # type: ignore[no-any-return]


# fmt: off
abs_ = unary("abs", kind="numeric", out="real", wgsl="magnitude(x1) // integer_*", floats="abs(x1)", complexes="precise_hypot(x1.x, x1.y) // hypotenuse_*", says="Magnitude of each element.")
acos = unary("acos", kind="floating-point", wgsl="precise_acos(x1) // inverse_trigonometric_*", complexes="complex_acos(x1) // complex_inverse", says="Inverse cosines, in radians.")
acosh = unary("acosh", kind="floating-point", wgsl="precise_acosh(x1) // hyperbolic_*", complexes="complex_acosh(x1) // complex_inverse", says="Inverse hyperbolic cosines.")
add = binary("add", kind="numeric", wgsl="plus(x1, x2)", says="Sums.")
asin = unary("asin", kind="floating-point", wgsl="precise_asin(x1) // inverse_trigonometric_*", complexes="complex_asin(x1) // complex_inverse", says="Inverse sines, in radians.")
asinh = unary("asinh", kind="floating-point", wgsl="precise_asinh(x1) // hyperbolic_*", complexes="complex_asinh(x1) // complex_inverse", says="Inverse hyperbolic sines.")
atan = unary("atan", kind="floating-point", wgsl="precise_atan(x1) // inverse_trigonometric_*", complexes="complex_atan(x1) // complex_inverse", says="Inverse tangents, in radians.")
atan2 = binary("atan2", kind="real floating", wgsl="precise_atan2(x1, x2) // inverse_trigonometric_*", says="Angles of the points (x2, x1), in radians.")
atanh = unary("atanh", kind="floating-point", wgsl="precise_atanh(x1) // hyperbolic_*", complexes="complex_atanh(x1) // complex_inverse", says="Inverse hyperbolic tangents.")
bitwise_and = binary("bitwise_and", kind="integral or bool", wgsl="x1 & x2", says="Bitwise AND.")
bitwise_invert = unary("bitwise_invert", kind="integral or bool", wgsl="~x1", bools="!x1", says="Bitwise NOT.")
bitwise_left_shift = binary("bitwise_left_shift", kind="integral", wgsl="shifted_left(x1, x2, BITS) // integer_*", says="Shifts left, filling with zeros.")
bitwise_or = binary("bitwise_or", kind="integral or bool", wgsl="x1 | x2", says="Bitwise OR.")
bitwise_right_shift = binary("bitwise_right_shift", kind="integral", wgsl="shifted_right(x1, x2, BITS) // integer_*", says="Shifts right, filling with the sign.")
bitwise_xor = binary("bitwise_xor", kind="integral or bool", wgsl="x1 ^ x2", bools="x1 != x2", says="Bitwise XOR.")
ceil = unary("ceil", kind="real numeric", wgsl="x1", floats="precise_ceil(x1) // rounding_*", says="Rounds up to integers.")
conj = unary("conj", kind="numeric", wgsl="x1", complexes="T(x1.x, -x1.y)", says="Complex conjugates.")
copysign = binary("copysign", kind="real floating", wgsl="with_sign_of(magnitude_of(x1), x2) // float_format_*", says="Magnitudes of x1 with the signs of x2.")
cos = unary("cos", kind="floating-point", wgsl="precise_cos(x1) // trigonometric_*", complexes="complex_cos(x1) // complex_trigonometric", says="Cosines of radians.")
cosh = unary("cosh", kind="floating-point", wgsl="precise_cosh(x1) // hyperbolic_*", complexes="complex_cosh(x1) // complex_hyperbolic", says="Hyperbolic cosines.")
divide = binary("divide", kind="floating-point", wgsl="precise_divide(x1, x2) // quotient_*", complexes="complex_divide(x1, x2) // complex_quotient", says="Quotients.")
equal = binary("equal", kind="all", out="bool", wgsl="is_equal(x1, x2)", bools="x1 == x2", says="x1 == x2.")
exp = unary("exp", kind="floating-point", wgsl="precise_exp(x1) // exponential_*", complexes="complex_exp(x1) // complex_exponential", says="Powers of e.")
expm1 = unary("expm1", kind="floating-point", wgsl="precise_expm1(x1) // exponential_*", complexes="complex_expm1(x1) // complex_exponential", says="exp(x) - 1, also where x is small.")
floor = unary("floor", kind="real numeric", wgsl="x1", floats="precise_floor(x1) // rounding_*", says="Rounds down to integers.")
floor_divide = binary("floor_divide", kind="real numeric", wgsl="floor_quotient(x1, x2) // integer_division_*", floats="floor_quotient(x1, x2) // division_*", says="Quotients, rounded down; 0 where an integer is divided by 0.")
greater = binary("greater", kind="real numeric", out="bool", wgsl="is_below(x2, x1)", says="x1 > x2.")
greater_equal = binary("greater_equal", kind="real numeric", out="bool", wgsl="!is_below(x1, x2)", floats="x1 >= x2", says="x1 >= x2.")
hypot = binary("hypot", kind="real floating", wgsl="precise_hypot(x1, x2) // hypotenuse_*", says="Roots of x1 x1 + x2 x2, without overflow in between.")
imag = unary("imag", kind="complex floating", out="real", wgsl="x1.y", says="Imaginary parts.")
isfinite = unary("isfinite", kind="numeric", out="bool", wgsl="true", floats="is_finite(x1) // float_bits_*", complexes="is_finite(x1.x) && is_finite(x1.y) // float_bits_*", says="Neither NaN nor infinite.")
isinf = unary("isinf", kind="numeric", out="bool", wgsl="false", floats="is_inf(x1) // float_bits_*", complexes="is_inf(x1.x) || is_inf(x1.y) // float_bits_*", says="Infinite of either sign.")
isnan = unary("isnan", kind="numeric", out="bool", wgsl="false", floats="is_nan(x1) // float_bits_*", complexes="is_nan(x1.x) || is_nan(x1.y) // float_bits_*", says="Not a number.")
less = binary("less", kind="real numeric", out="bool", wgsl="is_below(x1, x2)", says="x1 < x2.")
less_equal = binary("less_equal", kind="real numeric", out="bool", wgsl="!is_below(x2, x1)", floats="x1 <= x2", says="x1 <= x2.")
log = unary("log", kind="floating-point", wgsl="precise_log(x1) // logarithm_*", complexes="complex_log(x1) // complex_logarithm", says="Natural logarithms.")
log10 = unary("log10", kind="floating-point", wgsl="precise_log10(x1) // logarithm_*", complexes="complex_log10(x1) // complex_logarithm", says="Logarithms to base 10.")
log1p = unary("log1p", kind="floating-point", wgsl="precise_log1p(x1) // logarithm_*", complexes="complex_log1p(x1) // complex_logarithm", says="log(1 + x), also where x is small.")
log2 = unary("log2", kind="floating-point", wgsl="precise_log2(x1) // logarithm_*", complexes="complex_log2(x1) // complex_logarithm", says="Logarithms to base 2.")
logaddexp = binary("logaddexp", kind="real floating", wgsl="precise_logaddexp(x1, x2) // logarithm_*", says="log(exp(x1) + exp(x2)), without overflow in between.")
logical_and = binary("logical_and", kind="bool", out="bool", wgsl="x1 && x2", says="Logical AND.")
logical_not = unary("logical_not", kind="bool", out="bool", wgsl="!x1", says="Logical NOT.")
logical_or = binary("logical_or", kind="bool", out="bool", wgsl="x1 || x2", says="Logical OR.")
logical_xor = binary("logical_xor", kind="bool", out="bool", wgsl="x1 != x2", says="Logical XOR.")
# max and min of WGSL drop a NaN; the standard wants it back, and x1 + x2 is one.
maximum = binary("maximum", kind="real numeric", wgsl="select(x1, x2, is_below(x1, x2))", floats="select(max(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2)) // float_bits_*", says="The larger of each pair, NaN if either is.")
minimum = binary("minimum", kind="real numeric", wgsl="select(x1, x2, is_below(x2, x1))", floats="select(min(x1, x2), x1 + x2, is_nan(x1) || is_nan(x2)) // float_bits_*", says="The smaller of each pair, NaN if either is.")
multiply = binary("multiply", kind="numeric", wgsl="times(x1, x2)", says="Products.")
negative = unary("negative", kind="numeric", wgsl="minus(T(0), x1)", floats="-x1", complexes="-x1", says="Negated elements.")
nextafter = binary("nextafter", kind="real floating", wgsl="next_after(x1, x2) // neighbour_*", halves="next_half(x1, x2) // neighbour_f16", says="The representable neighbours of x1 towards x2.")
# A NaN differs from everything, but `!=` of SPIR-V, as naga writes it, says that it does not.
not_equal = binary("not_equal", kind="all", out="bool", wgsl="!is_equal(x1, x2)", bools="x1 != x2", says="x1 != x2.")
positive = unary("positive", kind="numeric", wgsl="x1", says="A copy.")
_power = binary("pow", kind="numeric", wgsl="integer_power(x1, x2) // integer_power_*", floats="precise_pow(x1, x2) // power_*", complexes="complex_pow(x1, x2) // complex_power_*", says="x1 to the power of x2; integers wrap around, and 1 / n of an integer |n| > 1 is 0.")
real = unary("real", kind="numeric", out="real", wgsl="x1", complexes="x1.x", says="Real parts.")
reciprocal = unary("reciprocal", kind="floating-point", wgsl="precise_divide(T(1), x1) // quotient_*", complexes="complex_divide(T(1, 0), x1) // complex_quotient", says="1 / x.")
remainder = binary("remainder", kind="real numeric", wgsl="floor_remainder(x1, x2) // integer_division_*", floats="floor_remainder(x1, x2) // division_*", says="What floor_divide leaves, with the sign of x2; 0 where an integer is divided by 0.")
round_ = unary("round", kind="numeric", wgsl="x1", floats="precise_round(x1) // rounding_*", complexes="T(precise_round(x1.x), precise_round(x1.y)) // rounding_*", says="Rounds to the nearest integer, halves to even.")
sign = unary("sign", kind="numeric", wgsl="signum(x1) // integer_*", floats="select(sign(x1), x1, is_nan(x1)) // float_bits_*", complexes="complex_sign(x1) // complex_quotient", says="-1, 0 or 1, for complex numbers x / |x|; NaN stays.")
signbit = unary("signbit", kind="real floating", out="bool", wgsl="is_negative(x1) // float_bits_*", says="Whether the sign is negative, of zeros and NaNs too.")
sin = unary("sin", kind="floating-point", wgsl="precise_sin(x1) // trigonometric_*", complexes="complex_sin(x1) // complex_trigonometric", says="Sines of radians.")
sinh = unary("sinh", kind="floating-point", wgsl="precise_sinh(x1) // hyperbolic_*", complexes="complex_sinh(x1) // complex_hyperbolic", says="Hyperbolic sines.")
sqrt = unary("sqrt", kind="floating-point", wgsl="precise_sqrt(x1) // square_root_*", complexes="complex_sqrt(x1) // complex_root", says="Square roots.")
square = unary("square", kind="numeric", wgsl="times(x1, x1)", says="Squares.")
subtract = binary("subtract", kind="numeric", wgsl="minus(x1, x2)", says="Differences.")
tan = unary("tan", kind="floating-point", wgsl="precise_tan(x1) // trigonometric_*", complexes="complex_tan(x1) // complex_trigonometric", says="Tangents of radians.")
tanh = unary("tanh", kind="floating-point", wgsl="precise_tanh(x1) // hyperbolic_*", complexes="complex_tanh(x1) // complex_hyperbolic", says="Hyperbolic tangents.")
trunc = unary("trunc", kind="real numeric", wgsl="x1", floats="precise_trunc(x1) // rounding_*", says="Rounds towards zero.")
# fmt: on

_SQUARE = replace(TABLE["square"], name="pow")


@wraps(_power)
def pow_(x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
    # A product is as exact, and many times faster.
    squared = {int: "real numeric", float: "real floating"}.get(type(x2)) if isinstance(x1, Tensor) else None
    if squared is not None and x2 == 2 and dtypes.is_kind(x1.dtype, squared):  # type: ignore[union-attr]
        return apply(_SQUARE, x1)
    return _power(x1, x2)


_WHERE = TABLE["where"] = Row("where", 3, "all", "Elements of x1 or of x2.", "select(x3, x2, x1)")


def where(condition: Tensor, x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
    """Elements of x1 where ``condition`` is true, of x2 elsewhere.

    condition: bool; x1, x2: any dtypes that promote; shapes that broadcast. Raises TypeError
    for a condition of another dtype. Does not wait.
    """
    if not isinstance(condition, Tensor) or condition.dtype is not bool_:
        given = getattr(condition, "dtype", type(condition).__name__)
        raise TypeError(f"where: condition must be a bool tensor, not {given}; compare, or convert it with astype()")
    return apply(_WHERE, condition, x1, x2)


_CLIP = TABLE["clip"] = Row(
    "clip",
    3,
    "real numeric",
    "Elements of x1 brought into the range from x2 to x3.",
    "clipped(x1, x2, x3) // clip",
    floats="select(clipped(x1, x2, x3), x2 + x3, is_nan(x2) || is_nan(x3)) // clip, float_bits_*",
)
_CLIP_BELOW = replace(TABLE["maximum"], name="clip")
_CLIP_ABOVE = replace(TABLE["minimum"], name="clip")
_CLIP_NOTHING = replace(TABLE["positive"], name="clip", kind="real numeric")


def clip(x: Tensor, /, min: ArrayLike | None = None, max: ArrayLike | None = None) -> Tensor:
    """Elements of ``x`` brought into the range from ``min`` to ``max``; None is no bound.

    x: real numeric; min, max: tensors of shapes that broadcast, or Python scalars. The
    dtype is the promoted one. Where min exceeds max, the result is max. Raises TypeError for
    another dtype. Does not wait.
    """
    check_tensor("clip", x)
    if min is not None and max is not None:
        return apply(_CLIP, x, min, max)
    if min is not None:
        return apply(_CLIP_BELOW, x, min)
    return apply(_CLIP_NOTHING, x) if max is None else apply(_CLIP_ABOVE, x, max)


def astype(x: Tensor, dtype: DType, /, *, copy: bool = True, device: Any = None) -> Tensor:
    """``x`` converted to ``dtype``; ``x`` itself with ``copy=False`` where nothing changes.

    Floating values lose their fraction towards zero; one beyond the range of an integer type becomes
    the nearest number that both types hold, a NaN any. Integers that do not fit wrap around. ``device``
    moves the result there, which waits; otherwise does not wait. Raises DTypeNotSupportedError, and
    TypeError for complex numbers that were to be real.
    """
    check_tensor("astype", x)
    target = x.device if device is None else as_device(device)
    dtype = dtypes.available(dtypes.as_dtype(dtype), target)
    if x.dtype.is_complex and not (dtype.is_complex or dtype is bool_):
        raise TypeError(f"astype: {x.dtype.name} does not become {dtype.name}; take real(x), imag(x) or abs(x)")
    if target is not x.device:
        # Converted before it moves, where that can be: the other device may lack the type that it has.
        if x.device.supports(dtype):
            return astype(x, dtype, copy=False).to_device(target)
        x, copy = x.to_device(target), False
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
        elif isinstance(x, int | float | complex):
            described.append(type(x))
        else:
            return apply(row, *(_accepted(row, y) for y in arguments))
    if first is None:
        raise TypeError(f"{row.name}: every argument is a Python scalar; make one a tensor with asarray()")
    device = first.device
    plan, (shape, strides) = plan_of(row, dtypes.default_floating(device), *described)
    out = allocate(shape, plan.specs[0].dtype, device)
    if out.size:
        operands: list[Tensor | int] = [out]
        for x, spec in zip(arguments, plan.specs[1:], strict=True):
            operands.append(x if type(x) is Tensor else scalar_word(row.name, x, spec.dtype))  # type: ignore[arg-type]
        if strides != out.strides:
            # By axes in another order: as the plan sees them.
            operands = [x.view(s.shape, s.strides or ()) if type(x) is Tensor else x for x, s in zip(operands, plan.specs, strict=True)]
        run(plan, operands, device)
    return out if strides == out.strides else out.view(shape, strides)


@lru_cache(maxsize=16384)
def plan_of(row: Row, floating: DType, *described: Any) -> tuple[Elementwise, tuple[Shape, Strides]]:
    """The plan for arguments given as (shape, strides, dtype), or as a Python scalar's type; the result's shape and strides.

    The result lies as the arguments do: of matrices that are transposed it is such a one, and everything is visited in order.
    ``floating`` is what integers become where they meet a float.
    """
    try:
        promoted = _promoted(row, floating, described[1:] if row is _WHERE else described)
        shape = broadcast_shapes(*(d[0] for d in described if isinstance(d, tuple)))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{row.name}: {error}") from None
    result = row.result(promoted)
    expression, uses = row.expression(promoted)
    arguments = [promoted] * row.arity
    if row is _WHERE:
        arguments[0] = bool_
    strides = [broadcast_strides(d[0], d[1], shape) for d in described if isinstance(d, tuple)]
    own = strides_like(shape, *strides)
    collapsed, (out, *columns) = collapse_along_first(shape, own, *strides)
    specs = [Spec("out", result, collapsed, out)]
    for i, (d, dtype) in enumerate(zip(described, arguments, strict=True), start=1):
        if isinstance(d, tuple):
            specs.append(Spec(f"x{i}", d[2], collapsed, columns.pop(0)))
        else:
            specs.append(Spec(f"x{i}", dtype, (), None))
    plan = Elementwise(
        op=row.name,
        expression=expression,
        uses=uses,
        arguments=tuple(arguments),
        result=result,
        shape=collapsed,
        specs=tuple(specs),
        is_long=row.is_long,
    )
    return plan, (shape, own)


def _promoted(row: Row, floating: DType, described: Sequence[Any]) -> DType:
    """The dtype in which arguments, given as in ``plan_of``, are computed."""
    tensors = [d[2] for d in described if isinstance(d, tuple)]
    if row.floats_first:
        tensors = [floating if dtypes.is_kind(dtype, "integral") else dtype for dtype in tensors]
    if not tensors:
        raise TypeError("x1 and x2 are both Python scalars; make one a tensor with asarray()")
    promoted: DType = tensors[0]
    for dtype in tensors[1:]:
        promoted = dtypes.promote(promoted, dtype)
    for d in described:
        if not isinstance(d, tuple):
            promoted = dtypes.promote_scalar(d, promoted, floating)
    if row.takes_floats and dtypes.is_kind(promoted, "integral"):
        return floating
    if not dtypes.is_kind(promoted, row.kind):
        raise TypeError(f"arguments must be {row.kind}, not {promoted.name}; convert with astype()")
    return promoted


def _accepted(row: Row, x: object) -> ArrayLike:
    """A tensor as it is, anything else as a Python scalar. Raises TypeError for what is no operand."""
    return x if isinstance(x, Tensor) else as_scalar(row.name, x)
