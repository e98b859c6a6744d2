"""Other people's code on tensors: scikit-learn's estimators give what they give on NumPy's arrays.

Their own tests are run by ``conformance/run``; here is what shows most with the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.metrics import accuracy_score, confusion_matrix, r2_score
from sklearn.metrics.pairwise import euclidean_distances, rbf_kernel
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import webgpu_array as xp
from webgpu_array.dtypes import as_dtype, narrowed

RTOL = {"float32": 2e-3, "float64": 1e-8}
# A condition number of 30 or so, and elements far smaller than the largest beside them.
ATOL = {"float32": 2e-4, "float64": 1e-9}


@pytest.fixture(autouse=True)
def dispatch() -> Iterator[None]:
    with config_context(array_api_dispatch=True):
        yield


def _standardised(samples: np.ndarray, dtype: str) -> np.ndarray:
    return ((samples - samples.mean(axis=0)) / samples.std(axis=0)).astype(dtype)


def _check(found: Any, expected: Any, device: Any, dtype: str) -> None:
    """``found`` is a tensor on ``device`` with the values of an array, and for floats its dtype if the device has it."""
    assert isinstance(found, xp.Tensor)
    assert found.device is device
    if expected.dtype.kind == "f":
        assert found.dtype is narrowed(as_dtype(expected.dtype), device)
    np.testing.assert_allclose(found.numpy(), expected, rtol=RTOL[dtype], atol=ATOL[dtype])


def _check_attributes(found: BaseEstimator, expected: BaseEstimator, device: Any, dtype: str) -> None:
    """What was learnt as an array from arrays was learnt as a tensor on ``device`` from tensors."""
    arrays = {name: value for name, value in vars(expected).items() if isinstance(value, np.ndarray)}
    assert any(name.endswith("_") for name in arrays)
    for name, value in arrays.items():
        _check(getattr(found, name), value, device, dtype)


def _fitted(estimator: BaseEstimator, x: np.ndarray, y: Any, device: Any) -> tuple[BaseEstimator, BaseEstimator, Any]:
    """The estimator fitted on tensors, on arrays, and the tensor of ``x``."""
    on_device = xp.asarray(x, device=device)
    target = y if y is None else xp.asarray(y, device=device)
    return clone(estimator).fit(on_device, target), clone(estimator).fit(x, y), on_device


@pytest.mark.parametrize(
    "estimator",
    [
        StandardScaler(),
        PCA(n_components=5, svd_solver="full", whiten=True),
        PCA(n_components=5, svd_solver="covariance_eigh"),
        PCA(n_components=3, svd_solver="randomized", power_iteration_normalizer="QR", random_state=0),
    ],
    ids=lambda estimator: "-".join([type(estimator).__name__, *filter(None, [getattr(estimator, "svd_solver", "")])]),
)
def test_transformers(device: Any, dtype: str, estimator: BaseEstimator) -> None:
    samples = _standardised(load_wine().data, dtype) * np.arange(1, 14, dtype=dtype)
    found, expected, x = _fitted(estimator, samples, None, device)
    _check_attributes(found, expected, device, dtype)
    transformed = expected.transform(samples)
    _check(found.transform(x), transformed, device, dtype)
    _check(
        found.inverse_transform(xp.asarray(transformed, device=device)),
        expected.inverse_transform(transformed),
        device,
        dtype,
    )


@pytest.mark.parametrize(
    "estimator", [Ridge(solver="svd", alpha=0.5), RidgeCV(alphas=(0.1, 1.0, 10.0))], ids=["Ridge", "RidgeCV"]
)
def test_regressors(device: Any, dtype: str, estimator: BaseEstimator) -> None:
    data = load_diabetes()
    samples, y = _standardised(data.data, dtype), (data.target / 100).astype(dtype)
    found, expected, x = _fitted(estimator, samples, y, device)
    _check_attributes(found, expected, device, dtype)
    predicted = found.predict(x)
    _check(predicted, expected.predict(samples), device, dtype)
    score = r2_score(xp.asarray(y, device=device), predicted)
    assert score == pytest.approx(expected.score(samples, y), rel=RTOL[dtype])


@pytest.mark.parametrize(
    "estimator", [LinearDiscriminantAnalysis(), GaussianNB()], ids=lambda each: type(each).__name__
)
def test_classifiers(device: Any, dtype: str, estimator: BaseEstimator) -> None:
    data = load_wine()
    samples = _standardised(data.data, dtype)
    found, expected, x = _fitted(estimator, samples, data.target, device)
    _check_attributes(found, expected, device, dtype)
    _check(found.predict_proba(x), expected.predict_proba(samples), device, dtype)
    predicted, y = found.predict(x), xp.asarray(data.target, device=device)
    np.testing.assert_array_equal(predicted.numpy(), expected.predict(samples))
    accuracy = accuracy_score(data.target, expected.predict(samples))
    assert accuracy_score(y, predicted) == pytest.approx(accuracy, rel=1e-6)
    _check(confusion_matrix(y, predicted), confusion_matrix(data.target, expected.predict(samples)), device, dtype)


def test_logistic_regression_with_an_optimizer_on_the_host(device: Any, dtype: str) -> None:
    data = load_breast_cancer()
    samples = _standardised(data.data, dtype)[:, :8]
    found, expected, x = _fitted(LogisticRegression(C=0.1), samples, data.target, device)
    _check(found.coef_, expected.coef_, device, "float32")  # as near as the optimizer goes
    np.testing.assert_array_equal(found.predict(x).numpy(), expected.predict(samples))


@pytest.mark.filterwarnings("ignore:Best performing initialization did not converge")
@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_gaussian_mixtures_whose_views_are_written_through(device: Any, dtype: str, covariance_type: str) -> None:
    samples = PCA(n_components=3).fit_transform(_standardised(load_wine().data, "float64")).astype(dtype)
    mixture = GaussianMixture(
        n_components=3,
        covariance_type=covariance_type,
        init_params="random_from_data",
        random_state=0,
        max_iter=8,
        tol=0.0,
    )
    found, expected, x = _fitted(mixture, samples, None, device)
    _check_attributes(found, expected, device, dtype)
    _check(found.predict_proba(x), expected.predict_proba(samples), device, dtype)
    assert found.score(x) == pytest.approx(expected.score(samples), rel=RTOL[dtype])


def test_a_pipeline_is_cross_validated_and_searched(device: Any) -> None:
    data = load_wine()
    samples = data.data.astype("float32")
    x, y = xp.asarray(samples, device=device), xp.asarray(data.target, device=device)
    pipeline = make_pipeline(StandardScaler(), PCA(n_components=5), LinearDiscriminantAnalysis())
    expected = cross_val_score(pipeline, samples, data.target, cv=3)
    np.testing.assert_allclose(cross_val_score(pipeline, x, y, cv=3), expected)

    search = GridSearchCV(
        make_pipeline(StandardScaler(), Ridge(solver="svd")), {"ridge__alpha": [0.1, 10.0, 1000.0]}, cv=3
    )
    found = clone(search).fit(x, y)
    assert found.best_params_ == clone(search).fit(samples, data.target).best_params_
    assert isinstance(found.best_estimator_[-1].coef_, xp.Tensor)


@pytest.mark.parametrize("function", [euclidean_distances, rbf_kernel], ids=lambda function: function.__name__)
def test_pairs_of_samples(device: Any, dtype: str, function: Callable[..., Any]) -> None:
    samples = _standardised(load_diabetes().data, dtype)[:60]
    x = xp.asarray(samples, device=device)
    # A sample has no distance from itself but that of rounding, so it is not paired with itself.
    _check(function(x[20:, :], x[:20, :]), function(samples[20:], samples[:20]), device, dtype)
