"""``webgpu-array tune``: measures which kernels are the fastest here, and moves what was measured between machines."""

from __future__ import annotations

import argparse
import math
import re
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .. import dtypes
from ..gpu.device import Device
from ..tuner.desk import Desk
from ..tuner.grid import limits_for
from ..tuner.measuring import Candidate
from ..tuner.session import Session, Tally
from ..tuner.store import Cell, Store, Timing
from ..tuner.supervisor import Supervisor
from . import files, terminal
from .kernels import inverse_kernel
from .terminal import CommandError

_DTYPES = ("float32", "float64", "complex64", "complex128")


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "tune",
        help="measure which inverse kernels are the fastest on a device",
        description="Measures inverse kernels on a device, so that later calls use the fastest. What was measured is not measured again: "
        "another run goes on from there. Ctrl-C ends it with everything kept.",
    )
    parser.add_argument("--budget", type=_seconds, default=120.0, metavar="SECONDS", help="for each dtype; inf for no end (default: %(default)g)")
    parser.add_argument("--shapes", nargs="+", type=_shape, metavar="NxBATCH", help="measure these alone, such as 64x1000")
    parser.add_argument("--dtype", action="append", choices=_DTYPES, help="may be given several times (default: float32)")
    parser.add_argument("--device", help="name or kind of a device, such as vulkan:0 or software")
    parser.add_argument("--accuracy", choices=("stable", "fast"), default="stable", help="which kernels may win (default: %(default)s)")
    parser.add_argument("--kernel", action="append", help="measure this kernel alone; may be given several times")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(metavar="action")
    for name, text, call in (
        ("export", "write everything that was measured, on any device, to a file", _export),
        ("import", "take what another machine has exported", _import),
        ("freeze", "write a file for WEBGPU_ARRAY_TUNING that never changes: runs choose alike, and measure nothing", _freeze),
    ):
        action = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        action.add_argument("file", type=Path, metavar="FILE")
        action.set_defaults(run=call)


def run(arguments: argparse.Namespace) -> int:
    """Measures, with progress on stderr, and prints what won. Returns 0 when interrupted too, since everything is kept."""
    device = terminal.opened(arguments.device)
    store = Store.load()
    if store.is_frozen:
        raise CommandError(f"{store.path} is frozen: nothing is measured, nothing written; set WEBGPU_ARRAY_TUNING to another file")
    for kernel in arguments.kernel or ():
        inverse_kernel(kernel)
    console = terminal.console()
    console.print(f"tuning on {escape(terminal.adapter_line(device))}", soft_wrap=True)
    for dtype in arguments.dtype or ["float32"]:
        if not device.supports(dtypes.BY_NAME[dtype]):
            raise CommandError(f"{device.name} does not compute in {dtype}")
        interrupted = _tune(arguments, device, dtype, console)
        if interrupted:
            break
    console.print(f"kept in {escape(str(store.path))}" if store.path else "kept nowhere: WEBGPU_ARRAY_TUNING is empty", soft_wrap=True)
    return 0


def _tune(arguments: argparse.Namespace, device: Device, dtype: str, console: Console) -> bool:
    """Measures for one dtype. Returns whether it was interrupted."""
    until = None if math.isinf(arguments.budget) else time.monotonic() + arguments.budget
    progress = _Progress(dtype)
    supervisor = Supervisor(device.name, is_software=device.kind == "software", listener=progress)
    desk = Desk(device, "inverse", dtype, arguments.accuracy, arguments.kernel)
    session = Session(desk, supervisor, until, on_cell=progress.cell)
    limits = limits_for(device.kind, dtypes.BY_NAME[dtype].itemsize)
    interrupted = False
    try:
        with Live(console=Console(stderr=True), transient=True, get_renderable=progress.line, refresh_per_second=4):
            session.tune(limits, arguments.shapes)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        supervisor.close()
    console.print(_table(dtype, progress.cells))
    _say(console, session.tally, interrupted, until)
    return interrupted


def _table(dtype: str, cells: dict[Cell, Timing]) -> Table:
    table = Table("n", "batch", "fastest", "ms", title=f"{dtype}: {_cells(len(cells))}", title_justify="left")
    for (n, batch), row in sorted(cells.items()):
        table.add_row(str(n), f"{batch:,}", escape(str(Candidate(row.kernel, row.config))), f"{row.ms:.4g}")
    return table


def _cells(n: int) -> str:
    return f"{n} cell" if n == 1 else f"{n} cells"


def _say(console: Console, tally: Tally, interrupted: bool, until: float | None) -> None:
    if interrupted:
        console.print("interrupted; everything measured so far is kept, and another run goes on from there", soft_wrap=True)
    elif tally.is_complete:
        console.print("nothing is left to measure", soft_wrap=True)
    elif until is not None and time.monotonic() >= until:
        during = f" during {escape(tally.cut_short)}" if tally.cut_short else ""
        console.print(f"the budget has ended{during}; another run goes on from there", soft_wrap=True)
    console.print(f"{tally.n_rows} candidates were timed in {_cells(tally.n_cells)}", soft_wrap=True)
    if tally.n_thrown_out:
        console.print(f"{tally.n_thrown_out} impossible readings were thrown out", soft_wrap=True)
    for kernel, reason in tally.failed.items():
        console.print(f"[bold red]{escape(kernel)}[/] is not used any more: {escape(reason)}", soft_wrap=True)
    for kernel, reason in tally.inaccurate.items():
        console.print(f"[bold]{escape(kernel)}[/] cannot win, it fails the accuracy gate: {escape(reason)}", soft_wrap=True)
    for problem in dict.fromkeys(tally.problems):
        terminal.warn("tune", problem)


class _Progress:
    """What is going on, as one line: what is timed now, the best so far, how many cells are done."""

    def __init__(self, dtype: str) -> None:
        self.cells: dict[Cell, Timing] = {}
        self._dtype = dtype
        self._start = time.monotonic()
        self._doing = self._best = ""

    def doing(self, candidate: Candidate, what: str) -> None:
        self._doing = f"{candidate}: {what}"

    def best(self, candidate: Candidate, ms: float) -> None:
        self._best = f"best so far {candidate.kernel}, {ms:.3g} ms"

    def cell(self, n: int, batch: int, row: Timing) -> None:
        self.cells[n, batch] = row
        self._best = f"{n}x{batch}: {row.kernel}, {row.ms:.3g} ms"

    def line(self) -> Text:
        seconds = time.monotonic() - self._start
        return Text(f"{seconds:4.0f} s  {len(self.cells)} cells  {self._dtype}  {self._doing}  {self._best}", overflow="ellipsis", no_wrap=True)


def _export(arguments: argparse.Namespace) -> int:
    files.check_output(arguments.file, overwrite=True)
    n_rows = Store.load().export(arguments.file)
    terminal.console().print(f"{n_rows} rows are in {escape(str(arguments.file))}", soft_wrap=True)
    return 0


def _import(arguments: argparse.Namespace) -> int:
    store = Store.load()
    if store.is_frozen:
        raise CommandError(f"{store.path} is frozen; set WEBGPU_ARRAY_TUNING to another file")
    if store.path is None:
        raise CommandError("there is no file to take rows into: WEBGPU_ARRAY_TUNING is empty; set it to a path, or unset it")
    try:
        n_rows = store.import_(arguments.file)
    except ValueError as error:
        raise CommandError(terminal.one_line(error)) from error
    terminal.console().print(
        f"{n_rows} rows were taken; those of other devices and drivers only say what to measure first", soft_wrap=True
    )
    return 0


def _freeze(arguments: argparse.Namespace) -> int:
    files.check_output(arguments.file, overwrite=True)
    n_rows = Store.load().freeze(arguments.file)
    terminal.console().print(f"{n_rows} rows are frozen in {escape(str(arguments.file))}; WEBGPU_ARRAY_TUNING={escape(str(arguments.file))} uses them", soft_wrap=True)
    return 0


def _seconds(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not {text!r}")
    return value


def _shape(text: str) -> Cell:
    found = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"must be an order and a batch such as 64x1000, not {text!r}")
    return int(found[1]), int(found[2])
