"""Reductions: a matrix with any steps, combined along its rows.

Long rows are cut into chunks whose results are reduced again, launch after launch: that
spreads one row over the device, and keeps the rounding error of a sum near that of a tree.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from .. import dtypes
from ..dtypes import DType
from ..plan import Reduce
from ..shader import as_u32, declare, load
from .elementwise import converted, scalar_bits, stored
from .protocol import Capabilities, Config, Launch, Work

# op -> WGSL that combines `a` and `b`. max and min of WGSL drop a NaN; a + b is one.
_COMBINE = {
    "sum": "a + b",
    "prod": "a * b",
    "max": "max(a, b)",
    "min": "min(a, b)",
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
        return _passes(plan, "reduce_rows", sizes, chunk, per_group=1, transposed=False)


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
        return _passes(plan, "reduce_columns", sizes, config["chunk"], per_group=config["workgroup"], transposed=True)


def _passes(plan: Reduce, file: str, sizes: str, chunk: int, per_group: int, transposed: bool) -> Work:
    """One launch per level of chunks, ``per_group`` of them per workgroup. Results lie (row, chunk), or ``transposed``."""
    launches: list[Launch] = []
    scratch: dict[str, int] = {}
    source, n_cols = "x", plan.n_cols
    steps = plan.row_step, plan.col_step
    while True:
        n_chunks = -(-n_cols // chunk)
        target = "out" if n_chunks == 1 else f"level_{len(launches)}"
        if target != "out":
            scratch[target] = plan.n_rows * n_chunks * plan.accumulator.storage_bytes
        declarations = sizes + _arithmetic(plan, is_first=source == "x", is_last=target == "out")
        launches.append(
            Launch(
                shader=load(file, declarations),
                groups=-(-plan.n_rows * n_chunks // per_group),
                params={
                    "identity": identity_words(plan.op, plan.accumulator),
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


def _arithmetic(plan: Reduce, is_first: bool, is_last: bool) -> str:
    """The declarations of one pass: types, and what to do with an element."""
    computed = plan.accumulator
    floating = computed.is_floating
    combine = _COMBINE_FLOATS.get(plan.op, _COMBINE[plan.op]) if floating else _COMBINE[plan.op]
    # any and all look at the bits of x, max and min at those of the accumulator.
    looked_at = plan.input if plan.op in ("any", "all") else computed
    return "\n".join(
        [
            f"// uses: float_bits_{looked_at.wgsl}" if looked_at.is_floating else "",
            declare(T=computed, IS_FIRST=is_first, IS_LAST=is_last)
            + f"alias S = {plan.input.storage if is_first else computed.storage};",
            f"fn load(element: S) -> T {{ return {_loaded(plan) if is_first else 'element'}; }}",
            f"fn combine(a: T, b: T) -> T {{ return {combine}; }}",
            f"fn identity() -> T {{ return {scalar_bits(computed, 'params.identity')}; }}\n",
        ]
    )


def _loaded(plan: Reduce) -> str:
    """WGSL for a stored element of x as an accumulator; its truth for any and all."""
    if plan.op in ("any", "all"):
        truth = "magnitude_bits(element) != 0" if plan.input.is_floating else f"element != {plan.input.storage}(0)"
        return f"select(T(0), T(1), {truth})"
    if plan.input is dtypes.bool_:
        return f"select(T(0), T(1), {stored(plan.input, 'element')})"
    return converted("element", plan.input, plan.accumulator)


def identity_words(op: str, dtype: DType) -> tuple[int, int]:
    """The bits of what leaves every value unchanged: 0, 1, or the end of the type's range."""
    if dtype.is_floating:
        value = {"sum": 0.0, "prod": 1.0, "max": -math.inf, "min": math.inf}[op]
        bits = int.from_bytes(struct.pack("<" + dtype.format, value), "little")
    else:
        low, high = dtypes.integer_range(dtype)
        bits = {"sum": 0, "prod": 1, "max": low, "min": high, "any": 0, "all": 1}[op] & (2**dtype.bits - 1)
    return bits & 0xFFFFFFFF, bits >> 32
