"""Draws what was measured: a map of the fastest kernels over n x batch, and times along both through one point.

All of it comes from the cells that are handed in; nothing is measured. Needs Matplotlib.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from .survey import Cell, Scene

# Okabe and Ito's colours, which colour-blind readers tell apart, without black (which is the floor) and yellow (which fades on
# white); then two of Tol's. A kernel has a marker too, so that a picture reads without colours.
_COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#882255", "#999933")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_INK, _PALE, _NOWHERE = "#222222", "#666666", "#efefef"

# A map's pixels along n and along batch, and how wide its stripes are.
_PIXELS = (360, 252)
_STRIPE = 3
# A lead below this is a tie: striped. The choice itself asks for less.
_TIE = 1.05
# Up to so many cells of a map, each has the marker of its winner, and its lead in words.
_MANY_CELLS, _FEW_CELLS = 500, 120
# The least factors that a map spans in n and in batch, and the most that the floor extends a panel of times downwards.
_LEAST_SPAN = (12.0, 200.0)
_MOST_BELOW = 30.0
_DASHES = (0, (5, 2))
_ROUNDING = 1e-4

# Of every kernel its colour and its marker.
Looks = Mapping[str, tuple[str, str]]


def draw(scene: Scene, cells: Sequence[Cell], file: BinaryIO) -> None:
    """Writes a PNG of three panels: the map of winners, times over n, times over batch."""
    figure = Figure(figsize=(16, 9.6), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    figure.get_layout_engine().set(rect=(0, 0, 1, 0.88), w_pad=0.12, h_pad=0.1)  # type: ignore[union-attr,call-arg]
    figure.text(0.012, 0.985, scene.title, fontsize=17, fontweight="bold", color=_INK, va="top")
    lines = "\n".join(textwrap.shorten(line, 190) for line in (scene.choice, scene.origin, f"floor: {scene.floor_text}"))
    figure.text(0.012, 0.948, lines, fontsize=10.5, color=_INK, va="top", linespacing=1.45)
    looks = _looks(scene, cells)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.12, 1))
    has_nowhere, has_ties = _map(figure.add_subplot(grid[:, 0]), scene, cells, looks)
    _over_n(figure.add_subplot(grid[0, 1]), scene, cells, looks)
    _over_batch(figure.add_subplot(grid[1, 1]), scene, cells, looks)
    _legend(figure, scene, cells, looks, has_nowhere, has_ties)
    canvas.print_png(file)  # type: ignore[no-untyped-call]


def _looks(scene: Scene, cells: Sequence[Cell]) -> dict[str, tuple[str, str]]:
    """Colour and marker of every kernel that occurs, in the order of the scene. Where colours run out, markers shift."""
    there = {kernel for cell in cells for kernel in cell.times}
    looks = {}
    for i, kernel in enumerate(kernel for kernel in scene.kernels if kernel in there):
        shift = i // len(_COLORS)
        looks[kernel] = _COLORS[i % len(_COLORS)], _MARKERS[(i + 3 * shift) % len(_MARKERS)]
    return looks


def _legend(figure: Figure, scene: Scene, cells: Sequence[Cell], looks: Looks, has_nowhere: bool, has_ties: bool) -> None:
    """Of all three panels."""
    won = Counter(cell.winner for cell in cells)
    handles: list[Any] = [
        Line2D([], [], color=color, marker=marker, markersize=8, linewidth=2, label=f"{kernel} ({won[kernel]:,})")
        for kernel, (color, marker) in looks.items()
    ]
    handles.append(Line2D([], [], color="black", linewidth=1.6, linestyle=_DASHES, label="floor"))
    handles.append(Line2D([], [], color=_INK, marker="o", markersize=10, markerfacecolor="none", linestyle="none", label=f"asked for: {scene.n:,} x {scene.batch:,}"))
    if has_ties:
        handles.append(Patch(facecolor="#bbbbbb", edgecolor="white", hatch="////", label=f"leads by less than {round(100 * (_TIE - 1))} %"))
    if has_nowhere:
        handles.append(Patch(facecolor=_NOWHERE, edgecolor="#bbbbbb", label="no cell near: the default"))
    figure.legend(handles=handles, title="kernel (cells that it wins)", fontsize=9.5, title_fontsize=9.5, ncols=5,
                  loc="outside lower left", frameon=False, alignment="left", columnspacing=1.6)  # fmt: skip


def _map(axes: Any, scene: Scene, cells: Sequence[Cell], looks: Looks) -> tuple[bool, bool]:
    """Every point in the colour of the winner of its nearest cell. Whether some have none near, and whether some are ties."""
    n = _range([cell.n for cell in cells], scene.n, 2**0.5, _LEAST_SPAN[0])
    batch = _range([cell.batch for cell in cells], scene.batch, 8**0.5, _LEAST_SPAN[1])
    axes.set_facecolor(_NOWHERE)
    # Pixels are of one size on logarithmic axes, which imshow does not know: the axes count in logarithms.
    extent = (*np.log2(n), *np.log10(batch))
    nearest = _nearest(cells, extent, scene.reach)
    colors = np.array([*(to_rgb(looks[cell.winner][0]) for cell in cells), to_rgb(_NOWHERE)])
    is_tie = np.array([*(cell.lead < _TIE for cell in cells), False])[nearest]
    image = colors[nearest]
    height, width = nearest.shape
    stripes = (np.arange(width) + np.arange(height)[:, None]) // _STRIPE % 3 == 0
    image[stripes & is_tie] = 0.45 * image[stripes & is_tie] + 0.55
    axes.imshow(image, extent=extent, origin="lower", aspect="auto", interpolation="nearest")
    _mark_cells(axes, cells, looks)
    for color, width_of_line in (("white", 4.5), (_INK, 1.8)):
        axes.plot(math.log2(scene.n), math.log10(scene.batch), "o", markersize=18, markerfacecolor="none",
                  markeredgecolor=color, markeredgewidth=width_of_line, zorder=5)  # fmt: skip
    _ticks(axes.xaxis, n, 2, math.log2)
    _ticks(axes.yaxis, batch, 10, math.log10)
    axes.set_xlabel("order n")
    axes.set_ylabel("batch")
    count = "one measured cell" if len(cells) == 1 else f"{len(cells):,} measured cells"
    by = ", and how many times as fast as the next" if len(cells) <= _FEW_CELLS else ""
    axes.set_title(f"Fastest kernel{by} ({count})", fontsize=12, loc="left")
    return bool((nearest == -1).any()), bool(is_tie.any())


def _nearest(cells: Sequence[Cell], extent: tuple[float, ...], reach: tuple[float, float]) -> Any:
    """The index of the cell that decides at a map's pixel (batch, n), the lowest batch first; -1 where none is near."""
    width, height = _PIXELS
    # In units of the reach.
    unit_n, unit_batch = math.log2(reach[0]), math.log10(reach[1])
    at_n = np.array([math.log2(cell.n) / unit_n for cell in cells], np.float32)
    at_batch = np.array([math.log10(cell.batch) / unit_batch for cell in cells], np.float32)
    across = (np.linspace(extent[0], extent[1], width) / unit_n).astype(np.float32)
    from_n = np.abs(across[:, None] - at_n)
    from_n[from_n > 1 + _ROUNDING] = np.inf
    from_n **= 2
    nearest = np.empty((height, width), np.int64)
    for i, y in enumerate(np.linspace(extent[2], extent[3], height) / unit_batch):
        # Only cells that are near in batch: of thousands, the distances of all pixels would take gigabytes.
        near = np.flatnonzero(np.abs(y - at_batch) <= 1 + _ROUNDING)
        if not len(near):
            nearest[i] = -1
            continue
        distance = from_n[:, near] + (y - at_batch[near]).astype(np.float32) ** 2
        best = distance.argmin(axis=1)
        nearest[i] = np.where(np.isfinite(distance[np.arange(width), best]), near[best], -1)
    return nearest


def _mark_cells(axes: Any, cells: Sequence[Cell], looks: Looks) -> None:
    """Where it was measured: markers of the winners, of few cells their leads as well, of very many only dots."""
    for kernel, (color, marker) in looks.items():
        won = [cell for cell in cells if cell.winner == kernel]
        x, y = [math.log2(cell.n) for cell in won], [math.log10(cell.batch) for cell in won]
        if len(cells) > _MANY_CELLS:
            axes.plot(x, y, ".", color=_INK, markersize=1.2, alpha=0.4, zorder=3)
        else:
            size = 7 if len(cells) <= _FEW_CELLS else 5
            axes.plot(x, y, marker, color=color, markersize=size, markeredgecolor="white", markeredgewidth=0.9, linestyle="none", zorder=3)
    if len(cells) > _FEW_CELLS:
        return
    for cell in cells:
        text = "alone" if math.isinf(cell.lead) else f"{cell.lead:.2f}" if cell.lead < 9.995 else f"{cell.lead:,.0f}"
        label = axes.annotate(text, (math.log2(cell.n), math.log10(cell.batch)), (0, 7), textcoords="offset points",
                              ha="center", fontsize=8, color=_INK, zorder=7)  # fmt: skip
        label.set_path_effects([Stroke(linewidth=2.2, foreground="white", alpha=0.75), Normal()])


def _over_n(axes: Any, scene: Scene, cells: Sequence[Cell], looks: Looks) -> None:
    batch = _line([(cell.batch, cell.n) for cell in cells], scene.batch)
    line = sorted((cell for cell in cells if cell.batch == batch), key=lambda cell: cell.n)
    _curves(axes, scene, line, looks, lambda cell: cell.n, lambda n: scene.floor(n, batch))
    axes.set_xlabel("order n")
    nearest = "" if batch == scene.batch else f", the measured one nearest to {scene.batch:,}"
    axes.set_title(f"Time of a call, batch {batch:,}{nearest}", fontsize=12, loc="left")
    _log_ticks(axes.xaxis, 2)
    _mark_asked(axes, scene.n)


def _over_batch(axes: Any, scene: Scene, cells: Sequence[Cell], looks: Looks) -> None:
    n = _line([(cell.n, cell.batch) for cell in cells], scene.n)
    line = sorted((cell for cell in cells if cell.n == n), key=lambda cell: cell.batch)
    _curves(axes, scene, line, looks, lambda cell: cell.batch, lambda batch: scene.floor(n, batch))
    axes.set_xlabel("batch")
    nearest = "" if n == scene.n else f", the measured one nearest to {scene.n:,}"
    axes.set_title(f"Time of a call, order {n:,}{nearest}", fontsize=12, loc="left")
    _log_ticks(axes.xaxis, 10)
    _mark_asked(axes, scene.batch)


def _line(places: Sequence[tuple[int, int]], asked: int) -> int:
    """The measured row or column to draw: of those near the one that is asked for, one that has several cells."""
    n_cells = Counter(line for line, _ in set(places))

    def cost(line: int) -> float:
        return abs(math.log2(line / asked)) + (4.0 if n_cells[line] == 1 else 2.0 if n_cells[line] == 2 else 0.0)

    return min(n_cells, key=lambda line: (cost(line), line))


def _curves(
    axes: Any,
    scene: Scene,
    line: Sequence[Cell],
    looks: Looks,
    place: Callable[[Cell], int],
    floor: Callable[[int], float],
) -> None:
    """One curve per kernel with its range from run to run, and the floor."""
    for kernel, (color, marker) in looks.items():
        there = [cell for cell in line if kernel in cell.times]
        if not there:
            continue
        x, times = [place(cell) for cell in there], [cell.times[kernel] for cell in there]
        axes.fill_between(x, [time.low for time in times], [time.high for time in times], color=color, alpha=0.2, linewidth=0)
        size, edge = (6.0, 0.6) if len(line) <= 40 else (2.5, 0.0)  # Edges of many markers would cut the line up.
        axes.plot(x, [time.ms for time in times], color=color, marker=marker, markersize=size, linewidth=1.6,
                  markeredgecolor="white", markeredgewidth=edge)  # fmt: skip
    places = [place(cell) for cell in line]
    low, high = min(places), max(places)
    x = sorted({round(low * (high / low) ** (i / 60)) for i in range(61)})
    least = [floor(value) for value in x]
    axes.plot(x, least, color="black", linewidth=1.6, linestyle=_DASHES)
    if low == high:
        axes.plot(x, least, "_", color="black", markersize=24, markeredgewidth=1.8)
    lows, highs = zip(*((time.low, time.high) for cell in line for time in cell.times.values()), strict=True)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*_range(places, low, 2**0.25, 4))
    axes.set_ylim(max(min(least), min(lows) / _MOST_BELOW) / 1.5, max(highs) * 1.7)
    axes.set_ylabel("ms, device + host")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(color="#dddddd", linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)


def _mark_asked(axes: Any, asked: int) -> None:
    low, high = axes.get_xlim()
    if low <= asked <= high:
        axes.axvline(asked, color=_PALE, linewidth=1, linestyle=":", zorder=0)


def _range(values: Sequence[int], asked: int, margin: float, least: float) -> tuple[float, float]:
    """Limits around all that is shown: ``margin`` beyond, and ``least`` apart."""
    low, high = min([*values, asked]) / margin, max([*values, asked]) * margin
    widen = max(1.0, math.sqrt(least * low / high))
    return low / widen, high * widen


def _ticks(axis: Any, limits: tuple[float, float], base: int, log: Callable[[float], float]) -> None:
    """Ticks at powers of ``base`` on an axis that counts in logarithms."""
    powers = _powers(limits, base)
    axis.set_major_locator(FixedLocator([log(power) for power in powers]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(base**value)))


def _log_ticks(axis: Any, base: int) -> None:
    axis.set_major_locator(FixedLocator(_powers(axis.get_view_interval(), base)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    axis.set_minor_locator(NullLocator())


def _powers(limits: Any, base: int) -> list[float]:
    low, high = (math.log(limit, base) for limit in limits)
    return [float(base**power) for power in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)]


def _number(value: float) -> str:
    return f"{round(value):,}"
