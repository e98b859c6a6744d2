"""Measures the error of every elementary function on a device, and writes docs/accuracy.md and accuracy.png.

    python docs/make_accuracy.py                       this machine's default device, then the page
    python docs/make_accuracy.py --device software     another device
    python docs/make_accuracy.py --samples 1000000     so many arguments per function and dtype
    python docs/make_accuracy.py --json-out r.json     the result only, to be taken elsewhere
    python docs/make_accuracy.py --merge r.json        the page with results from elsewhere

Results are kept in docs/accuracy/<kind of adapter>.json; the page holds all of them.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

import webgpu_array as xp
from webgpu_array.dtypes import BY_NAME, is_kind
from webgpu_array.gpu.adapters import versions
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.ops.elementwise import TABLE

_HERE = Path(__file__).parent
_PAGE = _HERE / "accuracy.md"
_PICTURE = _HERE / "accuracy.png"
_RESULTS = _HERE / "accuracy"

Array = np.ndarray[Any, Any]

# The widest type of the host: an 80-bit long double on x86, which has eleven digits more than float64.
WIDE = np.longdouble
_WIDE_DIGITS = np.finfo(WIDE).nmant
_PARTS = {"float32": np.float32, "float64": np.float64, "complex64": np.float32, "complex128": np.float64}
# Fewer digits than these in hand, and the reference's own error would be seen.
_MARGIN = 8
# An error that a subnormal result may have before it counts as wrong.
_ALLOWED = 4
# Beyond it the error of a complex power, which grows with it, is not that of a carefully made function.
_LARGEST_EXPONENT = {"float32": 1024, "float64": 128}
# So many leading bits of its argument lost, and a result of logaddexp counts as a difference.
_CANCELLED_BITS = 4
_SUMMED = 10_000_000

_HEAD = """\
# Accuracy

The error of every function of the standard's elementwise chapter that returns numbers, measured on a
device through the public functions. The page and the picture are written by `docs/make_accuracy.py`; the
numbers are in `docs/accuracy/*.json`.

![Largest error of each function](accuracy.png)

## How it is measured

**Arguments.** A third are bit patterns of the whole type, taken at a fixed odd distance: both signs, and every
exponent alike. A third have exponents from −16 to 16, where most functions change most. The rest are
neighbours of places where something happens: powers of two, multiples of π/2 and of ln 2, and where the
exponential functions overflow. Pairs of arguments are drawn from these independently; and some are nearly
equal, or small integers, or chosen so that x1 to the power of x2 visits every exponent. Only finite
arguments are taken: NaN, infinities and signed zeros are the business of the tests.

**Reference.** NumPy in the host's `long double`, at the very arguments that the device got.

**Error.** |found − true| / u, where u is the distance of the floating-point numbers around the true value: one
unit in the last place (ulp). A correctly rounded function stays at or below 0.5. Results beyond the largest number count as if the
exponent went on. For complex functions the error is |found − true| as complex numbers, over the unit of
|true|: each result as a whole is that close, a small part of it next to a large one may be less so.
`logaddexp` is zero along a curve, and close to it the difference of nearly equal numbers: where its value is below a
sixteenth of the larger argument, units are those of that argument.

**Not nearest** is the share of results (the number, where they are few) that are not the floating-point number nearest to the true value. Correct
rounding is 0. Not counted for complex functions.

**Wrong** counts results that are NaN, infinite or zero where the true value is not, or the reverse,
and zeros of the wrong sign.

**Subnormal numbers.** The standard lets a device treat them as zeros. Where an argument or the true
result is subnormal, a result is counted as *flushed* if it is what these zeros give, as *kept* if it is within
4 units of the true value, and as wrong otherwise; none enters the largest error. In complex functions
these arguments are left out, with results that are so small that a part of them may be subnormal, or so
large that one may overflow. Powers x1^x2 lose digits as |x2 log x1| grows, as those of the reference do: they are
counted where it is below 1024 in complex64, and 128 in complex128.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    parser.add_argument("--samples", type=int, help="arguments per function and dtype (200000 in software, else 1000000)")
    parser.add_argument("--json-out", type=Path, metavar="PATH", help="write the result here, and no page")
    parser.add_argument("--merge", type=Path, nargs="*", metavar="PATH", help="run nothing; add these results to the page")
    arguments = parser.parse_args()
    if arguments.merge is None:
        results = [_run(as_device(arguments.device), arguments.samples)]
    else:
        results = [json.loads(path.read_text()) for path in arguments.merge]
    if arguments.json_out:
        arguments.json_out.write_text(_json(results[0]))
        return 0
    _RESULTS.mkdir(exist_ok=True)
    for result in results:
        (_RESULTS / f"{result['adapter']['kind']}.json").write_text(_json(result))
    kept = [json.loads(path.read_text()) for path in sorted(_RESULTS.glob("*.json"))]
    _PAGE.write_text(page(kept))
    _draw(kept)
    return 0


def _json(result: dict[str, Any]) -> str:
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


# Measuring


def _run(device: Device, samples: int | None) -> dict[str, Any]:
    """Everything that is measured on one device, as it goes to JSON."""
    samples = samples or (200_000 if device.adapter.kind == "software" else 1_000_000)
    cases = [
        (name, dtype)
        for dtype in _PARTS
        for name, row in sorted(TABLE.items())
        if row.arity < 3 and row.out != "bool" and is_kind(BY_NAME[dtype], row.kind) and _measurable(dtype, device)
    ]
    progress = Console(stderr=True)
    rows = [_measured(name, dtype, samples, device) for name, dtype in track(cases, "functions", console=progress)]
    summed = [dtype for dtype in ("float32", "float64") if device.supports(BY_NAME[dtype])]
    sums = [
        {"dtype": dtype, "values": says, **_sum_errors(draw, dtype, device)}
        for dtype in summed
        for says, draw in track(_DISTRIBUTIONS.items(), f"sums of {dtype}", console=progress)
    ]
    adapter = device.adapter
    return {
        "adapter": {
            "kind": adapter.kind,
            "backend": adapter.backend,
            "description": adapter.description,
            "driver": adapter.driver,
        },
        "versions": {
            "webgpu-array": xp.__version__,
            **versions(),
            "Python": platform.python_version(),
            "NumPy": np.__version__,
        },
        "date": datetime.now(UTC).date().isoformat(),
        "reference_digits": int(_WIDE_DIGITS) + 1,
        "functions": rows,
        "sums": sums,
    }


def _measurable(dtype: str, device: Device) -> bool:
    """Whether the device has the type, and the host a wider one."""
    return device.supports(BY_NAME[dtype]) and np.finfo(_PARTS[dtype]).nmant + _MARGIN <= _WIDE_DIGITS


def _measured(name: str, dtype: str, samples: int, device: Device) -> dict[str, Any]:
    """One function of one type."""
    rng = np.random.default_rng(2025)
    arity = TABLE[name].arity
    part = np.dtype(_PARTS[dtype])
    is_complex = BY_NAME[dtype].is_complex
    if arity == 1 and not is_complex:
        arguments = [_places(part, samples, rng)]
    elif not is_complex:
        arguments = list(_pairs(part, samples, rng))
    else:
        arguments = [_complex(part, samples, rng) for _ in range(arity)]
    found = getattr(xp, name)(*(xp.asarray(x, device=device) for x in arguments)).numpy()
    judge = _judge_complex if is_complex else _judge_real
    return {"function": name, "dtype": dtype, "samples": len(found), **judge(name, arguments, found, part)}


def _places(part: np.dtype[Any], samples: int, rng: np.random.Generator) -> Array:
    """Finite arguments of a function of one variable: about ``samples`` of a real type."""
    word = np.dtype(f"u{part.itemsize}")
    third = samples // 3
    distance = (2 ** (8 * part.itemsize) // third) | 1
    everywhere = (np.arange(third, dtype=np.uint64) * np.uint64(distance)).astype(word).view(part)
    usual = np.ldexp(1 + rng.random(third), rng.integers(-16, 16, third)) * rng.choice([-1, 1], third)
    steps = np.arange(1, 400, dtype=WIDE)
    overflows = np.array([87.336, 88.722, 103.972, 708.396, 709.782, 745.133])
    points = np.concatenate([2.0 ** np.arange(-40, 41), steps * np.pi / 2, steps * np.log(2) / 2, overflows]).astype(part)
    near = np.concatenate([points, -points])
    near = np.resize(near, third).view(word) + rng.integers(-8, 9, third).astype(word)
    x = np.concatenate([everywhere, usual.astype(part), near.view(part)])
    return x[np.isfinite(x)]


def _pairs(part: np.dtype[Any], samples: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Finite arguments of a function of two variables."""
    quarter = samples // 4
    first = rng.permutation(_places(part, 2 * quarter, rng))
    second = rng.permutation(_places(part, 2 * quarter, rng))[: len(first)]
    first = first[: len(second)]
    word = np.dtype(f"u{part.itemsize}")
    alike = rng.permutation(first)[: quarter // 2]
    neighbours = (alike.view(word) + rng.integers(-64, 65, len(alike)).astype(word)).view(part)
    whole = rng.integers(-999, 1000, (2, quarter // 2)).astype(part)
    base = np.ldexp(1 + rng.random(quarter), rng.integers(-9, 9, quarter)).astype(part)
    with np.errstate(divide="ignore"):
        power = (rng.uniform(np.finfo(part).minexp, np.finfo(part).maxexp, quarter) / np.log2(base)).astype(part)
    x1 = np.concatenate([first, alike, whole[0], base])
    x2 = np.concatenate([second, neighbours, whole[1], power])
    finite = np.isfinite(x1) & np.isfinite(x2)
    return x1[finite], x2[finite]


def _complex(part: np.dtype[Any], samples: int, rng: np.random.Generator) -> Array:
    """Complex arguments without subnormal parts."""
    parts = [_normal_only(rng.permutation(_places(part, samples + samples // 16, rng)))[:samples] for _ in range(2)]
    length = min(map(len, parts))
    z = np.empty(length, np.result_type(part, np.complex64))
    z.real, z.imag = (values[:length] for values in parts)
    return z


def _normal_only(x: Array) -> Array:
    return x[~_is_subnormal(x, x.dtype)]


def _is_subnormal(x: Array, part: np.dtype[Any]) -> Array:
    return (x != 0) & (np.abs(x) < np.finfo(part).smallest_normal)


def _judge_real(name: str, arguments: list[Array], found: Array, part: np.dtype[Any]) -> dict[str, Any]:
    """What is found, beside what is true."""
    true = _true(name, arguments)
    # Functions that IEEE 754 rounds correctly are compared with the host's in the same type: the reference,
    # rounded twice, would miss the nearest number at ties. For others a tie cannot be told that closely.
    rounded_once = name in _ROUNDED_BY_HOSTS
    tie = 0 if rounded_once else 0.5 + 2.0 ** (np.finfo(part).nmant - _WIDE_DIGITS)
    with np.errstate(all="ignore"):
        nearest = np.asarray(getattr(np, name)(*arguments)) if rounded_once else true.astype(part)
    tiny = _is_subnormal(true, part) | np.logical_or.reduce([_is_subnormal(x, part) for x in arguments])
    error = _units(found, true, part, _size(name, arguments, true))
    differs = (np.isnan(found) != np.isnan(true)) | (~tiny & ((found == 0) != (nearest == 0)))
    differs |= (found == 0) & (nearest == 0) & (np.signbit(found) != np.signbit(nearest)) & ~tiny
    counted = ~tiny & ~differs & ~np.isnan(true)
    worst = int(np.argmax(np.where(counted, error, -1)))
    flushed, wrong = _subnormal(name, arguments, found, error, tiny, part)
    return {
        "largest": _figure(error[worst]),
        "at": [np.format_float_scientific(x[worst], trim="-") for x in arguments],
        "not_nearest": int(np.sum(counted & (found != nearest) & (error > tie))),
        "wrong": int(np.sum(differs & ~tiny)),
        "subnormal": {"samples": int(np.sum(tiny)), "flushed": flushed, "wrong": wrong},
    }


def _subnormal(
    name: str, arguments: list[Array], found: Array, error: Array, tiny: Array, part: np.dtype[Any]
) -> tuple[int, int]:
    """How many results with subnormal numbers are those of zeros in their place, and how many are wrong."""
    seen = [x[tiny] for x in arguments]
    found = found[tiny]
    kept = (error[tiny] <= _ALLOWED) | (np.isnan(found) & np.isnan(_true(name, seen)))
    zeros = _true(name, [np.where(_is_subnormal(x, part), np.copysign(part.type(0), x), x) for x in seen])
    as_zeros = (_units(found, zeros, part) <= _ALLOWED) | (np.isnan(found) & np.isnan(zeros))
    flushed = ~kept & (as_zeros | (found == 0) & _is_subnormal(_true(name, seen), part))
    return int(np.sum(flushed)), int(np.sum(~kept & ~flushed))


def _size(name: str, arguments: list[Array], true: Array) -> Array:
    """The numbers in whose last place errors are counted: the true values, unless they are what cancellation left."""
    if name != "logaddexp":
        return true
    larger = np.maximum(*arguments).astype(WIDE)
    return np.where(np.abs(true) < np.ldexp(np.abs(larger), -_CANCELLED_BITS), larger, true)


def _units(found: Array, true: Array, part: np.dtype[Any], size: Array | None = None) -> Array:
    """Errors in units of the last place of the type, of numbers that are brought to just beyond its largest one."""
    info = np.finfo(part)
    beyond = np.ldexp(WIDE(1), info.maxexp)
    inside = np.clip(true, -beyond, beyond)
    exponent = np.frexp(inside if size is None else np.clip(size, -beyond, beyond))[1] - 1
    unit = np.ldexp(WIDE(1), np.clip(exponent, info.minexp, info.maxexp - 1) - info.nmant)
    with np.errstate(invalid="ignore"):
        return np.abs(np.clip(found.astype(WIDE), -beyond, beyond) - inside) / unit


def _judge_complex(name: str, arguments: list[Array], found: Array, part: np.dtype[Any]) -> dict[str, Any]:
    """What is found, beside what is true, as complex numbers."""
    info = np.finfo(part)
    true = _true(name, arguments)
    with np.errstate(all="ignore"):
        size = np.abs(true)
        usual = (size > WIDE(info.smallest_normal) / info.eps) & (size < WIDE(info.max) / 4)
        if name == "pow":
            # Its error is that of the logarithm, times the argument of exp: that of the reference as well.
            usual &= np.abs(arguments[1] * np.log(arguments[0].astype(true.dtype))) < _LARGEST_EXPONENT[part.name]
        unit = np.ldexp(WIDE(1), np.frexp(np.where(usual, size, 1))[1] - 1 - info.nmant)
        error = np.abs(found.astype(true.dtype) - true) / unit
    wrong = usual & ~np.isfinite(error)
    worst = int(np.argmax(np.where(usual & ~wrong, error, -1)))
    return {
        "largest": _figure(error[worst]),
        "at": [_written(x[worst]) for x in arguments],
        "left_out": int(np.sum(~usual)),
        "wrong": int(np.sum(wrong)),
    }


def _written(z: Any) -> str:
    real, imag = (np.format_float_scientific(part, trim="-") for part in (z.real, z.imag))
    return f"{real}{'' if imag.startswith('-') else '+'}{imag}j"


def _figure(error: Any) -> float:
    return round(float(error), 4)


def _true(name: str, arguments: list[Array]) -> Array:
    """The function in the host's widest type."""
    if name == "nextafter":  # The one function whose value depends on the type.
        return np.nextafter(*arguments).astype(WIDE)
    is_complex = np.iscomplexobj(arguments[0])
    wide = [x.astype(np.clongdouble if is_complex else WIDE) for x in arguments]
    function = (_COMPLEX_REFERENCES if is_complex else _REFERENCES).get(name) or getattr(np, name)
    with np.errstate(all="ignore"):
        return np.asarray(function(*wide))


def _floor_divide(x1: Array, x2: Array) -> Array:
    """Exact below 2⁶², and to the wide type's last digit above."""
    quotient = (x1 - np.remainder(x1, x2)) / x2
    return np.where(x2 == 0, x1 / x2, np.copysign(np.rint(quotient), x1 * np.sign(x2)))


def _logaddexp(x1: Array, x2: Array) -> Array:
    """With decimals where the sum of the exponentials is so close to 1 that its logarithm loses digits."""
    true = np.logaddexp(x1, x2)
    with localcontext(prec=60):
        larger = np.maximum(x1, x2)
        for i in np.flatnonzero((larger < 0) & (np.abs(true) < np.ldexp(-larger, -_CANCELLED_BITS))):
            total = Decimal(float(x1[i])).exp() + Decimal(float(x2[i])).exp()
            true[i] = WIDE(str(total.ln()))
    return true


def _expm1(z: Array) -> Array:
    """NumPy's loses digits where z is small."""
    x, y = z.real, z.imag
    return np.expm1(x) * np.cos(y) - 2 * np.sin(y / 2) ** 2 + 1j * (np.exp(x) * np.sin(y))


def _log1p(z: Array) -> Array:
    """NumPy's loses digits where z is small."""
    x, y = z.real, z.imag
    near = np.abs(z) < 1
    small = np.log1p(np.where(near, x * (2 + x) + y * y, 0)) / 2
    return np.where(near, small, np.log(np.abs(1 + z))) + 1j * np.arctan2(y, 1 + x)


_REFERENCES: dict[str, Callable[..., Array]] = {
    "floor_divide": _floor_divide,
    "logaddexp": _logaddexp,
    "round": np.rint,
}
_ROUNDED_BY_HOSTS = ("add", "divide", "multiply", "reciprocal", "sqrt", "square", "subtract")
_COMPLEX_REFERENCES: dict[str, Callable[..., Array]] = {
    "expm1": _expm1,
    "log1p": _log1p,
    "round": np.rint,
}


# Sums

_DISTRIBUTIONS: dict[str, Callable[[np.random.Generator], Array]] = {
    "all 0.1": lambda rng: np.full(_SUMMED, 0.1),
    "uniform from 0 to 1": lambda rng: rng.random(_SUMMED),
    "normal, mean 0": lambda rng: rng.standard_normal(_SUMMED),
    "normal, mean 1000": lambda rng: rng.standard_normal(_SUMMED) + 1000,
    "lognormal, σ = 4": lambda rng: rng.lognormal(0, 4, _SUMMED),
    "1, 1/2, 1/3, …": lambda rng: 1 / np.arange(1, _SUMMED + 1),
    "1 and -1 in turn, and 1e-4 at the end": lambda rng: np.append(np.resize([1.0, -1.0], _SUMMED - 2), [1e-4, 0]),
}


def _sum_errors(draw: Callable[[np.random.Generator], Array], dtype: str, device: Device) -> dict[str, float]:
    """The error of one sum, relative to the sum, and to the sum of the magnitudes."""
    x = draw(np.random.default_rng(7)).astype(dtype)
    true = math.fsum(x.tolist())
    error = abs(float(xp.sum(xp.asarray(x, device=device))) - true)
    return {"relative": error / abs(true), "to_magnitudes": error / math.fsum(np.abs(x).tolist())}


# The page


def page(results: list[dict[str, Any]]) -> str:
    """The page, from the results of every device."""
    return "\n".join([_HEAD, *map(_section, results)])


def _section(result: dict[str, Any]) -> str:
    """One device."""
    adapter = result["adapter"]
    stated = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    rows = result["functions"]
    dtypes = list(dict.fromkeys(row["dtype"] for row in rows))
    lines = [
        f"## {adapter['description']}",
        "",
        f"{adapter['kind'].capitalize()} adapter, {adapter['backend']}, driver {adapter['driver']}; {stated}; "
        f"reference with {result['reference_digits']} binary digits; {result['date']}.",
        "",
    ]
    for dtype in dtypes:
        lines += _table(dtype, [row for row in rows if row["dtype"] == dtype])
    return "\n".join([*lines, *_sum_table(result["sums"])])


def _table(dtype: str, rows: list[dict[str, Any]]) -> list[str]:
    """The functions of one type, the least accurate first, and in a sentence those that are exact."""
    inexact = sorted((row for row in rows if not _is_exact(row)), key=lambda row: -row["largest"])
    exact = [f"`{row['function']}`" for row in rows if _is_exact(row)]
    lines = [f"### {dtype}", ""]
    if BY_NAME[dtype].is_complex:
        lines += ["| function | arguments | largest error, ulp | at | wrong |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| {' | '.join([*_cells(row), _count(row['wrong'])])} |" for row in inexact]
    else:
        lines += [
            "| function | arguments | largest error, ulp | at | not nearest | wrong | subnormal: seen, flushed, wrong |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        lines += [f"| {' | '.join([*_cells(row), *_counts(row)])} |" for row in inexact]
    if exact:
        lines += ["", f"Without any error: {', '.join(exact)}."]
    return [*lines, ""]


def _is_exact(row: dict[str, Any]) -> bool:
    subnormal = row.get("subnormal", {})
    return not (row["largest"] or row["wrong"] or subnormal.get("wrong"))


def _cells(row: dict[str, Any]) -> list[str]:
    return [f"`{row['function']}`", f"{row['samples'] - row.get('left_out', 0):,}", f"{row['largest']:.3g}", ", ".join(row["at"])]


def _counts(row: dict[str, Any]) -> list[str]:
    subnormal = row["subnormal"]
    share = row["not_nearest"] / row["samples"]
    return [
        f"{share:.2%}" if share >= 1e-4 else str(row["not_nearest"]),
        _count(row["wrong"]),
        ", ".join(_count(subnormal[name]) for name in ("samples", "flushed", "wrong")),
    ]


def _count(n: int) -> str:
    return f"{n:,}"


def _sum_table(sums: list[dict[str, Any]]) -> list[str]:
    """The sums of one device."""
    rows = [
        f"| {row['dtype']} | {row['values']} | {row['relative']:.1e} | {row['to_magnitudes']:.1e} |" for row in sums
    ]
    return [
        f"### Sums of {_SUMMED:,} values",
        "",
        "Against `math.fsum`, which rounds once, of the same numbers.",
        "",
        "| dtype | values | error over the sum | error over the sum of the magnitudes |",
        "| --- | --- | --- | --- |",
        *rows,
        "",
    ]


def _draw(results: list[dict[str, Any]]) -> None:
    """The largest errors of real functions as bars, one colour per device."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(11, 10), layout="constrained")
    for panel, dtype in zip(panels, ("float32", "float64"), strict=True):
        errors = [
            (result["adapter"]["description"], {row["function"]: row["largest"] for row in result["functions"] if row["dtype"] == dtype})
            for result in results
        ]
        names = sorted({name for _, of in errors for name, error in of.items() if error}, reverse=True)
        thickness = 0.8 / len(results)
        for i, (device, of) in enumerate(errors):
            places = [y + (len(results) / 2 - i - 0.5) * thickness for y in range(len(names))]
            panel.barh(places, [of.get(name, 0) for name in names], thickness, label=device)
        panel.axvline(0.5, color="grey", linewidth=0.8, linestyle=":")
        panel.set_yticks(range(len(names)), names, fontsize=8)
        panel.set_title(dtype)
        panel.set_xlabel("largest error in units in the last place (0.5: correctly rounded)")
        panel.margins(y=0.01)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(results))
    figure.savefig(_PICTURE, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    sys.exit(main())
