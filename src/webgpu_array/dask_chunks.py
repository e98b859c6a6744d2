"""Tells dask.array how tensors are joined, taken from, divided and multiplied, where it does not ask them by operators or methods.

``import webgpu_array.dask_chunks`` once in every process that computes with tensors as chunks. Nothing else in the package
imports this module, or dask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dask.array import register_chunk_type
from dask.array.dispatch import concatenate_lookup, divide_lookup, einsum_lookup, take_lookup, tensordot_lookup

from .interop import asarray
from .linalg import tensordot
from .linalg.contraction import einsum
from .operators import Tensor
from .ops.elementwise import astype, divide
from .ops.manipulation import concat


def _concatenated(arrays: Sequence[Tensor], axis: int = 0) -> Tensor:
    return concat(arrays, axis=axis)


def _taken(x: Tensor, indices: Any, axis: int) -> Tensor:
    """Of a list as an index. Indices are dask's own, and NumPy's arrays."""
    return x[(slice(None),) * axis + (indices,)]


def _divided(x1: Tensor, x2: Any, dtype: Any = None) -> Tensor:
    """Of a mean: a sum by a number of elements, which dask counts with NumPy."""
    quotient = divide(x1, asarray(x2, dtype=x1.dtype, device=x1.device))
    return quotient if dtype is None else astype(quotient, dtype, copy=False)


def _contracted(subscripts: str, *operands: Tensor, dtype: Any = None, **_: Any) -> Tensor:
    """``einsum``; how NumPy would order and store the products does not matter here."""
    product = einsum(subscripts, *operands)
    return product if dtype is None else astype(product, dtype, copy=False)


register_chunk_type(Tensor)
concatenate_lookup.register(Tensor, _concatenated)
divide_lookup.register(Tensor, _divided)
einsum_lookup.register(Tensor, _contracted)
take_lookup.register(Tensor, _taken)
tensordot_lookup.register(Tensor, tensordot)
