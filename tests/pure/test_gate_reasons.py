"""What failures of the gate are said to mean."""

from __future__ import annotations

import inspect
import re

from webgpu_array.testing import gate, why
from webgpu_array.testing.reasons import _CAUSES


def test_nothing_is_said_of_nothing() -> None:
    assert why(()) == ()
    assert why(["a failure of a kind that is not known"]) == ()


def test_every_failure_of_the_gate_has_a_cause() -> None:
    source = inspect.getsource(gate)
    texts = re.findall(r'_fail\([^"]*?f?"([^"]+)"', source) + re.findall(r'_judge_ratio\("([^"]+)"', source)
    assert len(texts) > 12
    assert [text for text in texts if not text.startswith("{what}") and not any(cause in text for cause, _ in _CAUSES)] == []


def test_failures_are_counted_by_check_and_family() -> None:
    sentences = why(
        [
            "left residual 5e+03 exceeds 30: near permutation, n = 5, float32, matrix 3, κ₁ = 4.2",
            "left residual 9e+03 exceeds 30: near permutation, n = 8, float32, matrix 3, κ₁ = 4.2",
            "left residual 70 exceeds 30: zero leading pivot, n = 2, float64, matrix 9, κ₁ = 2",
            "rcond nan is not NaN: Inf, n = 3, float32, matrix 1",
        ]
    )
    assert sentences[0].startswith("Where the largest element of a column is not on the diagonal")
    assert sentences[1].startswith("3 failures, near permutation, zero leading pivot (n = 2 to 8, float32, float64): X A is farther")
    assert sentences[1].endswith("First: left residual 5e+03 exceeds 30: near permutation, n = 5, float32, matrix 3, κ₁ = 4.2")
    assert sentences[2].startswith("1 failure, Inf (n = 3, float32): rcond of a matrix that holds NaN or Inf must be NaN")
    assert len(sentences) == 3


def test_many_families_are_not_all_named() -> None:
    (sentence,) = why([f"forward error 7 exceeds 1: family {i}, n = 2, float32, matrix 0, κ₁ = 1" for i in range(9)])
    assert "family 4 and 4 more families (n = 2, float32)" in sentence
