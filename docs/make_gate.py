"""Runs the accuracy gate for every inverse kernel on a device, and writes docs/gate.md.

    python docs/make_gate.py                       this machine's default device, then the page
    python docs/make_gate.py --device software     another device
    python docs/make_gate.py --json-out r.json     the result only, to be taken elsewhere
    python docs/make_gate.py --merge r.json        the page with results from elsewhere

Results are kept in docs/gate/<kind of adapter>.json; the page holds all of them. Exit status 1
when a kernel failed.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import webgpu_array
from webgpu_array.gpu.adapters import versions
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.testing import Report
from webgpu_array.testing.families import CROWD_SIZES, CROWDS, FAMILIES, SIZES
from webgpu_array.testing.on_device import check_kernels, inverse_kernels

_HERE = Path(__file__).parent
_PAGE = _HERE / "gate.md"
_RESULTS = _HERE / "gate"
_MOST_LISTED = 20

_HEAD = """\
# The accuracy gate

Every kernel that inverts matrices, built in or from a plugin, has to pass the same gate on every
device: `webgpu_array.testing.check_kernel("name")`. This page says what the gate asks and what came
out. It is written by `docs/make_gate.py`; the numbers are in `docs/gate/*.json`.

## What is checked

A is the matrix that the device got, so it is already rounded to float32 or float64. X is what the
kernel returned, n the order, u the unit roundoff (2⁻²⁴ or 2⁻⁵³), norms are 1-norms (largest column
sum), κ₁ = ‖A‖ ‖A⁻¹‖.

1. **Left residual.** ‖I − XA‖ / (n ‖A‖ ‖X‖ u) stays below 30: the ratio and the bound of LAPACK's own
   test program (`sget03`). Values above 3 are no failure, but they are listed: none of the methods
   here should come near the bound.
2. **Forward error.** ‖X − A⁻¹‖ / (‖A⁻¹‖ n u κ₁) stays below 1: no more digits are lost than the
   matrix's condition explains. A⁻¹ is computed in float64 for float32 matrices, and to twice float64's
   length by Newton's iteration with exact residuals for float64 ones.
3. **Right residual.** ‖I − AX‖ / (n ‖A‖ ‖X‖ u) is at most 30, or at most ten times the larger of what
   LAPACK's `getri` and `gesv` leave for that very matrix in the same precision. A stable method for
   inverses makes one of the two residuals small, not both: asking for both without regard to the matrix
   would fail LAPACK as well.
4. **What is reported.** `info` is 0, or the step of the first zero pivot, counted from 1; that matrix
   is NaN throughout and its rcond 0, and its neighbours in the batch are right. A matrix with NaN or Inf
   becomes NaN throughout, with info 0 and rcond NaN. rcond is within ten times the true 1/κ₁.
5. **Bits.** The batch a second time, and a matrix on its own, give the same bits.

Where n u κ₁ > 1 rounding A alone can change every digit of its inverse. There the forward error says
nothing, and X has to be finite, or flagged: by a zero pivot, or by an rcond below n u. An rcond that
small is itself a rounding error, so both sides of the comparison in 4 are raised to n u first: the gate
asks that such a matrix is recognised, not how singular it seems. Matrices that are singular in exact
arithmetic, but whose last pivot may come out as a rounding error instead of zero (a duplicated row),
pass when either is reported. Subnormal matrices pass when inverted, and also when the device flushes them
to zero and says so.

Sources: LAPACK, `TESTING/LIN/sget03.f`; N. J. Higham, *Accuracy and Stability of Numerical Algorithms*,
2nd edition, chapter 14 (inversion; 14.4 for Gauss-Jordan elimination), chapter 28 (the test matrices).
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    parser.add_argument("--json-out", type=Path, metavar="PATH", help="write the result here, and no page")
    parser.add_argument("--merge", type=Path, nargs="+", metavar="PATH", help="run nothing; add these results to the page")
    arguments = parser.parse_args()
    results = [json.loads(path.read_text()) for path in arguments.merge] if arguments.merge else [_run(arguments.device)]
    if arguments.json_out:
        arguments.json_out.write_text(_json(results[0]))
    else:
        _RESULTS.mkdir(exist_ok=True)
        for result in results:
            (_RESULTS / f"{result['adapter']['kind']}.json").write_text(_json(result))
        _PAGE.write_text(_page([json.loads(path.read_text()) for path in sorted(_RESULTS.glob("*.json"))]))
    return int(any(report["failures"] for result in results for report in result["reports"]))


def _run(name: str | None) -> dict[str, Any]:
    """The whole gate on one device, as it goes to JSON."""
    device = as_device(name)
    reports = check_kernels(inverse_kernels(), device, progress=lambda text: print(text, file=sys.stderr, flush=True))
    return {
        "adapter": _adapter(device),
        "versions": {
            "webgpu-array": webgpu_array.__version__,
            **versions(),
            "Python": platform.python_version(),
            "NumPy": np.__version__,
        },
        "date": datetime.now(UTC).date().isoformat(),
        "reports": [_as_json(kernel, dtype, report) for (kernel, dtype), report in reports.items()],
    }


def _adapter(device: Device) -> dict[str, str]:
    adapter = device.adapter
    return {
        "kind": adapter.kind,
        "backend": adapter.backend,
        "description": adapter.description,
        "driver": adapter.driver,
    }


def _as_json(kernel: str, dtype: str, report: Report) -> dict[str, Any]:
    """A report with lists cut to a readable length; their full length is kept beside them."""
    values = {"kernel": kernel, "dtype": dtype, **asdict(report)}
    for name in ("failures", "alarms"):
        values[f"n_{name}"] = len(values[name])
        values[name] = values[name][:_MOST_LISTED]
    return values


def _json(result: dict[str, Any]) -> str:
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def _page(results: list[dict[str, Any]]) -> str:
    return "\n".join([_HEAD, _families(), *map(_section, results)])


def _families() -> str:
    """The matrices, from the families themselves."""
    rows = []
    for family in FAMILIES:
        orders = " ".join(map(str, family.sizes)) if family.sizes else f"from {family.smallest}"
        rows.append(f"| {family.name} | {orders} | {family.expect.value} |\n")
    return f"""\
## The matrices

{len(FAMILIES)} families. All those of an order form one batch, so that singular and non-finite matrices are neighbours of regular
ones. Orders: {", ".join(map(str, SIZES))}. Batches of {", ".join(f"{n:,}" for n in CROWDS)} different matrices
for the orders {", ".join(map(str, CROWD_SIZES))}.

| family | order | what must become of it |
| --- | --- | --- |
""" + "".join(rows)


def _section(result: dict[str, Any]) -> str:
    """One adapter's results."""
    adapter = result["adapter"]
    stated = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    rows = [_row(report) for report in result["reports"]]
    listed = [line for report in result["reports"] for line in _listed(report)]
    return "\n".join(
        [
            f"## {adapter['description']}",
            "",
            f"{adapter['kind'].capitalize()} adapter, {adapter['backend']}, driver {adapter['driver']}; {stated}; "
            f"{result['date']}.",
            "",
            "| kernel | dtype | matrices | left residual (< 30) | forward error (< 1) | right residual (bound) | alarms | failures |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            *(listed or ["No left residual is above 3, and nothing failed."]),
            "",
        ]
    )


def _row(report: dict[str, Any]) -> str:
    left, forward, right = (report[name] for name in ("left", "forward", "right"))
    cells = [
        report["kernel"],
        report["dtype"],
        f"{report['n_matrices']:,}",
        _figure(left),
        _figure(forward),
        _figure(right) + (f", bound {right['bound']:.3g}" if right else ""),
        f"{report['n_alarms']:,}",
        f"{report['n_failures']:,}",
    ]
    return f"| {' | '.join(cells)} |"


def _figure(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "–"
    # Cut, not rounded: 0.9996 is below 1 and must not read as 1.
    ratio = math.floor(figure["ratio"] * 1000) / 1000 if math.isfinite(figure["ratio"]) else figure["ratio"]
    return f"{ratio:g} ({figure['family']}, n = {figure['n']})"


def _listed(report: dict[str, Any]) -> list[str]:
    lines = []
    for name in ("failures", "alarms"):
        found = [f"- {report['kernel']}: {sentence}" for sentence in report[name]]
        more = report[f"n_{name}"] - len(found)
        lines += [*found, f"- {report['kernel']}, {report['dtype']}: {more:,} more {name}"] if more else found
    return lines


if __name__ == "__main__":
    sys.exit(main())
