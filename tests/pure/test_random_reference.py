"""The reference of random numbers: known answers, accuracy, and the fingerprints that devices must meet."""

from __future__ import annotations

import hashlib
import math
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtri

reference = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "random_reference.py")))


@pytest.mark.parametrize(("counter", "key", "expected"), reference.KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, expected):
    words = reference.philox(*([int(w, 16) for w in text.split()] for text in (counter, key)))
    assert " ".join(f"{w:08x}" for w in words) == expected


@pytest.mark.parametrize(("function", "dtype", "seed"), reference.FINGERPRINTS)
def test_fingerprints_are_those_of_the_reference(function, dtype, seed):
    data = getattr(reference, function)(seed, 0, 100_000, dtype)
    assert hashlib.sha256(data).hexdigest() == reference.FINGERPRINTS[function, dtype, seed]


def test_uniform_numbers_reach_both_ends_exactly():
    values = [np.frombuffer(reference.uniform_from(w, "float32"), "<f4")[0] for w in (0, 255, 256, 2**32 - 1)]
    assert values == [0, 0, 2.0**-24, 1 - 2.0**-24]
    values = [np.frombuffer(reference.uniform_from(w, "float64"), "<f8")[0] for w in (0, 2**11, 2**64 - 1)]
    assert values == [0, 2.0**-53, 1 - 2.0**-53]


def normal_words() -> list[int]:
    """64-bit words of every octave: its first, its last, and some between."""
    rng = np.random.default_rng(1)
    words = []
    for octave in range(64):
        low = 2 ** (63 - octave)
        words += [low, 2 * low - 1, *(low + int(f * low) for f in rng.random(200))]
    return words


@pytest.mark.parametrize(("dtype", "precision"), [("float32", 2.0**-29), ("float64", 2e-15)])
def test_normal_numbers_are_the_inverse_of_the_tail_probability(dtype, precision):
    # scipy's own inverse is good to a few 10^-16 in z; test_random_tables.py looks at float64 closer.
    words = normal_words()
    z = np.array([m / 2.0**scale for m, scale in (reference.magnitude_from(w, dtype) for w in words)])
    exact = -ndtri(np.array([math.ldexp(w | 1, -65) for w in words]))
    assert np.max(np.abs(z - exact) / np.maximum(exact, 0.5)) < precision


def test_normal_numbers_are_symmetric():
    for word in normal_words():
        positive, negative = (
            np.frombuffer(reference.normal_from(word & ~1 | sign, "float32"), "<f4")[0] for sign in (0, 1)
        )
        assert positive == -negative


def test_normal_numbers_reach_beyond_nine():
    assert np.frombuffer(reference.normal_from(0, "float32"), "<f4")[0] == np.float32(-ndtri(2.0**-65))


def test_normal_numbers_of_float32_are_those_of_float64_rounded():
    single = np.frombuffer(reference.standard_normal(3, 0, 5000, "float32"), "<f4")
    double = np.frombuffer(reference.standard_normal(3, 0, 5000, "float64"), "<f8")
    assert np.max(np.abs(single - double) / np.maximum(np.abs(double), 0.5)) < 2.0**-24 + 2.0**-29
