"""The benchmark of estimators: what a row says of a device, with NumPy's turn."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest


def test_a_row_has_times_reads_and_differences(device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if "timestamp-query" not in device.features:
        pytest.skip(f"{device} takes no timestamps, which the benchmark needs")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    estimators = importlib.import_module("estimators")
    work = sys.modules["estimators_work"]
    job = next(job for job in work.JOBS if job.name == "StandardScaler")
    data = work.synthetic(500)
    kept: list[int] = []
    result = estimators.study(device, 500, [job], 2, 60.0, lambda result: kept.append(len(result["rows"])))
    (row,) = result["rows"]
    assert "ours_error" not in row and "warned" not in row
    assert (row["rows"], row["ours_calls"]) == (500, 2)
    assert 0 < row["ours_difference"] < 1e-5 and 0 < row["numpy_difference"] < 1e-5
    assert min(row["ours_ms"], row["ours_first_s"], row["numpy_ms"]) > 0
    assert row["reads"] == row["words"] > 0 and row["read_bytes"] <= 16 * row["reads"]
    assert row["ours_held_mb"] * 1e6 > data[0].nbytes
    assert kept == [1, 1]
