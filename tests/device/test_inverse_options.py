"""What ``inv`` promises with ``assume="pos"`` and with ``refine=True``."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import interop
from webgpu_array.errors import IllConditionedWarning, LinAlgError
from webgpu_array.execute import run
from webgpu_array.plans.linalg import InverseRefinement, PositiveInverse
from webgpu_array.plugins import registry
from webgpu_array.testing.families import Batch, stack
from webgpu_array.testing.gate import check, check_inverter, same_bits
from webgpu_array.testing.reference import norm, residual

as_gpu = runpy.run_path(str(Path(__file__).parents[1] / "as_gpu.py"))["as_gpu"]

# Around the squares that invocations hold (4 or 8 rows by order), and where blocks begin on some device.
SIZES = (1, 2, 8, 9, 17, 33, 65, 100, 130)


def positive(dtype: str, n: int, batch: int = 2, condition: float = 100) -> np.ndarray:
    """Hermitian positive definite matrices of eigenvalues from 1 to ``condition``."""
    rng = np.random.default_rng(n)
    normal = rng.standard_normal((batch, n, n)) + 1j * rng.standard_normal((batch, n, n)) * dtype.startswith("c")
    vectors = np.linalg.qr(normal)[0]
    x = vectors * condition ** np.linspace(0, 1, n) @ vectors.mT.conj()
    return ((x + x.mT.conj()) / 2 if dtype.startswith("c") else (x + x.mT.conj()).real / 2).astype(dtype)


def with_garbage_above(x: np.ndarray) -> np.ndarray:
    return np.where(np.tri(x.shape[-1], dtype=bool), x, np.nan).astype(x.dtype)


def ratio(x: np.ndarray, inverse: np.ndarray) -> float:
    """The worst ‖I - X A‖ / (n ‖A‖ ‖X‖ u) of a batch."""
    wide = np.result_type(x.dtype, np.float64)
    rest = norm(np.eye(x.shape[-1]) - inverse.astype(wide) @ x.astype(wide))
    return float((rest / norm(x) / norm(inverse)).max() / x.shape[-1] / np.finfo(x.dtype).eps * 2)


# assume="pos"


@pytest.mark.parametrize("n", SIZES)
def test_inverse_of_a_triangle_is_hermitian(device: Any, inexact: str, n: int) -> None:
    x = positive(inexact, n)
    given = xp.asarray(with_garbage_above(x), device=device)
    inverse, info, rcond = xp.linalg.inv_ex(given, assume="pos")
    host = inverse.numpy()
    assert inverse.dtype is given.dtype
    np.testing.assert_array_equal(host, host.mT.conj())
    assert ratio(x, host) < 3
    assert info.tolist() == [0, 0]
    np.testing.assert_allclose(rcond.numpy(), 1 / norm(x) / norm(np.linalg.inv(x)), rtol=1e-3)
    np.testing.assert_array_equal(xp.linalg.inv(given, assume="pos").numpy(), host)
    np.testing.assert_array_equal(given[1, ...].inverse(assume="pos").numpy(), host[1])


@pytest.mark.parametrize("n", [5, 16, 20, 70])
def test_kernels_for_small_matrices_agree_with_those_for_any(device: Any, inexact: str, n: int) -> None:
    """In every configuration, and in batches that fill no whole number of workgroups."""
    host = positive(inexact, n, batch=7)
    host[3, -1, -1] = -1
    x = xp.asarray(with_garbage_above(host), device=device)
    _, info, rcond = xp.linalg.inv_ex(x, assume="pos")
    for step in (False, True):
        plan = InverseRefinement(x.dtype, n, 7, hermitian=True) if step else PositiveInverse(x.dtype, n, 7)
        for kernel in registry().candidates(plan, x.device):
            for config in [*kernel.configs(plan, x.device), *kernel.configs(plan, as_gpu(x.device))]:
                inverse = xp.asarray(np.linalg.inv(host), device=device)
                found_info, found_rcond = xp.zeros_like(info), xp.zeros_like(rcond)
                run(
                    plan, (inverse, x) if step else (inverse, found_info, found_rcond, x), x.device, kernel.name, config
                )
                regular = inverse.numpy()[[0, 1, 2, 4, 5, 6]]
                assert ratio(host[[0, 1, 2, 4, 5, 6]], regular) < 3, (kernel.name, config)
                if not step:
                    assert found_info.tolist() == [0, 0, 0, n, 0, 0, 0]
                    np.testing.assert_allclose(found_rcond.numpy(), rcond.numpy(), rtol=1e-4)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3, 3), (2, 0, 0)])
def test_no_matrices(device: Any, shape: tuple[int, ...]) -> None:
    x = xp.zeros(shape, device=device)
    assert xp.linalg.inv(x, assume="pos", refine=True).shape == shape
    inverse, info, rcond = xp.linalg.inv_ex(x, assume="pos", refine=True)
    assert (inverse.shape, info.shape, rcond.shape) == (shape, shape[:-2], shape[:-2])


@pytest.mark.parametrize(("n", "minor"), [(1, 1), (5, 3), (40, 1), (40, 35), (100, 100)])
def test_a_matrix_that_is_not_positive_definite_is_named(device: Any, inexact: str, n: int, minor: int) -> None:
    host = positive(inexact, n, batch=3)
    host[1, minor - 1, minor - 1] = -1
    x = xp.asarray(host, device=device)
    with pytest.raises(LinAlgError) as caught:
        xp.linalg.inv(x, assume="pos")
    assert str(caught.value) == (
        f"inv: matrix 1 of the batch is not positive definite: its leading minor of order {minor} is not positive"
    )
    inverse, info, rcond = (result.numpy() for result in xp.linalg.inv_ex(x, assume="pos", refine=True))
    assert info.tolist() == [0, minor, 0]
    assert np.isnan(inverse[1]).all()
    assert rcond[1] == 0
    assert ratio(host[::2], inverse[::2]) < 3


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0), (50, 10), (59, 59)])
def test_what_is_not_finite_has_an_inverse_of_nan(device: Any, value: float, place: tuple[int, int]) -> None:
    host = positive("float32", 60, batch=3)
    host[1][place] = value
    x = xp.asarray(host, device=device)
    inverse, info, rcond = (result.numpy() for result in xp.linalg.inv_ex(x, assume="pos"))
    assert info.tolist() == [0, 0, 0]
    assert np.isnan(rcond).tolist() == [False, True, False]
    assert np.isnan(inverse[1]).all()
    assert ratio(host[::2], inverse[::2]) < 3
    np.testing.assert_array_equal(xp.linalg.inv(x, assume="pos").numpy(), inverse)


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize("n", [8, 24, 33, 70])
def test_positive_definite_families_pass_the_gate(device: Any, dtype: str, n: int, refine: bool) -> None:
    names = ("tridiagonal", "RBF + 1e-3", "RBF + 1e-5", "covariance", "covariance of few samples")
    everything = stack(n, dtype)
    chosen = [i for i, family in enumerate(everything.families) if family.name in names]
    batch = Batch(everything.matrices[chosen], tuple(everything.families[i] for i in chosen))

    def invert(a: np.ndarray) -> Any:
        return tuple(
            result.numpy() for result in xp.linalg.inv_ex(xp.asarray(a, device=device), assume="pos", refine=refine)
        )

    report = check_inverter(invert, batch, n_singles=2)
    # In float32, rounding makes the second RBF matrix indefinite at some orders, which is said.
    unexpected = [text for text in report.failures if "RBF + 1e-5" not in text or dtype == "float64"]
    assert not unexpected
    assert report.right is not None
    assert report.right.ratio < 1


def test_an_ill_conditioned_matrix_is_warned_of(device: Any) -> None:
    with pytest.warns(IllConditionedWarning, match=r"^inv: matrix 0 of the batch is ill-conditioned: rcond 1e-09"):
        xp.linalg.inv(xp.asarray(np.array([[[1, 0], [0, 1e-9]]], np.float32), device=device), assume="pos")


def test_positive_matrices_of_any_layout(as_laid_out: Any) -> None:
    x = positive("float32", 20, batch=6).reshape(2, 3, 20, 20)
    for host in (x.swapaxes(0, 1), x[::-1], np.broadcast_to(x[:, :1], x.shape), x.mT):
        inverse = xp.linalg.inv(as_laid_out(host), assume="pos", refine=True).numpy()
        assert ratio(host.reshape(-1, 20, 20), inverse.reshape(-1, 20, 20)) < 1


def test_matrices_of_extreme_size(device: Any) -> None:
    for scale in (1e-30, 1e30):
        x = positive("float32", 40) * np.float32(scale)
        inverse = xp.linalg.inv(xp.asarray(x, device=device), assume="pos").numpy()
        assert ratio(x * np.float64(1 / scale), inverse * np.float64(scale)) * 2.0**-29 < 3


@pytest.mark.parametrize("call", [xp.linalg.inv, xp.linalg.inv_ex])
def test_wrong_options_are_refused(device: Any, call: Any) -> None:
    x = xp.eye(3, device=device)
    with pytest.raises(ValueError, match=rf"^{call.__name__}: assume must be None or 'pos', not 'spd'$"):
        call(x, assume="spd")
    with pytest.raises(
        ValueError, match=rf"^{call.__name__}: kernel 'lu_inverse' makes no assumption; leave out kernel or "
    ):
        call(x, kernel="lu_inverse", assume="pos")


# refine=True


@pytest.mark.parametrize("n", [1, 3, 8, 24, 33, 70])
def test_refined_inverses_of_every_family(device: Any, dtype: str, n: int) -> None:
    """Where κ u < 1/10 nearly all wrong digits become right and both residuals small; nothing gets worse."""
    batch = stack(n, dtype)
    x = xp.asarray(batch.matrices, device=device)
    plain = [result.numpy() for result in xp.linalg.inv_ex(x)]
    refined = [result.numpy() for result in xp.linalg.inv_ex(x, refine=True)]
    assert not check(batch, tuple(refined)).failures  # type: ignore[arg-type]
    for before, after in zip(plain[1:], refined[1:], strict=True):
        assert same_bits(before, after).all()
    known = batch.reference
    u = float(np.finfo(dtype).eps) / 2
    exponents = known.exponents[:, None, None]
    for i, family in enumerate(batch.families):
        if not np.isfinite(plain[0][i]).all():
            assert same_bits(plain[0][i], refined[0][i]).all()
            continue
        if not family.has_inverse or plain[1][i] or not np.isfinite(known.condition[i]):
            continue
        before, after = (np.ldexp(result[0][i : i + 1].astype(np.float64), exponents[i]) for result in (plain, refined))
        a = known.a[i : i + 1]
        # Matrices that scaling alone makes ill-conditioned are not.
        scaled = _condition_of_equilibrated(a[0])
        was, error = (norm(x - known.high[i] - known.low[i]).item() / known.norm_inverse[i] for x in (before, after))
        name = f"{family.name}, κ u = {scaled * u:.2g}"
        if scaled * u < 0.5:
            assert error < max(1.5 * u, was / 2), name
        if scaled * u < 0.1:
            # The step squares the residual. Of float64 the reference itself is not right to the last bit.
            assert error < max(1.5 * u, was * max(1e-3, 10 * scaled * u)), name
            for left, right in ((a, after), (after, a)):
                size = n * known.norm_a[i] * norm(after).item() * u
                assert norm(residual(left, right, exact=dtype == "float64")).item() < size, name


def _condition_of_equilibrated(a: np.ndarray) -> float:
    rows = a / np.abs(a).max(axis=1, keepdims=True)
    return float(np.linalg.cond(rows / np.abs(rows).max(axis=0), 1))


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
@pytest.mark.parametrize("n", [5, 40, 70])
@pytest.mark.parametrize("assume", [None, "pos"])
def test_most_digits_that_were_wrong_are_right_thereafter(device: Any, dtype: str, n: int, assume: str | None) -> None:
    host = positive(dtype, n, condition=1e4)
    x = xp.asarray(host, device=device)
    plain, refined = (xp.linalg.inv(x, assume=assume, refine=refine).numpy() for refine in (False, True))
    true = np.linalg.inv(host.astype(np.complex128))
    assert (norm(refined - true) < 1.2e-7 * norm(true)).all()
    assert (norm(refined - true) < norm(plain - true) / 20).all()
    assert ratio(host, refined) < 0.1


@pytest.mark.parametrize("n", [1, 5, 40, 70])
def test_a_refined_positive_inverse_stays_hermitian(device: Any, inexact: str, n: int) -> None:
    host = positive(inexact, n, condition=1e4)
    x = xp.asarray(with_garbage_above(host), device=device)
    plain = xp.linalg.inv(x, assume="pos").numpy()
    refined = xp.linalg.inv(x, assume="pos", refine=True).numpy()
    np.testing.assert_array_equal(refined, refined.mT.conj())
    assert n == 1 or not np.array_equal(plain, refined)
    assert ratio(host, refined) < 1


@pytest.mark.parametrize("f64", [0, 1])
@pytest.mark.parametrize("each", [1, 2, 4])
def test_sums_are_wide_on_every_device(device: Any, f64: int, each: int) -> None:
    if f64 and not device.supports(xp.float64):
        pytest.skip(f"{device} has no float64")
    host = stack(33, "float32").matrices[:1]
    x = xp.asarray(host, device=device)
    true = np.linalg.inv(host.astype(np.float64))
    inverse = xp.asarray((true * (1 + 1e-4)).astype(np.float32), device=device)
    run(InverseRefinement(xp.float32, 33, 1), (inverse, x), x.device, "newton_step", {"each": each, "f64": f64})
    assert norm(inverse.numpy() - true).item() < 1e-7 * norm(true).item()


@pytest.mark.parametrize("wrong", [lambda x: 3 * x, lambda x: 0 * x, lambda x: np.full_like(x, np.nan), np.ones_like])
def test_a_step_that_would_diverge_is_not_taken(device: Any, wrong: Any) -> None:
    n = 40
    host = stack(n, "float32").matrices[:1]
    good = np.linalg.inv(host).astype(np.float32)
    given = np.concatenate([good * np.float32(1.01), wrong(good), good * np.float32(1.01)])
    x = interop.asarray(np.repeat(host, 3, axis=0), device=device)
    inverse = interop.asarray(given, device=device)
    run(InverseRefinement(xp.float32, n, 3), (inverse, x), x.device)
    result = inverse.numpy()
    assert same_bits(result[1], given[1]).all()
    for i in (0, 2):
        assert norm(result[i] - good[0]) < 1e-3 * norm(good[0])


def test_the_same_matrix_alone_and_in_a_batch(device: Any) -> None:
    host = positive("float32", 70, batch=3, condition=1e4)
    x = xp.asarray(host, device=device)
    for assume in (None, "pos"):
        together = xp.linalg.inv(x, assume=assume, refine=True).numpy()
        alone = xp.linalg.inv(x[1, ...], assume=assume, refine=True).numpy()
        assert same_bits(alone, together[1]).all()


def test_a_named_kernel_can_be_refined(device: Any) -> None:
    host = positive("float32", 40, condition=1e4)
    x = xp.asarray(host, device=device)
    refined = xp.linalg.inv(x, kernel=xp.linalg.kernel_for(x), refine=True).numpy()
    true = np.linalg.inv(host.astype(np.float64))
    assert (norm(refined - true) < 2e-7 * norm(true)).all()
