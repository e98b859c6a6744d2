"""Reductions: a matrix with any steps, combined along its rows.

Long rows are cut into chunks whose results are reduced again, launch after launch: that
spreads one row over the device, and keeps the rounding error of a sum near that of a tree.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import dtypes
from ..dtypes import DType, Scalar, lowered
from ..plan import Reduce
from ..shader import as_u32, declare, load
from .elementwise import conversion_libraries, converted, loaded, scalar_bits, storable
from .protocol import Capabilities, Config, Launch, Work

# op -> WGSL that combines `a` and `b`. max and min of WGSL drop a NaN; a + b is one.
_COMBINE = {
    "sum": "plus(a, b)",
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


@dataclass(frozen=True)
class ReduceRows:
    """A workgroup per chunk of a row, combined in a tree in workgroup memory.

    Configuration: ``workgroup`` invocations (a power of two), ``items`` elements each.
    """

    name: str = "reduce_rows"
    operation: str = "reduce"
    version: int = 1

    def why_not(self, plan: Reduce, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Reduce, device: Capabilities) -> Sequence[Config]:
        workgroup = 256 if plan.n_cols > 256 else 64 if plan.n_cols > 64 else 32
        return [{"workgroup": workgroup, "items": 16}]

    def launches(self, plan: Reduce, device: Capabilities, config: Config) -> Work:
        chunk = config["workgroup"] * config["items"]
        sizes = declare(WORKGROUP=config["workgroup"], CHUNK=chunk)
        return _passes(plan, device, "reduce_rows", sizes, chunk, per_group=1, transposed=False)


@dataclass(frozen=True)
class ReduceColumns:
    """An invocation per chunk of a row; neighbours read neighbouring rows.

    Configuration: ``workgroup`` invocations, ``chunk`` elements each.
    """

    name: str = "reduce_columns"
    operation: str = "reduce"
    version: int = 1

    def why_not(self, plan: Reduce, device: Capabilities) -> str | None:
        if plan.n_cols > 32 and (plan.n_rows < 32 or abs(plan.row_step) >= abs(plan.col_step)):
            return "neighbouring rows are not neighbours in memory"
        return None

    def configs(self, plan: Reduce, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64, "chunk": 64}]

    def launches(self, plan: Reduce, device: Capabilities, config: Config) -> Work:
        sizes = declare(WORKGROUP=config["workgroup"], CHUNK=config["chunk"])
        return _passes(plan, device, "reduce_columns", sizes, config["chunk"], per_group=config["workgroup"], transposed=True)


def _passes(
    plan: Reduce, device: Capabilities, file: str, sizes: str, chunk: int, per_group: int, transposed: bool
) -> Work:
    """One launch per level of chunks, ``per_group`` of them per workgroup. Results lie (row, chunk), or ``transposed``."""
    launches: list[Launch] = []
    scratch: dict[str, int] = {}
    source, n_cols = "x", plan.n_cols
    steps = plan.row_step, plan.col_step
    while True:
        n_chunks = -(-n_cols // chunk)
        target = "out" if n_chunks == 1 else f"level_{len(launches)}"
        if target != "out":
            scratch[target] = plan.n_rows * n_chunks * max(plan.accumulator.storage_bytes, 4)
        declarations = sizes + _arithmetic(plan, device, is_first=source == "x", is_last=target == "out")
        launches.append(
            Launch(
                shader=load(file, declarations),
                groups=-(-plan.n_rows * n_chunks // per_group),
                params={
                    "identity": _identity_words(plan.op, plan.accumulator),
                    "n_rows": plan.n_rows,
                    "n_cols": n_cols,
                    "n_chunks": n_chunks,
                    "row_step": as_u32(steps[0]),
                    "col_step": as_u32(steps[1]),
                },
                buffers={"x": source, "out": target},
            )
        )
        if target == "out":
            return Work(launches, scratch)
        source, n_cols = target, n_chunks
        steps = (1, plan.n_rows) if transposed else (n_chunks, 1)


def _arithmetic(plan: Reduce, device: Capabilities, is_first: bool, is_last: bool) -> str:
    """The declarations of one pass: types, and what to do with an element."""
    read, computed, written = (lowered(d, device) for d in (plan.input, plan.accumulator, plan.output))
    combine = _COMBINE_FLOATS.get(plan.op, _COMBINE[plan.op]) if computed.is_floating else _COMBINE[plan.op]
    through = dtypes.bool_ if plan.op in ("any", "all") else computed
    uses = [f"number_{computed.number}", *conversion_libraries((read, through), (computed, written))]
    if computed.is_floating:
        uses.append(f"float_bits_{computed.wgsl}")
    # Between passes values lie as they are computed.
    source = read.storage if is_first else computed.wgsl
    target = written.storage if is_last else computed.wgsl
    return "\n".join(
        [
            *(f"// uses: {name}" for name in uses),
            declare(T=computed, IS_FIRST=is_first, IS_LAST=is_last) + f"alias S = {source};\nalias R = {target};",
            f"fn load(element: S) -> T {{ return {_loaded(plan.op, read, computed) if is_first else 'element'}; }}",
            f"fn store(value: T) -> R {{ return {_stored(plan.op, computed, written) if is_last else 'value'}; }}",
            f"fn combine(a: T, b: T) -> T {{ return {combine}; }}",
            f"fn identity() -> T {{ return {scalar_bits(replace(computed, storage=computed.wgsl), 'params.identity')}; }}\n",
        ]
    )


def _loaded(op: str, source: DType, accumulator: DType) -> str:
    """WGSL for an element of x as an accumulator; its truth for any and all."""
    value = loaded(source, "element")
    if op in ("any", "all") or source is dtypes.bool_:
        # 1, in whatever type: a bool is converted by way of u32.
        return converted(f"select(0u, 1u, {converted(value, source, dtypes.bool_)})", dtypes.uint32, accumulator)
    return converted(value, source, accumulator)


def _stored(op: str, accumulator: DType, target: DType) -> str:
    if op in ("any", "all"):
        return "value"
    return storable(target, converted("value", accumulator, target))


def identity(op: str, dtype: DType) -> Scalar:
    """What leaves every value unchanged: 0, 1, or the end of the type's range."""
    if op in ("max", "min"):
        low, high = (-math.inf, math.inf) if dtype.is_floating else dtypes.integer_range(dtype)
        return low if op == "max" else high
    return 1 if op in ("prod", "all") else 0


def _identity_words(op: str, dtype: DType) -> tuple[int, int, int, int]:
    value = identity(op, dtype)
    if dtypes.is_kind(dtype, "floating-point"):
        computed = dtypes.float32 if dtype is dtypes.float16 else dtypes.real_of(dtype)
        bits = int.from_bytes(struct.pack("<" + computed.format, value), "little")
    else:
        bits = int(value.real) & (2 ** (8 * dtype.storage_bytes) - 1)
    return bits & 0xFFFFFFFF, bits >> 32, 0, 0
