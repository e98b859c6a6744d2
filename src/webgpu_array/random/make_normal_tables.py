"""Makes ``normal_tables.py``: ``python src/webgpu_array/random/make_normal_tables.py``.

Normal numbers come from inverting the tail probability of the normal distribution,
Q(z) = p, in integer arithmetic, so that every device gives the same bits. A 64-bit odd
number q stands for p = q / 2⁶⁵. The octave of q, its count of leading zeros, and the bits
after the leading one choose a segment; the bits after those are the place x in it, a
fraction of 0 to 1, at which a polynomial gives z:

    z 2^scale = c₀ - x (c₁ - x (c₂ - …))

The derivatives of z(p) alternate in sign. So every coefficient written like this is
positive, every difference too, and unsigned multiplication is enough.

Source of the segmentation: D.-U. Lee, R. C. C. Cheung, W. Luk, J. D. Villasenor, "Hierarchical
segmentation for hardware function evaluation", IEEE Trans. VLSI Systems 17 (2009),
https://doi.org/10.1109/TVLSI.2008.2003165. The polynomials interpolate at the Chebyshev
nodes of each segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

OCTAVES = 64

# Digits carried: Q(z) reaches 10^-20, is found as a difference of numbers near 1/2, and 64-bit
# coefficients are to be rounded rightly. 20 + 20 + 30 to spare.
_DIGITS = 70
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211707")


@dataclass(frozen=True)
class Form:
    """A table's layout: 2^``segment_bits`` rows per octave, each the scale and degree + 1 coefficients."""

    name: str
    word_bits: int
    segment_bits: int
    degree: int


FORMS = (Form("FLOAT32", 32, 2, 6), Form("FLOAT64", 64, 0, 23))


def tail(z: Decimal) -> Decimal:
    """Q(z) for 0 <= z < 10: 1/2 - φ(z) (z + z³/3 + z⁵/(3·5) + …)."""
    term = total = z
    n = 1
    while term > total.scaleb(-_DIGITS):
        n += 2
        term *= z * z / n
        total += term
    return Decimal("0.5") - density(z) * total


def density(z: Decimal) -> Decimal:
    """φ(z)."""
    return (-z * z / 2).exp() / (2 * _PI).sqrt()


def inverse_tail(p: Decimal) -> Decimal:
    """z with Q(z) = p, for 0 < p <= 1/2: Halley's steps from a double's precision."""
    z = abs(Decimal(NormalDist().inv_cdf(float(p))))
    for _ in range(2):
        step = (tail(z) - p) / density(z)
        z += step / (1 - z * step / 2)
    return z


def probability(octave: int, segment: int, form: Form, x: Decimal) -> Decimal:
    """p at the place x of a segment."""
    width = 1 << form.segment_bits
    return (1 + (segment + x) / width) / (1 << (octave + 2))


def _cosines(n: int) -> list[Decimal]:
    """cos(π (2i + 1) / 2n) for every i < n, by its series."""
    found = []
    for i in range(n):
        angle = _PI * (2 * i + 1) / (2 * n)
        term = total = Decimal(1)
        for k in range(1, 60):
            term *= -angle * angle / ((2 * k - 1) * (2 * k))
            total += term
        found.append(total)
    return found


def _interpolate(nodes: list[Decimal], values: list[Decimal]) -> list[Decimal]:
    """Coefficients, lowest power first, of the polynomial through the points (Newton's form, expanded)."""
    n = len(nodes)
    divided = list(values)
    for order in range(1, n):
        for i in range(n - 1, order - 1, -1):
            divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - order])
    coefficients = [Decimal(0)] * n
    for node, value in zip(reversed(nodes), reversed(divided), strict=True):
        shifted = [Decimal(0), *coefficients[:-1]]
        coefficients = [high - node * low for high, low in zip(shifted, coefficients, strict=True)]
        coefficients[0] += value
    return coefficients


def evaluate(coefficients: list[int], x: int, word_bits: int) -> int:
    """The polynomial as the device computes it, with x in units of 2^-word_bits."""
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = coefficient - (total * x >> word_bits)
    return total


def row(octave: int, segment: int, form: Form, nodes: list[Decimal]) -> list[int]:
    """Scale and coefficients of one segment."""
    largest = inverse_tail(probability(octave, segment, form, Decimal(0)))
    scale = form.word_bits - int(largest).bit_length()
    values = [inverse_tail(probability(octave, segment, form, x)) * 2**scale for x in nodes]
    coefficients = [
        int((-c if power % 2 else c).to_integral_value(ROUND_HALF_EVEN))
        for power, c in enumerate(_interpolate(nodes, values))
    ]
    # Where z ends at 0, rounding must not lead below it.
    last = [evaluate(coefficients, 2**form.word_bits - i, form.word_bits) for i in range(1, 65)]
    coefficients[0] += max(0, -min(last))
    _check(coefficients, form)
    return [scale, *coefficients]


def _check(coefficients: list[int], form: Form) -> None:
    """That unsigned arithmetic cannot leave its range: c₁ > c₂ > … and c₀ fits a word."""
    falls = all(a > b >= 0 for a, b in pairwise(coefficients[1:]))
    if not falls or coefficients[0] >= 2**form.word_bits:
        raise ArithmeticError(f"{form.name}: coefficients {coefficients} leave the range of a word")


def table(form: Form) -> list[list[int]]:
    """The rows of every segment, by octave, then by segment."""
    with localcontext() as context:
        context.prec = _DIGITS
        nodes = [(1 + cosine) / 2 for cosine in _cosines(form.degree + 1)]
        return [
            row(octave, segment, form, nodes) for octave in range(OCTAVES) for segment in range(2**form.segment_bits)
        ]


def text() -> str:
    """The module ``normal_tables``."""
    parts = [
        '"""Made by make_normal_tables.py, which explains it: rows of scale, c₀, c₁, … in hexadecimal."""\n',
        "\n# fmt: off\n",
    ]
    for form in FORMS:
        lines = [" ".join(f"{word:x}" for word in words) for words in table(form)]
        parts.append(f'{form.name} = """\n' + "\n".join(lines) + '\n"""\n')
    return "".join(parts)


if __name__ == "__main__":
    (Path(__file__).parent / "normal_tables.py").write_text(text(), encoding="utf-8")
