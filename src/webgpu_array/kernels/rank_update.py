"""A launch of factorizations: a matrix less the product of two narrow ones."""

from __future__ import annotations

from dataclasses import dataclass

from ..dtypes import DType
from ..shader import load
from .field import declare_field
from .protocol import Launch

_TILE = 64


def block_of(dtype: DType) -> int:
    """Columns of a panel: 64 rows of two of them fill the 16 KiB of workgroup memory that every device has."""
    return 128 // dtype.storage_bytes


@dataclass(frozen=True)
class Panel:
    """A factor of the product: rows of ``n`` elements from ``first`` on, ``n_matrix`` elements for each matrix."""

    name: str
    n_matrix: int
    first: int
    n: int


def rank_update(
    dtype: DType,
    block: int,
    batch: int,
    width: int,
    updated: str,
    steps: tuple[int, int, int],
    rows: tuple[int, int],
    cols: tuple[int, int],
    left: Panel,
    right: Panel,
) -> list[Launch]:
    """``updated[rows, cols] -= leftᵀ right``, of ``width`` rows; nothing where there are no elements.

    ``steps`` are those of ``updated`` between matrices, rows and columns.
    """
    (first_row, end_row), (first_col, end_col) = rows, cols
    if first_row >= end_row or first_col >= end_col:
        return []
    shader = load("rank_update", declare_field(dtype, BLOCK=block))
    groups = batch * -(-(end_row - first_row) // _TILE) * -(-(end_col - first_col) // _TILE)
    params = {
        "batch": batch,
        "width": width,
        "first_row": first_row,
        "end_row": end_row,
        "first_col": first_col,
        "end_col": end_col,
        "updated_matrix": steps[0],
        "updated_row": steps[1],
        "updated_col": steps[2],
        "left_matrix": left.n_matrix,
        "left_first": left.first,
        "n_left": left.n,
        "right_matrix": right.n_matrix,
        "right_first": right.first,
        "n_right": right.n,
    }
    return [Launch(shader, groups, params, {"updated": updated, "left": left.name, "right": right.name})]
