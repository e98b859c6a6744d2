"""``webgpu-array demo``: what inverses of covariances tell about real data, computed on a device."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import files, terminal

if TYPE_CHECKING:
    from .demo_study import Contest, Pair, Study

_NEEDED = {"sklearn": "scikit-learn", "matplotlib": "matplotlib"}


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="study two real data sets through inverse covariances",
        description="Inverts covariances of data that comes with scikit-learn, prints a table, draws a picture.",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("webgpu-array-demo.png"),
        help="picture to write, replacing it if it exists (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--device", help="name or kind of a device, such as vulkan:0 or software")
    parser.add_argument("--bootstraps", type=_count, default=2000, help="resamples of the wines (default: %(default)s)")
    parser.add_argument("--seed", type=_seed, default=0, help="seed of the resampling (default: %(default)s)")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 40:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 40, which an interval needs")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Computes, prints and draws. Raises CommandError where an extra is missing."""
    missing = [name for module, name in _NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise terminal.CommandError(f"needs {' and '.join(missing)}; install with: pip install 'webgpu-array[demo]'")
    # Only now: these need the extra.
    from .demo_picture import draw
    from .demo_study import make_study

    files.check_output(arguments.output, overwrite=True)
    device = terminal.opened(arguments.device)
    console = terminal.console()
    console.print(f"computing on {terminal.adapter_line(device)}", style=_loudness(device.kind), soft_wrap=True)
    study = make_study(device, arguments.bootstraps, arguments.seed)
    _print(console, study)
    with files.written_in_full(arguments.output) as file:
        draw(study, file)
    console.print(f"picture: {escape(str(arguments.output))}", soft_wrap=True)
    return 0


def _loudness(kind: str) -> str:
    return "bold yellow" if kind == "software" else "bold"


def _print(console: Console, study: Study) -> None:
    console.print()
    for contest in (study.large, study.batch):
        console.print(f"[bold]{contest.title}[/]: {contest.says}", soft_wrap=True)
    console.print()
    console.print(_contests([study.large, study.batch]))
    console.print(_wine_pairs(study))
    console.print(_large_pairs(study.large_pairs))


def _contests(contests: list[Contest]) -> Table:
    """One column per task: how it was inverted, how long it took, how right it is."""
    table = Table("", *(contest.title for contest in contests), title="Inversion", title_justify="left")
    table.add_row("shape", *(" x ".join(map(str, contest.shape)) for contest in contests))
    table.add_row("kernel", *(contest.kernel for contest in contests))
    table.add_row("smallest rcond", *(f"{contest.rcond:.2g}" for contest in contests), end_section=True)
    table.add_row("compiling, once", *(terminal.time_text(contest.compile_seconds) for contest in contests))
    for name in contests[0].entries:
        times = (terminal.time_text(contest.entries[name].seconds) for contest in contests)
        table.add_row(f"time, {name}", *times, end_section=name == list(contests[0].entries)[-1])
    for name in contests[0].entries:
        table.add_row(f"‖I − XA‖₁, {name}", *(f"{contest.entries[name].residual:.2g}" for contest in contests))
    table.add_row("largest error of a\npartial correlation", *(f"{contest.error:.1g}" for contest in contests))
    table.caption = "times: median of repeated calls, data in place, waiting for the result; errors against NumPy float64"
    return table


def _wine_pairs(study: Study) -> Table:
    classes = study.class_names
    table = Table("wine features", "P", "partial\ncorrelation", "95 %\ninterval", *classes, title_justify="left")
    table.title = (
        "Strongest pairs, given all other features: entry of the precision matrix P, partial correlation\n"
        f"of all wines with its interval from {study.n_bootstraps:,} bootstrap samples, and of each class"
    )
    for pair in study.wine_pairs:
        interval = f"{pair.low:+.2f} … {pair.high:+.2f}"
        table.add_row(_names(pair), f"{pair.precision:+.2f}", f"{pair.estimate:+.2f}", interval, *(f"{value:+.2f}" for value in pair.by_class))
    return table


def _large_pairs(pairs: tuple[Pair, ...]) -> Table:
    table = Table("breast cancer features", "P", "partial\ncorrelation")
    for pair in pairs:
        table.add_row(_names(pair), f"{pair.precision:+.2f}", f"{pair.estimate:+.2f}")
    return table


def _names(pair: Pair) -> str:
    return f"{pair.first} — {pair.second}"
