"""Data types, what they become in WGSL, and how they promote.

A ``DType`` is compared by identity: there is one object per type. Types narrower than a
32-bit word take a whole word on the device (WGSL's storage buffers have no smaller element),
so ``storage_bytes`` differs from ``bits // 8`` for ``bool``.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from typing import Final, Protocol

from .errors import DTypeNotSupportedError, PrecisionWarning

Scalar = bool | int | float


@dataclass(frozen=True, slots=True, eq=False)
class DType:
    """One data type of the Array API.

    ``format`` is the `struct` code of one host element, ``storage`` and ``wgsl`` the WGSL
    types in memory and in arithmetic, ``features`` the WebGPU features that it needs.
    """

    name: str
    kind: str
    bits: int
    format: str
    storage: str
    wgsl: str
    storage_bytes: int
    features: frozenset[str] = frozenset()

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
        return self.kind == "real floating"


_INT64 = frozenset({"shader-int64"})
# The bits of a float64 are looked at as an integer, for NaN and Inf.
_FLOAT64 = frozenset({"shader-f64", "shader-int64"})

# `Final` and not an enum: the standard wants `xp.float32` to be the dtype object itself.
bool_: Final = DType("bool", "bool", 8, "?", "u32", "bool", 4)
int32: Final = DType("int32", "signed integer", 32, "i", "i32", "i32", 4)
int64: Final = DType("int64", "signed integer", 64, "q", "i64", "i64", 8, _INT64)
uint32: Final = DType("uint32", "unsigned integer", 32, "I", "u32", "u32", 4)
uint64: Final = DType("uint64", "unsigned integer", 64, "Q", "u64", "u64", 8, _INT64)
float32: Final = DType("float32", "real floating", 32, "f", "f32", "f32", 4)
float64: Final = DType("float64", "real floating", 64, "d", "f64", "f64", 8, _FLOAT64)

ALL: Final = (bool_, int32, int64, uint32, uint64, float32, float64)
BY_NAME: Final = {dtype.name: dtype for dtype in ALL}

# Python's own types are accepted wherever a dtype is, as NumPy does.
_PYTHON_TYPES: Final = {bool: bool_, int: int64, float: float32}

_KINDS: Final = {
    "bool": ("bool",),
    "signed integer": ("signed integer",),
    "unsigned integer": ("unsigned integer",),
    "integral": ("signed integer", "unsigned integer"),
    "real floating": ("real floating",),
    "complex floating": (),
    "signed": ("signed integer", "real floating"),
    "integral or bool": ("signed integer", "unsigned integer", "bool"),
    "all": ("bool", "signed integer", "unsigned integer", "real floating"),
    "numeric": ("signed integer", "unsigned integer", "real floating"),
}

# The standard's table, upper triangle. Where it says nothing (integer with floating), the
# floating type wins; NumPy would widen int32 + float32 to float64, which few GPUs have.
_PROMOTION: Final = {
    frozenset({int32, int64}): int64,
    frozenset({uint32, uint64}): uint64,
    frozenset({int32, uint32}): int64,
    frozenset({int64, uint32}): int64,
    frozenset({float32, float64}): float64,
    **{frozenset({integer, f}): f
       for integer in (int32, int64, uint32, uint64) for f in (float32, float64)},
}  # fmt: skip


def is_kind(dtype: DType, kind: str) -> bool:
    """Whether ``dtype`` is of one of the standard's kinds ("numeric", "integral", …)."""
    return dtype.kind in _KINDS[kind]


def as_dtype(dtype: object) -> DType:
    """The ``DType`` for one of ours, for ``bool``, ``int``, ``float``, or for a name.

    Raises TypeError for anything else.
    """
    if isinstance(dtype, DType):
        return dtype
    if isinstance(dtype, type) and dtype in _PYTHON_TYPES:
        return _PYTHON_TYPES[dtype]
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
    if x1 is x2:
        return x1
    try:
        return _PROMOTION[frozenset((x1, x2))]
    except KeyError:
        raise TypeError(
            f"{x1.name} and {x2.name} do not promote to a common type; convert one with astype()"
        ) from None


def promote_scalar(scalar: type[Scalar], dtype: DType) -> DType:
    """The type of ``x <op> scalar``: the array's, unless a float meets integers.

    Raises TypeError for a number beside a bool array, where the standard allows none.
    """
    if issubclass(scalar, bool):
        if dtype is bool_:
            return dtype
    elif dtype is not bool_:
        return dtype if dtype.is_floating or issubclass(scalar, int) else float32
    raise TypeError(
        f"a Python {scalar.__name__} does not promote with a {dtype.name} array; convert the array with astype()"
    )


class _HasFeatures(Protocol):
    @property
    def features(self) -> frozenset[str]: ...


def available(dtype: DType, device: _HasFeatures) -> DType:
    """``dtype`` itself where ``device`` computes in it; float32 for a missing float64.

    The latter with one PrecisionWarning, or, when WEBGPU_ARRAY_PRECISION is "strict", with
    DTypeNotSupportedError, which any other missing type raises.
    """
    if dtype.features <= device.features:
        return dtype
    if dtype is float64 and not _is_strict():
        warnings.warn(
            f"{device} has no 64-bit floats: float64 was asked for, float32 is what you get. "
            "Set WEBGPU_ARRAY_PRECISION=strict to make this an error",
            PrecisionWarning,
            stacklevel=3,
        )
        return float32
    missing = ", ".join(sorted(dtype.features - device.features))
    raise DTypeNotSupportedError(
        f"{device} has no {dtype.name} (feature {missing}); `webgpu-array info` lists the devices that have it"
    )


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
