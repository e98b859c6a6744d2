"""Which cells (order, batch) are worth measuring, coarse before fine, and where to look closer.

A choice goes by the nearest cell (``choice.near``). So cells lie where winners change: at both ends of every stretch of orders with
the same candidates (kernels have largest orders, configurations change with the order), at multiples of the sizes of blocks and just above
them, where padding is least and most; and between neighbours that disagree, halving the stretch until it matters no more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .store import Cell, Timing

# Batches of a line grow by this factor, by which one cell still speaks for another (choice.NEAR).
_BATCH_STEP = 8

# Orders are looked at one by one up to here for changes of candidates.
_SCANNED = 544

# Neighbours agree where each one's winner takes at most so much more than the best of the other.
_AGREEMENT = 1.05

# Stretches are halved until they are as short as this, as factors of order and of batch.
_ORDER_GAP, _BATCH_GAP = 1.1, 2.5


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest cells: ``work`` is n³ batch, ``nbytes`` of the matrices, ``n`` the order; ``itemsize`` of an element."""

    work: float
    nbytes: int
    n: int
    itemsize: int = 4

    def batches(self, n: int) -> list[int]:
        """The batches of a line of cells; the largest there may be is one of them."""
        most = min(int(self.work // n**3), self.nbytes // (self.itemsize * n * n))
        if most < 1 or n > self.n:
            return []
        line = [1]
        while line[-1] * _BATCH_STEP <= most:
            line.append(line[-1] * _BATCH_STEP)
        if most >= 2 * line[-1]:
            line.append(most)
        return line


def limits_for(kind: str, itemsize: int = 4) -> Limits:
    """What a device of that kind does in some ten milliseconds; software in half a second."""
    if kind == "software":
        return Limits(5e7, 1 << 23, 368, itemsize)
    if kind == "discrete":
        return Limits(1e11, 1 << 29, 4096, itemsize)
    return Limits(4e9, 1 << 27, 1024, itemsize)


def levels(limits: Limits, signature: Callable[[int], Hashable], prior: Iterable[int] = ()) -> Iterator[list[int]]:
    """Orders to measure, coarse before fine, none twice. ``signature`` of an order tells apart which candidates it has.

    ``prior``: orders beside which another device had changes of winners.
    """
    largest = limits.n
    seen: set[int] = set()

    def level(orders: Iterable[int]) -> list[int]:
        found = sorted({n for n in orders if 1 <= n <= largest and limits.batches(n)} - seen)
        seen.update(found)
        return found

    powers = [1 << k for k in range(2, largest.bit_length())]
    yield level(powers)
    yield level(prior)
    ends = list(_ends(signature, min(_SCANNED, largest)))
    yield level(ends)
    yield level(n + 1 for n in powers if n >= 16)
    yield level([*range(1, 9), *(3 * n // 2 for n in powers)])
    yield level(3 * n // 2 + 1 for n in powers if n >= 32)
    # Where blocks end there are steps in what padding costs.
    yield level(n + more for n in range(64, min(_SCANNED, largest), 64) for more in (0, 1))


def _ends(signature: Callable[[int], Hashable], largest: int) -> Iterator[int]:
    """The first and the last order of every stretch of the same signature."""
    last = None
    for n in range(1, largest + 1):
        found = signature(n)
        if n > 1 and found != last:
            yield from (n - 1, n)
        last = found


def winner(rows: Sequence[Timing]) -> Timing:
    return min(rows, key=lambda row: row.ms)


def agree(one: Sequence[Timing], other: Sequence[Timing]) -> bool:
    """Whether the winner of each cell is good enough for the other.

    A configuration that the other does not have says nothing: where configurations change, both sides are cells already.
    """
    for here, there in ((one, other), (other, one)):
        best = winner(here)
        same = [row for row in there if row.kernel == best.kernel and row.config == best.config]
        same = same or [row for row in there if row.kernel == best.kernel]
        if not same or min(row.ms for row in same) > _AGREEMENT * winner(there).ms:
            return False
    return True


def between(cells: Mapping[Cell, Sequence[Timing]]) -> list[Cell]:
    """The cells halfway between neighbours that disagree, in n and in batch: the widest gaps first."""
    found: dict[Cell, float] = {}
    for axis, gap in ((0, _ORDER_GAP), (1, _BATCH_GAP)):
        lines: dict[int, list[Cell]] = {}
        for cell in sorted(cells):
            lines.setdefault(cell[1 - axis], []).append(cell)
        for line in lines.values():
            for one, other in pairwise(line):
                low, high = one[axis], other[axis]
                if high - low < 2 or high < gap * low or agree(cells[one], cells[other]):
                    continue
                middle = min(max(round(math.sqrt(low * high)), low + 1), high - 1)
                cell = (middle, one[1]) if axis == 0 else (one[0], middle)
                # In batch the same programs run: it costs next to nothing.
                found[cell] = max(found.get(cell, 0.0), math.log(high / low))
    return sorted(found, key=lambda cell: (-round(found[cell], 1), cell))


def changes(rows: Iterable[Timing]) -> list[int]:
    """The orders on both sides of changes of the winning kernel."""
    cells: dict[Cell, list[Timing]] = {}
    for row in rows:
        cells.setdefault((row.n, row.batch), []).append(row)
    found: set[int] = set()
    by_batch: dict[int, list[int]] = {}
    for n, batch in sorted(cells):
        by_batch.setdefault(batch, []).append(n)
    for batch, orders in by_batch.items():
        for low, high in pairwise(orders):
            if winner(cells[low, batch]).kernel != winner(cells[high, batch]).kernel:
                found |= {low, high}
    return sorted(found)
