"""The demo: its numbers against NumPy's on the same data, what it prints, and its picture."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf
from sklearn.datasets import load_breast_cancer, load_wine

from webgpu_array import cli
from webgpu_array.cli import demo_study, terminal
from webgpu_array.cli.demo_study import Study, make_study, partial_correlations

_N_BOOTSTRAPS = 60


@pytest.fixture(scope="module")
def study(device: Any) -> Study:
    return make_study(device, _N_BOOTSTRAPS, seed=3)


def _standardised(samples: np.ndarray) -> np.ndarray:
    return (samples - samples.mean(axis=0)) / samples.std(axis=0)


def _partial(covariance: np.ndarray) -> np.ndarray:
    """By its other definition: the correlation of what two features keep when all others are regressed out."""
    precision = np.linalg.inv(covariance)
    n = len(precision)
    partial = np.eye(n)
    for i in range(n):
        for j in range(i):
            rest = np.linalg.inv(precision[np.ix_([i, j], [i, j])])
            partial[i, j] = partial[j, i] = rest[0, 1] / np.sqrt(rest[0, 0] * rest[1, 1])
    return partial


def test_wine_partial_correlations_are_those_of_numpy(study: Study) -> None:
    expected = _partial(np.cov(_standardised(load_wine().data), rowvar=False))
    assert np.allclose(study.wine_partial, expected, atol=1e-5)


def test_each_class_has_the_partial_correlations_of_its_own_samples(study: Study) -> None:
    data = load_wine()
    samples = _standardised(data.data)
    names = list(study.wine_names)
    for k in range(3):
        expected = _partial(np.cov(samples[data.target == k], rowvar=False))
        for pair in study.wine_pairs:
            value = expected[names.index(pair.first), names.index(pair.second)]
            assert pair.by_class[k] == pytest.approx(value, abs=1e-4)


def test_pairs_are_the_strongest_in_order(study: Study) -> None:
    rows, columns = np.triu_indices(len(study.wine_names), 1)
    expected = np.sort(np.abs(study.wine_partial[rows, columns]))[::-1][: len(study.wine_pairs)]
    assert np.array_equal([abs(pair.estimate) for pair in study.wine_pairs], expected)


def test_intervals_are_percentiles_of_resampled_wines(study: Study) -> None:
    samples = _standardised(load_wine().data)
    n = len(samples)
    counts = np.random.default_rng(3).multinomial(n, [1 / n] * n, size=_N_BOOTSTRAPS)
    drawn = np.array([_partial(np.cov(samples, rowvar=False, fweights=weights)) for weights in counts])
    low, high = np.percentile(drawn, (2.5, 97.5), axis=0)
    names = list(study.wine_names)
    for pair in study.wine_pairs:
        at = names.index(pair.first), names.index(pair.second)
        assert pair.low == pytest.approx(low[at], abs=1e-4)
        assert pair.high == pytest.approx(high[at], abs=1e-4)


def test_large_precision_is_that_of_the_shrunk_covariance(study: Study) -> None:
    base = _standardised(load_breast_cancer().data)
    rows, columns = np.triu_indices(base.shape[1])
    covariance, shrinkage = ledoit_wolf(_standardised(np.hstack([base, base[:, rows] * base[:, columns]])))
    expected = np.linalg.inv(covariance)
    assert study.large_precision.shape == (495, 495)
    assert np.abs(study.large_precision - expected).max() < 1e-3 * np.abs(expected).max()
    assert f"shrunk by {shrinkage:.3f} (Ledoit–Wolf)" in study.large.says


def test_residuals_are_those_of_the_precision(study: Study) -> None:
    for contest in (study.large, study.batch):
        assert list(contest.entries) == ["webgpu-array float32", "NumPy float32", "NumPy float64"]
        ours, single, double = contest.entries.values()
        n = contest.shape[-1]
        # The bound that the accuracy gate puts on ‖I − XA‖ / (n κ u).
        assert 0 < ours.residual < 30 * n / contest.rcond * 2.0**-24
        assert 0 < double.residual < 1e-6 * single.residual
        assert all(entry.seconds > 0 for entry in contest.entries.values())
        assert 0 < contest.error < 1e-4


def test_partial_correlation_of_three_features_is_the_textbook_one() -> None:
    r12, r13, r23 = 0.5, 0.3, -0.2
    correlation = np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]])
    expected = (r12 - r13 * r23) / np.sqrt((1 - r13**2) * (1 - r23**2))
    assert partial_correlations(np.linalg.inv(correlation))[0, 1] == pytest.approx(expected)


def test_demo_prints_what_was_computed_and_draws_it(
    device: Any, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(demo_study, "make_study", lambda *arguments: study)
    picture = tmp_path / "picture.png"
    assert cli.main(["demo", "--output", str(picture), "--device", device.name]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"computing on {terminal.adapter_line(device)}\n")
    assert ("SOFTWARE" in printed) == (device.kind == "software")
    for contest in (study.large, study.batch):
        for shown in (contest.says, contest.kernel, f"{contest.rcond:.2g}", terminal.time_text(contest.compile_seconds)):
            assert shown in printed
        for entry in contest.entries.values():
            assert terminal.time_text(entry.seconds) in printed
            assert f"{entry.residual:.2g}" in printed
    for pair in study.wine_pairs:
        assert f"{pair.first} — {pair.second}" in printed
        assert f"{pair.low:+.2f} … {pair.high:+.2f}" in printed
    assert printed.endswith(f"picture: {picture}\n")
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">2I", content[16:24])
    assert (width, height) == (1700, 1250)
    assert list(tmp_path.iterdir()) == [picture]


def test_demo_refuses_an_output_in_a_missing_folder_before_computing(
    device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["demo", "--output", str(tmp_path / "missing/picture.png"), "--device", device.name]) == 1
    assert capsys.readouterr().err.startswith(f"webgpu-array demo: {tmp_path}/missing/picture.png: there is no folder ")
