"""How ``estimators.py`` tells what it measured: on the terminal, in docs/estimators.md, and in pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from measure import HOT
from rich.table import Table
from rich.text import Text
from telling import as_json, header, markdown_table, ms, where

DOCS = Path(__file__).resolve().parents[1] / "docs"
KEPT = DOCS / "estimators"

# Times of torch's on the same card: what is aimed at, and what no job may exceed.
AIM, MUST = 1.5, 4.0
# Of the largest element of an array, in float32; and of all labels.
TOLERANCE = 1e-3

_COLOURS = {"ours": "#c44e52", "torch": "#4c72b0", "numpy": "#8c8c8c"}
_LEFT = {"job"}


def judged(row: dict[str, Any]) -> dict[str, Any]:
    """What follows from a row's figures, and what of it holds."""
    if "ours_ms" not in row:
        return row
    row = dict(row)
    for name in ("torch", "numpy"):
        if f"{name}_ms" in row:
            row[f"over_{name}"] = row["ours_ms"] / row[f"{name}_ms"]
    if "over_torch" in row and row["data"] == "synthetic":
        row["aim_holds"], row["must_holds"] = row["over_torch"] <= AIM, row["over_torch"] <= MUST
    if row.get("ours_difference") is not None:
        row["agrees"] = row["ours_difference"] <= TOLERANCE
    return row


def columns(rows: list[dict[str, Any]]) -> list[tuple[str, Callable[[dict[str, Any]], str]]]:
    """Heading, and cell of a row. Columns that no row fills are left out."""

    def number(key: str, form: Callable[[Any], str] = ms) -> Callable[[dict[str, Any]], str]:
        return lambda row: "" if row.get(key) is None else form(row[key])

    def ratio(key: str, holds: str = "") -> Callable[[dict[str, Any]], str]:
        def cell(row: dict[str, Any]) -> str:
            if key not in row:
                return ""
            text = f"{row[key]:.2g}" if row[key] < 100 else f"{row[key]:.0f}"
            return f"**{text}**" if row.get(holds) is False else text

        return cell

    def tiny(key: str, holds: str = "") -> Callable[[dict[str, Any]], str]:
        def cell(row: dict[str, Any]) -> str:
            if f"{key}_difference" not in row:
                return ""
            value = row[f"{key}_difference"]
            text = "NaN" if value is None else f"{value:.1e}" if value else "0"
            return f"**{text}**" if row.get(holds) is False else text

        return cell

    every: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("job", lambda row: row["job"]),
        ("rows", number("rows", "{:,}".format)),
        ("ours", number("ours_ms")),
        ("torch", number("torch_ms")),
        ("numpy", number("numpy_ms")),
        ("ours / torch", ratio("over_torch", "must_holds")),
        ("ours / numpy", ratio("over_numpy")),
        ("device", number("ours_device_ms")),
        ("first call, s: ours", number("ours_first_s", "{:.2f}".format)),
        ("torch ", number("torch_first_s", "{:.2f}".format)),
        ("reads", number("reads", str)),
        ("uploads", number("uploads", str)),
        ("MB: ours", number("ours_held_mb", "{:,.0f}".format)),
        ("torch  ", number("torch_held_mb", "{:,.0f}".format)),
        ("difference: ours", tiny("ours", "agrees")),
        ("torch   ", tiny("torch")),
        ("numpy ", tiny("numpy")),
    ]
    return [(head, cell) for head, cell in every if any(cell(row) for row in rows)]


def as_table(result: dict[str, Any]) -> Table:
    """The result for the terminal."""
    rows = [judged(row) for row in result["rows"]]
    table = Table(title=f"{where(result)}; {result['data_rows']:,} rows; ms", title_justify="left")
    shown = columns(rows)
    for head, _ in shown:
        table.add_column(head.strip(), justify="left" if head in _LEFT else "right")
    for row in rows:
        cells = [cell(row) for _, cell in shown]
        table.add_row(*(Text(text.strip("*"), style="red" if "**" in text else "") for text in cells))
    return table


def verdicts(result: dict[str, Any]) -> list[str]:
    """What holds and what does not, as items of a list."""
    rows = [judged(row) for row in result["rows"]]
    lines = []
    for key, what, detail in (
        ("must_holds", f"at most {MUST:g} times torch's time", lambda row: f"{row['over_torch']:.2g}"),
        ("aim_holds", f"at most {AIM:g} times torch's time", lambda row: f"{row['over_torch']:.2g}"),
        ("agrees", f"differences from NumPy's float64 of at most {TOLERANCE:g}", lambda row: f"{row['ours_difference']:.1e}"),
    ):
        known = [row for row in rows if key in row]
        missed = [f"{row['job']} ({detail(row)})" for row in known if not row[key]]
        if known:
            lines.append(f"- {what}: {len(known) - len(missed)} of {len(known)} jobs{'. Not ' + '; '.join(missed) if missed else ''}.")
    if any("reads" in row for row in rows):
        longer = [f"{row['job']} ({row['reads'] - row['words']})" for row in rows if row.get("reads", 0) > row.get("words", 0)]
        lines.append(f"- reads of more than 16 bytes: {'; '.join(longer) or 'none'}.")
    for name in ("ours", "torch", "hot", "numpy"):
        lines += [f"- {row['job']}, {name}: {row[f'{name}_error'].splitlines()[0]}" for row in rows if f"{name}_error" in row]
    lines += [f"- {row['job']} warned: {row['warned'].splitlines()[0]}" for row in rows if "warned" in row]
    shares = [row[key] for row in rows for key in ("clock_before", "clock_after") if key in row]
    if result["kind"] != "software" and shares:
        cooler = [row["job"] for row in rows if min(row.get("clock_before", 1), row.get("clock_after", 1)) < HOT]
        told = f"; below {HOT:.0%} beside {', '.join(cooler)}" if cooler else ""
        lines.append(f"- clocks: a product before and after every row reached at least {min(shares):.0%} of the fastest one's rate{told}.")
    return lines


# ---- the page


_HEAD = """# Estimators

scikit-learn's own code on arrays of this package, `array_api_dispatch=True`. Which estimators do is in [conformance.md](conformance.md).
"""

_MEASURED = f"""## Measured

By `python benchmarks/estimators.py --page`, which tells how, from the files in [estimators/](estimators/). Milliseconds from arrays on the
device to results on the device; "first call" compiles. "Reads" are how often the host waited for the device in one call
([devices.md](devices.md#how-often-code-waits)), "MB" what a library then held of its memory. "Difference" is from NumPy in float64, of the largest element
of each array that was learnt, transformed or predicted, or the share of labels; bold: more than {TOLERANCE:g}, or more than {MUST:g} times torch's time.
Distances are between a fifth of the rows, 20,000 at most; mixtures make five iterations, wine's twenty.
"""


def section(result: dict[str, Any], name: str) -> list[str]:
    """One result as Markdown."""
    rows = [judged(row) for row in result["rows"]]
    shown = columns(rows)
    lines = [f"### {result['card']}", "", *header(result), f"- made up: {result['data_rows']:,} x 100, float32"]
    lines += [*([f"- {result['note']}"] if "note" in result else []), *verdicts(result), ""]
    lines += markdown_table([head for head, _ in shown], _LEFT, [[cell(row) for _, cell in shown] for row in rows])
    lines += ["", f"![Time by that of the libraries beside it, {result['card']}](estimators/{name}.png)", ""]
    if result["points"]:
        lines += [f"![What the pipelines found, {result['card']}](estimators/{name}-found.png)", ""]
    return lines


def kept_results() -> list[tuple[str, dict[str, Any]]]:
    """Every result in docs/estimators/ with its name, in the order of the page."""
    kept = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in KEPT.glob("*.json")]
    return sorted(kept, key=lambda item: (item[1]["kind"] == "software", item[0]))


def page(kept: list[tuple[str, dict[str, Any]]], example: str) -> str:
    """The text of docs/estimators.md."""
    lines = [line for name, result in kept for line in section(result, name)]
    return "\n".join([_HEAD, example, _MEASURED, *lines])


def keep_and_write(result: dict[str, Any]) -> None:
    """Keeps a result, and writes docs/estimators.md and its pictures from all that are kept."""
    (KEPT / f"{result['kind']}.json").write_text(as_json(result), encoding="utf-8")
    kept = kept_results()
    for name, each in kept:
        draw_times(each, KEPT / f"{name}.png")
        if each["points"]:
            draw_found(each, KEPT / f"{name}-found.png")
    written = DOCS / "estimators.tmp"
    written.write_text(page(kept, (KEPT / "example.md").read_text(encoding="utf-8")), encoding="utf-8")
    written.replace(DOCS / "estimators.md")


# ---- pictures


def draw_times(result: dict[str, Any], path: Path) -> None:
    """A line per job: our time by torch's and by NumPy's, and what was aimed at: dashed 1.5, dotted 4."""
    plt = _pyplot()
    rows = [row for row in map(judged, result["rows"]) if "over_torch" in row or "over_numpy" in row]
    figure, axes = plt.subplots(figsize=(9, 0.32 * len(rows) + 1.4), layout="constrained")
    for name, label, marker in (("torch", "torch, same card", "s"), ("numpy", f"NumPy, {result['host']}", "o")):
        points = [(row[f"over_{name}"], place) for place, row in enumerate(rows) if f"over_{name}" in row]
        if points:
            axes.scatter(*zip(*points, strict=True), color=_COLOURS[name], marker=marker, label=label, zorder=3)
    bounds = ((1, "-"), (AIM, "--"), (MUST, ":")) if any("over_torch" in row for row in rows) else ((1, "-"),)
    for bound, style in bounds:
        axes.axvline(bound, color="black", linewidth=1, linestyle=style)
    axes.set_yticks(range(len(rows)), [f"{row['job']}, {row['rows']:,}" for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.grid(axis="x", color="0.9")
    axes.set_xlabel("time of webgpu_array / time of the other")
    axes.set_title(result["card"], fontsize=10)
    figure.legend(loc="outside lower center", ncols=2, fontsize=8)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def draw_found(result: dict[str, Any], path: Path) -> None:
    """A panel per pipeline: samples by two principal components in the colour of the label given, or predictions over targets."""
    plt = _pyplot()
    n = len(result["points"])
    n_rows = -(-n // 2)
    figure, panels = plt.subplots(n_rows, 2, figsize=(9, 4 * n_rows), layout="constrained", squeeze=False)
    for axes, (job, points) in zip(panels.flat, result["points"].items(), strict=False):
        values = {key: np.array(text.split(), float) for key, text in points.items()}
        is_labelled = "label" in values
        colours = {"c": values["label"], "cmap": "viridis"} if is_labelled else {"color": _COLOURS["ours"]}
        axes.scatter(values["x"], values["y"], s=9, alpha=0.8, **colours)
        if not is_labelled:
            ends = [values["x"].min(), values["x"].max()]
            axes.plot(ends, ends, color="black", linewidth=1)
        axes.set_xlabel("first principal component" if is_labelled else "target")
        axes.set_ylabel("second principal component" if is_labelled else "predicted")
        rows = next(row["rows"] for row in result["rows"] if row["job"] == job)
        axes.set_title(f"{job}, {rows:,} samples", fontsize=9)
    for axes in panels.flat[n:]:
        axes.set_visible(False)
    figure.suptitle(f"Found on {result['card']}", fontsize=10)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot
