"""Sorting of short rows: a bitonic network in workgroup memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plans.sorting import Sort
from ..shader import declare, load
from .protocol import Capabilities, Config, Launch, Work
from .sort_keys import key_words, keys, moves

# With 4 words per key and 1 per column, 512 places take 10 KiB; with 2 or 1, 1024 take 12 or 8.
_MOST = {1: 1024, 2: 1024, 4: 512}


@dataclass(frozen=True)
class SortRows:
    """Rows that fit workgroup memory, several per workgroup where they are short.

    Configuration: ``size`` keys per workgroup, a power of two.
    """

    name: str = "sort_rows"
    operation: str = "sort"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Sort, device: Capabilities) -> str | None:
        most = _MOST[key_words(plan.dtype)]
        return f"a row has more than {most} elements" if plan.n_cols > most else None

    def configs(self, plan: Sort, device: Capabilities) -> Sequence[Config]:
        return [{"size": _MOST[key_words(plan.dtype)]}]

    def launches(self, plan: Sort, device: Capabilities, config: Config) -> Work:
        size = config["size"]
        declarations = (
            declare(SIZE=size, WORKGROUP=min(256, size // 2))
            + keys(plan.dtype, inverted=plan.descending)
            + moves(1, plan.wants, plan.index)
        )
        width = 1 << (plan.n_cols - 1).bit_length()
        params = {"n_rows": plan.n_rows, "n_cols": plan.n_cols, "width": width}
        return Work([Launch(load("sort_rows", declarations), -(-plan.n_rows // (size // width)), params)])
