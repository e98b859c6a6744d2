"""Declarations for shaders that compute in a real or complex floating type, written once for both."""

from __future__ import annotations

from ..dtypes import DType
from ..shader import Constant, declare


def declare_field(dtype: DType, **constants: Constant) -> str:
    """T and F, the libraries that compute in them (``field_*``, ``four_*``), and constants."""
    libraries = "field_complex, four_scalar" if dtype.is_complex else "field_real, four_native"
    return f"// uses: {libraries}\n" + declare(T=dtype, **constants)
