"""The demo's study: covariances of two real data sets, inverted on a device and by NumPy.

The inverse P of a covariance matrix (the precision matrix) tells which features are related
once all the others are known: the partial correlation of i and j is -P_ij / sqrt(P_ii P_jj).

Nothing here prints or draws; demo.py and demo_picture.py show what ``make_study`` returns.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.datasets import load_breast_cancer, load_wine

import webgpu_array as xp

from ..gpu.device import Device
from ..linalg.inverse import InverseResult, kernel_for
from ..tensor import Tensor

_Host = np.ndarray[Any, Any]

_N_PAIRS = 12
_N_LARGE_PAIRS = 5
_INTERVAL = (2.5, 97.5)  # percentiles

# A median of several runs, without making a slow device's user wait.
_MOST_RUNS, _FEWEST_RUNS, _SECONDS = 15, 3, 1.5


@dataclass(frozen=True)
class Entry:
    """One way to invert: median ``seconds``, and the largest ‖I − XA‖₁ of the batch."""

    seconds: float
    residual: float


@dataclass(frozen=True)
class Contest:
    """One task, on the device and by NumPy. ``error`` is of the device's partial correlations."""

    title: str
    says: str
    shape: tuple[int, ...]
    kernel: str
    rcond: float
    compile_seconds: float
    error: float
    entries: dict[str, Entry]


@dataclass(frozen=True)
class Pair:
    """``estimate`` of a partial correlation, its bootstrap interval and its value by class where there are any."""

    first: str
    second: str
    precision: float
    estimate: float
    low: float = np.nan
    high: float = np.nan
    by_class: tuple[float, ...] = ()


@dataclass(frozen=True)
class Study:
    """Everything that the demo shows."""

    device: Device
    n_bootstraps: int
    class_names: tuple[str, ...]
    wine_names: tuple[str, ...]
    wine_partial: _Host
    wine_pairs: tuple[Pair, ...]
    batch: Contest
    large_precision: _Host
    large_n_original: int
    large_pairs: tuple[Pair, ...]
    large: Contest


def make_study(device: Device, n_bootstraps: int, seed: int) -> Study:
    """Loads the data, forms the covariances on ``device``, inverts them there and by NumPy. Waits."""
    large_names, n_original, large, large_says = _breast_cancer(device)
    large_contest, large_precision = _contest("one large matrix", large_says, large)
    large_partial = partial_correlations(large_precision)
    wine_names, class_names, batch, batch_says = _wines(device, n_bootstraps, seed)
    batch_contest, precisions = _contest("a batch of many", batch_says, batch)
    partials = partial_correlations(precisions)
    n_classes = len(class_names)
    estimate, by_class, resampled = partials[0], partials[1 : 1 + n_classes], partials[1 + n_classes :]
    low, high = np.percentile(resampled, _INTERVAL, axis=0)
    return Study(
        device=device,
        n_bootstraps=n_bootstraps,
        class_names=class_names,
        wine_names=wine_names,
        wine_partial=estimate,
        wine_pairs=tuple(
            Pair(
                first=wine_names[i],
                second=wine_names[j],
                precision=precisions[0, i, j],
                estimate=estimate[i, j],
                low=low[i, j],
                high=high[i, j],
                by_class=tuple(by_class[:, i, j]),
            )
            for i, j in _strongest(estimate, _N_PAIRS)
        ),
        batch=batch_contest,
        large_precision=large_precision,
        large_n_original=n_original,
        large_pairs=tuple(
            Pair(large_names[i], large_names[j], large_precision[i, j], large_partial[i, j])
            for i, j in _strongest(large_partial, _N_LARGE_PAIRS)
        ),
        large=large_contest,
    )


def partial_correlations(precision: _Host) -> _Host:
    """-P_ij / sqrt(P_ii P_jj) for each matrix of (..., n, n), with ones on the diagonal."""
    scale = 1 / np.sqrt(np.diagonal(precision, axis1=-2, axis2=-1))
    partial: _Host = -precision * scale[..., :, None] * scale[..., None, :]
    diagonal = np.arange(partial.shape[-1])
    partial[..., diagonal, diagonal] = 1
    return partial


def _breast_cancer(device: Device) -> tuple[list[str], int, Tensor, str]:
    """Names, number of original features, and the shrunk covariance of them and all their products.

    The covariance of that many collinear features is nearly singular, so it is shrunk towards
    the identity: Ledoit and Wolf, J. Multivariate Analysis 88 (2004) 365-411.
    """
    data = load_breast_cancer()
    base = _standardised(data.data)
    n_original = base.shape[1]
    rows, columns = np.triu_indices(n_original)
    features = _standardised(np.hstack([base, base[:, rows] * base[:, columns]]))
    names = [str(name) for name in data.feature_names]
    names += [f"{names[i]} × {names[j]}" for i, j in zip(rows, columns, strict=True)]
    n_samples, n_features = features.shape
    shrinkage = float(ledoit_wolf_shrinkage(features, assume_centered=True))
    x = xp.asarray(features, dtype=xp.float32, device=device)
    identity = xp.asarray(np.eye(n_features), dtype=xp.float32, device=device)
    # Features of variance 1 make the identity the target that the method asks for.
    covariance = (x.T @ x) * ((1 - shrinkage) / n_samples) + identity * shrinkage
    says = (
        f"covariance of {n_original} breast cancer features and their {n_features - n_original} products, "
        f"{n_samples} samples, standardised, shrunk by {shrinkage:.3f} (Ledoit–Wolf)"
    )
    return names, n_original, covariance, says


def _wines(device: Device, n_bootstraps: int, seed: int) -> tuple[tuple[str, ...], tuple[str, ...], Tensor, str]:
    """Feature names, class names, and covariances: of all wines, of each class, of each resample.

    Each covariance is one of weighted samples: the weights say how often a wine was drawn, or
    whether it belongs to the class. So the whole batch is two matrix products on the device.
    """
    data = load_wine()
    samples = _standardised(data.data)
    n_samples, n_features = samples.shape
    generator = np.random.default_rng(seed)
    weights = np.vstack(
        [
            np.ones((1, n_samples)),
            [data.target == label for label in np.unique(data.target)],
            generator.multinomial(n_samples, [1 / n_samples] * n_samples, size=n_bootstraps),
        ]
    )
    totals = weights.sum(axis=1)[:, None, None]
    products = (samples[:, :, None] * samples[:, None, :]).reshape(n_samples, -1)
    w, x, xx, n = (xp.asarray(host, dtype=xp.float32, device=device) for host in (weights, samples, products, totals))
    shape = (len(weights), n_features, n_features)
    means = xp.reshape(w @ x, (len(weights), n_features, 1)) / n
    seconds = xp.reshape(w @ xx, shape)
    covariances = (seconds - (means @ means.mT) * n) / (n - 1)
    names = tuple(name.replace("_", " ") for name in data.feature_names)
    class_names = tuple(str(name).replace("_", " ") for name in data.target_names)
    says = (
        f"covariances of {n_features} wine features, {n_samples} samples, standardised: all wines, "
        f"{len(class_names)} classes, {n_bootstraps:,} bootstrap samples"
    )
    return names, class_names, covariances, says


def _standardised(samples: _Host) -> _Host:
    """Columns with mean 0 and variance 1."""
    standardised: _Host = (samples - samples.mean(axis=0)) / samples.std(axis=0)
    return standardised


def _contest(title: str, says: str, matrices: Tensor) -> tuple[Contest, _Host]:
    """Inverts on the device and by NumPy; also returns the device's inverses, as float64."""
    device = matrices.device
    single = np.asarray(matrices)
    first, ours = _timed(lambda: _inverted(matrices, device))
    seconds = _median_seconds(lambda: _inverted(matrices, device))
    double = single.astype(np.float64)
    result = np.asarray(ours.inverse).astype(np.float64)
    exact = np.linalg.inv(double)
    entries = {
        "webgpu-array float32": Entry(seconds, _residual(result, double)),
        "NumPy float32": Entry(_median_seconds(lambda: np.linalg.inv(single)), _residual(np.linalg.inv(single), double)),
        "NumPy float64": Entry(_median_seconds(lambda: np.linalg.inv(double)), _residual(exact, double)),
    }
    contest = Contest(
        title=title,
        says=says,
        shape=matrices.shape,
        kernel=kernel_for(matrices),
        rcond=float(np.asarray(ours.rcond).min()),
        compile_seconds=max(first - seconds, 0.0),
        error=float(np.abs(partial_correlations(result) - partial_correlations(exact)).max()),
        entries=entries,
    )
    return contest, result


def _inverted(matrices: Tensor, device: Device) -> InverseResult:
    result = xp.linalg.inv_ex(matrices)
    device.synchronize()
    return result


def _residual(inverse: _Host, matrices: _Host) -> float:
    """The largest ‖I − XA‖₁ of the batch, computed in float64."""
    difference = np.eye(matrices.shape[-1]) - inverse.astype(np.float64) @ matrices
    return float(np.abs(difference).sum(axis=-2).max())


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def _median_seconds(call: Callable[[], Any]) -> float:
    """Of several calls, after one that is not counted."""
    call()
    times: list[float] = []
    while len(times) < _FEWEST_RUNS or (len(times) < _MOST_RUNS and sum(times) < _SECONDS):
        times.append(_timed(call)[0])
    return statistics.median(times)


def _strongest(partial: _Host, n_pairs: int) -> list[tuple[int, int]]:
    """Indices of the pairs of largest magnitude."""
    rows, columns = np.triu_indices(partial.shape[-1], 1)
    order = np.argsort(-np.abs(partial[rows, columns]))[:n_pairs]
    return [(int(rows[k]), int(columns[k])) for k in order]
