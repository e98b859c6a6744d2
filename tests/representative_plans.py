"""For every operation, plans that reach each declaration set of its kernels.

Device-free: the tests ask for what a device with these features can do. A new operation needs a
function here; ``tests/pure/test_shader_files.py`` fails without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

from webgpu_array import dtypes
from webgpu_array.dtypes import DType, bool_
from webgpu_array.gpu.adapters import BROWSER_LIMITS
from webgpu_array.linalg_plans import (
    Determinant,
    Inverse,
    InverseStatus,
    JacobiLoad,
    JacobiSweep,
    MatMul,
    PseudoInverse,
    SingularValues,
    Solve,
)
from webgpu_array.ops.elementwise import TABLE, _plan
from webgpu_array.plan import (
    Elementwise,
    FirstNonzero,
    Plan,
    Progression,
    Random,
    Reduce,
    Spec,
    Take,
)
from webgpu_array.shapes import contiguous_strides

# What a browser grants without asking, and what a native device offers.
BROWSER = SimpleNamespace(
    name="browser:0",
    kind="integrated",
    features=frozenset(),
    limits=BROWSER_LIMITS,
)
NATIVE = SimpleNamespace(
    name="native:0",
    kind="discrete",
    features=frozenset({"shader-f64", "shader-int64", "shader-f16", "subgroup", "timestamp-query"}),
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
    for row, dtype in product(TABLE.values(), dtypes.ALL):
        dense = ((6, 4), (4, 1), dtype)
        permuted = ((6, 4), (1, 6), dtype)
        conditions = [((6, 4), (4, 1), bool_)] if row.arity == 3 else []
        n_values = row.arity - len(conditions)
        layouts: list[tuple[Any, ...]] = [(dense,) * n_values, (dense,) * (n_values - 1) + (permuted,)]
        if n_values == 2:
            scalar = bool if dtype is bool_ else int
            layouts += [(dense, scalar), (scalar, dense), (dense, float)]
        for layout in layouts:
            try:
                plan, _, _ = _plan(row, *conditions, *layout)
            except TypeError:  # the row is not for this dtype
                continue
            yield plan
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
            plan, _, _ = _plan(TABLE["add"], ((24,), (1,), x1), ((24,), (1,), x2))
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


def _take() -> Iterator[Plan]:
    for dtype in dtypes.ALL:
        yield Take(dtype, 3, 5, 4, 6, (20, 4, 1))


def _reduce() -> Iterator[Plan]:
    # Rows and columns of few and of many elements, and enough for a second and a third pass.
    layouts = ((5, 7, 7, 1), (5, 300, 300, 1), (1, 40_000, 40_000, 1), (300, 70, 1, 300), (64, 5_000, 1, 64))
    numbers = [dtype for dtype in dtypes.ALL if dtype is not bool_]
    for layout in layouts:
        for op, dtype in product(("sum", "prod", "max", "min"), numbers):
            yield Reduce(op, dtype, dtype, dtype, *layout)
        for op, dtype in product(("any", "all"), dtypes.ALL):
            yield Reduce(op, dtype, dtypes.uint32, bool_, *layout)
    for source, accumulator in product(dtypes.ALL, numbers):
        yield Reduce("sum", source, accumulator, accumulator, 5, 300, 300, 1)


def _matmul() -> Iterator[Plan]:
    sizes = ((1, 1, 1), (1, 1, 40), (1, 1, 600), (5, 6, 7), (40, 40, 40), (49, 49, 8), (100, 3, 50), (130, 70, 33))
    for dtype, (m, n, k), batch in product(dtypes.ALL, sizes, (1, 3)):
        if dtype is not bool_:
            yield MatMul(dtype, batch, m, n, k, (m * n, n, 1), (m * k, k, 1), (k * n, n, 1))
    yield MatMul(dtypes.float32, 1, 64, 64, 64, (0, 1, 64), (0, 1, 64), (0, -1, 64))


def _inverse() -> Iterator[Plan]:
    for dtype, n, batch in product(FLOATS, ORDERS, (1, 3)):
        yield Inverse(dtype, n, batch)


def _inverse_status() -> Iterator[Plan]:
    for dtype, batch in product(FLOATS, (1, 3, 1_000, 100_000)):
        yield InverseStatus(dtype, batch)


def _solve() -> Iterator[Plan]:
    for dtype, n, n_rhs in product(FLOATS, ORDERS, (1, 3, 40)):
        yield Solve(dtype, n, n_rhs, 2)


def _determinant() -> Iterator[Plan]:
    for dtype, n in product(FLOATS, (0, *ORDERS)):
        yield Determinant(dtype, n, 2)


_RECTANGLES = ((1, 1), (3, 2), (32, 32), (33, 32), (70, 5), (65, 64))


def _jacobi_load() -> Iterator[Plan]:
    for dtype, (m, n), transposed in product(FLOATS, _RECTANGLES, (False, True)):
        yield JacobiLoad(dtype, m, n, 2, transposed)


def _jacobi_sweep() -> Iterator[Plan]:
    for dtype, (m, n) in product(FLOATS, _RECTANGLES):
        yield JacobiSweep(dtype, m, n, 2)


def _pseudoinverse() -> Iterator[Plan]:
    for dtype, (m, n), transposed in product(FLOATS, _RECTANGLES, (False, True)):
        yield PseudoInverse(dtype, m, n, 2, transposed)


def _singular_values() -> Iterator[Plan]:
    for dtype, (m, n) in product(FLOATS, _RECTANGLES):
        yield SingularValues(dtype, m, n, 2)


def _first_nonzero() -> Iterator[Plan]:
    for n in (1, 300, 100_000):
        yield FirstNonzero(n)


def _random() -> Iterator[Plan]:
    for dtype in FLOATS:
        yield Random("uniform", 1_000, dtype)
        yield Random("standard_normal", 1_000, dtype, 770)
    for dtype in (dtypes.int32, dtypes.uint32, dtypes.int64, dtypes.uint64):
        yield Random("integers", 1_000, dtype)


_MAKERS: dict[str, Callable[[], Iterator[Plan]]] = {
    "determinant": _determinant,
    "elementwise": _elementwise,
    "first_nonzero": _first_nonzero,
    "inverse": _inverse,
    "inverse_status": _inverse_status,
    "jacobi_load": _jacobi_load,
    "jacobi_sweep": _jacobi_sweep,
    "matmul": _matmul,
    "progression": _progression,
    "take": _take,
    "pseudoinverse": _pseudoinverse,
    "random": _random,
    "reduce": _reduce,
    "singular_values": _singular_values,
    "solve": _solve,
}
