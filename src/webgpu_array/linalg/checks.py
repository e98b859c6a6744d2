"""What every function of this chapter asks of its matrices, how their batch axes become one, and which of them failed."""

from __future__ import annotations

import math
import struct
from typing import Any

from ..dtypes import bool_, complex64, complex128, float32, float64, int32
from ..errors import LinAlgError
from ..execute import run
from ..ops.checks import check_tensor, check_two_axes
from ..plans.reduction import FirstNonzero
from ..shapes import Shape
from ..tensor import Tensor, allocate

# float16 is stored by few devices and computed in by none.
_INEXACT = (float32, float64, complex64, complex128)


def check_floating(function: str, x: Any, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a real floating-point tensor."""
    check_tensor(function, x, argument)
    if not x.dtype.is_floating:
        raise TypeError(
            f"{function}: {argument} must be real floating-point, not {x.dtype.name}; "
            f"convert it with astype({argument}, float32)"
        )


def check_inexact(function: str, x: Any, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a tensor of a floating-point type of the standard, real or complex."""
    check_tensor(function, x, argument)
    if x.dtype not in _INEXACT:
        raise TypeError(
            f"{function}: {argument} must be floating-point, not {x.dtype.name}; "
            f"convert it with astype({argument}, float32)"
        )


def check_numeric(function: str, x: Any, argument: str = "x") -> None:
    """Raises TypeError unless ``x`` is a tensor of numbers."""
    check_tensor(function, x, argument)
    if x.dtype is bool_:
        raise TypeError(f"{function}: {argument} must be numeric, not bool; convert it with astype({argument}, int32)")


def check_matrices(function: str, x: Any, argument: str = "x", axes: str = "n, n") -> None:
    """Raises TypeError as ``check_inexact``, ValueError below two axes."""
    check_inexact(function, x, argument)
    check_two_axes(function, x, argument, axes)


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


def first_flagged(flags: Tensor) -> tuple[int, int]:
    """Index and value of the first of ``flags`` (n,) int32 that is not zero; -1 and 0 when all are. Waits for the device."""
    status = allocate((2,), int32, flags.device)
    run(FirstNonzero(flags.size), (status, flags), flags.device)
    place, value = struct.unpack("<2i", flags.device.transfer.read(status.buffer, 0, 8))
    return place - 1, value


def which_matrix(index: int, lead: Shape) -> str:
    """A matrix of the batch in words, by its index over the batch axes."""
    if not lead:
        return "the matrix"
    position: list[int] = []
    for length in reversed(lead):
        index, remainder = divmod(index, length)
        position.append(remainder)
    return f"matrix {position[0] if len(lead) == 1 else tuple(reversed(position))} of the batch"


def not_positive(matrix: str, order: int) -> str:
    """What is said of a ``matrix`` whose Cholesky factorization ended at a minor of that ``order``."""
    return f"{matrix} is not positive definite: its leading minor of order {order} is not positive"
