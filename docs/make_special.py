"""Measures the error of every special function on a device, and writes docs/special.md.

    python docs/make_special.py                       this machine's default device, then the page
    python docs/make_special.py --device software     another device
    python docs/make_special.py --samples 1000        so many arguments per function and dtype (default: 400)
    python docs/make_special.py --page                the page only, from the results that are kept

Results are kept in docs/special/<kind of adapter>.json; the page holds all of them. Needs mpmath and SciPy.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import mpmath as m
import numpy as np
import scipy
from mpmath import mpf
from rich.console import Console
from rich.progress import track
from scipy.special._support_alternative_backends import _special_funcs

import webgpu_array as xp
from webgpu_array import special
from webgpu_array.dtypes import BY_NAME
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.special.functions import SPECIAL

_HERE = Path(__file__).parent
_PAGE = _HERE / "special.md"
_RESULTS = _HERE / "special"

Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator, int], tuple[Array, ...]]
m.mp.dps = 35


def _sizes(rng: np.random.Generator, n: int, low: int, high: int) -> Array:
    """Positive numbers with exponents from ``low`` to ``high``, all alike."""
    return np.ldexp(1 + rng.random(n), rng.integers(low, high, n))


def _signed(x: Array, rng: np.random.Generator) -> Array:
    return x * rng.choice([-1, 1], len(x))


def _real(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    return (np.concatenate([_signed(_sizes(rng, n // 2, -12, 9), rng), rng.uniform(-8, 8, n - n // 2)]),)


def _positive(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    return (np.concatenate([_sizes(rng, n // 2, -20, 20), 1 + _signed(_sizes(rng, n - n // 2, -20, -2), rng)]),)


def _portions(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    return (np.concatenate([rng.random(n // 2), _sizes(rng, n // 4, -100, -1), 1 - _sizes(rng, n // 4, -20, -1)]),)


def _ratios(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    x = _sizes(rng, n, -6, 7)
    return x, np.where(rng.random(n) < 0.5, _sizes(rng, n, -6, 7), x * (1 + _signed(_sizes(rng, n, -20, -2), rng)))


def _gammas(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    a = _sizes(rng, n, -6, 14)
    return a, np.where(rng.random(n) < 0.75, np.abs(a + 3 * np.sqrt(a) * rng.standard_normal(n)), _sizes(rng, n, -6, 14))


def _betas(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
    a, b = _sizes(rng, n, -4, 10), _sizes(rng, n, -4, 10)
    return a, b, np.where(rng.random(n) < 0.5, rng.beta(a, b), rng.random(n)).clip(1e-3, 0.999)


_NEAR_ONE = "of both signs; as many from 2^-12 to 2^9 as from -8 to 8"
_EVERYWHERE = (_NEAR_ONE, _real)
_BETWEEN = ("between 0 and 1, close to both ends too", _portions)
_GAMMAS = ("a from 2^-6 to 2^14; most x within some √a of a", _gammas)
_BETAS = ("a, b from 2^-4 to 2^10; half of x from the distribution, half from 0.001 to 0.999", _betas)
_PAIRS = ("from 2^-6 to 2^7; half of them nearly equal", _ratios)
ARGUMENTS: dict[str, tuple[str, Draw]] = {
    **dict.fromkeys(("logit", "ndtri"), _BETWEEN),
    "erfinv": ("between -1 and 1, close to the ends too", lambda rng, n: (_signed(_portions(rng, n)[0], rng),)),
    "erfcinv": ("between 0 and 1, close to both ends too", _portions),
    "entr": ("positive, half of them close to 1", _positive),
    **dict.fromkeys(("gammainc", "gammaincc"), _GAMMAS),
    **dict.fromkeys(("betainc", "betaincc"), _BETAS),
    **dict.fromkeys(("rel_entr", "kl_div"), _PAIRS),
    "xlogy": ("x of both signs; y positive, half of it close to 1", lambda rng, n: (_signed(_sizes(rng, n, -6, 7), rng), _positive(rng, n)[0])),
    "xlog1py": ("x of both signs; y from 2^-30 to 2^8", lambda rng, n: (_signed(_sizes(rng, n, -6, 7), rng), _sizes(rng, n, -30, 8))),
    "betaln": ("from 2^-8 to 2^20", lambda rng, n: (_sizes(rng, n, -8, 20), _sizes(rng, n, -8, 20))),
    "stdtr": ("v from 2^-4 to 2^10; t of both signs to 2^6", lambda rng, n: (_sizes(rng, n, -4, 10), _signed(_sizes(rng, n, -5, 6), rng))),
    "stdtrit": ("v from 1/2 to 2^10; p between 0.0001 and 0.9999", lambda rng, n: (_sizes(rng, n, -1, 10), rng.uniform(1e-4, 0.9999, n))),
    "polygamma": ("n from 0 to 8; x from 2^-5 to 2^6", lambda rng, n: (rng.integers(0, 9, n), _sizes(rng, n, -5, 6))),
    "hurwitz_zeta": ("x from 1 to 2^6; q from 2^-5 to 2^6", lambda rng, n: (1 + _sizes(rng, n, -5, 6), _sizes(rng, n, -5, 6))),
    "zeta": ("from -20 to 40", lambda rng, n: (rng.uniform(-20, 40, n),)),
}  # fmt: skip
# Functions with zeros that are differences of larger terms: errors are in units of this size there.
ZEROS = {"gammaln": 1, "psi": 4, "betaln": 1, "polygamma": 4, "sinc": 1, "zeta": 1}


def _upper_gamma(a: mpf, x: mpf) -> mpf:
    return m.gammainc(a, x, m.inf, regularized=True)


def _lower_gamma(a: mpf, x: mpf) -> mpf:
    return m.gammainc(a, 0, x, regularized=True) if x < a + 1 else 1 - _upper_gamma(a, x)


def _beta(a: mpf, b: mpf, x: mpf) -> mpf:
    return m.betainc(a, b, 0, x, regularized=True)


def _ndtr(x: mpf) -> mpf:
    return m.erfc(-x / m.sqrt(2)) / 2


def _quantile(tail: mpf) -> mpf:
    """z with Q(z) = tail, for 0 < tail <= 1/2, by Newton's steps."""
    z = -mpf(float(scipy.special.ndtri(float(tail))))
    for _ in range(4):
        z += (_ndtr(-z) - tail) / m.npdf(z)
    return z


def _ndtri(p: mpf) -> mpf:
    return -_quantile(p) if p < 0.5 else _quantile(1 - p)


def _stdtr(v: mpf, t: mpf) -> mpf:
    tail = _beta(v / 2, mpf(1) / 2, v / (v + t * t)) / 2
    return tail if t < 0 else 1 - tail


def _stdtrit(v: mpf, p: mpf) -> mpf:
    if p > 0.5:
        return -_stdtrit(v, 1 - p)
    t = mpf(float(scipy.special.stdtrit(float(v), float(p))))
    density = m.exp(-m.log(m.beta(v / 2, mpf(1) / 2)) - (v + 1) / 2 * m.log1p(t * t / v)) / m.sqrt(v)
    for _ in range(2):
        t -= (_stdtr(v, t) - p) / density
    return t


REFERENCES: dict[str, Callable[..., Any]] = {
    "betainc": _beta,
    "betaincc": lambda a, b, x: _beta(b, a, 1 - x),
    "betaln": lambda a, b: m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b),
    "cbrt": lambda x: m.sign(x) * m.cbrt(abs(x)),
    "entr": lambda x: -x * m.log(x),
    "erf": m.erf,
    "erfc": m.erfc,
    "erfcinv": lambda y: _quantile(y / 2) / m.sqrt(2),
    "erfcx": lambda x: m.exp(x * x) * m.erfc(x),
    "erfinv": lambda y: m.sign(y) * _quantile((1 - abs(y)) / 2) / m.sqrt(2),
    "exp10": lambda x: mpf(10) ** x,
    "exp2": lambda x: mpf(2) ** x,
    "expit": lambda x: 1 / (1 + m.exp(-x)),
    "gamma": m.gamma,
    "gammainc": _lower_gamma,
    "gammaincc": _upper_gamma,
    "gammaln": lambda x: m.log(abs(m.gamma(x))),
    "gammasgn": lambda x: m.sign(m.gamma(x)),
    "hurwitz_zeta": m.zeta,
    "i0": lambda x: m.besseli(0, x),
    "i0e": lambda x: m.besseli(0, x) * m.exp(-abs(x)),
    "i1": lambda x: m.besseli(1, x),
    "i1e": lambda x: m.besseli(1, x) * m.exp(-abs(x)),
    "kl_div": lambda x, y: x * (m.log(x / y)) - x + y,
    "log_expit": lambda x: -m.log1p(m.exp(-x)) if x > 0 else x - m.log1p(m.exp(x)),
    "log_ndtr": lambda x: m.log(_ndtr(x)) if x < 0 else m.log1p(-_ndtr(-x)),
    "logit": lambda p: m.log(p / (1 - p)),
    "ndtr": _ndtr,
    "ndtri": _ndtri,
    "polygamma": lambda n, x: m.polygamma(int(n), x),
    "psi": m.digamma,
    "rel_entr": lambda x, y: x * m.log(x / y),
    "rgamma": m.rgamma,
    "sinc": m.sincpi,
    "stdtr": _stdtr,
    "stdtrit": _stdtrit,
    "xlog1py": lambda x, y: x * m.log1p(y),
    "xlogy": lambda x, y: x * m.log(y),
    "zeta": m.zeta,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    parser.add_argument("--samples", type=int, default=400, help="arguments per function and dtype (default: 400)")
    parser.add_argument("--page", action="store_true", help="run nothing; write the page")
    arguments = parser.parse_args()
    if not arguments.page:
        result = _run(as_device(arguments.device), arguments.samples)
        _RESULTS.mkdir(exist_ok=True)
        (_RESULTS / f"{result['adapter']['kind']}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    _PAGE.write_text(page([json.loads(path.read_text()) for path in sorted(_RESULTS.glob("*.json"))]))
    return 0


def _run(device: Device, samples: int) -> dict[str, Any]:
    """Everything that is measured on one device, as it goes to JSON."""
    dtypes = [dtype for dtype in ("float32", "float64") if device.supports(BY_NAME[dtype])]
    cases = [(name, dtype) for name in sorted(SPECIAL) for dtype in dtypes]
    rows = [_measured(name, dtype, samples, device) for name, dtype in track(cases, "functions", console=Console(stderr=True))]
    adapter = device.adapter
    return {
        "adapter": {"kind": adapter.kind, "backend": adapter.backend, "description": adapter.description, "driver": adapter.driver},
        "date": datetime.now(UTC).date().isoformat(),
        "functions": rows,
    }


def _measured(name: str, dtype: str, samples: int, device: Device) -> dict[str, Any]:
    """One function of one type."""
    info = np.finfo(dtype)
    drawn = ARGUMENTS.get(name, _EVERYWHERE)[1](np.random.default_rng(2026), samples)
    arguments = [x.astype(dtype) for x in drawn]
    function = special.zeta if name == "hurwitz_zeta" else getattr(special, name)
    found = function(*(xp.asarray(x, device=device) for x in arguments)).numpy()
    largest, at, n = 0.0, (), 0
    for y, *x in zip(found.tolist(), *(x.tolist() for x in arguments), strict=True):
        true = _true(name, *x)
        size = max(abs(true), mpf(ZEROS.get(name, 0)))
        # Results at the ends of the range may be cut; of NaN and infinity the tests see to it.
        if not m.isfinite(true) or abs(true) > float(info.max) or (true != 0 and abs(true) < float(info.smallest_normal)):
            continue
        unit = mpf(2) ** (m.floor(m.log(size, 2)) - info.nmant) if size else mpf(1)
        error = float(abs(mpf(y) - true) / unit) if np.isfinite(y) else float("inf")
        n += 1
        if error > largest:
            largest, at = error, tuple(x)
    return {"function": name, "dtype": dtype, "samples": n, "largest": round(largest, 3), "at": list(at)}


@cache
def _true(name: str, *x: float) -> mpf:
    """The function at exactly these numbers, with the digits that cancel computed in addition."""
    with m.workdps(80 if name in ("kl_div", "rel_entr", "logit", "erfinv", "betaincc", "gammaincc", "hurwitz_zeta") else 40):
        try:
            return m.re(REFERENCES[name](*map(mpf, x)))
        except (ValueError, ZeroDivisionError, OverflowError):  # a pole
            return m.nan


_HEAD = """\
# Special functions

`xp.special` has functions of `scipy.special`, under the same names, computed on the device in float32 and float64 (float16 in
float32). SciPy looks for them there: with `SCIPY_ARRAY_API=1` set before it is imported, `scipy.special.erf(tensor)` is
`xp.special.erf(tensor)`, without a detour over the host. Written by `docs/make_special.py`.

Integers become the default floating type. Complex numbers are refused. Values at poles, infinities and NaN are SciPy's, but that

- limits are taken where SciPy gives NaN: of `i0`, `i1`, `kl_div`, `betaln` and `zeta` at infinity; `stdtrit` at 0 is -inf, of
  which SciPy loses the sign;
- a NaN stays one: SciPy's `betaln`, `polygamma` and `zeta` give infinity for some;
- `multigammaln` (computed from `gammaln`, as `chdtr` and `chdtrc` are from `gammainc` and `gammaincc`) is NaN outside its domain, where SciPy raises an error: that would have to wait for the device.

What SciPy looks for and does not find here, it computes on the host: {missing}. `logsumexp`, `softmax` and `log_softmax` it computes on the
device from functions of the standard.

How they are computed, and after whom, is in the libraries that `src/webgpu_array/special/functions.py` names
(`shaders/lib/error_function.wgsl`, …). Their polynomials are made by `docs/make_special_tables.py`.

## Accuracy

**Error.** The largest |found − true| in units of the last place (ulp) of the true value, found among the arguments in the table; the true
values are mpmath's, at the very arguments that the device got. Functions with a star have zeros where larger terms cancel: close to
these, units are those of {zeros}.

Known to be worse: `betainc` and `betaincc` where one of a and b is below 1/16, x is close to that end, and the result is small (the
absolute error is below a unit of 1 there); `polygamma` is infinite or NaN where n! is
beyond the range of the type.
"""


def page(results: list[dict[str, Any]]) -> str:
    """The page, from the results of every device."""
    here = set(special.__all__)
    missing = ", ".join(f"`{name}`" for name in sorted(info.name for info in _special_funcs) if name not in here)
    sizes: dict[int, list[str]] = {}
    for name, size in sorted(ZEROS.items()):
        sizes.setdefault(size, []).append(f"`{name}`")
    zeros = " and ".join(f"{size} ({', '.join(names)})" for size, names in sorted(sizes.items()))
    return "\n".join([_HEAD.format(missing=missing, zeros=zeros), *map(_section, results)])


def _section(result: dict[str, Any]) -> str:
    """One device."""
    adapter = result["adapter"]
    lines = [
        f"### {adapter['description']}",
        "",
        f"{adapter['kind'].capitalize()} adapter, {adapter['backend']}, driver {adapter['driver']}; {result['date']}.",
        "",
        "| function | | arguments | float32 | float64 |",
        "| --- | --- | --- | --- | --- |",
    ]
    errors = {(row["function"], row["dtype"]): row["largest"] for row in result["functions"]}
    for name, row in sorted(SPECIAL.items()):
        written = "zeta(x, q)" if name == "hurwitz_zeta" else name
        star = " *" if name in ZEROS else ""
        says = row.says.replace("|", "\\|")
        cells = [f"{errors[name, dtype]:.2f}" if (name, dtype) in errors else "" for dtype in ("float32", "float64")]
        lines.append(f"| `{written}`{star} | {says} | {ARGUMENTS.get(name, _EVERYWHERE)[0]} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
