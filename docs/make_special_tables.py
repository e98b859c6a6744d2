"""Writes the polynomials and constants of the special functions: ``python docs/make_special_tables.py``.

It writes ``shaders/lib/<name>_f32.wgsl`` and ``<name>_f64.wgsl`` for every name in ``FILES``; what computes with them,
and the sources of the formulas, are in ``shaders/lib/<name>.wgsl``. Polynomials interpolate at Chebyshev's nodes, with
the lowest degree whose error is below 2^-28 (f32) or 2^-57 (f64) of what it is compared with. Needs mpmath; a minute.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mpmath as m
from mpmath import mpf

_FOLDER = Path(__file__).parents[1] / "shaders/lib"
_TOLERANCE = {"f32": mpf(2) ** -28, "f64": mpf(2) ** -57}
# Digits of the leading part of a pair: half of a significand.
_HALF = {"f32": 12, "f64": 26}
m.mp.dps = 50

Function = Callable[[mpf], mpf]


@dataclass(frozen=True)
class Polynomial:
    """A function of one variable on an interval, with the error relative to its values, or to 1."""

    name: str
    says: str
    function: Function
    interval: Callable[[str], tuple[mpf, mpf]]
    relative: bool = True


@dataclass(frozen=True)
class File:
    """A file: what its head says, libraries, constants, pairs of constants, polynomials."""

    uses: str
    constants: Callable[[str], dict[str, mpf]] = lambda dtype: {}
    pairs: tuple[tuple[str, mpf], ...] = ()
    polynomials: tuple[Polynomial, ...] = ()
    more: Callable[[str], str] = lambda dtype: ""


def rounded(value: mpf, dtype: str) -> float:
    """The nearest number of the type."""
    return struct.unpack("<f", struct.pack("<f", float(value)))[0] if dtype == "f32" else float(value)


def written(value: mpf, dtype: str) -> str:
    """A literal of the type: the shortest decimal that gives the nearest number."""
    number = rounded(value, dtype)
    text = next(t for t in (f"{number:.{digits}g}" for digits in range(1, 18)) if rounded(mpf(float(t)), dtype) == number)
    if "e" not in text and "." not in text:
        text += ".0"
    return text + ("lf" if dtype == "f64" else "")


def pair(value: mpf, dtype: str) -> str:
    """A pair whose leading part has half of the digits."""
    exponent = _HALF[dtype] - 1 - int(m.floor(m.log(abs(value), 2)))
    high = m.nint(value * mpf(2) ** exponent) / mpf(2) ** exponent
    return f"vec2<{dtype}>({written(high, dtype)}, {written(value - high, dtype)})"


def interpolated(function: Function, low: mpf, high: mpf, degree: int) -> list[mpf]:
    """Coefficients, lowest power first."""
    n = degree + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * m.cos(m.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    divided = [function(x) for x in nodes]
    for order in range(1, n):
        for i in range(n - 1, order - 1, -1):
            divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - order])
    coefficients = [mpf(0)] * n
    for node, value in zip(reversed(nodes), reversed(divided), strict=True):
        shifted = [mpf(0), *coefficients[:-1]]
        coefficients = [above - node * below for above, below in zip(shifted, coefficients, strict=True)]
        coefficients[0] += value
    return coefficients


def fitted(polynomial: Polynomial, dtype: str) -> list[mpf]:
    """The coefficients of the lowest degree that is good enough."""
    low, high = polynomial.interval(dtype)
    places = [low + (high - low) * (i + mpf(1) / 3) / 50 for i in range(50)]
    values = [polynomial.function(x) for x in places]
    for degree in range(1, 40):
        coefficients = interpolated(polynomial.function, low, high, degree)
        errors = [abs(m.polyval(coefficients[::-1], x) - y) / (abs(y) if polynomial.relative else 1) for x, y in zip(places, values, strict=True)]
        if max(errors) < _TOLERANCE[dtype]:
            return coefficients
    raise ArithmeticError(f"{polynomial.name}: no degree below 40 is good enough for {dtype}")


def horner(name: str, says: str, coefficients: list[mpf], dtype: str, variable: str = "z") -> str:
    """A polynomial as a function."""
    lines = [f"// {says}", f"fn {name}({variable}: {dtype}) -> {dtype} {{", f"    var sum = {written(coefficients[-1], dtype)};"]
    lines += [f"    sum = sum * {variable} + {written(c, dtype)};" for c in coefficients[-2::-1]]
    return "\n".join([*lines, "    return sum;", "}", ""])


def text(name: str, file: File, dtype: str) -> str:
    """A whole file."""
    head = [
        f"// The constants and polynomials of {name}.wgsl for {dtype}. Written by docs/make_special_tables.py.",
        f"// uses: {', '.join([name, *(f'{library}_{dtype}' for library in file.uses.split())])}",
        "",
    ]
    head += [f"const {key}: {dtype} = {written(value, dtype)};" for key, value in file.constants(dtype).items()]
    head += [f"const {key} = {pair(value, dtype)};" for key, value in file.pairs]
    parts = [horner(p.name, p.says, fitted(p, dtype), dtype) for p in file.polynomials]
    return "\n".join(head) + "\n" + "\n".join(filter(None, [*parts, file.more(dtype)]))


# The functions


def scaled_erfc(x: mpf) -> mpf:
    """e^(x²) erfc(x)."""
    if x < 20:
        return m.exp(x * x) * m.erfc(x)
    term = total = mpf(1)
    for k in range(1, 60):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total / (x * m.sqrt(m.pi))


_ERFC_CENTRE = mpf(15) / 4


def _erfcx(t: mpf) -> mpf:
    x = _ERFC_CENTRE * (1 + t) / (1 - t)
    return (1 + 2 * x) * scaled_erfc(x)


_TAIL_CENTRE = {"f32": mpf(3) / 2, "f64": mpf(3)}


@cache
def normal_tail(r: mpf) -> mpf:
    """z with log Q(z) = -r², Q being the upper tail of the normal distribution."""
    z = m.sqrt(2) * r - mpf(7) / 10
    for _ in range(60):
        e = scaled_erfc(z / m.sqrt(2))
        step = (z * z / 2 - m.log(e / 2) - r * r) * e / m.sqrt(2 / m.pi)
        z -= step
        if abs(step) < mpf(10) ** -42:
            return z
    raise ArithmeticError(f"no quantile for {r}")


def _tail_interval(dtype: str) -> tuple[mpf, mpf]:
    centre = _TAIL_CENTRE[dtype]
    # From 1/4 down to the smallest subnormal.
    ends = [m.sqrt(m.log(2) * bits) for bits in (2, {"f32": 150, "f64": 1075}[dtype])]
    return (ends[0] - centre) / (ends[0] + centre), (ends[1] - centre) / (ends[1] + centre)


def _tail_of(dtype: str) -> Polynomial:
    centre = _TAIL_CENTRE[dtype]

    def ratio(t: mpf) -> mpf:
        r = centre * (1 + t) / (1 - t)
        return normal_tail(r) / r

    return Polynomial("tail_ratio", "z / r for the upper tail e^(-r²) of z, in t = (r - TAIL_CENTRE) / (r + TAIL_CENTRE).", ratio, _tail_interval)


def _erfinv_ratio(z: mpf) -> mpf:
    y = m.sqrt(z)
    return m.erfinv(y) / y - 1


def _stirling(w: mpf) -> mpf:
    x = 1 / m.sqrt(w)
    return x * (m.loggamma(x) - (x - mpf(1) / 2) * m.log(x) + x - m.log(2 * m.pi) / 2)


def _log_gamma_ratio(x: mpf) -> mpf:
    return m.loggamma(x) / ((x - 1) * (x - 2))


def _psi_tail(w: mpf) -> mpf:
    x = 1 / m.sqrt(w)
    return x * x * (m.digamma(x) - m.log(x) + 1 / (2 * x))


_ROOT = m.findroot(m.digamma, mpf("1.4616"))
_NEAR_ONE, _NEAR_TWO = mpf("1.075"), mpf("1.9")


def _scaled_bessel(order: int) -> Function:
    return lambda w: m.besseli(order, 1 / w) * m.exp(-1 / w) / m.sqrt(w)


def _between(low: object, high: object) -> Callable[[str], tuple[mpf, mpf]]:
    return lambda dtype: (mpf(low), mpf(high))


# The uniform expansion of the incomplete gamma functions


def temme(orders: int, powers: int) -> list[list[mpf]]:
    """Coefficients of eta^n in c_k(eta), by DLMF 8.12.12, whose power series are computed with."""
    # mu = lambda - 1 as a series in eta, from lambda' (lambda - 1) = eta lambda (DLMF 8.12.3, differentiated).
    size = powers + 2 * orders + 3
    mu = [mpf(0), mpf(1)]
    for n in range(2, size + 1):
        # sum of (i mu_i) mu_(n+1-i) over 1 <= i <= n is mu_(n-1); the terms i = 1 and i = n hold mu_n.
        rest = sum((i * mu[i] * mu[n + 1 - i] for i in range(2, n)), mpf(0))
        mu.append((mu[n - 1] - rest) / (n + 1))
    # eta / mu.
    inverse = [mpf(1)]
    for n in range(1, size):
        inverse.append(-sum((mu[i + 1] * inverse[n - i] for i in range(1, n + 1)), mpf(0)))
    # Stirling's coefficients g_k, from those of log gamma.
    series = m.taylor(lambda w: mpf(0), 0, 0)
    logs = [mpf(0)] * (orders + 1)
    for j in range(1, orders + 2):
        if 2 * j - 1 <= orders:
            logs[2 * j - 1] = m.bernoulli(2 * j) / (2 * j * (2 * j - 1))
    series = [mpf(1)]
    for n in range(1, orders + 1):
        series.append(sum((i * logs[i] * series[n - i] for i in range(1, n + 1)), mpf(0)) / n)
    # Each c_k without its pole: (1/eta) c'_(k-1) + (-1)^k g_k / mu has none.
    current = inverse[1:]
    rows = [current[:powers]]
    for k in range(1, orders):
        derivative = [i * current[i] for i in range(1, len(current))]
        g = (-1) ** k * series[k]
        current = [a + g * b for a, b in zip(derivative[1:], inverse[1:], strict=False)]
        rows.append(current[:powers])
    return rows


# Used for a of at least 20, where |mu| is below 0.3: |eta| is below that.
_SMALLEST_A, _LARGEST_ETA = 20, mpf("0.34")


def _temme_text(dtype: str) -> str:
    tolerance = _TOLERANCE[dtype] / 8
    rows = []
    for k, row in enumerate(temme(16, 30)):
        sizes = [abs(c) * _LARGEST_ETA**n / mpf(_SMALLEST_A) ** k for n, c in enumerate(row)]
        kept = max((n + 1 for n, size in enumerate(sizes) if size > tolerance), default=0)
        if kept:
            rows.append(row[:kept])
    parts = [horner(f"temme_{k}", f"c_{k}.", row, dtype, "eta") for k, row in enumerate(rows)]
    total = f"temme_{len(rows) - 1}(eta)"
    for k in range(len(rows) - 2, -1, -1):
        total = f"temme_{k}(eta) + w * ({total})" if k < len(rows) - 2 else f"temme_{k}(eta) + w * {total}"
    parts.append(f"// The sum of c_k(eta) w^k for w = 1 / a.\nfn temme_sum(eta: {dtype}, w: {dtype}) -> {dtype} {{\n    return {total};\n}}\n")
    return "\n".join(parts)


FILES = {
    "error_function": File(
        "exponential",
        # Below its negative erfcx is infinite; its square is below EXP_LIMIT.
        constants=lambda dtype: {"ERFCX_LIMIT": {"f32": mpf(10), "f64": mpf(27)}[dtype]},
        polynomials=(
            Polynomial("erf_series", "erf(x) / x - 1 in z = x², for |x| <= 1.", lambda z: m.erf(m.sqrt(z)) / m.sqrt(z) - 1, _between(0, 1), relative=False),
            Polynomial("erfcx_series", "(1 + 2 x) e^(x²) erfc(x) in z = (x - 3.75) / (x + 3.75), for x >= 0.", _erfcx, _between(-1, 1)),
        ),
    ),
    "normal_quantile": File(
        "logarithm",
        constants=lambda dtype: {"TAIL_CENTRE": _TAIL_CENTRE[dtype]},
        polynomials=(Polynomial("erfinv_series", "erfinv(y) / y - 1 in z = y², for |y| <= 1/2.", _erfinv_ratio, _between(0, mpf(1) / 4), relative=False),),
        more=lambda dtype: horner(_tail_of(dtype).name, _tail_of(dtype).says, fitted(_tail_of(dtype), dtype), dtype),
    ),
    "gamma_function": File(
        "logarithm trigonometric",
        constants=lambda dtype: {
            # Beyond it the logarithm is infinite.
            "LOG_GAMMA_LIMIT": {"f32": mpf("4.0850033e36"), "f64": mpf("2.5563481638716906e305")}[dtype],
            # Beyond it gamma is infinite and 1 / gamma is 0; its logarithm is below EXP_LIMIT.
            "GAMMA_LIMIT": {"f32": mpf(40), "f64": mpf(179)}[dtype],
        },
        pairs=(("HALF_LOG_TWO_PI", m.log(2 * m.pi) / 2), ("LOG_PI", m.log(m.pi)), ("PI_PAIR", +m.pi)),
        polynomials=(
            Polynomial("stirling_series", "x times what Stirling's formula lacks, in z = 1 / x², for x >= 8.", _stirling, _between(0, mpf(1) / 64)),
            Polynomial("log_gamma_near_one", "log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.075, for |z| <= 0.375.", lambda z: _log_gamma_ratio(_NEAR_ONE + z), _between(mpf(-3) / 8, mpf(3) / 8)),
            Polynomial("log_gamma_near_two", "log gamma(x) / ((x - 1) (x - 2)) in z = x - 1.9, for |z| <= 0.45.", lambda z: _log_gamma_ratio(_NEAR_TWO + z), _between(mpf("-0.45"), mpf("0.45"))),
        ),
    ),
    "digamma": File(
        "gamma_function",
        pairs=(("DIGAMMA_ROOT", _ROOT),),
        polynomials=(
            Polynomial("digamma_near_root", "digamma(x) / z in z = x - DIGAMMA_ROOT, for |z| <= 0.29.", lambda z: m.digamma(_ROOT + z) / z, _between(mpf("-0.29"), mpf("0.29"))),
            Polynomial("digamma_series", "x² (digamma(x) - log x + 1 / (2 x)) in z = 1 / x², for x >= 8.", _psi_tail, _between(0, mpf(1) / 64)),
        ),
    ),
    "bessel_i": File(
        "exponential",
        polynomials=(
            Polynomial("bessel_i0_series", "I0(x) in z = x² / 4, for |x| <= 12.", lambda z: m.besseli(0, 2 * m.sqrt(z)), _between(0, 36)),
            Polynomial("bessel_i1_series", "2 I1(x) / x in z = x² / 4, for |x| <= 12.", lambda z: m.besseli(1, 2 * m.sqrt(z)) / m.sqrt(z), _between(0, 36)),
            Polynomial("bessel_i0_tail", "sqrt(x) e^-x I0(x) in z = 1 / x, for x >= 12.", _scaled_bessel(0), _between(0, mpf(1) / 12)),
            Polynomial("bessel_i1_tail", "sqrt(x) e^-x I1(x) in z = 1 / x, for x >= 12.", _scaled_bessel(1), _between(0, mpf(1) / 12)),
        ),
    ),
    "zeta_function": File(
        "digamma power",
        pairs=(("LOG_TWO_PI", m.log(2 * m.pi)),),
        polynomials=(Polynomial("zeta_below_one", "(1 - x) zeta(x) in z = x, for 0 <= x <= 1.", lambda z: (1 - z) * m.zeta(z), _between(0, 1)),),
    ),
    "incomplete_gamma": File("gamma_function error_function", more=_temme_text),
}  # fmt: skip


if __name__ == "__main__":
    for name, file in FILES.items():
        for dtype in ("f32", "f64"):
            (_FOLDER / f"{name}_{dtype}.wgsl").write_text(text(name, file, dtype), encoding="utf-8")
