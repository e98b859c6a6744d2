"""What ``estimators.py`` measures: data, and what is done with it, in scikit-learn's words only.

A job receives samples (rows, features), labels (rows,) and a target (rows,), and returns arrays of the same library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Found = dict[str, Any]
Data = tuple[Any, Any, Any]

N_FEATURES, _N_LATENT, N_COMPONENTS = 100, 10, 4
# Rows whose distances to each other are taken.
_PAIRED = 20_000
# Of large results: rows that are compared, and points that are drawn.
_COMPARED, _COMPARED_OF_PAIRS, _DRAWN = 1000, 20, 500


# ---- data


def synthetic(rows: int) -> Data:
    """``rows`` x 100 float32: four normal distributions in ten dimensions of falling scale, turned into a hundred, with noise; an offset.

    The scales part the principal components from each other, so that float32 can tell them.
    """
    rng = np.random.default_rng(0)
    scales = (6 * 0.85 ** np.arange(_N_LATENT)).astype(np.float32)
    labels = rng.integers(0, N_COMPONENTS, rows)
    centres = rng.standard_normal((N_COMPONENTS, _N_LATENT)).astype(np.float32)
    latent = (1.5 * centres[labels] + rng.standard_normal((rows, _N_LATENT), dtype=np.float32)) * scales
    turned, _ = np.linalg.qr(rng.standard_normal((N_FEATURES, _N_LATENT)))
    x = rng.standard_normal((rows, N_FEATURES), dtype=np.float32)
    x *= 0.5
    x += latent @ turned.T.astype(np.float32)
    x += rng.standard_normal(N_FEATURES).astype(np.float32)
    weights = rng.standard_normal(N_FEATURES).astype(np.float32)
    return x, labels, x @ weights + rng.standard_normal(rows, dtype=np.float32)


def _bundled(load: Callable[[], Any]) -> Data:
    """One of scikit-learn's data sets: float32; its target is both the labels and what is regressed."""
    data = load()
    return data.data.astype(np.float32), data.target.astype(np.int64), data.target.astype(np.float32)


BUNDLED: dict[str, Callable[[], Data]] = {
    "wine": partial(_bundled, load_wine),
    "breast cancer": partial(_bundled, load_breast_cancer),
    "diabetes": partial(_bundled, load_diabetes),
}


# ---- jobs


def _learnt(model: Any, *names: str) -> Found:
    return {name: getattr(model, name) for name in names}


def _some(x: Any, rows: int = _COMPARED) -> Any:
    """Rows of ``x`` here and there."""
    return x[:: max(1, x.shape[0] // rows)]


def scaler(x: Any, _labels: Any, _target: Any) -> Found:
    model = StandardScaler()
    return {"scaled": _some(model.fit_transform(x)), **_learnt(model, "mean_", "scale_")}


def components(x: Any, _labels: Any, _target: Any, **options: Any) -> Found:
    model = PCA(n_components=_N_LATENT, random_state=0, **options).fit(x)
    return {"transformed": model.transform(x), **_learnt(model, "components_", "explained_variance_")}


def ridge(x: Any, _labels: Any, target: Any) -> Found:
    model = Ridge(solver="svd").fit(x, target)
    return {"predicted": model.predict(x), **_learnt(model, "coef_")}


def discriminants(x: Any, labels: Any, _target: Any) -> Found:
    model = LinearDiscriminantAnalysis(solver="svd").fit(x, labels)
    return {"labels": model.predict(x), **_learnt(model, "coef_", "means_", "explained_variance_ratio_")}


def _mixture(components: int, iterations: int) -> GaussianMixture:
    """So many iterations, whatever they reach: everybody does the same work. Some is added to variances, lest few samples leave them zero."""
    return GaussianMixture(
        components, max_iter=iterations, tol=0.0, reg_covar=0.01, init_params="random_from_data", random_state=0
    )


def mixture(x: Any, _labels: Any, _target: Any) -> Found:
    return _learnt(_mixture(N_COMPONENTS, 5).fit(x), "means_", "covariances_", "weights_", "lower_bound_")


def euclidean(x: Any, y: Any = None) -> Any:
    return pairwise_distances(x, y, metric="euclidean")


def kernel(x: Any, y: Any = None) -> Any:
    return rbf_kernel(x, y, gamma=1e-3)


def pairs(x: Any, _labels: Any, _target: Any, function: Callable[..., Any]) -> Found:
    return {"pairs": _some(function(x[: n_paired(x)]), _COMPARED_OF_PAIRS)}


def some_pairs(x: Any, _labels: Any, _target: Any, function: Callable[..., Any]) -> Found:
    """What ``pairs`` returns, and not the rest of it."""
    x = x[: n_paired(x)]
    return {"pairs": function(_some(x, _COMPARED_OF_PAIRS), x)}


def n_paired(x: Any) -> int:
    """How many rows have their distances taken."""
    return min(_PAIRED, len(x) // 5)


def pipeline_to_mixture(x: Any, _labels: Any, _target: Any, components: int = N_COMPONENTS, iterations: int = 5) -> Found:
    model = make_pipeline(StandardScaler(), PCA(n_components=5), _mixture(components, iterations))
    labels = model.fit_predict(x)
    return {"transformed": model[:-1].transform(x), "labels": labels, **_learnt(model[-1], "means_", "covariances_")}


def pipeline_to_discriminants(x: Any, labels: Any, _target: Any) -> Found:
    model = make_pipeline(StandardScaler(), PCA(n_components=5), LinearDiscriminantAnalysis()).fit(x, labels)
    return {"transformed": model[:-1].transform(x), "labels": model.predict(x), **_learnt(model[-1], "coef_")}


def pipeline_to_ridge(x: Any, _labels: Any, target: Any) -> Found:
    model = make_pipeline(StandardScaler(), PCA(n_components=5), Ridge(solver="svd")).fit(x, target)
    return {"predicted": model.predict(x), **_learnt(model[-1], "coef_")}


# ---- pictures


def _told(values: Any, form: str) -> str:
    """Numbers in one line."""
    return " ".join(format(value, form) for value in values)


def groups(found: Found, _data: Data) -> dict[str, str]:
    """Some samples by their first two principal components, and the label that each was given."""
    first, second = _some(found["transformed"], _DRAWN)[:, :2].T
    return {"x": _told(first, ".3g"), "y": _told(second, ".3g"), "label": _told(_some(found["labels"], _DRAWN), "d")}


def fit(found: Found, data: Data) -> dict[str, str]:
    """Some targets, and what was predicted."""
    return {"x": _told(_some(data[2], _DRAWN), ".3g"), "y": _told(_some(found["predicted"], _DRAWN), ".3g")}


@dataclass(frozen=True)
class Job:
    """A row: what is done with which data, what of the results is drawn, and a shorter way to what they are compared with."""

    name: str
    run: Callable[[Any, Any, Any], Found]
    data: str = "synthetic"
    points: Callable[[Found, Data], dict[str, str]] | None = None
    reference: Callable[[Any, Any, Any], Found] | None = None

    def __str__(self) -> str:
        return self.name

    def n_rows(self, data: Data) -> int:
        """How many samples it takes of ``data``."""
        return n_paired(data[0]) if self.reference else len(data[0])


JOBS = (
    Job("StandardScaler", scaler),
    Job("PCA, covariance_eigh", partial(components, svd_solver="covariance_eigh")),
    Job("PCA, full", partial(components, svd_solver="full")),
    Job("PCA, randomized", partial(components, svd_solver="randomized", power_iteration_normalizer="QR")),
    Job("Ridge", ridge),
    Job("LinearDiscriminantAnalysis", discriminants),
    Job("GaussianMixture", mixture),
    Job("pairwise_distances", partial(pairs, function=euclidean), reference=partial(some_pairs, function=euclidean)),
    Job("rbf_kernel", partial(pairs, function=kernel), reference=partial(some_pairs, function=kernel)),
    Job("pipeline to GaussianMixture", pipeline_to_mixture, points=groups),
    Job("pipeline to LinearDiscriminantAnalysis", pipeline_to_discriminants),
    Job("pipeline to Ridge", pipeline_to_ridge),
    Job("wine: pipeline to GaussianMixture", partial(pipeline_to_mixture, components=3, iterations=20), "wine", groups),
    Job("breast cancer: pipeline to LinearDiscriminantAnalysis", pipeline_to_discriminants, "breast cancer", groups),
    Job("diabetes: pipeline to Ridge", pipeline_to_ridge, "diabetes", fit),
)
