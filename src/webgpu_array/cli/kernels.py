"""``webgpu-array kernels``: what may compute what, which shaders it runs, and whether it computes rightly."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from .. import dtypes
from ..gpu.device import Device, as_device
from ..kernels.protocol import Kernel
from ..plans.linalg import Inverse
from ..plugins import registry
from ..tuner.explain import explain
from ..tuner.explanation import CHOSEN, MEASURED, Explanation, check_matplotlib
from ..tuner.settings import ACCURACIES, tuning
from . import files, terminal
from .terminal import CommandError

if TYPE_CHECKING:
    from ..testing.gate import Report

# Failures that are printed of each dtype, unless all are asked for.
_MOST_FAILURES = 20


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("kernels", help="list the registered kernels, check one, print its shaders, explain a choice")
    parser.set_defaults(run=run_list)
    actions = parser.add_subparsers(metavar="action")
    listing = actions.add_parser("list", help="list the registered kernels; so does `kernels` alone")
    listing.set_defaults(run=run_list)
    _add_explain(actions)
    _add_check(actions)
    _add_wgsl(actions)


def _add_explain(actions: Any) -> None:
    parser = actions.add_parser(
        "explain",
        help="say which kernel inverts matrices of a shape, and why",
        description="Says which kernel inverts matrices of a shape, and why: every candidate with its times, and what keeps it from "
        "being used. From what was measured earlier (`webgpu-array tune`); nothing is measured now.",
    )
    parser.add_argument("--n", type=_positive, required=True, help="order of the matrices")
    parser.add_argument("--batch", type=_positive, default=1, help="how many there are (default: %(default)s)")
    parser.add_argument("--kernel", help="what is to be said if this one is named")
    parser.add_argument("--accuracy", choices=ACCURACIES, default="stable", help="what winners must fulfil (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw what was measured, as a PNG; replaces the file if it exists")
    _add_dtype(parser)
    _add_device(parser)
    parser.set_defaults(run=run_explain)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _add_check(actions: Any) -> None:
    parser = actions.add_parser(
        "check",
        help="run the accuracy gate for one kernel",
        description="Runs the accuracy gate for an inverse kernel, with every order and dtype that it can do: minutes. Status 1 when it fails.",
    )
    parser.add_argument("name", metavar="NAME", help="of an inverse kernel, see `webgpu-array kernels`")
    parser.add_argument("--all", action="store_true", help=f"print every failure, not the first {_MOST_FAILURES} of each dtype")
    _add_device(parser)
    parser.set_defaults(run=run_check)


def _add_wgsl(actions: Any) -> None:
    parser = actions.add_parser("wgsl", help="print the shaders of an inverse kernel, every loop written out as it is compiled")
    parser.add_argument("name", metavar="NAME", help="of an inverse kernel, see `webgpu-array kernels`")
    parser.add_argument("--shape", default="8x1000", metavar="NxBATCH", help="of the matrices (default: %(default)s)")
    _add_dtype(parser)
    _add_device(parser)
    parser.set_defaults(run=run_wgsl)


def _add_dtype(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dtype", default="float32", choices=["float32", "float64", "complex64", "complex128"])


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")


def run_list(arguments: argparse.Namespace) -> int:
    """Prints the registry in its order: within an operation, the preferred kernel first."""
    table = Table("operation", "kernel", "version", "from")
    registered = registry()
    by_operation = sorted(registered.kernels.values(), key=lambda kernel: kernel.operation)
    for kernel in by_operation:
        table.add_row(kernel.operation, kernel.name, str(kernel.version), registered.owner(kernel.name))
    terminal.console().print(table)
    return 0


def run_wgsl(arguments: argparse.Namespace) -> int:
    """Prints each shader once, in the order in which they run."""
    shape = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", arguments.shape)
    if shape is None:
        raise CommandError(f"--shape must be an order and a batch such as 8x1000, not {arguments.shape!r}")
    device = as_device(arguments.device)
    plan = Inverse(dtypes.BY_NAME[arguments.dtype], int(shape[1]), int(shape[2]))
    try:
        kernel = registry().named(arguments.name, plan, device)
    except ValueError as error:
        raise CommandError(str(error)) from error
    config = kernel.configs(plan, device)[0]
    for code in dict.fromkeys(launch.shader.code for launch in kernel.launches(plan, device, config).launches):
        print(f"// {kernel.name} {dict(config)}\n{code}")
    return 0


def run_explain(arguments: argparse.Namespace) -> int:
    """Prints the explanation, and draws it where asked to."""
    if arguments.picture is not None:
        try:
            check_matplotlib()
        except ImportError as error:
            raise CommandError(str(error)) from error
        files.check_output(arguments.picture, overwrite=True)
    dtype, device = dtypes.BY_NAME[arguments.dtype], as_device(arguments.device)
    if not device.supports(dtype):
        raise CommandError(f"{device.name} does not compute in {dtype.name}; pass another --dtype or --device")
    try:
        with tuning("stored", accuracy=arguments.accuracy):
            found = explain(Inverse(dtype, arguments.n, arguments.batch), device, arguments.kernel)
    except ValueError as error:  # An unknown kernel.
        raise CommandError(str(error)) from error
    if arguments.json:
        print(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        _print_explanation(found)
    if arguments.picture is not None:
        try:
            with files.written_in_full(arguments.picture) as file:
                found.draw(file)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if not arguments.json:
            terminal.console().print(f"picture: {escape(str(arguments.picture))}", soft_wrap=True)
    return 0


def _print_explanation(found: Explanation) -> None:
    console = terminal.console()
    console.print(escape(found.headline), style="bold", soft_wrap=True)
    console.print(escape(found.choice), soft_wrap=True)
    numbers = [Column(head, justify="right", no_wrap=True) for head in ("ms", "times\nthe best")]
    table = Table(Column("kernel", min_width=20, overflow="fold"), *numbers, Column("gate", no_wrap=True), Column("what became of it", overflow="fold"), box=SIMPLE_HEAD)
    for row, candidate in zip(found.rows(), found.candidates, strict=True):
        kernel, config, ms, spread, times, gate, status, why = map(escape, row)
        style = {CHOSEN: "bold green", MEASURED: ""}.get(candidate.status, "dim")
        table.add_row(f"{kernel}\n{config}".strip(), f"{ms}\n{spread}".strip(), times, gate, f"{status}: {why}" if why else status, style=style)
    console.print(table)
    for note in found.notes:
        console.print(escape(note), soft_wrap=True)


def run_check(arguments: argparse.Namespace) -> int:
    """Runs the gate, prints a row per dtype and what failed. Returns 1 where anything did."""
    # Only now: it needs NumPy, and SciPy where there is one.
    from ..testing.on_device import check_kernels

    kernel = inverse_kernel(arguments.name)
    device = terminal.opened(arguments.device)
    console = terminal.console()
    console.print(f"gate for {kernel.name} (version {kernel.version}, from {registry().owner(kernel.name)}) on {escape(terminal.adapter_line(device))}", soft_wrap=True)
    with _progress() as progress:
        task = progress.add_task("", total=_count_batches(kernel, device))

        def advance(text: str) -> None:
            progress.update(task, advance=1, description=text.partition(", ")[2])

        found = check_kernels([kernel.name], device, advance)
    reports = {dtype: report for (_, dtype), report in found.items()}
    if not reports:
        raise CommandError(f"{kernel.name} can invert none of the gate's matrices on {device.name}")
    console.print(_reports(reports))
    for dtype, report in reports.items():
        shown = report.failures if arguments.all else report.failures[:_MOST_FAILURES]
        if shown:
            console.print(f"\n[bold]{dtype}[/], what it means:")
            for reason in report.why():
                console.print(f"  {escape(reason)}", soft_wrap=True)
            console.print(f"\n[bold]{dtype}[/], what failed:")
        for failure in shown:
            console.print(f"  {escape(failure)}", soft_wrap=True)
        if len(shown) < len(report.failures):
            console.print(f"  and {len(report.failures) - len(shown):,} more; --all prints them")
    return int(any(report.failures for report in reports.values()))


def inverse_kernel(name: str) -> Kernel:
    """The kernel of that name. Raises CommandError with the names that there are."""
    inverters = {k.name: k for k in registry().kernels.values() if k.operation == Inverse.operation}
    if name not in inverters:
        raise CommandError(f"there is no inverse kernel called {name!r}; there are: {', '.join(inverters)}")
    return inverters[name]


def _count_batches(kernel: Kernel, device: Device) -> int:
    """How many batches of the gate the kernel takes, without making them."""
    from ..testing.families import CROWD_SIZES, CROWDS, FAMILIES, SIZES

    shapes = [(n, len(FAMILIES)) for n in SIZES] + [(n, batch) for n in CROWD_SIZES for batch in CROWDS]
    plans = [Inverse(dtype, n, batch) for dtype in (dtypes.float32, dtypes.float64) if device.supports(dtype) for n, batch in shapes]
    return sum(kernel.why_not(plan, device) is None for plan in plans)


def _progress() -> Progress:
    """On stderr, and gone when it is done."""
    columns = (BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _reports(reports: Mapping[str, Report]) -> Table:
    """A section per dtype: the worst ratio of every kind with its matrix, alarms, the verdict."""
    table = Table("dtype", "what", "worst", "bound", "of matrix")
    for dtype, report in reports.items():
        figures = {"left residual": report.left, "forward error": report.forward, "right residual": report.right}
        for what, figure in figures.items():
            if figure is None:
                table.add_row(dtype, what, "", "", "none was judged")
            else:
                table.add_row(dtype, what, f"{figure.ratio:.4g}", f"{figure.bound:.4g}", escape(f"{figure.family}, n = {figure.n}"))
            dtype = ""
        failed = f"[bold red]{len(report.failures):,} failures[/]" if report.failures else "[green]passed[/]"
        alarms = f", {len(report.alarms):,} alarms" if report.alarms else ""
        table.add_row("", f"{failed}{alarms}", "", "", f"{report.n_matrices:,} matrices in all", end_section=True)
    return table
