"""What every function of this chapter asks of its matrices, and how their batch axes become one."""

from __future__ import annotations

import math
from typing import Any

from ..errors import LinAlgError
from ..shapes import Shape
from ..tensor import Tensor


def check_tensor(function: str, x: Any, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a real floating-point tensor."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{function}: {argument} must be a tensor, not {type(x).__name__}; convert it with asarray()")
    if not x.dtype.is_floating:
        raise TypeError(
            f"{function}: {argument} must be real floating-point, not {x.dtype.name}; "
            f"convert it with astype({argument}, float32)"
        )


def check_matrices(function: str, x: Any, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a real floating-point tensor, ValueError below two axes."""
    check_tensor(function, x, argument)
    if x.ndim < 2:
        raise ValueError(f"{function}: {argument} must have shape (..., n, n), not {x.shape}")


def check_square(function: str, x: Tensor, argument: str = "x") -> None:
    """Raises LinAlgError unless the last two axes of ``x`` are equally long."""
    if x.shape[-1] != x.shape[-2]:
        raise LinAlgError(
            f"{function}: the last two axes must be equal, not {x.shape[-2:]} of {argument} with shape {x.shape}"
        )


def batch_of(x: Tensor) -> tuple[Shape, int]:
    """The axes before the last two, and how many matrices they hold."""
    lead = x.shape[:-2]
    return lead, math.prod(lead)
