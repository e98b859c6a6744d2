"""Special functions of each element: a table of rows, as in ``ops/elementwise.py``, which carries them out.

Names, arguments, poles and signs are those of ``scipy.special``. Formulas and their sources are in the libraries of
``shaders/lib`` that a row names.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, nan, pi
from typing import Any

from ..ops.checks import checked_integer
from ..ops.elementwise import ArrayLike, Row, add, apply, greater, multiply, subtract, where
from ..tensor import Tensor


class Special(Row):
    """A row of a special function. Integers become floats before they meet others, as in SciPy."""

    floats_first = True
    is_long = True


SPECIAL: dict[str, Special] = {}

_PROMOTES = "float16 (computed in float32), float32, float64, or integers, which become the default floating type"


def _row(name: str, arity: int, wgsl: str, says: str) -> Special:
    row = SPECIAL[name] = Special(name, arity, "real floating", says, wgsl)
    return row


def _documented(function: Any, row: Row, arguments: str) -> Any:
    function.__name__ = function.__qualname__ = row.name
    function.__doc__ = f"{row.says}\n\n{arguments}. Returns the promoted dtype. Raises TypeError for another dtype. Does not wait.\n"
    return function


def unary(name: str, wgsl: str, says: str) -> Callable[[Tensor], Tensor]:
    """A row with one argument, as the function that users call."""
    row = _row(name, 1, wgsl, says)

    def function(x: Tensor, /) -> Tensor:
        return apply(row, x)

    return _documented(function, row, f"x: (...) {_PROMOTES}")  # type: ignore[no-any-return]


def binary(name: str, wgsl: str, says: str) -> Callable[[ArrayLike, ArrayLike], Tensor]:
    """A row with two arguments, of which one may be a Python scalar."""
    row = _row(name, 2, wgsl, says)

    def function(x1: ArrayLike, x2: ArrayLike, /) -> Tensor:
        return apply(row, x1, x2)

    return _documented(function, row, f"x1, x2: {_PROMOTES}; shapes that broadcast; one may be a Python scalar")  # type: ignore[no-any-return]


def ternary(name: str, wgsl: str, says: str) -> Callable[[ArrayLike, ArrayLike, ArrayLike], Tensor]:
    """A row with three arguments, of which two may be Python scalars."""
    row = _row(name, 3, wgsl, says)

    def function(x1: ArrayLike, x2: ArrayLike, x3: ArrayLike, /) -> Tensor:
        return apply(row, x1, x2, x3)

    return _documented(function, row, f"x1, x2, x3: {_PROMOTES}; shapes that broadcast; two may be Python scalars")  # type: ignore[no-any-return]


# fmt: off
betainc = ternary("betainc", "beta_portions_at(x1, x2, x3).x // incomplete_beta", "The regularised incomplete beta function of x1 and x2 at x3, from 0 to 1.")
betaincc = ternary("betaincc", "beta_portions_at(x1, x2, x3).y // incomplete_beta", "1 - betainc(x1, x2, x3), which keeps its digits where it is small.")
betaln = binary("betaln", "precise_betaln(x1, x2) // gamma_function_*", "Logarithms of the magnitude of the beta function of x1 and x2.")
cbrt = unary("cbrt", "precise_cbrt(x1) // cube_root", "Cube roots.")
entr = unary("entr", "precise_entr(x1) // entropy", "-x log(x): 0 at 0, -inf where x is negative.")
erf = unary("erf", "precise_erf(x1) // error_function_*", "The error function.")
erfc = unary("erfc", "precise_erfc(x1) // error_function_*", "1 - erf(x), which keeps its digits where x is large.")
erfcinv = unary("erfcinv", "precise_erfcinv(x1) // normal_quantile_*", "The inverse of erfc, of x from 0 to 2.")
erfcx = unary("erfcx", "precise_erfcx(x1) // error_function_*", "exp(x x) erfc(x).")
erfinv = unary("erfinv", "precise_erfinv(x1) // normal_quantile_*", "The inverse of erf, of x from -1 to 1.")
exp10 = unary("exp10", "precise_pow(T(10), x1) // power_*", "Powers of 10.")
exp2 = unary("exp2", "precise_pow(T(2), x1) // power_*", "Powers of 2.")
expit = unary("expit", "precise_expit(x1) // logistic", "The logistic function 1 / (1 + exp(-x)).")
gamma = unary("gamma", "precise_gamma(x1) // gamma_function_*", "The gamma function: NaN at negative integers, inf with the sign of x at 0.")
gammainc = binary("gammainc", "portions(x1, x2).lower // incomplete_gamma_*", "The regularised lower incomplete gamma function of x1 at x2.")
gammaincc = binary("gammaincc", "portions(x1, x2).upper // incomplete_gamma_*", "1 - gammainc(x1, x2), which keeps its digits where it is small.")
gammaln = unary("gammaln", "precise_gammaln(x1) // gamma_function_*", "Logarithms of the magnitude of the gamma function.")
gammasgn = unary("gammasgn", "sign_of_gamma(x1) // gamma_function_*", "The sign of the gamma function, 1 or -1; NaN at negative integers.")
i0 = unary("i0", "bessel_i(x1, 0u) // bessel_i_*", "The modified Bessel function of the first kind of order 0.")
i0e = unary("i0e", "bessel_i_scaled(x1, 0u) // bessel_i_*", "exp(-|x|) i0(x).")
i1 = unary("i1", "bessel_i(x1, 1u) // bessel_i_*", "The modified Bessel function of the first kind of order 1.")
i1e = unary("i1e", "bessel_i_scaled(x1, 1u) // bessel_i_*", "exp(-|x|) i1(x).")
kl_div = binary("kl_div", "precise_kl_div(x1, x2) // entropy", "x1 log(x1 / x2) - x1 + x2; x2 where x1 is 0, inf where one is negative.")
log_expit = unary("log_expit", "precise_log_expit(x1) // logistic", "Logarithms of the logistic function.")
log_ndtr = unary("log_ndtr", "precise_log_ndtr(x1) // normal_distribution", "Logarithms of ndtr.")
logit = unary("logit", "precise_logit(x1) // logistic", "log(x / (1 - x)), the inverse of expit.")
ndtr = unary("ndtr", "precise_ndtr(x1) // normal_distribution", "The distribution function of standard normal numbers.")
ndtri = unary("ndtri", "precise_ndtri(x1) // normal_quantile_*", "The inverse of ndtr, of x from 0 to 1.")
polygamma = binary("polygamma", "precise_polygamma(x1, x2) // zeta_function_*", "The derivative of order x1 of psi at x2.")
psi = unary("psi", "precise_psi(x1) // digamma_*", "The digamma function, the derivative of gammaln.")
rel_entr = binary("rel_entr", "precise_rel_entr(x1, x2) // entropy", "x1 log(x1 / x2); 0 where x1 is 0, inf where one is negative.")
rgamma = unary("rgamma", "precise_rgamma(x1) // gamma_function_*", "The reciprocal of the gamma function, 0 at its poles.")
_row("zeta", 1, "riemann_zeta(x1) // zeta_function_*", "Riemann's zeta function.")
sinc = unary("sinc", "precise_sinc(x1) // gamma_function_*", "sin(pi x) / (pi x), and 1 at 0.")
stdtr = binary("stdtr", "precise_stdtr(x1, x2) // incomplete_beta", "The distribution function of Student's t of x1 degrees of freedom at x2.")
stdtrit = binary("stdtrit", "precise_stdtrit(x1, x2) // student_quantile", "The quantile of Student's t of x1 degrees of freedom: the inverse of stdtr.")
xlog1py = binary("xlog1py", "precise_xlog1py(x1, x2) // entropy", "x1 log(1 + x2), 0 where x1 is 0.")
xlogy = binary("xlogy", "precise_xlogy(x1, x2) // entropy", "x1 log(x2), 0 where x1 is 0.")
# fmt: on

_HURWITZ_ZETA = _row("hurwitz_zeta", 2, "hurwitz_zeta(x1, x2) // zeta_function_*", "Hurwitz's zeta function.")


def zeta(x: ArrayLike, q: ArrayLike | None = None, /) -> Tensor:
    """Riemann's zeta function of ``x``, or with ``q`` Hurwitz's: the sum of (q + k)^-x over k >= 0.

    x, q: as in the other functions; with ``q``, NaN where x < 1. Returns the promoted dtype. Raises TypeError for another
    dtype. Does not wait.
    """
    return apply(SPECIAL["zeta"], x) if q is None else apply(_HURWITZ_ZETA, x, q)


def chdtr(v: ArrayLike, x: ArrayLike, /) -> Tensor:
    """The chi-square distribution function of ``v`` degrees of freedom at ``x``, ``gammainc(v / 2, x / 2)``. Does not wait."""
    return gammainc(_half(v), _half(x))


def chdtrc(v: ArrayLike, x: ArrayLike, /) -> Tensor:
    """1 - chdtr(v, x), ``gammaincc(v / 2, x / 2)``, which keeps its digits where it is small. Does not wait."""
    return gammaincc(_half(v), _half(x))


def _half(x: ArrayLike) -> ArrayLike:
    return multiply(x, 0.5) if isinstance(x, Tensor) else x / 2


def multigammaln(a: Tensor, d: int, /) -> Tensor:
    """Logarithms of the multivariate gamma function of dimension ``d``, NaN where a <= (d - 1) / 2.

    a: as in the other functions; d: a positive integer. Returns a's dtype, the default floating type for integers. Raises
    TypeError for another dtype or a ``d`` that is no integer, ValueError for one below 1. Does not wait.
    """
    d = checked_integer("multigammaln", "d", d)
    if d < 1:
        raise ValueError(f"multigammaln: d must be at least 1, not {d}")
    total = gammaln(a)
    for j in range(1, d):
        total = add(total, gammaln(subtract(a, j / 2)))
    total = add(total, d * (d - 1) / 4 * log(pi))
    return where(greater(a, (d - 1) / 2), total, nan)
