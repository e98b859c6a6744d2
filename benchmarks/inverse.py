"""``xp.linalg.inv`` beside torch, CuPy and NumPy, over orders from 2 to 16384, in one run.

    python benchmarks/inverse.py [--device discrete] [--dtype float32 ...] [--shapes 32x100000 4096x1] [--runs 7]
                                 [--json FILE] [--csv FILE] [--page]

What is called is what a user calls, with its check for singular matrices and the kernel that it chooses by itself;
matrices are random normal (``measure.matrices``) and lie on the device, results stay there. "device" is the time between the first and the
last timestamp that the device takes (CUDA events for torch and CuPy), "wall" that of the whole call on the host's clock, from
an idle device to an idle device. NumPy's is wall time; of a batch that would take it long, it inverts some and the time is scaled
("~"), and what takes it seconds is left out. Medians; the libraries take turns. Each shape is measured
after a product whose rate tells that the clocks are up, and a product afterwards tells whether they stayed so; the cold row is a first
call after three seconds of rest. The floor is the time in which each byte is read and written once at the rate of a copy, or
2 n³ operations are done at the rate of a product, by whichever library is best at each in the same run.

Residual ratios as in docs/gate.md (bound 30), of the same results, for several matrices of a batch; beyond order 2048 by torch
in float64, or ("≥") by random vectors.

With --page the result is kept in docs/performance/, by kind of adapter and dtype, and docs/performance.md is written
anew from all that is kept there:

    python benchmarks/inverse.py --dtype float64 complex64 --runs 3 --json FILE
    python benchmarks/inverse.py --from-json FILE --page
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from measure import (
    HOT,
    Clocks,
    Library,
    NumPy,
    Ours,
    Torch,
    chosen,
    matrices,
    peers,
    rates,
    residuals,
    residuals_by_probes,
    residuals_on_gpu,
    wall_seconds,
)
from rich.console import Console
from rich.table import Table
from rich.text import Text
from telling import about, as_json, header, markdown_table, ms, say, where, write_csv

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.gpu.device import Device, as_device

DOCS = Path(__file__).resolve().parents[1] / "docs"
KEPT = DOCS / "performance"
NOTES = KEPT / "notes.md"

# Seconds: for which calls of one library are repeated per shape, what a call may take, and what NumPy may.
_REPEATED, _LONGEST_CALL, _HOST_LONGEST = 0.8, 5.0, 3.0
# The libraries take as many turns, of calls that take less than a second.
_TURNS = 3
_REST = 3.0

_DTYPES = ("float32", "float64", "complex64", "complex128")

# Residual ratios: the gate's bound, and what it calls an alarm.
_BOUND, _ALARM = 30.0, 3.0


@dataclass(frozen=True)
class Shape:
    """``batch`` matrices of order ``n``; milliseconds that are wanted on an NVIDIA H200 in float32."""

    n: int
    batch: int
    must: float | None = None
    aim: float | None = None

    def __str__(self) -> str:
        return f"{self.n} x {self.batch:,}"

    @property
    def operations(self) -> float:
        return 2.0 * self.n**3 * self.batch

    @property
    def counts_wall(self) -> bool:
        """Whether what is wanted is wall time: of work so small the device's time says nothing."""
        return self.operations < 1e6


GPU = (
    Shape(2, 4194304, 0.055, 0.037),
    Shape(3, 2097152, 0.070, 0.045),
    Shape(4, 1048576, 0.060, 0.038),
    Shape(8, 262144, 0.065, 0.042),
    Shape(16, 100000, 0.13, 0.075),
    Shape(32, 100000, 0.65, 0.38),
    Shape(64, 16384, 0.85, 0.45),
    Shape(128, 4096, 1.2, 0.65),
    Shape(256, 1024, 3.0, 1.6),
    Shape(512, 128, 2.8, 1.5),
    Shape(1024, 16, 4.0, 2.0),
    Shape(1024, 1, 1.2, 0.6),
    Shape(2048, 1, 3.5, 1.8),
    Shape(4096, 1, 12, 7.5),
    Shape(8192, 1, 42, 30),
    Shape(16384, 1, 250, 210),
    Shape(5, 32, 0.095, 0.045),
)
_COLD = Shape(64, 16384)

SOFTWARE = tuple(
    Shape(n, batch)
    for n, batch in (
        (2, 100000), (3, 100000), (4, 100000), (8, 20000), (16, 5000), (32, 1000), (64, 128), (128, 1), (256, 1), (512, 1),
    )
)  # fmt: skip


# ---- measuring


def shapes_for(device: Device, dtype: str, asked: list[str] | None) -> list[Shape]:
    """The shapes of a kind of device, or those asked for; halved until one binding holds the matrices."""
    known = SOFTWARE if device.kind == "software" else GPU
    if asked:
        given = [tuple(map(int, shape.split("x"))) for shape in asked]
        found = [next((s for s in GPU if (s.n, s.batch) == pair), Shape(*pair)) for pair in given]
    else:
        found = list(known)
    if dtype != "float32" or device.kind != "discrete":
        found = [Shape(s.n, s.batch) for s in found]
    itemsize = dtypes.BY_NAME[dtype].storage_bytes
    limit = device.limits["max-storage-buffer-binding-size"] - 256
    fitting = []
    for shape in found:
        while shape.n**2 * shape.batch * itemsize > limit:
            shape = Shape(shape.n, shape.batch // 2) if shape.batch > 1 else Shape(shape.n // 2, 1)
        if shape not in fitting:
            fitting.append(shape)
    return fitting


def one_turn(library: Library, call: Callable[[], Any], runs: int) -> dict[str, list[float]]:
    """Device and wall seconds of some calls."""
    once = wall_seconds(library, call)
    least = -(-runs // _TURNS) if once < 0.1 else 1
    repeats = max(least, min(50 * runs, int(_REPEATED / _TURNS / 2 / once)))
    return {
        "device": [library.device_seconds(call) for _ in range(repeats)],
        "wall": [wall_seconds(library, call) for _ in range(repeats)],
    }


class Host:
    """NumPy, for as long as it does not take too long."""

    def __init__(self) -> None:
        self._seconds_per_operation = 0.0

    def seconds(self, shape: Shape, matrices: np.ndarray[Any, Any]) -> dict[str, Any]:
        """Milliseconds for ``shape``, of which ``matrices`` are at hand; nothing where it would take too long."""
        if shape.batch == 1:
            if not self._seconds_per_operation:
                self._measure(matrices[:1, :512, :512])
            if shape.operations * self._seconds_per_operation > _HOST_LONGEST:
                return {}
        n_matrices = min(len(matrices), 16)
        taken = self._measure(matrices[:n_matrices])
        n_matrices = max(1, min(len(matrices), int(n_matrices * _HOST_LONGEST / 3 / taken)))
        times = [self._measure(matrices[:n_matrices])]
        while len(times) < 5 and sum(times) + max(times) < _HOST_LONGEST / 3:
            times.append(self._measure(matrices[:n_matrices]))
        scaled = n_matrices < shape.batch
        return {"numpy_wall_ms": 1e3 * median(times) * shape.batch / n_matrices, "numpy_is_scaled": scaled}

    def _measure(self, matrices: np.ndarray[Any, Any]) -> float:
        start = time.perf_counter()
        np.linalg.inv(matrices)
        taken = time.perf_counter() - start
        n = matrices.shape[-1]
        if n >= 256:
            self._seconds_per_operation = taken / (2.0 * n**3 * len(matrices))
        return taken


class Longest:
    """Guesses from orders that were measured how long one call of a larger one takes."""

    def __init__(self) -> None:
        self._rate: dict[bool, float] = {}

    def guess(self, shape: Shape) -> float:
        return shape.operations * self._rate.get(shape.batch > 1, 0.0)

    def learn(self, shape: Shape, seconds: float) -> None:
        if shape.n >= 32:
            self._rate[shape.batch > 1] = seconds / shape.operations


@dataclass
class Study:
    """One run: the libraries, and what was found of them and of the device."""

    ours: Ours
    others: list[Any]
    dtype: str
    runs: int
    clocks: Clocks
    copy_rate: float
    product_rate: float
    host: Host
    longest: Longest

    def row(self, shape: Shape) -> dict[str, Any]:
        """Everything of one shape; ``error`` where this package failed."""
        row: dict[str, Any] = {"n": shape.n, "batch": shape.batch, "must_ms": shape.must, "aim_ms": shape.aim}
        row["goal_is_wall"] = shape.counts_wall
        itemsize = dtypes.BY_NAME[self.dtype].storage_bytes
        nbytes = 2 * itemsize * shape.n**2 * shape.batch
        row["floor_ms"] = 1e3 * max(nbytes / self.copy_rate, shape.operations / self.product_rate)
        guess = self.longest.guess(shape)
        if guess > _LONGEST_CALL:
            return {**row, "error": f"left out: one call would take about {guess:.0f} s"}
        try:
            with warnings.catch_warnings(record=True) as caught:
                self._measure(shape, row)
            if caught:
                row["warned"] = str(caught[0].message)
        except Exception as error:  # told in its row: the others are worth as much
            row["error"] = f"{type(error).__name__}: {error}"
        for library in (self.ours, *self.others):
            library.free()
        return row

    def _measure(self, shape: Shape, row: dict[str, Any]) -> None:
        x = matrices(shape.n, shape.batch, self.dtype, self.ours.device)
        row["kernel"] = xp.linalg.kernel_for(x)
        start = time.perf_counter()
        xp.linalg.inv(x)
        self.ours.wait()
        row["first_call_s"] = time.perf_counter() - start
        host = x.numpy()  # a batch has three axes, a single matrix two: the libraries treat them differently
        given: dict[str, tuple[Any, Any]] = {"ours": (self.ours, x)}
        for other in self.others:
            try:
                theirs = other.array(host)
                other.inv(theirs)
                other.wait()
                given[other.name] = other, theirs
            except Exception as error:
                row[f"{other.name}_error"] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        taken: dict[str, dict[str, list[float]]] = {name: {"device": [], "wall": []} for name in given}
        row["clock_before"] = self.clocks.warm()
        once = wall_seconds(self.ours, lambda x=x: self.ours.inv(x))
        for _ in range(_TURNS if once < 1 else 1):
            for name, (library, theirs) in given.items():
                for kind, seconds in one_turn(library, lambda i=library.inv, x=theirs: i(x), self.runs).items():
                    taken[name][kind] += seconds
        row["clock_after"] = self.clocks.share()
        for name, times in taken.items():
            for kind, seconds in times.items():
                row[f"{name}_{kind}_ms"] = 1e3 * median(seconds)
            row[f"{name}_calls"] = len(times["wall"])
        self.longest.learn(shape, median(taken["ours"]["wall"]))
        del given
        for other in self.others:
            other.free()
        self._check(shape, row, host, xp.linalg.inv(x))
        del x
        row |= self.host.seconds(shape, host.reshape(shape.batch, shape.n, shape.n))

    def _check(self, shape: Shape, row: dict[str, Any], host: np.ndarray[Any, Any], inverse: Any) -> None:
        """Residuals of the matrices looked at; the last call's result, which is that of every call bit for bit."""
        torch = next((other for other in self.others if isinstance(other, Torch)), None)
        if shape.batch > 1:
            looked_at = chosen(shape.batch)
            host, found = host[looked_at], np.stack([inverse[i].numpy() for i in looked_at])
        else:
            found = inverse.numpy()
        if shape.n <= 2048:
            row["left"], row["right"] = residuals(host, found)
        elif shape.batch == 1:
            row["residuals_are_bounds"] = torch is None
            row["left"], row["right"] = residuals_on_gpu(host, found, torch) if torch else residuals_by_probes(host, found)

    def cold(self, shape: Shape) -> dict[str, Any]:
        """The first call after a rest, of each library in turn, and the rate of a product right after it."""
        x = matrices(shape.n, shape.batch, self.dtype, self.ours.device)
        row: dict[str, Any] = {"n": shape.n, "batch": shape.batch, "rest_s": _REST}
        host = x.numpy()
        for library in (self.ours, *self.others):
            theirs = x if library is self.ours else library.array(host)
            library.inv(theirs)
            library.wait()
            time.sleep(_REST)
            row[f"{library.name}_wall_ms"] = 1e3 * wall_seconds(library, lambda i=library.inv, x=theirs: i(x))
            if library is self.ours:
                row["clock_after"] = self.clocks.share()
        return row


def judged(row: dict[str, Any]) -> dict[str, Any]:
    """What of the row holds, derived from its figures."""
    if "ours_wall_ms" not in row:
        return row
    device, wall = row["ours_device_ms"], row["ours_wall_ms"]
    row["overhead_ms"] = wall - device
    row["overhead_holds"] = row["overhead_ms"] < (0.15 if row["n"] <= 512 else 0.1 * device)
    row["share_of_floor"] = row["floor_ms"] / device
    walls = {name: row[f"{name}_wall_ms"] for name in ("torch", "cupy") if f"{name}_wall_ms" in row}
    if not walls and "numpy_wall_ms" in row:
        walls = {"numpy": row["numpy_wall_ms"]}
    if walls:
        row["better_peer"] = min(walls, key=walls.__getitem__)
        row["peer_over_ours"] = walls[row["better_peer"]] / wall
        row["peer_holds"] = row["peer_over_ours"] > 1
    counted = wall if row["goal_is_wall"] else device
    for goal in ("must", "aim"):
        if row[f"{goal}_ms"] is not None:
            row[f"{goal}_holds"] = counted <= row[f"{goal}_ms"]
    if "left" in row:
        row["accuracy_holds"] = row["left"] < _BOUND and row["right"] < _BOUND
    return row


def study(device: Device, dtype: str, asked: list[str] | None, runs: int, keep: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The whole result; ``keep`` receives what there is of it after every row."""
    ours, others = Ours(device), peers() if device.kind == "discrete" else []
    say(f"{device}, {device.adapter.description}; beside it {', '.join(o.name for o in others) or 'NumPy only'}")
    clocks = Clocks(device)
    found = {}
    for library in (ours, *others, *([NumPy()] if device.kind == "software" else [])):
        copied, multiplied = found[library.name] = rates(library, device, dtype, 0.3 if device.kind == "software" else 1.0)
        say(f"  {library.name}: copy {copied / 1e9:.1f} GB/s, product {tflops(multiplied)}")
        library.free()
    shapes = shapes_for(device, dtype, asked)
    made = Study(
        ours, others, dtype, runs, clocks, max(r[0] for r in found.values()), max(r[1] for r in found.values()), Host(), Longest()
    )
    result: dict[str, Any] = {
        **about(device, {o.name: o.version for o in others}),
        "dtype": dtype,
        "runs": runs,
        "rates": {name: {"copy": copied, "product": multiplied} for name, (copied, multiplied) in found.items()},
        "copy_rate": made.copy_rate,
        "product_rate": made.product_rate,
        "sgemm_rate": clocks.rate,
        "rows": [],
        "cold": None,
    }
    for shape in shapes:
        start = time.perf_counter()
        row = judged(made.row(shape))
        result["rows"].append(row)
        result["sgemm_rate"] = clocks.rate
        keep(result)
        said = row.get("error") or (
            f"device {row['ours_device_ms']:.3f} ms, wall {row['ours_wall_ms']:.3f} ms, first {row['first_call_s']:.2f} s, {row['kernel']}"
        )
        say(f"{shape}: {said} ({time.perf_counter() - start:.1f} s)")
    if device.kind == "discrete":
        result["cold"] = made.cold(_COLD if (_COLD.n, _COLD.batch) in [(s.n, s.batch) for s in shapes] else shapes[0])
        keep(result)
    return result


# ---- telling


def tflops(rate: float) -> str:
    return f"{rate / 1e12:.1f} TFLOP/s" if rate > 1e12 else f"{rate / 1e9:.3g} GFLOP/s"


def holds(row: dict[str, Any], key: str) -> str:
    return {True: "yes", False: "**no**", None: ""}[row.get(key)]


def columns(result: dict[str, Any]) -> list[tuple[str, Callable[[dict[str, Any]], str]]]:
    """The table's columns: heading, and cell of a row. Those that no row fills are left out."""

    def number(key: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: ms(row.get(key))

    def pair(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: " / ".join(ms(row[f"{name}_{kind}_ms"]) for kind in ("device", "wall")) if f"{name}_wall_ms" in row else ""

    def ratio(row: dict[str, Any]) -> str:
        if "peer_over_ours" not in row:
            return ""
        text = f"{row['better_peer']} {row['peer_over_ours']:.2f}"
        return text if row["peer_holds"] else f"**{text}**"

    def overhead(row: dict[str, Any]) -> str:
        if "overhead_ms" not in row:
            return ""
        return ms(row["overhead_ms"]) if row["overhead_holds"] else f"**{ms(row['overhead_ms'])}**"

    def residual(row: dict[str, Any]) -> str:
        if "left" not in row:
            return ""
        sign = "≥ " if row.get("residuals_are_bounds") else ""
        return f"{sign}{row['left']:.2g} / {row['right']:.2g}"

    def goal(row: dict[str, Any]) -> str:
        if row["must_ms"] is None:
            return ""
        met = " aim" if row.get("aim_holds") else ""
        return f"{ms(row['must_ms'])}, {ms(row['aim_ms'])}: {holds(row, 'must_holds')}{met}"

    every: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("n x batch", lambda row: f"{row['n']} x {row['batch']:,}"),
        ("device", number("ours_device_ms")),
        ("wall", number("ours_wall_ms")),
        ("host's share", overhead),
        ("torch device / wall", pair("torch")),
        ("cupy device / wall", pair("cupy")),
        ("numpy", lambda row: ("~" if row.get("numpy_is_scaled") else "") + ms(row.get("numpy_wall_ms"))),
        ("better peer / ours, wall", ratio),
        ("floor", number("floor_ms")),
        ("floor / device", lambda row: f"{row['share_of_floor']:.0%}" if "share_of_floor" in row else ""),
        ("must, aim", goal),
        ("residuals left / right", residual),
        ("kernel", lambda row: row["error"].splitlines()[0] if "error" in row else row["kernel"]),
    ]
    if result["kind"] == "software":
        every = [item for item in every if item[0] != "host's share"]
    return [(head, cell) for head, cell in every if any(cell(row).strip("~") for row in result["rows"])]


def as_table(result: dict[str, Any]) -> Table:
    """The result for the terminal."""
    table = Table(title=f"inv, {result['dtype']}: {where(result)}; ms", title_justify="left")
    shown = columns(result)
    for head, _ in shown:
        table.add_column(head, justify="left" if head in ("n x batch", "kernel") else "right")
    for row in result["rows"]:
        cells = [cell(row) for _, cell in shown]
        table.add_row(*(Text(text.replace("**", ""), style="red" if "**" in text else "") for text in cells))
    return table


def names(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{row['n']} x {row['batch']:,}" for row in rows)


def verdict(result: dict[str, Any], key: str, what: str, detail: Callable[[dict[str, Any]], str]) -> list[str]:
    """One sentence: at how many shapes ``key`` holds, and the others by name."""
    told = [row for row in result["rows"] if row.get(key) is not None]
    if not told:
        return []
    missed = [row for row in told if not row[key]]
    rest = ". Not at " + ", ".join(f"{names([row])} ({detail(row)})" for row in missed) if missed else ""
    return [f"- {what}: {len(told) - len(missed)} of {len(told)} shapes{rest}."]


def verdicts(result: dict[str, Any]) -> list[str]:
    """What holds and what does not."""

    def of(row: dict[str, Any], goal: str) -> str:
        return f"{ms(row['ours_wall_ms'] if row['goal_is_wall'] else row['ours_device_ms'])} ms for {ms(row[goal])}"

    lines = [
        *verdict(result, "must_holds", "no slower than \"must\"", lambda row: of(row, "must_ms")),
        *verdict(result, "aim_holds", "no slower than \"aim\"", lambda row: of(row, "aim_ms")),
        *verdict(
            result,
            "peer_holds",
            "faster by wall clock than the best library beside it",
            lambda row: f"{row['better_peer']} takes {row['peer_over_ours']:.2f} times as long",
        ),
        *verdict(result, "accuracy_holds", "residual ratios below 30", lambda row: f"{row['left']:.2g}, {row['right']:.2g}"),
    ]
    if result["kind"] == "software":
        lines += within_numpy(result)
    else:
        lines += verdict(
            result,
            "overhead_holds",
            "host's share below 0.15 ms up to order 512, a tenth of the device's time above",
            lambda row: f"{ms(row['overhead_ms'])} ms",
        )
    alarming = [row for row in result["rows"] if "left" in row and max(row["left"], row["right"]) > _ALARM]
    if alarming:
        lines.append(f"- residual ratios above {_ALARM:g}: {names(alarming)}.")
    warned = [row for row in result["rows"] if "warned" in row]
    if warned:
        lines.append(f"- inv warned, which takes it twice the time: {names(warned)}.")
    failed = [row for row in result["rows"] if "error" in row]
    if failed:
        lines.append(f"- without a result: {names(failed)}.")
    return lines


def within_numpy(result: dict[str, Any]) -> list[str]:
    """The bounds of a software adapter, beside NumPy on the same CPUs."""
    lines = []
    bounds = (
        ("faster than NumPy for batches up to order 8", lambda row: row["n"] <= 8 and row["batch"] > 1, 1.0),
        ("within four times NumPy's time at orders 64 and 512", lambda row: row["n"] in (64, 512), 0.25),
    )
    for what, concerns, least in bounds:
        rows = [row for row in result["rows"] if concerns(row) and "peer_over_ours" in row]
        missed = [row for row in rows if row["peer_over_ours"] < least]
        if rows:
            lines.append(f"- {what}: {'yes' if not missed else 'not at ' + names(missed)}.")
    return lines


def hot(result: dict[str, Any]) -> str:
    """Whether the clocks were up."""
    if result["kind"] == "software":
        return ""
    shares = [row[key] for row in result["rows"] for key in ("clock_before", "clock_after") if key in row]
    if not shares:
        return ""
    cooler = [row for row in result["rows"] if min(row.get("clock_before", 1), row.get("clock_after", 1)) < HOT]
    text = f"a product at {result['sgemm_rate'] / 1e12:.1f} TFLOP/s before and after every shape reached at least {min(shares):.0%} of that"
    return text + (f"; below {HOT:.0%} beside {names(cooler)}" if cooler else "")


def section(result: dict[str, Any], name: str) -> list[str]:
    """One result as Markdown."""
    shown = columns(result)
    best = {kind: max(result["rates"], key=lambda lib: result["rates"][lib][kind]) for kind in ("copy", "product")}
    lines = [
        f"## {result['card']}, {result['dtype']}",
        "",
        *header(result),
        f"- rates: copy {result['copy_rate'] / 1e9:,.1f} GB/s ({best['copy']}), product {tflops(result['product_rate'])} "
        f"({best['product']}); this package {result['rates']['ours']['copy'] / 1e9:,.1f} GB/s and {tflops(result['rates']['ours']['product'])}",
    ]
    if hot(result):
        lines.append(f"- clocks: {hot(result)}")
    if result.get("cold"):
        cold = result["cold"]
        row = next((r for r in result["rows"] if (r["n"], r["batch"]) == (cold["n"], cold["batch"])), {})
        walls = ", ".join(
            f"{lib} {ms(cold[f'{lib}_wall_ms'])} ms" + (f" (hot {ms(row[f'{lib}_wall_ms'])})" if f"{lib}_wall_ms" in row else "")
            for lib in ("ours", "torch", "cupy")
            if f"{lib}_wall_ms" in cold
        )
        lines.append(
            f"- cold, {cold['n']} x {cold['batch']:,}, the first call after {cold['rest_s']:g} s of rest, wall: {walls}; a product then reached "
            f"{cold['clock_after']:.0%} of its hot rate"
        )
    cells = [[cell(row) for _, cell in shown] for row in result["rows"]]
    lines += ["", *verdicts(result), "", *markdown_table([head for head, _ in shown], {"n x batch", "kernel"}, cells)]
    return [*lines, "", f"![Milliseconds over order, {result['card']}, {result['dtype']}](performance/{name}.png)", ""]


_HEAD = """# Performance of the inverse

Written by `python benchmarks/inverse.py --page`, which tells how it measures, from the files in
[performance/](performance/); the last section is [performance/notes.md](performance/notes.md). Milliseconds, medians. "device" is the
device's own time (timestamps, CUDA events), "wall" that of the whole call, check for singular matrices included;
bold: what does not hold. "must" and "aim" were set for an NVIDIA H200 in float32, for device time, and for wall time at 5 x 32. "~": scaled
up from fewer matrices.
"""


def kept_results() -> list[tuple[str, dict[str, Any]]]:
    """Every result in docs/performance/ with its name, in the order of the page."""
    kept = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in KEPT.glob("*.json")]
    return sorted(kept, key=lambda item: (item[1]["kind"] == "software", _DTYPES.index(item[1]["dtype"]), item[0]))


def page(kept: list[tuple[str, dict[str, Any]]], notes: str) -> str:
    """The text of docs/performance.md."""
    lines = [*_HEAD.splitlines(), ""]
    for name, result in kept:
        lines += section(result, name)
    return "\n".join(lines) + "\n" + notes


def write_page() -> None:
    """docs/performance.md and its pictures, from every result that is kept."""
    kept = kept_results()
    for name, result in kept:
        draw(result, KEPT / f"{name}.png")
    written = DOCS / "performance.tmp"
    written.write_text(page(kept, NOTES.read_text(encoding="utf-8")), encoding="utf-8")
    written.replace(DOCS / "performance.md")


def draw(result: dict[str, Any], path: Path) -> None:
    """Time over order, both logarithmic: batches on the left, single matrices on the right."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    series = (
        ("ours_device_ms", "webgpu_array, device", {"color": "#c44e52", "marker": "o"}),
        ("ours_wall_ms", "webgpu_array, wall", {"color": "#c44e52", "marker": "o", "linestyle": ":", "markersize": 3}),
        ("torch_device_ms", "torch, device", {"color": "#4c72b0", "marker": "s"}),
        ("cupy_device_ms", "CuPy, device", {"color": "#55a868", "marker": "^"}),
        ("numpy_wall_ms", "NumPy, wall", {"color": "#8c8c8c", "marker": "x"}),
        ("must_ms", "must", {"color": "black", "linestyle": "", "marker": "_", "markersize": 12}),
        ("floor_ms", "floor", {"color": "black", "linestyle": "--", "linewidth": 1}),
    )
    figure, both = plt.subplots(1, 2, figsize=(11, 4.5), sharey=True, layout="constrained")
    for axes, title, rows in (
        (both[0], "batches (their sizes in the table)", [row for row in result["rows"] if row["batch"] > 1 and not row["goal_is_wall"]]),
        (both[1], "single matrices", [row for row in result["rows"] if row["batch"] == 1]),
    ):
        for key, label, style in series:
            points = sorted((row["n"], row[key]) for row in rows if row.get(key) is not None)
            if points:
                axes.plot(*zip(*points, strict=True), label=label, **style)
        ticks = sorted({row["n"] for row in rows})
        axes.set(title=title, xlabel="order n", xscale="log", yscale="log")
        axes.set_xticks(ticks, [str(n) for n in ticks], rotation=45)
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    both[0].set_ylabel("milliseconds")
    figure.legend(*both[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(series), fontsize=8)
    figure.suptitle(f"Inverse, {result['dtype']}, {result['card']}")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--dtype", nargs="+", default=["float32"], choices=list(_DTYPES), help="one after the other")
    parser.add_argument("--shapes", nargs="+", metavar="NxBATCH", help="instead of those for this kind of device")
    parser.add_argument("--runs", type=int, default=7, help="as many calls at least per library and shape, unless they take long (7)")
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--csv", type=Path, help="write the rows to this file")
    parser.add_argument("--from-json", type=Path, help="measure nothing, take the result of an earlier --json")
    parser.add_argument("--page", action="store_true", help="keep the result in docs/performance/ and write docs/performance.md")
    asked = parser.parse_args()
    results: list[dict[str, Any]] = []
    if asked.from_json:
        results = json.loads(asked.from_json.read_text(encoding="utf-8"))
        results = results if isinstance(results, list) else [results]
        for result in results:
            result["rows"] = [judged(row) for row in result["rows"]]
    else:

        def keep(result: dict[str, Any]) -> None:
            if asked.json:
                asked.json.write_text(as_json([*results, result]), encoding="utf-8")

        for dtype in asked.dtype:
            results.append(study(as_device(asked.device), dtype, asked.shapes, asked.runs, keep))
    if asked.csv:
        write_csv([{"dtype": result["dtype"], **row} for result in results for row in result["rows"]], asked.csv)
    if asked.page:
        KEPT.mkdir(exist_ok=True)
        for result in results:
            name = result["kind"] + ("" if result["dtype"] == "float32" else f"-{result['dtype']}")
            (KEPT / f"{name}.json").write_text(as_json(result), encoding="utf-8")
        write_page()
    console = Console(width=max(200, Console().width))
    for result in results:
        console.print(as_table(result))
        for line in [*verdicts(result), *([f"- clocks: {hot(result)}"] if hot(result) else [])]:
            console.print(line, markup=False)


if __name__ == "__main__":
    main()
