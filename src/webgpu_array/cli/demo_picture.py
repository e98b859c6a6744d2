"""Draws the demo's study as a PNG."""

from __future__ import annotations

import datetime
import textwrap
from typing import Any, BinaryIO

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .. import __version__
from . import terminal
from .demo_study import Contest, Study

_OURS, _SINGLE, _DOUBLE = "#c1440e", "#7a9cc6", "#33557f"
_CLASSES = (("^", "#33557f"), ("s", "#2e8b57"), ("v", "#8a5fa8"))
_INK = "#222222"


def draw(study: Study, file: BinaryIO) -> None:
    """Writes a PNG of five panels: two matrices, the intervals, times, residuals."""
    figure = Figure(figsize=(17, 12.5), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    figure.get_layout_engine().set(rect=(0, 0.035, 1, 0.925), w_pad=0.12, h_pad=0.12)  # type: ignore[union-attr,call-arg]
    figure.suptitle("Inverse covariances of real data: which features are related, given all the others",
                    fontsize=18, fontweight="bold", color=_INK, y=0.985)  # fmt: skip
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.15, 1))  # type: ignore[misc]
    left, right = top.subplots(1, 2, width_ratios=(1, 1.15))
    _wine_matrix(left, study)
    _intervals(right, study)
    large, times, residuals = bottom.subplots(1, 3, width_ratios=(1, 1.2, 1.2))
    _large_matrix(large, study)
    _bars(times, study, "Median time of one call (ms)", lambda contest, name: contest.entries[name].seconds * 1e3)
    _bars(residuals, study, "Largest ‖I − XA‖₁", lambda contest, name: contest.entries[name].residual)
    figure.text(0.5, 0.012, _footer(study), ha="center", fontsize=10, color="#555555")
    canvas.print_png(file)  # type: ignore[no-untyped-call]


def _wine_matrix(axes: Any, study: Study) -> None:
    names = [textwrap.fill(name, 18) for name in study.wine_names]
    partial = study.wine_partial.copy()
    np.fill_diagonal(partial, np.nan)
    limit = np.nanmax(np.abs(partial))
    image = axes.imshow(partial, cmap="RdBu_r", vmin=-limit, vmax=limit)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    for (i, j), value in np.ndenumerate(partial):
        if abs(value) >= 0.2:
            color = "white" if abs(value) > 0.65 * limit else _INK
            axes.text(j, i, f"{value:.2f}".replace("0.", "."), ha="center", va="center", fontsize=8, color=color)
    axes.set_title("Wine: partial correlations (numbers from ±0.2 on)", fontsize=12)
    axes.figure.colorbar(image, ax=axes, shrink=0.8, label="partial correlation")


def _intervals(axes: Any, study: Study) -> None:
    pairs = study.wine_pairs[::-1]
    places = np.arange(len(pairs))
    estimate = np.array([pair.estimate for pair in pairs])
    low, high = (np.array([getattr(pair, end) for pair in pairs]) for end in ("low", "high"))
    axes.axvline(0, color="#999999", linewidth=1)
    axes.hlines(places, low, high, color=_OURS, linewidth=3, alpha=0.55, label="95 % bootstrap interval")
    axes.plot(estimate, places, "o", color=_OURS, markersize=8, label="all wines")
    for k, (name, (marker, color)) in enumerate(zip(study.class_names, _CLASSES, strict=True)):
        by_class = [pair.by_class[k] for pair in pairs]
        axes.plot(by_class, places, marker, color=color, markersize=6, markerfacecolor="none", label=name)
    axes.set_yticks(places, [f"{pair.first} — {pair.second}" for pair in pairs], fontsize=9)
    axes.set_ylim(-0.7, len(pairs) - 0.3)
    axes.set_xlabel("partial correlation")
    axes.set_title(f"Wine: strongest pairs, {study.n_bootstraps:,} bootstrap samples, and by class", fontsize=12)
    axes.grid(axis="x", color="#dddddd", linewidth=0.7)
    axes.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.4, -0.11), ncols=5, frameon=False)
    _open(axes)


def _large_matrix(axes: Any, study: Study) -> None:
    magnitudes = np.log10(np.maximum(np.abs(study.large_precision), np.finfo(np.float32).tiny))
    low = np.quantile(magnitudes, 0.25)
    image = axes.imshow(magnitudes, cmap="magma_r", vmin=low, interpolation="antialiased")
    n, k = len(magnitudes), study.large_n_original
    for line in (axes.axhline, axes.axvline):
        line(k - 0.5, color=_DOUBLE, linewidth=0.8)
    axes.set_xticks([k / 2, (k + n) / 2], [f"{k}\nfeatures", f"{n - k} products of two"], fontsize=9)
    axes.set_yticks([k / 2, (k + n) / 2], [f"{k}", f"{n - k} products"], fontsize=9)
    axes.tick_params(length=0)
    axes.set_title(f"Breast cancer: precision matrix P, {n} × {n}", fontsize=12)
    axes.figure.colorbar(image, ax=axes, shrink=0.8, extend="min", label="log₁₀ |P|")


def _bars(axes: Any, study: Study, title: str, value_of: Any) -> None:
    """Grouped bars on a logarithmic axis: one group per task, one bar per way to invert."""
    contests = (study.large, study.batch)
    width = 0.26
    for k, (name, color) in enumerate(zip(study.large.entries, (_OURS, _SINGLE, _DOUBLE), strict=True)):
        values = [value_of(contest, name) for contest in contests]
        places = np.arange(len(contests)) + (k - 1) * (width + 0.02)
        bars = axes.bar(places, values, width, color=color, label=name)
        axes.bar_label(bars, [f"{value:.2g}" if value < 100 else f"{value:.0f}" for value in values], padding=2, fontsize=9)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_ylim(low / 2, high * (high / low) ** 0.24)  # room for the legend
    axes.set_xticks(range(len(contests)), [_task(contest) for contest in contests], fontsize=9)
    axes.tick_params(axis="x", length=0)
    axes.set_title(title, fontsize=12)
    axes.grid(axis="y", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.legend(fontsize=9, loc="upper center", ncols=1)
    _open(axes)


def _task(contest: Contest) -> str:
    kernel = "\n".join(textwrap.wrap(f"kernel {contest.kernel}", 30))
    compiling = f"compiled once in {terminal.time_text(contest.compile_seconds)}"
    return f"{contest.title}\n{' × '.join(map(str, contest.shape))}\n{kernel}\n{compiling}"


def _open(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _footer(study: Study) -> str:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return f"webgpu-array {__version__} on {terminal.adapter_line(study.device)}, driver {study.device.adapter.driver}  ·  {today}"
