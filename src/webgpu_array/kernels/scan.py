"""Sums and products of everything up to each element, in parallel.

Reduce, then scan: what each chunk comes to is found first, those totals are scanned the same way, and then each
chunk is scanned beginning with the total of all before it. Rounding errors grow as those of a tree: with the
elements of one invocation, and with the logarithm of everything beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import dtypes
from ..dtypes import DType, lowered
from ..plans.reduction import Scan
from ..shader import as_u32, declare, load
from .elements import conversion_libraries, converted, loaded, storable
from .protocol import Capabilities, Config, Launch, Work

_COMBINE = {"sum": "plus(a, b)", "prod": "times(a, b)"}

# Rows of fewer elements are scanned by one invocation each.
_SHORT = 64


@dataclass(frozen=True)
class ScanColumns:
    """An invocation per chunk of a row; neighbours read neighbouring rows.

    Configuration: ``workgroup`` invocations, ``items`` elements in a chunk.
    """

    name: str = "scan_columns"
    operation: str = "scan"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Scan, device: Capabilities) -> str | None:
        if plan.length > _SHORT and (plan.inner < 8 or abs(plan.x_steps[1]) < abs(plan.x_steps[2])):
            return "neighbouring rows are not neighbours in memory"
        return None

    def configs(self, plan: Scan, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64, "items": _SHORT}]

    def launches(self, plan: Scan, device: Capabilities, config: Config) -> Work:
        return _passes(plan, device, self.name, config, chunk=config["items"], per_group=config["workgroup"])


@dataclass(frozen=True)
class ScanRows:
    """A workgroup per chunk of a row, scanned in workgroup memory.

    Configuration: ``workgroup`` invocations (a power of two), ``items`` elements each.
    """

    name: str = "scan_rows"
    operation: str = "scan"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Scan, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Scan, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256 if plan.length > 512 else 64, "items": 8}]

    def launches(self, plan: Scan, device: Capabilities, config: Config) -> Work:
        return _passes(plan, device, self.name, config, chunk=config["workgroup"] * config["items"], per_group=1)


def _passes(plan: Scan, device: Capabilities, file: str, config: Config, chunk: int, per_group: int) -> Work:
    """The totals of chunks, of chunks of those, and so on; then the scans, from the shortest to the whole."""
    sizes = declare(WORKGROUP=config["workgroup"], ITEMS=config["items"])
    lengths = [plan.length]
    while lengths[-1] > chunk:
        lengths.append(-(-lengths[-1] // chunk))
    itemsize = max(plan.accumulator.storage_bytes, 4)
    scratch: dict[str, int] = {}
    for level, length in enumerate(lengths[1:], start=1):
        for name in (f"totals_{level}", f"scanned_{level}"):
            scratch[name] = plan.outer * length * plan.inner * itemsize
    top = len(lengths) - 1

    def launch(level: int, is_total: bool) -> Launch:
        """One pass over the elements (level 0) or the totals of a level."""
        is_operand = level == 0
        length = lengths[level]
        n_chunks = -(-length // chunk)
        dense = (length * plan.inner, plan.inner, 1)
        declarations = sizes + _arithmetic(plan, device, is_first=is_operand, is_last=is_operand and not is_total)
        buffers = {"x": "x" if is_operand else f"totals_{level}"}
        if is_total:
            buffers["out"] = f"totals_{level + 1}"
        else:
            buffers["out"] = "out" if is_operand else f"scanned_{level}"
            # Where there is no prefix, something must be bound all the same.
            buffers["prefix"] = f"scanned_{level + 1}" if level < top else buffers["x"]
            declarations += declare(HAS_PREFIX=level < top)
        return Launch(
            shader=load(f"{file}_totals" if is_total else file, declarations),
            groups=-(-plan.outer * n_chunks * plan.inner // per_group),
            params={
                "x_steps": (*map(as_u32, plan.x_steps if is_operand else dense), 0),
                "out_steps": (*map(as_u32, plan.out_steps if is_operand else dense), 0),
                "outer": plan.outer,
                "length": length,
                "inner": plan.inner,
                "n_chunks": n_chunks,
            },
            buffers=buffers,
        )

    totals = [launch(level, is_total=True) for level in range(top)]
    return Work([*totals, *(launch(level, is_total=False) for level in range(top, -1, -1))], scratch)


def _arithmetic(plan: Scan, device: Capabilities, is_first: bool, is_last: bool) -> str:
    """The declarations of one pass: types, and what to do with an element."""
    read, computed = lowered(plan.input, device), lowered(plan.accumulator, device)
    uses = [f"number_{computed.number}", *conversion_libraries((read, computed))]
    # Between passes values lie as they are computed.
    source = read.storage if is_first else computed.wgsl
    target = computed.storage if is_last else computed.wgsl
    return "\n".join(
        [
            *(f"// uses: {name}" for name in uses),
            declare(T=computed, IS_FIRST=is_first, IS_LAST=is_last) + f"alias S = {source};\nalias R = {target};",
            f"fn load(element: S) -> T {{ return {_loaded(read, computed) if is_first else 'element'}; }}",
            f"fn store(value: T) -> R {{ return {storable(computed, 'value') if is_last else 'value'}; }}",
            f"fn combine(a: T, b: T) -> T {{ return {_COMBINE[plan.op]}; }}\n",
        ]
    )


def _loaded(source: DType, accumulator: DType) -> str:
    """WGSL for an element of x as an accumulator."""
    if source is dtypes.bool_:
        # A bool is stored as the u32 0 or 1.
        return converted("element", dtypes.uint32, accumulator)
    return converted(loaded(source, "element"), source, accumulator)
