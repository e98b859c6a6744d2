"""Reductions: a matrix with any steps, combined along its rows.

Long rows are cut into chunks whose results are reduced again, launch after launch, which spreads one row over the
device. Sums of floats of 32 bits carry their rounding errors along from pass to pass; all else is combined in a tree.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import dtypes
from ..dtypes import DType, Scalar, lowered
from ..plans.reduction import Reduce
from ..shader import as_u32, declare, load
from .elements import conversion_libraries, converted, loaded, scalar_bits, storable
from .protocol import Capabilities, Config, Launch, Work

# op -> WGSL that combines `a` and `b`. max and min of WGSL drop a NaN; a + b is one.
_COMBINE = {
    "sum": "plus(a, b)",
    "count": "plus(a, b)",
    "prod": "times(a, b)",
    "max": "select(a, b, is_below(a, b))",
    "min": "select(a, b, is_below(b, a))",
    "any": "a | b",
    "all": "a & b",
}
_COMBINE_FLOATS = {
    "max": "select(max(a, b), a + b, is_nan(a) || is_nan(b))",
    "min": "select(min(a, b), a + b, is_nan(a) || is_nan(b))",
}
# The identity times infinity would have a NaN for its other part.
_COMBINE_COMPLEX = {"prod": "select(select(times(a, b), b, is_equal(a, T(1, 0))), a, is_equal(b, T(1, 0)))"}

# What counts of an element is whether it is zero.
_OF_TRUTH = ("any", "all", "count")

# Invocations per workgroup, and how many workgroups or invocations it takes to keep a large device busy.
_WORKGROUP = 256
_BUSY_WORKGROUPS = 2048
_BUSY_INVOCATIONS = 1 << 18


@dataclass(frozen=True)
class ReduceRows:
    """Neighbouring invocations per chunk of a row, combined in a tree in workgroup memory.

    Configuration: ``workgroup`` invocations, ``lanes`` of them per chunk (both powers of two), ``items`` elements each.
    """

    name: str = "reduce_rows"
    operation: str = "reduce"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: Reduce, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Reduce, device: Capabilities) -> Sequence[Config]:
        lanes = min(max(_power_of_two(plan.n_cols // 16), 4), _WORKGROUP)
        items = _power_of_two(plan.n_rows * plan.n_cols // (_WORKGROUP * _BUSY_WORKGROUPS))
        return [{"workgroup": _WORKGROUP, "lanes": lanes, "items": min(max(items, 16), 128)}]

    def launches(self, plan: Reduce, device: Capabilities, config: Config) -> Work:
        sizes = declare(WORKGROUP=config["workgroup"], LANES=config["lanes"])
        chunk = config["lanes"] * config["items"]
        per_group = config["workgroup"] // config["lanes"]
        is_packed = plan.col_step == 1 and lowered(plan.input, device).storage in ("f32", "i32", "u32")
        first = "reduce_rows_packed" if is_packed else "reduce_rows"
        return _passes(plan, device, (first, "reduce_rows"), sizes, chunk, per_group, transposed=False)


@dataclass(frozen=True)
class ReduceColumns:
    """An invocation per chunk of a row; neighbours read neighbouring rows.

    Configuration: ``workgroup`` invocations, ``chunk`` elements each.
    """

    name: str = "reduce_columns"
    operation: str = "reduce"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Reduce, device: Capabilities) -> str | None:
        # Eight neighbours fill the least that a GPU fetches, 32 bytes.
        if plan.n_cols > 32 and (plan.n_rows < 8 or abs(plan.row_step) >= abs(plan.col_step)):
            return "neighbouring rows are not neighbours in memory"
        return None

    def configs(self, plan: Reduce, device: Capabilities) -> Sequence[Config]:
        chunk = _power_of_two(plan.n_rows * plan.n_cols // _BUSY_INVOCATIONS)
        return [{"workgroup": 64, "chunk": min(max(chunk, 64), 512)}]

    def launches(self, plan: Reduce, device: Capabilities, config: Config) -> Work:
        files = ("reduce_columns", "reduce_columns")
        sizes = declare(WORKGROUP=config["workgroup"])
        return _passes(plan, device, files, sizes, config["chunk"], config["workgroup"], transposed=True)


def _power_of_two(n: int) -> int:
    """The largest power of two up to ``n``, or 1."""
    return 1 << max(n.bit_length() - 1, 0)


def _passes(
    plan: Reduce, device: Capabilities, files: tuple[str, str], sizes: str, chunk: int, per_group: int, transposed: bool
) -> Work:
    """One launch per level of chunks, ``per_group`` of them per workgroup. Results lie (row, chunk), or ``transposed``.

    ``files`` are the shaders of the first launch and of the later ones.
    """
    launches: list[Launch] = []
    scratch: dict[str, int] = {}
    source, n_cols = "x", plan.n_cols
    steps, blocks = (plan.row_step, plan.col_step), (plan.block or plan.n_rows, plan.block_step)
    n_parts = 2 if _is_compensated(plan) else 1
    while True:
        n_chunks = -(-n_cols // chunk)
        target = "out" if n_chunks == 1 else f"level_{len(launches)}"
        if target != "out":
            scratch[target] = plan.n_rows * n_chunks * n_parts * max(plan.accumulator.storage_bytes, 4)
        declarations = sizes + declare(CHUNK=chunk)
        declarations += _arithmetic(plan, device, is_first=source == "x", is_last=target == "out")
        launches.append(
            Launch(
                shader=load(files[source != "x"], declarations),
                groups=-(-plan.n_rows * n_chunks // per_group),
                params={
                    "identity": _identity_words(plan.op, plan.accumulator),
                    "n_rows": plan.n_rows,
                    "n_cols": n_cols,
                    "n_chunks": n_chunks,
                    "block": blocks[0],
                    "block_step": as_u32(blocks[1]),
                    "row_step": as_u32(steps[0]),
                    "col_step": as_u32(steps[1]),
                },
                buffers={"x": source, "out": target},
            )
        )
        if target == "out":
            return Work(launches, scratch)
        source, n_cols = target, n_chunks
        steps, blocks = (1, plan.n_rows) if transposed else (n_chunks, 1), (plan.n_rows, 0)


def _is_compensated(plan: Reduce) -> bool:
    """Whether sums keep their errors: those of 32-bit floats do, as the arithmetic of float16 is one of."""
    computed = "f32" if plan.accumulator is dtypes.float16 else dtypes.real_of(plan.accumulator).wgsl
    return plan.op == "sum" and computed == "f32"


def _arithmetic(plan: Reduce, device: Capabilities, is_first: bool, is_last: bool) -> str:
    """The declarations of one pass: types, and what to do with an element."""
    read, computed, written = (lowered(d, device) for d in (plan.input, plan.accumulator, plan.output))
    special = _COMBINE_FLOATS if computed.is_floating else _COMBINE_COMPLEX if computed.is_complex else {}
    combine = special.get(plan.op, _COMBINE[plan.op])
    through = dtypes.bool_ if plan.op in _OF_TRUTH else computed
    keeps_errors = _is_compensated(plan)
    uses = [
        f"number_{computed.number}",
        "reduction_compensated" if keeps_errors else "reduction",
        *conversion_libraries((read, through), (dtypes.uint32, computed), (computed, written)),
    ]
    if computed.is_floating:
        uses.append(f"float_bits_{computed.wgsl}")
    start = scalar_bits(replace(computed, storage=computed.wgsl), "params.identity")
    # Between passes states lie as they are computed.
    lines = [
        *(f"// uses: {name}" for name in uses),
        declare(T=computed, IS_FIRST=is_first, IS_LAST=is_last),
        f"alias S = {read.storage if is_first else 'State'};",
        f"alias R = {written.storage if is_last else 'State'};",
        f"fn combine(a: T, b: T) -> T {{ return {combine}; }}",
        f"fn identity() -> State {{ return lift({start}); }}",
        f"fn store(state: State) -> R {{ return {_stored(plan.op, computed, written) if is_last else 'state'}; }}",
    ]
    if keeps_errors:
        parts = ["state.sum", "state.error"]
        settled = f"corrected({', '.join(parts)})"
        if computed.is_complex:
            settled = f"T({', '.join(f'corrected({parts[0]}.{c}, {parts[1]}.{c})' for c in 'xy')})"
        lines.append(f"fn settle(state: State) -> T {{ return {settled}; }}")
    if is_first:
        lines += [
            f"fn value(element: S) -> T {{ return {_loaded(plan.op, read, computed)}; }}",
            "fn load(element: S) -> State { return lift(value(element)); }",
        ]
    else:
        lines.append("fn load(element: S) -> State { return element; }")
    return "\n".join([*lines, ""])


def _loaded(op: str, source: DType, accumulator: DType) -> str:
    """WGSL for an element of x as an accumulator, or for its truth."""
    value = loaded(source, "element")
    if op in _OF_TRUTH or source is dtypes.bool_:
        # 1, in whatever type: a bool is converted by way of u32.
        return converted(f"select(0u, 1u, {converted(value, source, dtypes.bool_)})", dtypes.uint32, accumulator)
    return converted(value, source, accumulator)


def _stored(op: str, accumulator: DType, target: DType) -> str:
    if op in ("any", "all"):
        return "settle(state)"
    return storable(target, converted("settle(state)", accumulator, target))


def identity(op: str, dtype: DType) -> Scalar:
    """What leaves every value unchanged: 0 (of floats the negative one), 1, or the end of the type's range."""
    if op in ("max", "min"):
        low, high = (-math.inf, math.inf) if dtype.is_floating else dtypes.integer_range(dtype)
        return low if op == "max" else high
    if op in ("prod", "all"):
        return 1
    return -0.0 if dtypes.is_kind(dtype, "floating-point") else 0


def _identity_words(op: str, dtype: DType) -> tuple[int, int, int, int]:
    value = identity(op, dtype)
    if dtypes.is_kind(dtype, "floating-point"):
        computed = dtypes.float32 if dtype is dtypes.float16 else dtypes.real_of(dtype)
        bits = int.from_bytes(struct.pack("<" + computed.format, value), "little")
    else:
        bits = int(value.real) & (2 ** (8 * dtype.storage_bytes) - 1)
    return bits & 0xFFFFFFFF, bits >> 32, 0, 0
