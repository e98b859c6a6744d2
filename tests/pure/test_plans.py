"""Plans: equal calls make equal plans, and parts cover exactly what they were cut from."""

import itertools
from dataclasses import replace

import pytest

from webgpu_array import dtypes
from webgpu_array.ops.elementwise import TABLE, plan_of
from webgpu_array.plans.elementwise import Progression
from webgpu_array.plans.indexing import Gather, MaskedCopy
from webgpu_array.plans.linalg import Inverse, MatMul
from webgpu_array.plans.protocol import Spec
from webgpu_array.plans.reduction import Reduce, Scan

ALIGNMENT = 256


def parts_of(whole, limit):
    """The plans and offsets that cutting until everything fits ``limit`` bytes comes to."""
    waiting = [(whole, (0,) * len(whole.specs))]
    while waiting:
        part, offsets = waiting.pop()
        if max(spec.nbytes for spec in part.specs) <= limit:
            yield part, offsets
            continue
        cut = list(part.split(limit))
        assert cut, part
        waiting += [(p, tuple(a + b for a, b in zip(offsets, o, strict=True))) for p, o in cut]


def positions(spec, offset):
    """Every element that an operand touches."""
    axes = [range(0, n * step, step) if step else [0] * n for n, step in zip(spec.shape, spec.strides, strict=True)]
    return [offset + sum(steps) for steps in itertools.product(*axes)]


EXAMPLES = [
    Reduce("sum", dtypes.float32, dtypes.float32, dtypes.float32, 50, 10, 10, 1),
    Reduce("max", dtypes.float32, dtypes.float32, dtypes.float32, 50, 10, -10, -1),
    MatMul(dtypes.float32, 3, 20, 30, 5, (600, 30, 1), (100, 5, 1), (150, 30, 1)),
    MatMul(dtypes.float32, 1, 40, 3, 2, (120, 3, 1), (80, 2, 1), (0, 1, 2)),
    MatMul(dtypes.float64, 1, 2, 200, 2, (400, 200, 1), (4, 2, 1), (400, 1, 2)),
    Gather(dtypes.float32, (30, 6, 5), (30, 5, 1), (0, 0, 1), (0, 1, 0), ((4,), (5,))),
    MaskedCopy(dtypes.float32, (30, 20), (20, 1), (0, 1), (1, 0)),
    Scan("sum", dtypes.float32, dtypes.float32, 30, 4, 20, (80, 20, 1), (80, 20, 1)),
    Progression("start", dtypes.int32, 999),
]


@pytest.mark.parametrize("whole", EXAMPLES, ids=lambda p: type(p).__name__)
def test_parts_cover_every_element_of_the_result_once(whole):
    limit = 512
    out = sorted(positions(whole.specs[0], 0))
    found = [p for part, offsets in parts_of(whole, limit) for p in positions(part.specs[0], offsets[0])]
    assert sorted(found) == out
    assert len(set(found)) == len(out)


@pytest.mark.parametrize("whole", EXAMPLES, ids=lambda p: type(p).__name__)
def test_parts_read_only_what_the_whole_reads(whole):
    for i, spec in enumerate(whole.specs[1:], start=1):
        if spec.strides is not None:
            allowed = set(positions(spec, 0))
            for part, offsets in parts_of(whole, 512):
                assert set(positions(part.specs[i], offsets[i])) <= allowed


@pytest.mark.parametrize("strides", [((40, 1), (40, 1)), ((40, 1), (1, 30)), ((40, 1), (0, -1))], ids=str)
def test_elementwise_parts_pair_the_same_elements(strides):
    described = [((30, 40), step, dtypes.float32) for step in strides]
    whole, _ = plan_of(TABLE["add"], dtypes.float32, *described)

    def triples(part, offsets):
        return list(zip(*(positions(s, o) for s, o in zip(part.specs, offsets, strict=True)), strict=True))

    expected = triples(whole, (0, 0, 0))
    found = [t for part, offsets in parts_of(whole, 1024) for t in triples(part, offsets)]
    assert sorted(found) == sorted(expected)


def test_a_row_that_is_too_long_cannot_be_cut():
    whole = Reduce("sum", dtypes.float32, dtypes.float32, dtypes.float32, 1, 1000, 0, 1)
    assert list(whole.split(512)) == []


def test_batched_parts_start_where_a_binding_may():
    whole = Inverse(dtypes.float32, 3, 1000)
    found = list(whole.split(8192))
    assert sum(part.batch for part, _ in found) == 1000
    for part, offsets in found:
        assert all(o * s.dtype.storage_bytes % ALIGNMENT == 0 for o, s in zip(offsets, part.specs, strict=True))
        assert max(spec.nbytes for spec in part.specs) <= 8192


def test_equal_calls_make_equal_plans():
    described = ((3, 4), (4, 1), dtypes.float32), float
    one, (shape, strides) = plan_of(TABLE["add"], dtypes.float32, *described)
    plan_of.cache_clear()
    two, _ = plan_of(TABLE["add"], dtypes.float32, *described)
    assert (shape, strides) == ((3, 4), (4, 1))
    assert one is not two
    assert one == two
    assert hash(one) == hash(two)
    assert replace(one, op="subtract") != one


def test_dense_operands_collapse_to_one_axis():
    found, _ = plan_of(TABLE["add"], dtypes.float32, ((3, 4), (4, 1), dtypes.float32), ((3, 4), (4, 1), dtypes.float32))
    assert found.is_dense
    assert found.shape == (12,)
    mixed, _ = plan_of(TABLE["add"], dtypes.float32, ((3, 4), (4, 1), dtypes.float32), ((4,), (1,), dtypes.float32))
    assert not mixed.is_dense
    assert mixed.specs[2].strides == (0, 1)


def test_results_lie_as_their_operands_do():
    by_columns, by_rows, row = (((3, 4), strides, dtypes.float32) for strides in ((1, 6), (4, 1), (0, 1)))
    found, (_, strides) = plan_of(TABLE["add"], dtypes.float32, by_columns, row)
    assert strides == (1, 3)
    assert found.shape == (4, 3)
    assert found.specs[1].strides == (6, 1)
    assert plan_of(TABLE["add"], dtypes.float32, by_columns, by_rows)[1] == ((3, 4), (4, 1))
    assert plan_of(TABLE["add"], dtypes.float32, row, row)[1] == ((3, 4), (4, 1))
    whole, (_, strides) = plan_of(TABLE["add"], dtypes.float32, ((2, 1, 5), (1, 7, 2), dtypes.float32), ((2, 1, 5), (1, 0, 2), dtypes.float32))
    assert whole.is_dense
    assert strides[::2] == (1, 2)


def test_nbytes_reach_from_the_first_element_to_the_last():
    assert Spec("x", dtypes.float64, (3, 4), (-10, 1)).nbytes == (20 + 3 + 1) * 8
    assert Spec("x", dtypes.bool_, (5,), (0,)).nbytes == 4
    assert Spec("x", dtypes.float32, (), None).nbytes == 0
