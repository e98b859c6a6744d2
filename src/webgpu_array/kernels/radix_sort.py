"""Sorting of long rows, digit by digit of the keys, the least significant first.

A pass counts the 256 digits of every tile, turns the counts into the places where the elements
of each tile go, and moves them there. Equal digits stay in order, so the whole sort is stable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import uint32
from ..plans.sorting import Sort
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import key_bits, keys, moves

_DIGIT_BITS = 8
_COUNTS_BYTES = 4 << _DIGIT_BITS

# Up to so many tiles, one workgroup per row adds up their counts.
_FEW_TILES = 32


@dataclass(frozen=True)
class RadixSort:
    """Rows of any length. Configuration: ``tile`` elements per workgroup, a multiple of 512."""

    name: str = "radix_sort"
    operation: str = "sort"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Sort, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Sort, device: Capabilities) -> Sequence[Config]:
        return [{"tile": 1536}]

    def launches(self, plan: Sort, device: Capabilities, config: Config) -> Work:
        n_tiles = -(-plan.n_cols // config["tile"])
        placing, scratch = _placing(plan.n_rows, n_tiles)
        scratch |= dict.fromkeys(("counts", "offsets"), plan.n_rows * n_tiles * _COUNTS_BYTES)
        n_passes = -(-key_bits(plan.dtype) // _DIGIT_BITS)
        source = {"x": "x"}
        launches: list[Launch] = []
        for number in range(n_passes):
            target = _target(plan, n_passes - 1 - number)
            scratch |= {slot: nbytes for slot, nbytes in _slot_bytes(plan, target) if slot not in plan.wants}
            count, scatter = _pass(plan, config["tile"], number, source, target)
            launches += [count, *placing, scatter]
            source = {"x": target.get("values", ""), "previous": target.get("indices", "")}
        return Work(launches, scratch)


def _target(plan: Sort, n_left: int) -> dict[str, str]:
    """What the pass before the last ``n_left`` writes, and where: to and fro between two buffers.

    Between passes the values go along, because the digits are theirs. The output for values is one of the
    two; that for indices may be of another type, and gets only the last ones.
    """
    names = dict.fromkeys(("values", *plan.wants) if n_left else plan.wants)
    ends = {"values": n_left % 2 == 0 and "values" in plan.wants, "indices": n_left == 0}
    return {name: name if ends[name] else f"{name}_{n_left % 2}" for name in names}


def _slot_bytes(plan: Sort, target: dict[str, str]) -> list[tuple[str, int]]:
    """The buffers of ``target`` and their bytes."""
    element_bytes = {"values": plan.dtype.storage_bytes, "indices": uint32.storage_bytes}
    return [(slot, plan.n_rows * plan.n_cols * element_bytes[name]) for name, slot in target.items()]


def _pass(plan: Sort, tile: int, number: int, source: dict[str, str], target: dict[str, str]) -> tuple[Launch, Launch]:
    """The launches that count the digits of pass ``number`` in ``source``, and that move the elements to ``target``."""
    n_tiles = -(-plan.n_cols // tile)
    word, shift = divmod(number * _DIGIT_BITS, 32)
    params = {"n_rows": plan.n_rows, "n_cols": plan.n_cols, "n_tiles": n_tiles, "word": word, "shift": shift}
    declared = declare(TILE=tile) + keys(plan.dtype, inverted=plan.descending)
    index = plan.index if "indices" in target.values() else uint32
    written = moves(2, tuple(target), index, has_previous="previous" in source)
    groups = plan.n_rows * n_tiles
    return (
        Launch(load("radix_count", declared), groups, params, source),
        Launch(load("radix_scatter", declared + written), groups, params, source | target),
    )


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
