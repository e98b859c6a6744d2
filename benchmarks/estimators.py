"""scikit-learn's estimators on this package's arrays, on torch's and on NumPy's: the same code, the results compared.

    python benchmarks/estimators.py [--device discrete] [--rows 1000000] [--jobs PCA ...] [--runs 5] [--no-numpy | --numpy-seconds 100]
                                    [--json FILE] [--csv FILE] [--page]

Made up are ``--rows`` x 100 float32, a mixture of four normal distributions, with labels and a target that is linear in them; distances are
between 20,000 rows, a fifth of all if that is less. Beside them are three of scikit-learn's own data sets, each with a pipeline. What
is timed is all that a user calls, from arrays on the device to results on the device, on the host's clock, from an idle device to an idle
device: medians, the libraries take turns, and the first call, which compiles, is told apart. "device" is the time between the first
and the last timestamp of one call. NumPy is timed once where that takes half a second. Before each row a product tells that the clocks are up.

Reads (the host waits for the device) and uploads are those of one call, by ``device.counting``; "words" are reads of 16 bytes at
most. "MB" is what each library holds of the device's memory after a row, the data included, and nothing freed in between.

"Difference" is between what a call found and what NumPy finds in float64: the largest over all that was learnt, transformed or predicted,
of the largest element of the same array; of labels, the share that differs.

With --page the result is kept in docs/estimators/, by kind of adapter, and docs/estimators.md is written anew from what is kept there and
from docs/estimators/example.md:

    python benchmarks/estimators.py --json FILE
    python benchmarks/estimators.py --from-json FILE --page
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

os.environ["SCIPY_ARRAY_API"] = "1"  # SciPy reads it when it is imported

import numpy as np
import sklearn
from estimators_page import as_table, keep_and_write, verdicts
from estimators_work import BUNDLED, JOBS, Data, Job, synthetic
from measure import Clocks, NumPy, Ours, Torch, peers
from rich.console import Console
from sklearn.exceptions import ConvergenceWarning
from telling import about, as_json, ms, say, write_csv

from webgpu_array.gpu.device import Device, as_device

# Seconds for which hot calls of one library are repeated, of which one is made in any case; and after which no second one is.
_REPEATED, _LONG = 1.0, 5.0
# Bytes of a read that tells a number, or whether to go on.
_WORDS = 16
_ROWS = {"software": 1000}

Library = Ours | Torch | NumPy


def seconds(library: Library, call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a call from an idle device to an idle device, and what it returned."""
    library.wait()
    start = time.perf_counter()
    found = call()
    library.wait()
    return time.perf_counter() - start, found


def on_host(found: dict[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Arrays of any library as NumPy's."""

    def moved(value: Any) -> Any:
        return value.cpu().numpy() if hasattr(value, "cpu") else np.asarray(value)

    return {name: moved(value) for name, value in found.items()}


def difference(found: dict[str, np.ndarray[Any, Any]], expected: dict[str, np.ndarray[Any, Any]]) -> float:
    """The largest, of the largest element of the same array; of integers, the share that differs. NaN where there is NaN."""
    worst = []
    for name, right in expected.items():
        if right.dtype.kind in "iu":
            worst.append(float(np.mean(found[name] != right)))
        else:
            worst.append(float(np.max(np.abs(found[name].astype(np.float64) - right)) / np.max(np.abs(right))))
    return float(np.max(worst))


@contextmanager
def dispatching() -> Iterator[list[warnings.WarningMessage]]:
    """scikit-learn computes with the arrays that it is given, and does not mind that mixtures stop before they converge."""
    with sklearn.config_context(array_api_dispatch=True), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield caught


class Study:
    """One run: the libraries on the device, and the data on each."""

    def __init__(self, device: Device, data: dict[str, Data], others: list[Torch], runs: int) -> None:
        self.ours, self.runs, self.data = Ours(device), runs, data
        self.libraries: list[Ours | Torch] = [self.ours, *others]
        self.clocks = Clocks(device)
        self.on_device = {
            library.name: {name: tuple(library.array(array) for array in arrays) for name, arrays in data.items()}
            for library in self.libraries
        }
        # What was found, on the host, by row and library, until NumPy's turn comes.
        self.found: dict[str, dict[str, dict[str, np.ndarray[Any, Any]]]] = {}

    def row(self, job: Job) -> dict[str, Any]:
        """Times of the libraries on the device; ``ours_error``, ``torch_error`` where one failed, ``hot_error`` after the first call."""
        row: dict[str, Any] = {"job": job.name, "data": job.data, "rows": job.n_rows(self.data[job.data])}
        calls: dict[str, tuple[Ours | Torch, Callable[[], Any]]] = {}
        self.found[job.name] = {}
        with dispatching() as caught:
            for library in self.libraries:
                gc.collect()
                library.free()
                call = partial(job.run, *self.on_device[library.name][job.data])
                try:
                    row[f"{library.name}_first_s"], found = seconds(library, call)
                    self.found[job.name][library.name] = on_host(found)
                    calls[library.name] = library, call
                    del found
                except Exception as error:  # told in its row: the others are worth as much
                    row[f"{library.name}_error"] = f"{type(error).__name__}: {error}"
            row["clock_before"] = self.clocks.warm()
            try:
                self._repeat(calls, row)
            except Exception as error:  # whichever library's
                row["hot_error"] = f"{type(error).__name__}: {error}"
            row["clock_after"] = self.clocks.share()
        if caught:
            row["warned"] = str(caught[0].message)
        return row

    def _repeat(self, calls: dict[str, tuple[Ours | Torch, Callable[[], Any]]], row: dict[str, Any]) -> None:
        """Hot calls in turn, and what each library holds then; of this package also reads, and one call by the device's own clock."""
        taken: dict[str, list[float]] = {name: [] for name in calls}
        for turn in range(self.runs):
            for name, (library, call) in calls.items():
                if sum(taken[name]) < (_REPEATED if turn > 1 else _LONG):
                    taken[name].append(seconds(library, call)[0])
        for name, (library, _) in calls.items():
            row[f"{name}_ms"] = 1e3 * median(taken[name])
            row[f"{name}_calls"] = len(taken[name])
            row[f"{name}_held_mb"] = library.nbytes_held() / 1e6
        if "ours" in calls:
            timed = "timestamp-query" in self.ours.device.features and median(taken["ours"]) < _LONG
            with self.ours.device.counting() as counts, self.ours.device.timed() if timed else nullcontext() as timing:
                calls["ours"][1]()
            if timing is not None:
                row["ours_device_ms"] = 1e3 * timing.seconds
            row["reads"], row["words"] = len(counts.reads), sum(nbytes <= _WORDS for nbytes in counts.reads)
            row["read_bytes"] = sum(counts.reads)
            row["uploads"], row["upload_bytes"] = len(counts.uploads), sum(counts.uploads)

    def beside_numpy(self, job: Job, row: dict[str, Any]) -> None:
        """Adds NumPy's time in float32, and how far everybody is from its float64; ``numpy_error`` where it failed."""
        arrays = self.data[job.data]
        found = self.found.pop(job.name)
        x, y, target = arrays
        try:
            with dispatching():
                taken: list[float] = []
                while not taken or (sum(taken) < _REPEATED / 2 and len(taken) < self.runs):
                    once, narrow = seconds(NumPy(), lambda: job.run(*arrays))
                    taken.append(once)
                expected = on_host((job.reference or job.run)(x.astype(np.float64), y, target.astype(np.float64)))
            row["numpy_ms"] = 1e3 * median(taken)
            for name, each in {**found, "numpy": on_host(narrow)}.items():
                row[f"{name}_difference"] = difference(each, expected)
        except Exception as error:  # as on the device
            row["numpy_error"] = f"{type(error).__name__}: {error}"


def study(device: Device, rows: int, jobs: list[Job], runs: int, numpy_seconds: float, keep: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The whole result; ``keep`` receives what there is of it after every row."""
    others = [peer for peer in peers() if isinstance(peer, Torch)] if device.kind == "discrete" else []
    say(f"{device}, {device.adapter.description}; {rows:,} rows; beside it {', '.join(o.name for o in others) or 'NumPy only'}")
    made = Study(device, {"synthetic": synthetic(rows), **{name: load() for name, load in BUNDLED.items()}}, others, runs)
    result: dict[str, Any] = {
        **about(device, {"scikit-learn": sklearn.__version__, **{o.name: o.version for o in others}}),
        "runs": runs,
        "data_rows": rows,
        "rows": [],
        "points": {},
    }
    for job in jobs:
        row = made.row(job)
        result["rows"].append(row)
        if job.points and "ours" in made.found[job.name]:
            result["points"][job.name] = job.points(made.found[job.name]["ours"], made.data[job.data])
        result["product_rate"] = made.clocks.rate
        keep(result)
        torch = f", torch {ms(row['torch_ms'])} ms" if "torch_ms" in row else ""
        failed = row.get("ours_error") or row.get("hot_error")
        told = failed or f"first {row['ours_first_s']:.2f} s, {ms(row['ours_ms'])} ms{torch}, {row['reads']} reads"
        say(f"{job}: {told}")
    start = time.perf_counter()
    # The short ones first, lest time be up before.
    for job, row in sorted(zip(jobs, result["rows"], strict=True), key=lambda pair: pair[0].data == "synthetic"):
        if time.perf_counter() - start >= numpy_seconds:
            say(f"left out, time is up: NumPy from {job} on")
            break
        made.beside_numpy(job, row)
        keep(result)
        differences = ", ".join(f"{name} {row[name]:.1e}" for name in row if name.endswith("_difference"))
        say(row.get("numpy_error") or f"{job}: NumPy {ms(row['numpy_ms'])} ms; {differences}")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind of a device; the default device without it")
    parser.add_argument("--rows", type=int, help="of the data made up (1,000,000; 1,000 on a software adapter)")
    parser.add_argument("--jobs", nargs="+", metavar="TEXT", help="only jobs with one of these in their names")
    parser.add_argument("--runs", type=int, default=5, help="as many hot calls per library and job, unless they take long (5)")
    parser.add_argument("--no-numpy", action="store_true", help="leave NumPy out, and so the differences")
    parser.add_argument("--numpy-seconds", type=float, default=float("inf"), help="no row of NumPy begins later than this")
    parser.add_argument("--note", help="what else there is to say of this run, for the page")
    parser.add_argument("--json", type=Path, help="write the result to this file, after every row")
    parser.add_argument("--csv", type=Path, help="write the rows to this file")
    parser.add_argument("--from-json", type=Path, help="measure nothing, take the result of an earlier --json")
    parser.add_argument("--page", action="store_true", help="keep the result in docs/estimators/ and write docs/estimators.md")
    asked = parser.parse_args()

    def keep(result: dict[str, Any]) -> None:
        if asked.json:
            asked.json.write_text(as_json(result), encoding="utf-8")

    if asked.from_json:
        result = json.loads(asked.from_json.read_text(encoding="utf-8"))
    else:
        device = as_device(asked.device)
        jobs = [job for job in JOBS if not asked.jobs or any(part in job.name for part in asked.jobs)]
        rows = asked.rows or _ROWS.get(device.kind, 1_000_000)
        result = study(device, rows, jobs, asked.runs, 0 if asked.no_numpy else asked.numpy_seconds, keep)
    if asked.note:
        result["note"] = asked.note
    if asked.csv:
        write_csv(result["rows"], asked.csv)
    if asked.page:
        keep_and_write(result)
    console = Console(width=max(200, Console().width))
    console.print(as_table(result))
    for line in verdicts(result):
        console.print(line, markup=False)


if __name__ == "__main__":
    main()
