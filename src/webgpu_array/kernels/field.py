"""Declarations for shaders that compute in a real or complex floating type, written once for both."""

from __future__ import annotations

from ..dtypes import DType
from ..shader import Constant, declare
from .product import Tiles


def declare_field(dtype: DType, **constants: Constant) -> str:
    """T and F, the libraries that compute in them (``field_*``, ``four_*``), and constants."""
    libraries = "field_complex, four_scalar" if dtype.is_complex else "field_real, four_native"
    return f"// uses: {libraries}\n" + declare(T=dtype, **constants)


def declare_tiles(dtype: DType, tiles: Tiles, along_i: bool) -> str:
    """T, what computes in it, and ``tiles``; of the first factor terms lie side by side where ``along_i``, of the second columns."""
    field = "field_complex" if dtype.is_complex else "field_real"
    return f"// uses: {field}\n{declare(T=dtype)}" + tiles.declarations(dtype, not dtype.is_complex, (along_i, False))
