"""The tables of the normal distribution: made anew, and held against an exact inverse."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from scipy.stats import norm

from webgpu_array.random import make_normal_tables, normal_tables


def test_tables_are_what_their_script_makes():
    assert Path(normal_tables.__file__).read_text(encoding="utf-8") == make_normal_tables.text()


def test_exact_inverse_meets_published_quantiles():
    with localcontext() as context:
        context.prec = 60
        # https://oeis.org/A220510
        found = str(make_normal_tables.inverse_tail(Decimal("0.025")))
        assert found.startswith("1.95996398454005423552459443052055152795555")
        for z in (0.5, 1, 3, 6, 9):
            assert float(make_normal_tables.tail(Decimal(z))) == pytest.approx(norm.sf(z), rel=1e-13)


@pytest.mark.parametrize(("form", "precision"), list(zip(make_normal_tables.FORMS, (29, 60), strict=True)))
def test_polynomials_meet_the_exact_inverse(form, precision):
    """The error is below 2^-precision max(z, 1/2) in every segment, at its ends and between."""
    generator = random.Random(2)
    rows = [[int(w, 16) for w in line.split()] for line in getattr(normal_tables, form.name).split("\n") if line]
    per_octave = 2**form.segment_bits
    with localcontext() as context:
        context.prec = 60
        for number, (scale, *coefficients) in enumerate(rows):
            for x in (0, generator.getrandbits(form.word_bits), 2**form.word_bits - 1):
                place = Decimal(x) / 2**form.word_bits
                p = make_normal_tables.probability(*divmod(number, per_octave), form, place)
                exact = make_normal_tables.inverse_tail(p)
                found = Decimal(make_normal_tables.evaluate(coefficients, x, form.word_bits)) / 2**scale
                assert abs(found - exact) < Decimal(2) ** -precision * max(exact, Decimal("0.5"))
