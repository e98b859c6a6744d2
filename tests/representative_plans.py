"""For every operation, plans that reach each declaration set of its kernels.

Device-free: the tests ask for what a device with these features can do. A new operation needs a
function here; ``tests/pure/test_shader_files.py`` fails without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import Any

from webgpu_array import dtypes
from webgpu_array.dtypes import DType, bool_
from webgpu_array.gpu.adapters import BROWSER_LIMITS
from webgpu_array.linalg.norms import DIVISOR, SCALE
from webgpu_array.ops.elementwise import TABLE, plan_of
from webgpu_array.plans.elementwise import Elementwise, Progression
from webgpu_array.plans.fourier import Chirp, FourierTransform, RealSpectrum
from webgpu_array.plans.indexing import Compact, CountFlags, Gather, LastWrites, MaskedCopy, RepeatPositions, Scatter
from webgpu_array.plans.linalg import (
    QR,
    Cholesky,
    Determinant,
    Inverse,
    InverseRefinement,
    InverseStatus,
    MatMul,
    PositiveInverse,
    Solve,
)
from webgpu_array.plans.protocol import Plan, Spec
from webgpu_array.plans.random import Random
from webgpu_array.plans.reduction import ArgExtreme, FirstNonzero, Reduce, Scan
from webgpu_array.plans.sorting import CountRuns, Search, Sort, WriteRuns
from webgpu_array.plans.spectral import (
    HermitianSweeps,
    HermitianValues,
    HermitianVectors,
    JacobiLoad,
    JacobiSweeps,
    PseudoInverse,
    SingularValues,
    SingularVectors,
)
from webgpu_array.shapes import contiguous_strides
from webgpu_array.special.functions import SPECIAL

# What a browser grants without asking, and what a native device offers.
BROWSER = SimpleNamespace(
    name="browser:0",
    kind="integrated",
    features=frozenset(),
    subgroup_size=0,
    limits=BROWSER_LIMITS,
)
NATIVE = SimpleNamespace(
    name="native:0",
    kind="discrete",
    features=frozenset({"shader-f64", "shader-int64", "shader-f16", "subgroup", "timestamp-query"}),
    subgroup_size=32,
    limits={
        **BROWSER.limits,
        "max-buffer-size": 1 << 32,
        "max-compute-invocations-per-workgroup": 1024,
        "max-compute-workgroup-size-x": 1024,
        "max-compute-workgroup-storage-size": 49152,
        "max-storage-buffer-binding-size": (1 << 31) - 4,
        "max-storage-buffers-per-shader-stage": 32,
    },
)

SOFTWARE = SimpleNamespace(**{**vars(NATIVE), "name": "software:0", "kind": "software", "subgroup_size": 8})

# Orders of matrices on both sides of every kernel's boundary.
ORDERS = (1, 2, 3, 4, 5, 16, 17, 32, 33, 48, 63, 64, 65, 80, 127, 128, 129, 300)

FLOATS = (dtypes.float32, dtypes.float64)


def plans(device: Any) -> dict[str, list[Plan]]:
    """Plans by operation, of the data types that ``device`` computes in."""
    return {operation: list(_supported(make(), device)) for operation, make in _MAKERS.items()}


def _supported(found: Iterator[Plan], device: Any) -> Iterator[Plan]:
    for plan in found:
        # A scalar's bits travel as words, so that only operands and arithmetic count.
        used = {spec.dtype for spec in plan.specs if spec.strides is not None}
        used |= {dtype for name in ("result", "accumulator", "dtype") if (dtype := getattr(plan, name, None))}
        used |= set(getattr(plan, "arguments", ()))
        if all(dtype.features <= device.features for dtype in used):
            yield plan


def _elementwise() -> Iterator[Plan]:
    for row, dtype in product(SPECIAL.values(), (dtypes.float32, dtypes.float64)):
        plan, _ = plan_of(row, dtypes.float32, *[((6, 4), (4, 1), dtype)] * row.arity)
        yield plan
    for row, dtype in product(TABLE.values(), dtypes.ALL):
        dense = ((6, 4), (4, 1), dtype)
        permuted = ((6, 4), (1, 6), dtype)
        conditions = [((6, 4), (4, 1), bool_)] if row.name == "where" else []
        n_values = row.arity - len(conditions)
        layouts: list[tuple[Any, ...]] = [(dense,) * n_values, (dense,) * (n_values - 1) + (permuted,)]
        if n_values == 2:
            scalar = bool if dtype is bool_ else int
            layouts += [(dense, scalar), (scalar, dense), (dense, float)]
        for layout in layouts:
            try:
                plan, _ = plan_of(row, dtypes.float32, *conditions, *layout)
            except TypeError:  # the row is not for this dtype
                continue
            yield plan
    for dtype in FLOATS:
        for row in (DIVISOR, SCALE):
            yield plan_of(row, dtypes.float32, ((24,), (1,), dtype))[0]
    yield from _mixed()
    for of, to in product(dtypes.ALL, dtypes.ALL):
        if to.is_complex or to is bool_ or not of.is_complex:
            yield _copy(of, to, (24,), (1,))
    for axes in range(2, 9):
        shape = (2,) * axes
        yield _copy(dtypes.float32, dtypes.float32, shape, tuple(reversed(contiguous_strides(shape))))
    yield _copy(dtypes.float32, dtypes.float32, (24,), (-1,))
    yield _copy(dtypes.float32, dtypes.float32, (24,), (0,))
    yield _copy(dtypes.float32, dtypes.float32, (), ())
    for dtype in dtypes.ALL:
        specs = (Spec("out", dtype, (24,), (1,)), Spec("x1", dtype, (), None))
        yield Elementwise("fill", "x1", "", (dtype,), dtype, (24,), specs)


def _mixed() -> Iterator[Plan]:
    for x1, x2 in product(dtypes.ALL, dtypes.ALL):
        try:
            plan, _ = plan_of(TABLE["add"], dtypes.float32, ((24,), (1,), x1), ((24,), (1,), x2))
        except TypeError:  # these do not promote
            continue
        yield plan


def _copy(of: DType, to: DType, shape: tuple[int, ...], strides: tuple[int, ...]) -> Plan:
    specs = (Spec("out", to, shape, contiguous_strides(shape)), Spec("x1", of, shape, strides))
    return Elementwise("copy", "x1", "", (to,), to, shape, specs)


def _progression() -> Iterator[Plan]:
    for dtype in dtypes.ALL:
        if dtype is not bool_:
            yield Progression("plus(start, times(number(i), step))", dtype, 100)


def _gather() -> Iterator[Plan]:
    for dtype in dtypes.ALL:
        yield Gather(dtype, (3, 6, 4), (24, 4, 1), (20, 0, 1), (0, 1, 0), ((5,), (4,)))
    yield Gather(dtypes.float32, (), (), (), (), ((5,), (1,)))
    yield Gather(dtypes.float32, (6,), (1,), (0,), (1,), ((5,), (1,)), window=(2, 3))


def _scatter() -> Iterator[Plan]:
    for dtype, chosen in product(dtypes.ALL, (False, True)):
        yield Scatter(dtype, (3, 6, 4), (20, 0, 1), (24, 4, 1), (0, 1, 0), ((5,), (4,)), chosen)
    yield Scatter(dtypes.float32, (6,), (0,), (1,), (1,), ((5,), (1,)), False, window=(2, 3))


def _masked_copy() -> Iterator[Plan]:
    for dtype in dtypes.ALL:
        yield MaskedCopy(dtype, (3, 4), (4, 1), (0, 1), (1, 0))


def _last_writes() -> Iterator[Plan]:
    yield LastWrites(100, 30)


def _repeat_positions() -> Iterator[Plan]:
    yield RepeatPositions(100, 30)


def _count_flags() -> Iterator[Plan]:
    yield CountFlags(5_000)


def _compact() -> Iterator[Plan]:
    yield Compact(5_000, 40)


def _scan() -> Iterator[Plan]:
    # (outer, length, inner): short rows, long ones of one, two and three levels, and neighbours along the last axis.
    shapes = ((5, 7, 1), (2, 300, 1), (2, 3_000, 1), (1, 5_000_000, 1), (2, 300, 40), (1, 300_000, 8))
    numbers = [dtype for dtype in dtypes.ALL if dtype is not bool_]
    for op, dtype, (outer, length, inner) in product(("sum", "prod"), numbers, shapes):
        steps = (length * inner, inner, 1)
        yield Scan(op, dtype, dtype, outer, length, inner, steps, steps)
    for source, accumulator in product(dtypes.ALL, numbers):
        if accumulator.is_complex or not source.is_complex:
            yield Scan("sum", source, accumulator, 2, 300, 1, (300, 1, 1), (300, 1, 1))


def _reduce() -> Iterator[Plan]:
    # Rows and columns of few and of many elements, and enough for a second and a third pass.
    layouts = ((5, 7, 7, 1), (5, 300, 300, 1), (1, 40_000, 40_000, 1), (300, 70, 1, 300), (64, 5_000, 1, 64))
    numbers = [dtype for dtype in dtypes.ALL if dtype is not bool_]
    for layout in layouts:
        for op, dtype in product(("sum", "prod", "max", "min"), numbers):
            if op in ("sum", "prod") or not dtype.is_complex:
                yield Reduce(op, dtype, dtype, dtype, *layout)
        for op, dtype in product(("any", "all"), dtypes.ALL):
            yield Reduce(op, dtype, dtypes.uint32, bool_, *layout)
        for dtype, index in product(dtypes.ALL, (dtypes.int32, dtypes.int64)):
            yield Reduce("count", dtype, index, index, *layout)
    for source, accumulator in product(dtypes.ALL, numbers):
        if accumulator.is_complex or not source.is_complex:
            yield Reduce("sum", source, accumulator, accumulator, 5, 300, 300, 1)


def _matmul() -> Iterator[Plan]:
    sizes = ((1, 1, 1), (1, 1, 40), (1, 1, 600), (5, 6, 7), (40, 40, 40), (49, 49, 8), (100, 3, 50), (130, 70, 33))
    for dtype, (m, n, k), batch in product(dtypes.ALL, sizes, (1, 3)):
        if dtype is not bool_:
            yield MatMul(dtype, batch, m, n, k, (m * n, n, 1), (m * k, k, 1), (k * n, n, 1))
    for dtype in FLOATS:
        for m, n, k in ((60, 132, 64), (1600, 1600, 68), (2048, 2048, 64)):
            yield MatMul(dtype, 1, m, n, k, (0, n, 1), (0, k, 1), (0, n, 1))
    yield MatMul(dtypes.float32, 1, 64, 64, 64, (0, 1, 64), (0, 1, 64), (0, -1, 64))
    # Sums of so many terms are cut into parts; operands by columns, and results of few rows or columns.
    for dtype, (m, n) in product((*FLOATS, dtypes.float16, dtypes.int64, dtypes.complex128), ((1, 1), (8, 8), (100, 1), (4, 100), (100, 100))):
        yield MatMul(dtype, 1, m, n, 100_000, (0, n, 1), (0, 1, m), (0, n, 1))
    yield MatMul(dtypes.float32, 1, 100, 100, 64, (0, 100, 1), (0, 64, 1), (0, 1, 64))


def _inverse() -> Iterator[Plan]:
    for dtype, n, batch in product(_INEXACT, ORDERS, (1, 3)):
        yield Inverse(dtype, n, batch)
    for dtype in _INEXACT:
        # Matrices that are no vectors, in a batch that is.
        yield Inverse(dtype, 3, 4)
        for n, flags_only in product((5, 8, 12), (False, True)):
            yield Inverse(dtype, n, 3, flags_only)


def _positive_inverse() -> Iterator[Plan]:
    for dtype, n, flags_only in product(_INEXACT, (1, 32, 33, 100, 300), (False, True)):
        yield PositiveInverse(dtype, n, 2, flags_only)


def _inverse_refinement() -> Iterator[Plan]:
    for dtype, n, hermitian in product(_INEXACT, (1, 16, 17, 32, 33, 300), (False, True)):
        yield InverseRefinement(dtype, n, 2, hermitian)


def _inverse_status() -> Iterator[Plan]:
    for dtype, batch in product(FLOATS, (1, 3, 1_000, 100_000)):
        yield InverseStatus(dtype, batch)


def _solve() -> Iterator[Plan]:
    for dtype, n, n_rhs in product(_INEXACT, ORDERS, (1, 3, 40)):
        yield Solve(dtype, n, n_rhs, 2)


def _cholesky() -> Iterator[Plan]:
    for dtype, n, upper in product(_INEXACT, (1, 5, 32, 33, 100, 300), (False, True)):
        yield Cholesky(dtype, n, 2, upper)


def _qr() -> Iterator[Plan]:
    for dtype, (m, n), complete in product(_INEXACT, ((1, 1), (3, 5), (40, 33), (33, 70), (300, 20), (5000, 100)), (False, True)):
        yield QR(dtype, m, n, 2, complete)


def _determinant() -> Iterator[Plan]:
    for dtype, n in product(_INEXACT, (0, *ORDERS)):
        yield Determinant(dtype, n, 2)


_INEXACT = (*FLOATS, dtypes.complex64, dtypes.complex128)
_RECTANGLES = ((1, 1), (3, 2), (33, 32), (70, 5), (65, 40), (1500, 3))


def _jacobi_load() -> Iterator[Plan]:
    for dtype, (m, n), vectors in product(_INEXACT, _RECTANGLES, (False, True)):
        yield JacobiLoad(dtype, m, n, 2, False, vectors)
    for dtype in _INEXACT:
        yield JacobiLoad(dtype, 5, 5, 2, True, True)


def _jacobi_sweeps() -> Iterator[Plan]:
    for dtype, (m, n), vectors in product(_INEXACT, _RECTANGLES, (False, True)):
        yield JacobiSweeps(dtype, m, n, 2, vectors, 1)


def _hermitian_sweeps() -> Iterator[Plan]:
    for dtype, n, vectors in product(_INEXACT, (1, 5, 32, 40), (False, True)):
        yield HermitianSweeps(dtype, n, 2, vectors, 1)


def _pseudoinverse() -> Iterator[Plan]:
    for dtype, (m, n) in product(_INEXACT, _RECTANGLES):
        yield PseudoInverse(dtype, m, n, 2)


def _singular_values() -> Iterator[Plan]:
    for dtype, (m, n) in product(_INEXACT, _RECTANGLES):
        yield SingularValues(dtype, m, n, 2, False)


def _singular_vectors() -> Iterator[Plan]:
    for dtype, (m, n) in product(_INEXACT, _RECTANGLES):
        yield SingularVectors(dtype, m, n, 2)


def _hermitian_values() -> Iterator[Plan]:
    for dtype, n in product(_INEXACT, (1, 40)):
        yield HermitianValues(dtype, n, 2)


def _hermitian_vectors() -> Iterator[Plan]:
    for dtype, n in product(_INEXACT, (1, 40)):
        yield HermitianVectors(dtype, n, 2)


def _first_nonzero() -> Iterator[Plan]:
    for n in (1, 300, 100_000):
        yield FirstNonzero(n)


def _random() -> Iterator[Plan]:
    for dtype in FLOATS:
        yield Random("uniform", 1_000, dtype)
        yield Random("standard_normal", 1_000, dtype, 770)
    for dtype in (dtypes.int32, dtypes.uint32, dtypes.int64, dtypes.uint64):
        yield Random("integers", 1_000, dtype)


def _fourier_transform() -> Iterator[Plan]:
    for dtype in (dtypes.complex64, dtypes.complex128):
        part = dtypes.real_of(dtype)
        # Lengths of one, two and three passes, with stages of every radix; of batches along either other axis.
        for n, inverse in product((1, 2, 30, 256, 1_000, 4_096, 2**20), (False, True)):
            yield _lines(dtype, n, inverse, "complex", "complex", dtype)
            yield _lines(dtype, n, inverse, "complex", "complex", dtype, outer=3)
            yield _lines(dtype, n, inverse, "complex", "complex", dtype, inner=5)
        for before, after in product((False, True), (False, True)):
            yield replace(_lines(dtype, 4_096, False, "complex", "complex", dtype), before=before, after=after)
        for source in (part, dtypes.float16):
            if source is part or dtype is dtypes.complex64:
                yield _lines(dtype, 30, False, "real", "complex", source)
                yield _lines(dtype, 30, False, "pairs", "complex", source)
        yield _lines(dtype, 30, True, "hermitian", "real", dtype)
        yield _lines(dtype, 30, True, "half_spectrum", "pairs", dtype)


def _lines(
    dtype: DType, n: int, inverse: bool, reads: str, writes: str, source: DType, outer: int = 1, inner: int = 1
) -> FourierTransform:
    length = {"pairs": 2 * n, "hermitian": n // 2 + 1, "half_spectrum": n + 1}.get(reads, n)
    out_length = 2 * n if writes == "pairs" else n
    steps = (length * inner, inner, 1), (out_length * inner, inner, 1)
    return FourierTransform(dtype, n, inverse, reads, writes, source, n, length, out_length, outer, inner, *steps)


def _real_spectrum() -> Iterator[Plan]:
    for dtype in (dtypes.complex64, dtypes.complex128):
        yield RealSpectrum(dtype, 30, 2, 3, (93, 3, 1))


def _chirp() -> Iterator[Plan]:
    for dtype, rising in product((dtypes.complex64, dtypes.complex128), (False, True)):
        yield Chirp(dtype, 7, 7, rising, mirrored=False)
        yield Chirp(dtype, 7, 16, rising, mirrored=True)


# What a row is sorted into, of which type the indices are, and in which direction.
_SORTS = (
    (("values",), dtypes.int32, False),
    (("indices",), dtypes.int64, True),
    (("values", "indices"), dtypes.uint32, False),
)


def _sort() -> Iterator[Plan]:
    # In workgroup memory, in one tile, and in enough tiles for chunks of them.
    for dtype, n, (wants, index, descending) in product(dtypes.ALL, (300, 2_000, 100_000), _SORTS):
        yield Sort(dtype, index, 2, n, descending, wants)


def _search() -> Iterator[Plan]:
    for dtype, op, has_sorter in product(dtypes.ALL, ("left", "right", "in", "not in"), (False, True)):
        yield Search(op, dtype, dtypes.int64 if has_sorter else dtypes.int32, 10, 300, has_sorter)


def _count_runs() -> Iterator[Plan]:
    for dtype in dtypes.ALL:
        yield CountRuns(dtype, 5_000)


def _write_runs() -> Iterator[Plan]:
    wanted = (("values",), ("values", "starts"), ("values", "inverse"), ("values", "indices", "inverse", "starts"))
    for dtype, wants, index in product(dtypes.ALL, wanted, (dtypes.int32, dtypes.int64)):
        yield WriteRuns(dtype, index, 5_000, 40, wants)


def _arg_extreme() -> Iterator[Plan]:
    # Rows and columns of few and of many elements, and enough for a second pass.
    layouts = ((5, 7, 7, 1), (5, 300, 300, 1), (1, 40_000, 40_000, 1), (300, 70, 1, 300))
    for dtype, op, layout in product(dtypes.ALL, ("max", "min"), layouts):
        yield ArgExtreme(op, dtype, dtypes.int64, *layout)


_MAKERS: dict[str, Callable[[], Iterator[Plan]]] = {
    "arg_extreme": _arg_extreme,
    "chirp": _chirp,
    "compact": _compact,
    "count_flags": _count_flags,
    "count_runs": _count_runs,
    "cholesky": _cholesky,
    "determinant": _determinant,
    "elementwise": _elementwise,
    "first_nonzero": _first_nonzero,
    "fourier_transform": _fourier_transform,
    "gather": _gather,
    "hermitian_sweeps": _hermitian_sweeps,
    "hermitian_values": _hermitian_values,
    "hermitian_vectors": _hermitian_vectors,
    "inverse": _inverse,
    "inverse_refinement": _inverse_refinement,
    "inverse_status": _inverse_status,
    "jacobi_load": _jacobi_load,
    "jacobi_sweeps": _jacobi_sweeps,
    "last_writes": _last_writes,
    "masked_copy": _masked_copy,
    "matmul": _matmul,
    "positive_inverse": _positive_inverse,
    "progression": _progression,
    "pseudoinverse": _pseudoinverse,
    "qr": _qr,
    "random": _random,
    "real_spectrum": _real_spectrum,
    "reduce": _reduce,
    "repeat_positions": _repeat_positions,
    "scan": _scan,
    "scatter": _scatter,
    "search": _search,
    "singular_values": _singular_values,
    "singular_vectors": _singular_vectors,
    "solve": _solve,
    "sort": _sort,
    "write_runs": _write_runs,
}
