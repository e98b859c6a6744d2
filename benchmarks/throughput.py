"""Large arrays beside torch on the same GPU in the same run: elementwise, sums, products, sorting.

    python benchmarks/throughput.py [--device discrete] [--scale 1.0] [--runs 7] [--json FILE] [--page]

Milliseconds per call, inputs and results on the device, several calls in a row and one wait at the
end, about 0.05 s of them after one that is not counted; the median over runs. "of copy" is the share of the rate at which torch copies an array of the
same size (bytes read and written per second), or without torch this package. Both libraries take
turns within a run, so that they meet the same clocks. With --page the result becomes
docs/throughput.md and docs/throughput.png. They show docs/throughput/discrete.json now:

    python benchmarks/throughput.py --from-json docs/throughput/discrete.json --page
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

import webgpu_array as xp
from webgpu_array.gpu.adapters import versions
from webgpu_array.gpu.device import Device, as_device

DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True)
class Case:
    """One row: our call, torch's call, and the bytes that a perfect implementation would move (0: no such bound)."""

    name: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any] | None
    nbytes: int = 0
    flops: float = 0.0


def cases(device: Device, torch: Any, scale: float) -> list[Case]:
    """What is measured, on arrays of ``scale`` times 10⁸ elements."""
    side = int(10_000 * scale**0.5)
    n = side * side
    rng = xp.random.default_rng(1)
    a, b = (rng.standard_normal((side, side), device=device) for _ in range(2))
    n_sorted = int(10_000_000 * scale)
    unsorted = rng.standard_normal((n_sorted,), device=device)
    orders = [int(order * scale**0.5) for order in (4096, 8192)]
    matrices = {order: rng.standard_normal((order, order), device=device) for order in orders}
    if torch is None:
        ta = tb = tu = None
        tm = dict.fromkeys(orders)
    else:
        ta, tb, tu = (torch.asarray(x.numpy(), device="cuda") for x in (a, b, unsorted))
        tm = {order: torch.asarray(x.numpy(), device="cuda") for order, x in matrices.items()}

    def theirs(call: Callable[[], Any]) -> Callable[[], Any] | None:
        return None if torch is None else call

    return [
        Case("copy", lambda: xp.asarray(a, copy=True), theirs(lambda: ta.clone()), 8 * n),
        Case("a + b", lambda: a + b, theirs(lambda: ta + tb), 12 * n),
        Case("exp(a)", lambda: xp.exp(a), theirs(lambda: torch.exp(ta)), 8 * n),
        Case("sum of all", lambda: xp.sum(a), theirs(lambda: torch.sum(ta)), 4 * n),
        Case("sum along axis 0", lambda: xp.sum(a, axis=0), theirs(lambda: torch.sum(ta, dim=0)), 4 * n),
        Case("sum along axis 1", lambda: xp.sum(a, axis=1), theirs(lambda: torch.sum(ta, dim=1)), 4 * n),
        *(
            Case(
                f"matmul {order}",
                lambda x=matrices[order]: x @ x,
                theirs(lambda x=tm[order]: x @ x),
                flops=2.0 * order**3,
            )
            for order in orders
        ),
        Case(f"sort of {n_sorted:,}", lambda: xp.sort(unsorted), theirs(lambda: torch.sort(tu))),
    ]


def measured(call: Callable[[], Any], wait: Callable[[], Any], seconds: float) -> float:
    """Milliseconds per call, of as many calls in a row as take about ``seconds``."""
    call()
    wait()
    start = time.perf_counter()
    call()
    wait()
    repeats = max(1, min(100, int(seconds / (time.perf_counter() - start))))
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    wait()
    return 1e3 * (time.perf_counter() - start) / repeats


def compare(device: Device, torch: Any, scale: float, runs: int) -> list[dict[str, Any]]:
    """A row per case."""
    rows = []
    copy_rate = 0.0
    for case in cases(device, torch, scale):
        ours, theirs = [], []
        for _ in range(runs):
            if case.theirs is not None:
                theirs.append(measured(case.theirs, torch.cuda.synchronize, 0.05))
            ours.append(measured(case.ours, device.synchronize, 0.05))
        row: dict[str, Any] = {"case": case.name, "ours_ms": median(ours)}
        if theirs:
            row["torch_ms"] = median(theirs)
            row["torch_over_ours"] = median(theirs) / median(ours)
        if case.nbytes:
            copy_rate = copy_rate or case.nbytes / row.get("torch_ms", row["ours_ms"])
            row["of_copy"] = case.nbytes / median(ours) / copy_rate
        if case.flops:
            row["tflops"] = case.flops / median(ours) / 1e9
        rows.append(row)
    return rows


def as_table(rows: list[dict[str, Any]], title: str) -> Table:
    """The rows for the terminal."""
    table = Table(title=title)
    for column in ("", "ours, ms", "torch, ms", "torch / ours", "of copy", "TFLOP/s"):
        table.add_column(column, justify="left" if not column else "right")
    for row in rows:
        table.add_row(*cells(row))
    return table


def cells(row: dict[str, Any]) -> list[str]:
    def number(key: str, form: str) -> str:
        return format(row[key], form) if key in row else ""

    return [
        row["case"],
        number("ours_ms", ".3f"),
        number("torch_ms", ".3f"),
        number("torch_over_ours", ".2f"),
        number("of_copy", ".0%"),
        number("tflops", ".1f"),
    ]


def write_page(result: dict[str, Any]) -> None:
    """docs/throughput.md, docs/throughput.png."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    rows = result["rows"]
    lines = [
        "# Throughput",
        "",
        "Written by `python benchmarks/throughput.py --page`, which tells how it measures. Milliseconds per call;",
        "\"of copy\" is the share of the rate at which torch copies an array of the same size.",
        "",
        f"- device: {result['device']}; {result['versions']}; {result['date']}",
        f"- arrays of {result['scale']:g} × 10⁸ float32 elements (10,000 rows), sorted {result['scale']:g} × 10⁷",
        f"- median of {result['runs']} runs" + (f". {result['note']}." if "note" in result else ""),
        "",
        "| | ours, ms | torch, ms | torch / ours | of copy | TFLOP/s |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(cells(row))} |" for row in rows),
        "",
        "![Time of torch over ours, per case](throughput.png)",
    ]
    page = DOCS / "throughput.tmp"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page.replace(DOCS / "throughput.md")
    compared = [row for row in rows if "torch_over_ours" in row]
    figure, axes = plt.subplots(figsize=(7, 0.4 * len(compared) + 1), layout="constrained")
    axes.barh([row["case"] for row in compared], [row["torch_over_ours"] for row in compared], color="#4c72b0")
    axes.axvline(1.0, color="black", linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel("time of torch / time of webgpu-array (right of the line: faster than torch)")
    figure.savefig(DOCS / "throughput.png", dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 takes 2 GB of device memory, and as much for torch")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--from-json", type=Path, help="measure nothing, take the result of an earlier --json")
    parser.add_argument("--page", action="store_true", help="write docs/throughput.md and its picture")
    asked = parser.parse_args()
    if asked.from_json:
        result = json.loads(asked.from_json.read_text(encoding="utf-8"))
    else:
        device = as_device(asked.device)
        try:
            import torch
        except ImportError:
            torch = None
        if torch is not None and not torch.cuda.is_available():
            torch = None
        if torch is not None:
            torch.backends.cuda.matmul.allow_tf32 = False
        told = {**versions(), **({"torch": torch.__version__} if torch is not None else {})}
        result = {
            "device": f"{device.name}, {device.adapter.description} ({device.kind})",
            "versions": ", ".join(f"{name} {number}" for name, number in told.items()),
            "date": date.today().isoformat(),
            "scale": asked.scale,
            "runs": asked.runs,
            "rows": compare(device, torch, asked.scale, asked.runs),
        }
    Console().print(as_table(result["rows"], result["device"]))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2), encoding="utf-8")
    if asked.page:
        write_page(result)


if __name__ == "__main__":
    main()
