"""Sorting of long rows, digit by digit of the keys, the least significant first.

A pass counts the 256 digits of every tile, turns the counts into the places where the elements
of each tile go, and moves them there. Equal digits stay in order, so the whole sort is stable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import uint32
from ..shader import declare, load
from ..sort_plans import Sort
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import key_bits, keys, moves

_DIGIT_BITS = 8
_COUNTS_BYTES = 4 << _DIGIT_BITS

# Up to so many tiles, one workgroup per row adds up their counts.
_FEW_TILES = 32


@dataclass(frozen=True)
class RadixSort:
    """Rows of any length. Configuration: ``tile`` elements per workgroup."""

    name: str = "radix_sort"
    operation: str = "sort"
    version: int = 1

    def why_not(self, plan: Sort, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Sort, device: Capabilities) -> Sequence[Config]:
        return [{"tile": 2048}]

    def launches(self, plan: Sort, device: Capabilities, config: Config) -> Work:
        n_tiles = -(-plan.n_cols // config["tile"])
        counts_bytes = plan.n_rows * n_tiles * _COUNTS_BYTES
        placing, scratch = _placing(plan.n_rows, n_tiles)
        scratch |= {"counts": counts_bytes, "offsets": counts_bytes}
        n = plan.n_rows * plan.n_cols
        element_bytes = {"values": plan.dtype.storage_bytes, "indices": uint32.storage_bytes}
        declared = declare(TILE=config["tile"]) + keys(plan.dtype, inverted=plan.descending)
        n_passes = -(-key_bits(plan.dtype) // _DIGIT_BITS)
        source = {"x": "x"}
        launches: list[Launch] = []
        for n_left in reversed(range(n_passes)):
            # Between passes the values go along, because the digits are theirs.
            wants = ("values", *plan.wants) if n_left else plan.wants
            target = {name: _target(plan, name, n_left) for name in dict.fromkeys(wants)}
            scratch |= {slot: n * element_bytes[name] for name, slot in target.items() if slot not in plan.wants}
            word, shift = divmod((n_passes - 1 - n_left) * _DIGIT_BITS, 32)
            params = {"n_rows": plan.n_rows, "n_cols": plan.n_cols, "n_tiles": n_tiles, "word": word, "shift": shift}
            written = moves(3, tuple(target), uint32 if n_left else plan.index, has_previous="previous" in source)
            launches += [
                Launch(load("radix_count", declared), plan.n_rows * n_tiles, params, source),
                *placing,
                Launch(load("radix_scatter", declared + written), plan.n_rows * n_tiles, params, source | target),
            ]
            source = {"x": target.get("values", ""), "previous": target.get("indices", "")}
        return Work(launches, scratch)


def _target(plan: Sort, name: str, n_left: int) -> str:
    """Where the pass before the last ``n_left`` writes: every other one, but for indices of another type, the output."""
    is_output = name in plan.wants and n_left % 2 == 0 and (name == "values" or n_left == 0)
    return name if is_output else f"{name}_{n_left % 2}"


def _placing(n_rows: int, n_tiles: int) -> tuple[list[Launch], dict[str, int]]:
    """The launches from counts to offsets, and their scratch: by way of chunks of tiles where there are many."""
    if n_tiles <= _FEW_TILES:
        return [Launch(load("radix_start"), n_rows, {"n_rows": n_rows, "n_parts": n_tiles})], {}
    chunk = math.isqrt(n_tiles)
    n_chunks = -(-n_tiles // chunk)
    params = {"n_rows": n_rows, "n_tiles": n_tiles, "n_chunks": n_chunks, "chunk": chunk}
    launches = [
        Launch(load("radix_sum"), n_rows * n_chunks, params),
        Launch(
            load("radix_start"),
            n_rows,
            {"n_rows": n_rows, "n_parts": n_chunks},
            {"counts": "sums", "offsets": "starts"},
        ),
        Launch(load("radix_offset"), n_rows * n_chunks, params),
    ]
    nbytes = n_rows * n_chunks * _COUNTS_BYTES
    return launches, {"sums": nbytes, "starts": nbytes}
