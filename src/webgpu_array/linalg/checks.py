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


def check_matrices(function: str, x: Any, argument: str = "x", axes: str = "n, n") -> None:
    """Raises TypeError unless ``x`` is a real floating-point tensor, ValueError below two axes."""
    check_tensor(function, x, argument)
    if x.ndim < 2:
        raise ValueError(f"{function}: {argument} must have shape (..., {axes}), not {x.shape}")


def check_square(function: str, x: Tensor, argument: str = "x") -> None:
    """Raises LinAlgError unless the last two axes of ``x`` are equally long."""
    if x.shape[-1] != x.shape[-2]:
        raise LinAlgError(
            f"{function}: the last two axes must be equal, not {x.shape[-2:]} of {argument} with shape {x.shape}"
        )


def check_same_device(function: str, x1: Tensor, x2: Tensor) -> None:
    """Raises ValueError unless both lie on one device."""
    if x1.device is not x2.device:
        raise ValueError(f"{function}: arguments are on {x1.device} and {x2.device}; move one with to_device()")


def batch_of(x: Tensor) -> tuple[Shape, int]:
    """The axes before the last two, and how many matrices they hold."""
    lead = x.shape[:-2]
    return lead, math.prod(lead)


def which_matrix(index: int, lead: Shape) -> str:
    """A matrix of the batch in words, by its index over the batch axes."""
    if not lead:
        return "the matrix"
    position: list[int] = []
    for length in reversed(lead):
        index, remainder = divmod(index, length)
        position.append(remainder)
    return f"matrix {position[0] if len(lead) == 1 else tuple(reversed(position))} of the batch"
