"""The gate's matrices are what their names say."""

from __future__ import annotations

import numpy as np
import pytest

from webgpu_array.testing import FAMILIES, SIZES, Expect, crowd, stack
from webgpu_array.testing.families import CROWDS

_BY_NAME = {family.name: family for family in FAMILIES}


def _condition(name: str, n: int) -> float:
    return float(np.linalg.cond(_BY_NAME[name].matrix(n, "float64"), 1))


def test_family_names_are_unique() -> None:
    assert len(_BY_NAME) == len(FAMILIES)


def test_every_family_is_in_some_batch() -> None:
    assert all(any(family.exists(n) for n in SIZES) for family in FAMILIES)


def test_matrices_are_the_same_on_every_call() -> None:
    for family in FAMILIES:
        n = family.sizes[0] if family.sizes else 6
        np.testing.assert_array_equal(family.matrix(n, "float32"), family.matrix(n, "float32"))


def test_draws_of_a_random_family_differ() -> None:
    family = _BY_NAME["randn"]
    assert (family.matrix(6, "float32", 0) != family.matrix(6, "float32", 1)).all()


@pytest.mark.parametrize("n", [1, 2, 5, 33])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_stack_has_every_family_of_that_order(n: int, dtype: str) -> None:
    batch = stack(n, dtype)
    assert batch.matrices.shape == (len(batch.families), n, n)
    assert batch.matrices.dtype == dtype
    assert set(batch.families) == {family for family in FAMILIES if family.exists(n)}


def test_few_families_have_one_of_each_kind() -> None:
    kinds = {family.expect for family in stack(300, "float32", few=True).families}
    assert kinds == {Expect.INVERSE, Expect.NEVER_SINGULAR, Expect.ZERO_PIVOT, Expect.NOT_FINITE}


def test_families_without_an_inverse_have_none() -> None:
    for family in FAMILIES:
        a = family.matrix(6, "float64") if family.exists(6) else np.eye(6)
        if family.expect in (Expect.ZERO_PIVOT, Expect.RANK_DEFICIENT):
            assert np.linalg.matrix_rank(a) < 6, family.name
        assert np.isfinite(a).all() == (family.expect is not Expect.NOT_FINITE), family.name


@pytest.mark.parametrize("n", [8, 33, 130])
@pytest.mark.parametrize(("name", "condition"), [("randsvd 1e3", 1e3), ("randsvd 1e5", 1e5), ("randsvd 1e6", 1e6)])
def test_randsvd_has_its_condition(name: str, condition: float, n: int) -> None:
    assert np.linalg.cond(_BY_NAME[name].matrix(n, "float64"), 2) == pytest.approx(condition, rel=1e-6)


@pytest.mark.parametrize("n", [33, 130, 258])
def test_kahan_stays_within_reach_of_float32(n: int) -> None:
    assert 1e4 < _condition("Kahan", n) < 1e5


@pytest.mark.parametrize("name", ["graded rows", "graded columns"])
def test_graded_matrices_span_twenty_decades(name: str) -> None:
    a = np.abs(_BY_NAME[name].matrix(9, "float32"))
    sizes = a.max(axis=1 if name == "graded rows" else 0)
    assert sizes[0] > 1e18 * sizes[-1] > 0


def test_subnormal_matrices_are_subnormal() -> None:
    for dtype in (np.float32, np.float64):
        a = np.abs(_BY_NAME["subnormal"].matrix(9, dtype))
        assert 0 < a.max() < np.finfo(dtype).tiny


@pytest.mark.parametrize("n_matrices", CROWDS)
def test_crowd_holds_regular_and_other_matrices(n_matrices: int) -> None:
    batch = crowd(n_matrices, 2, "float32")
    assert batch.matrices.shape == (n_matrices, 2, 2)
    kinds = {family.expect for family in batch.families}
    others = {Expect.ZERO_PIVOT, Expect.NOT_FINITE} if n_matrices > 1 else set()
    assert kinds == {Expect.INVERSE} | others
