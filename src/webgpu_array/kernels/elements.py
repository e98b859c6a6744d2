"""WGSL for elements and scalars of every dtype: how they are loaded, converted and stored."""

from __future__ import annotations

from ..dtypes import DType, bool_, integer_range, real_of

_WIDE = ("i64", "u64")


def loaded(dtype: DType, element: str) -> str:
    """WGSL for the value of an element in memory."""
    if dtype is bool_:
        return f"({element} != 0u)"
    return element if dtype.storage == dtype.wgsl else f"{dtype.wgsl}({element})"


def storable(dtype: DType, value: str) -> str:
    """WGSL for what is written to memory for a value: narrow integers wrap around."""
    if dtype is bool_:
        return f"select(0u, 1u, {value})"
    if dtype.is_narrow:
        return f"extractBits({value}, 0u, {dtype.bits}u)"
    return value if dtype.storage == dtype.wgsl else f"{dtype.storage}({value})"


def converted(value: str, source: DType, target: DType) -> str:
    """WGSL for ``value`` of type ``source`` as ``target``; complex numbers become complex or bool only.

    Types must be lowered. What it calls is in ``conversion_libraries``.
    """
    if target.wgsl == source.wgsl:
        return value
    if "vec2<u32>" in (source.wgsl, target.wgsl) and not target.is_complex:
        return f"{type_name(target)}_from_{type_name(source)}({value})"
    if target is bool_:
        return _truth(value, source)
    if target.is_complex and not source.is_complex:
        part = real_of(target)
        return f"{target.wgsl}({converted(value, source, part)}, {part.wgsl}(0))"
    if target.wgsl in _WIDE and source.wgsl == "u32":
        # naga extends by the sign of the target, not of the source: first the width, then the sign.
        value = f"u64({value})"
    if target.wgsl in _WIDE and source.wgsl == "i32":
        # Mesa's comparisons of a sign-extended number with 0 were seen to be wrong: an offset keeps the sign away.
        value = f"(i64(u64(u32({value}) ^ 0x80000000u)) - 0x80000000li)"
    if source.is_floating and target.is_narrow:
        low, high = integer_range(target)
        value = f"clamp({value}, {source.wgsl}({low}), {source.wgsl}({high}))"
    return f"{target.wgsl}({value})"


def _truth(value: str, source: DType) -> str:
    """WGSL for whether ``value`` is not zero: a subnormal number and a NaN are not."""
    if source.is_complex:
        return f"(magnitude_bits({value}.x) | magnitude_bits({value}.y)) != Bits(0)"
    if source.is_floating:
        return f"magnitude_bits({value}) != Bits(0)"
    return f"{value} != {source.wgsl}(0)"


def conversion_libraries(*conversions: tuple[DType, DType]) -> list[str]:
    """The libraries that ``converted`` calls for these pairs of source and target."""
    libraries = set()
    for source, target in conversions:
        if source.wgsl != target.wgsl and "vec2<u32>" in (source.wgsl, target.wgsl):
            libraries.add("words")
        elif source is not target is bool_ and source.library.startswith("f"):
            libraries.add(f"float_bits_{source.library}")
    return sorted(libraries)


def type_name(dtype: DType) -> str:
    """What conversions and libraries call a lowered type: two words say which integer they are."""
    return dtype.number if dtype.wgsl == "vec2<u32>" else dtype.wgsl


def scalar_bits(dtype: DType, word: str) -> str:
    """WGSL for a scalar of ``dtype`` from a vec4<u32> of its bits."""
    if dtype is bool_:
        return f"({word}.x != 0u)"
    if dtype.storage == "f16":
        return f"unpack2x16float({word}.x).x"
    if dtype.wgsl == "vec2<f64>":
        return f"vec2<f64>({_double(f'{word}.xy')}, {_double(f'{word}.zw')})"
    if dtype.wgsl.startswith("vec2"):
        return f"bitcast<{dtype.wgsl}>({word}.xy)"
    if dtype.wgsl in ("i32", "u32", "f32"):
        return f"bitcast<{dtype.wgsl}>({word}.x)"
    return _double(word, dtype.wgsl)


def _double(word: str, wgsl: str = "f64") -> str:
    """WGSL for 64 bits from two words."""
    return f"bitcast<{wgsl}>((u64({word}.y) << 32u) | u64({word}.x))"
