"""The random numbers of webgpu_array in Python integers: what every device must give, bit for bit.

Philox is written from the paper (Salmon et al., SC11, 2011); the rest from the documentation
of ``Generator``. Only the polynomials of the normal distribution are shared with the package:
``pure/test_random_tables.py`` checks them on their own.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from itertools import islice

from webgpu_array.random import normal_tables

# Counter, key, result: the known answers of Random123 for philox4x32-10.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]

# SHA-256 of the first 100,000 numbers of a seed, as little-endian bytes.
FINGERPRINTS = {
    ("random", "float32", 0): "38e4145a07ad775897670bb77070f3b81c0e43779e0f370aabb73d22e91c4a0a",
    ("random", "float64", 0): "b461726e2523ae608ecab049a437bb75cea399235a0341a6ead9e8e7897f022d",
    ("standard_normal", "float32", 0): "fa2dfb1cd4ade0998b82d790f6caa597e279a75d92ecf46b60ee398cf84061e6",
    ("standard_normal", "float32", 12345): "aa40f60d1a39fefbc9febccd23a48656d42de09643e6c09bf2592620899e3352",
    ("standard_normal", "float64", 0): "b56b93821d3ba1a8d67f4e83875b3bf35b256942dba5fc946612e17c14f09e1b",
    ("standard_normal", "float64", 12345): "990a5379c04e783ce77cff06a61286c2066ea14c33f82bd596c97963ea74eaf8",
}

_FORMATS = {"float32": ("<f", 24), "float64": ("<d", 53)}
_TABLES = {
    "float32": (32, 2, [[int(w, 16) for w in line.split()] for line in normal_tables.FLOAT32.split("\n") if line]),
    "float64": (64, 0, [[int(w, 16) for w in line.split()] for line in normal_tables.FLOAT64.split("\n") if line]),
}


def philox(counter: list[int], key: list[int]) -> list[int]:
    """Four words of 32 bits."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * c[0], 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * c[2], 2**32)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


def block(key: int, position: int, attempt: int = 0) -> list[int]:
    """The words of one block of a stream."""
    return philox([position % 2**32, (position >> 32) % 2**32, attempt, 0], [key % 2**32, key >> 32])


def words(key: int, position: int, bits: int) -> Iterator[int]:
    """The words of a stream from a block on; those of 64 bits have their lower half first."""
    while True:
        w = block(key, position)
        yield from w if bits == 32 else (w[0] | w[1] << 32, w[2] | w[3] << 32)
        position += 1


def _rounded(fixed: int, scale: int, dtype: str) -> bytes:
    """fixed 2^-scale with as many significant bits as dtype has, halves away from zero."""
    code, significant = _FORMATS[dtype]
    drop = fixed.bit_length() - significant
    if drop > 0:
        fixed = (fixed + (1 << drop - 1)) >> drop
        scale -= drop
    return struct.pack(code, math.ldexp(fixed, -scale))


def uniform_from(word: int, dtype: str) -> bytes:
    """A number of [0, 1) from a word of as many bits as dtype has."""
    bits, significant = 8 * struct.calcsize(_FORMATS[dtype][0]), _FORMATS[dtype][1]
    return _rounded(word >> bits - significant, significant, dtype)


def magnitude_from(word: int, dtype: str) -> tuple[int, int]:
    """|z| of a normal number from 64 bits, as a fixed-point number and its scale."""
    word_bits, segment_bits, table = _TABLES[dtype]
    q = word | 1
    octave = 64 - q.bit_length()
    fraction = (q << octave) - 2**63
    segment, rest = divmod(fraction, 2 ** (63 - segment_bits))
    # The place within the segment, with word_bits bits after the point.
    x = rest << word_bits >> 63 - segment_bits
    scale, *coefficients = table[octave * 2**segment_bits + segment]
    z = 0
    for coefficient in reversed(coefficients):
        z = coefficient - (z * x >> word_bits)
    return z, scale


def normal_from(word: int, dtype: str) -> bytes:
    """A normal number from 64 bits."""
    data = bytearray(_rounded(*magnitude_from(word, dtype), dtype))
    data[-1] |= (word & 1) << 7
    return bytes(data)


def random(key: int, position: int, n: int, dtype: str) -> bytes:
    """What ``random(n, dtype=dtype)`` gives, as bytes."""
    bits = 8 * struct.calcsize(_FORMATS[dtype][0])
    return b"".join(uniform_from(word, dtype) for word in islice(words(key, position, bits), n))


def standard_normal(key: int, position: int, n: int, dtype: str) -> bytes:
    """What ``standard_normal(n, dtype=dtype)`` gives, as bytes."""
    return b"".join(normal_from(word, dtype) for word in islice(words(key, position, 64), n))


def integer(key: int, position: int, low: int, high: int, bits: int) -> int:
    """The integer of low <= i < high that one block, or else its further attempts, gives."""
    span = high - low - 1
    attempt = 0
    while True:
        w = block(key, position, attempt)
        for word in w if bits == 32 else (w[0] | w[1] << 32, w[2] | w[3] << 32):
            if word % 2 ** span.bit_length() <= span:
                return low + word % 2 ** span.bit_length()
        attempt += 1


def integers(key: int, position: int, low: int, high: int, n: int, bits: int) -> list[int]:
    """What ``integers(low, high, n)`` gives in a dtype of ``bits`` bits."""
    return [integer(key, (position + i) % 2**64, low, high, bits) for i in range(n)]
