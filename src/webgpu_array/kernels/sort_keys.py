"""The order of every dtype, as words of bits that compare as unsigned numbers.

A key has as many words as the type has, the least significant first. A NaN has the largest key of
all, whatever its sign and payload, so that it comes last; -0 has the key of 0; complex numbers
are ordered by their real parts, and by their imaginary parts where those are equal.

Elements are read as raw words, because loading a float may flush a subnormal to zero: the
order is exact on every device, and 64-bit types need no 64-bit arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..dtypes import DType
from ..shader import declare

# By bytes of storage: the WGSL type of an element that is not computed with.
_RAW = {2: "f16", 4: "u32", 8: "vec2<u32>", 16: "vec4<u32>"}

_FLOAT32 = "ordered_f32({})"
_FLOAT64 = ("ordered_f64({}).x", "ordered_f64({}).y")


def raw(dtype: DType) -> str:
    """The WGSL type in which the elements of ``dtype`` are moved."""
    return _RAW[dtype.storage_bytes]


def key_words(dtype: DType) -> int:
    """Words of a key."""
    return len(_words(dtype))


def key_bits(dtype: DType) -> int:
    """Bits of a key that differ between elements."""
    if dtype.kind == "bool":
        return 1
    return dtype.bits if dtype.bits < 32 and not dtype.is_floating else 32 * key_words(dtype)


def keys(dtype: DType, *, inverted: bool = False) -> str:
    """Declares S, KEY_WORDS, ``key_word(x: S, word: u32) -> u32`` and ``is_nan_key(x: S) -> bool``.

    ``inverted`` reverses the order.
    """
    words = [f"{word} ^ 0xffffffffu" if inverted else word for word in _words(dtype)]
    cases = "".join(f"case {i}u: {{ return {word}; }} " for i, word in enumerate(words[:-1]))
    last = f"default: {{ return {words[-1]}; }}"
    return "\n".join(
        [
            "// uses: sort_key",
            f"{declare(KEY_WORDS=len(words))}alias S = {raw(dtype)};",
            f"fn key_word(x: S, word: u32) -> u32 {{ switch (word) {{ {cases}{last} }} }}",
            f"fn is_nan_key(x: S) -> bool {{ return {_nan(dtype)}; }}\n",
        ]
    )


def index(dtype: DType) -> str:
    """Declares I, in which an index of ``dtype`` is stored, and ``as_index(i: u32) -> I``."""
    words = "I(i, 0u)" if dtype.storage_bytes == 8 else "i"
    return f"alias I = {raw(dtype)};\nfn as_index(i: u32) -> I {{ return {words}; }}\n"


def _words(dtype: DType) -> tuple[str, ...]:
    """WGSL for the words of the key of ``x``."""
    if dtype.name == "float16":
        return (_FLOAT32.format("bitcast<u32>(f32(x))"),)
    if dtype.name == "complex128":
        return tuple(word.format(part) for part in ("x.zw", "x.xy") for word in _FLOAT64)
    if dtype.is_complex:
        return _FLOAT32.format("x.y"), _FLOAT32.format("x.x")
    if dtype.is_floating:
        return (_FLOAT32.format("x"),) if dtype.bits == 32 else tuple(word.format("x") for word in _FLOAT64)
    if dtype.bits == 64:
        return "x.x", "(x.y ^ 0x80000000u)" if dtype.kind == "signed integer" else "x.y"
    # A narrow integer lies in a whole word with its sign: its key takes as many bits as it has.
    return (f"(x + {2 ** (dtype.bits - 1)}u)" if dtype.kind == "signed integer" else "x",)


def _nan(dtype: DType) -> str:
    """WGSL for whether ``x`` has a NaN in it."""
    tests = {
        "float16": "is_nan_f32(bitcast<u32>(f32(x)))",
        "float32": "is_nan_f32(x)",
        "float64": "is_nan_f64(x)",
        "complex64": "is_nan_f32(x.x) || is_nan_f32(x.y)",
        "complex128": "is_nan_f64(x.xy) || is_nan_f64(x.zw)",
    }
    return tests.get(dtype.name, "false")


def moves(first_binding: int, wants: Sequence[str], index_type: DType, *, has_previous: bool = False) -> str:
    """Declares the outputs of a sort that ``wants`` names, and ``move_element``, which writes one element of each.

    It gets where the element lies in x, where it goes, and its column. The column is its index,
    unless an earlier pass has moved it: then ``has_previous``, and ``previous`` holds its index.
    """
    bindings, statements = [], []
    if "values" in wants:
        bindings.append(("read_write", "values", "S"))
        statements.append("values[destination] = x[source];")
    if "indices" in wants:
        bindings.append(("read_write", "indices", "I"))
        statements.append(f"indices[destination] = as_index({'previous[source]' if has_previous else 'column'});")
        if has_previous:
            bindings.append(("read", "previous", "u32"))
    declared = "".join(
        f"@group(0) @binding({number}) var<storage, {access}> {name}: array<{element}>;\n"
        for number, (access, name, element) in enumerate(bindings, start=first_binding)
    )
    function = f"fn move_element(source: u32, destination: u32, column: u32) {{ {' '.join(statements)} }}\n"
    return index(index_type) + declared + function
