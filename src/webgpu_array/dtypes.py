"""Data types, what they become in WGSL, and how they promote.

A ``DType`` is compared by identity: there is one object per type. Integers and bool narrower
than 32 bits take a whole word on the device (WGSL's storage buffers have no smaller integer),
so ``storage_bytes`` differs from ``bits // 8`` for them.
"""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass
from itertools import product
from typing import Final, Protocol

from .errors import DTypeNotSupportedError, PrecisionWarning

Scalar = bool | int | float | complex


@dataclass(frozen=True, slots=True, eq=False)
class DType:
    """One data type of the Array API.

    ``format`` is the `struct` code of one host element, ``storage`` and ``wgsl`` the WGSL
    types in memory and in arithmetic, ``features`` the WebGPU features that it needs.
    ``number`` names the library of ``shaders/lib`` (``number_native``, …) that computes in it.
    """

    name: str
    kind: str
    bits: int
    format: str
    storage: str
    wgsl: str
    storage_bytes: int
    features: frozenset[str] = frozenset()
    number: str = "native"

    def __repr__(self) -> str:
        return f"webgpu_array.{self.name}"

    def __reduce__(self) -> tuple[object, ...]:
        return as_dtype, (self.name,)

    @property
    def itemsize(self) -> int:
        """Bytes of one element on the host."""
        return max(self.bits // 8, 1)

    @property
    def is_floating(self) -> bool:
        """Whether it is a real floating-point type."""
        return self.kind == "real floating"

    @property
    def is_complex(self) -> bool:
        return self.kind == "complex floating"

    @property
    def is_narrow(self) -> bool:
        """Whether it is an integer type of which a word holds more than is valid."""
        return self.bits < 32 and self.kind in _KINDS["integral"]

    @property
    def library(self) -> str:
        """What ``*`` stands for in a shader's ``// uses:`` line: the type's own floats, or its integers."""
        if self.is_complex:
            return self.wgsl.removeprefix("vec2<").removesuffix(">")
        return self.wgsl if self.is_floating else self.number


_FLOAT16 = frozenset({"shader-f16"})
# The bits of a float64 are looked at as an integer, for NaN and Inf.
_FLOAT64 = frozenset({"shader-f64", "shader-int64"})

# `Final` and not an enum: the standard wants `xp.float32` to be the dtype object itself.
bool_: Final = DType("bool", "bool", 8, "?", "u32", "bool", 4)
int8: Final = DType("int8", "signed integer", 8, "b", "i32", "i32", 4)
int16: Final = DType("int16", "signed integer", 16, "h", "i32", "i32", 4)
int32: Final = DType("int32", "signed integer", 32, "i", "i32", "i32", 4)
int64: Final = DType("int64", "signed integer", 64, "q", "i64", "i64", 8)
uint8: Final = DType("uint8", "unsigned integer", 8, "B", "u32", "u32", 4)
uint16: Final = DType("uint16", "unsigned integer", 16, "H", "u32", "u32", 4)
uint32: Final = DType("uint32", "unsigned integer", 32, "I", "u32", "u32", 4)
uint64: Final = DType("uint64", "unsigned integer", 64, "Q", "u64", "u64", 8)
float16: Final = DType("float16", "real floating", 16, "e", "f16", "f32", 2, _FLOAT16)
float32: Final = DType("float32", "real floating", 32, "f", "f32", "f32", 4)
float64: Final = DType("float64", "real floating", 64, "d", "f64", "f64", 8, _FLOAT64)
complex64: Final = DType("complex64", "complex floating", 64, "2f", "vec2<f32>", "vec2<f32>", 8, number="complex")
complex128: Final = DType("complex128", "complex floating", 128, "2d", "vec2<f64>", "vec2<f64>", 16, _FLOAT64, "complex")

ALL: Final = (
    bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, complex64, complex128
)  # fmt: skip
BY_NAME: Final = {dtype.name: dtype for dtype in ALL}

# 64-bit integers on a device without them: two words each, the lower one first.
_WORDS: Final = {
    int64: DType("int64", "signed integer", 64, "q", "vec2<u32>", "vec2<u32>", 8, number="words_i64"),
    uint64: DType("uint64", "unsigned integer", 64, "Q", "vec2<u32>", "vec2<u32>", 8, number="words_u64"),
}

_INTEGERS: Final = ("signed integer", "unsigned integer")
_KINDS: Final = {
    "bool": ("bool",),
    "signed integer": ("signed integer",),
    "unsigned integer": ("unsigned integer",),
    "integral": _INTEGERS,
    "real floating": ("real floating",),
    "complex floating": ("complex floating",),
    "numeric": (*_INTEGERS, "real floating", "complex floating"),
    # What the standard calls so in its texts, though not in `isdtype`.
    "floating-point": ("real floating", "complex floating"),
    "real numeric": (*_INTEGERS, "real floating"),
    "integral or bool": (*_INTEGERS, "bool"),
    "real": ("bool", *_INTEGERS, "real floating"),
    "all": ("bool", *_INTEGERS, "real floating", "complex floating"),
}

_REAL: Final = {complex64: float32, complex128: float64}
_COMPLEX: Final = {float16: complex64, float32: complex64, float64: complex128}


def real_of(dtype: DType) -> DType:
    """The type of the parts of a complex type; any other is its own."""
    return _REAL.get(dtype, dtype)


def complex_of(dtype: DType) -> DType:
    """The complex type with parts of a real floating type; a complex type is its own."""
    return _COMPLEX.get(dtype, dtype)


def _promoted_integers(x1: DType, x2: DType) -> DType | None:
    if x1.kind == x2.kind:
        return max(x1, x2, key=lambda dtype: dtype.bits)
    signed, unsigned = (x1, x2) if x1.kind == "signed integer" else (x2, x1)
    return BY_NAME.get(f"int{max(signed.bits, 2 * unsigned.bits)}")


def _promoted(x1: DType, x2: DType) -> DType | None:
    """The standard's rules. Where they say nothing (integer with floating), the floating type wins.

    NumPy would widen int32 + float32 to float64, which few GPUs have.
    """
    if x1 is x2:
        return x1
    if bool_ in (x1, x2):
        return None
    inexact = [dtype for dtype in (x1, x2) if is_kind(dtype, "floating-point")]
    if not inexact:
        return _promoted_integers(x1, x2)
    widest = max(map(real_of, inexact), key=lambda dtype: dtype.bits)
    return complex_of(widest) if any(dtype.is_complex for dtype in inexact) else widest


def is_kind(dtype: DType, kind: str) -> bool:
    """Whether ``dtype`` is of one of the standard's kinds ("numeric", "integral", …)."""
    return dtype.kind in _KINDS[kind]


_PROMOTION: Final = {(x1, x2): _promoted(x1, x2) for x1, x2 in product(ALL, ALL)}


def as_dtype(dtype: object) -> DType:
    """The ``DType`` for one of ours, for a name, for NumPy's, or for Python's ``bool``, ``int``, ``float``, ``complex``.

    Those are the default types; ``int`` is int64 unless another was chosen. Raises TypeError for anything else.
    """
    if isinstance(dtype, DType):
        return dtype
    defaults = {bool: bool_, int: _default["integral"] or int64, float: default_floating(), complex: default_complex()}
    if isinstance(dtype, type) and dtype in defaults:
        return defaults[dtype]
    # NumPy's dtypes, and its scalar types such as np.float32, carry the same names.
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None) or getattr(dtype, "__name__", None)
    try:
        return BY_NAME[name]  # type: ignore[index]
    except KeyError:
        raise TypeError(
            f"dtype {dtype!r} is not one of this namespace; use one of: {', '.join(BY_NAME)}"
        ) from None


def promote(x1: DType, x2: DType) -> DType:
    """The type that both promote to, by the standard's table. Raises TypeError where there is none."""
    promoted = _PROMOTION[x1, x2]
    if promoted is None:
        raise TypeError(
            f"{x1.name} and {x2.name} do not promote to a common type; convert one with astype()"
        )
    return promoted


def promote_scalar(scalar: type[Scalar], dtype: DType, floating: DType | None = None) -> DType:
    """The type of ``x <op> scalar``: the array's, unless a float meets integers or a complex number reals.

    ``floating`` is what integers become then; None is the default type. Raises TypeError for a number beside a
    bool array, where the standard allows none.
    """
    if issubclass(scalar, bool):
        if dtype is bool_:
            return dtype
    elif dtype is not bool_:
        if issubclass(scalar, int) or dtype.is_complex:
            return dtype
        real = dtype if dtype.is_floating else floating or default_floating()
        return complex_of(real) if issubclass(scalar, complex) else real
    raise TypeError(
        f"a Python {scalar.__name__} does not promote with a {dtype.name} array; convert the array with astype()"
    )


class _HasFeatures(Protocol):
    @property
    def features(self) -> frozenset[str]: ...


def available(dtype: DType, device: _HasFeatures) -> DType:
    """``dtype`` itself where ``device`` computes in it; float32 for a missing float64, complex64 for complex128.

    The latter with one PrecisionWarning, or, when WEBGPU_ARRAY_PRECISION is "strict", with
    DTypeNotSupportedError, which any other missing type raises.
    """
    if dtype.features <= device.features:
        return dtype
    if dtype in _NARROWED and not _is_strict():
        narrowed = _NARROWED[dtype]
        warnings.warn(
            f"{device} has no 64-bit floats: {dtype.name} was asked for, {narrowed.name} is what you get. "
            "Set WEBGPU_ARRAY_PRECISION=strict to make this an error",
            PrecisionWarning,
            stacklevel=_level_of_user(),
        )
        return narrowed
    missing = ", ".join(sorted(dtype.features - device.features))
    raise DTypeNotSupportedError(
        f"{device} has no {dtype.name} (feature {missing}); `webgpu-array info` lists the devices that have it"
    )


def _level_of_user() -> int:
    """The caller's stack level, as ``warnings.warn`` counts, of the first line outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals["__name__"].startswith(f"{__package__}."):
        level, frame = level + 1, frame.f_back
    return level


_NARROWED: Final = {float64: float32, complex128: complex64}


def narrowed(dtype: DType, device: _HasFeatures) -> DType:
    """The type of host data of ``dtype`` on ``device``, nobody having asked for it: without 64-bit floats the next."""
    return dtype if dtype.features <= device.features else _NARROWED.get(dtype, dtype)


def lowered(dtype: DType, device: _HasFeatures) -> DType:
    """``dtype`` as ``device`` computes in it: 64-bit integers are two words each where there are none."""
    return dtype if "shader-int64" in device.features else _WORDS.get(dtype, dtype)


# The types of what has none: numbers from Python, zeros(), integers that meet floats.
_default: dict[str, DType | None] = {"real floating": float32, "integral": None}


def default_floating(device: _HasFeatures | None = None) -> DType:
    """The default real floating-point type: float32, the one that every device has and that is fast on all.

    A chosen float64 is float32 on a ``device`` without it.
    """
    chosen = _default["real floating"] or float32
    return chosen if device is None else narrowed(chosen, device)


def default_complex(device: _HasFeatures | None = None) -> DType:
    """The default complex type: that of the default floating type."""
    return complex_of(default_floating(device))


def default_integer(device: _HasFeatures) -> DType:
    """The default integer type: int64, and int32 where 64-bit integers would be computed in two words."""
    chosen = _default["integral"]
    return chosen or (int64 if "shader-int64" in device.features else int32)


def choose_defaults(floating: DType | None, integral: DType | None) -> None:
    """Sets the default types; None is the package's own choice."""
    _default.update({"real floating": floating, "integral": integral})


def _is_strict() -> bool:
    asked = os.environ.get("WEBGPU_ARRAY_PRECISION", "")
    if asked not in ("", "strict"):
        raise ValueError(f"WEBGPU_ARRAY_PRECISION is {asked!r}; set it to 'strict', or not at all")
    return asked == "strict"


def integer_range(dtype: DType) -> tuple[int, int]:
    """Smallest and largest value of an integer type."""
    if dtype.kind == "unsigned integer":
        return 0, 2**dtype.bits - 1
    return -(2 ** (dtype.bits - 1)), 2 ** (dtype.bits - 1) - 1
