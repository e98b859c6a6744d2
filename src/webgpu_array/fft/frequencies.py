"""The frequencies that the elements of a transform stand for, and their order.

Source: https://data-apis.org/array-api/2025.12/extensions/fourier_transform_functions.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import dtypes
from ..dtypes import DType
from ..execute import run
from ..gpu.device import Device, as_device
from ..ops.checks import check_tensor
from ..ops.manipulation import roll
from ..ops.scalars import as_scalar, scalar_word
from ..plans.elementwise import Progression
from ..shapes import normalize_axes
from ..tensor import Tensor, allocate
from .checks import checked_length

_FROM_ZERO = "T(i) * step"
# The second half of the positions are those of negative frequencies.
_FROM_ZERO_THEN_NEGATIVE = "select(-T(n - i), T(i), i < (n + 1u) / 2u) * step"


def fftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """The frequencies of ``fft`` of n elements a distance ``d`` apart: 0, 1, …, -2, -1, divided by d n.

    Returns (n,) of ``dtype`` (None: the default floating type). Raises TypeError unless that is real floating,
    ValueError for n below 1 and d = 0. Does not wait.
    """
    return _frequencies("fftfreq", _FROM_ZERO_THEN_NEGATIVE, n, n, d, dtype, device)


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """The frequencies of ``rfft`` of n elements a distance ``d`` apart: 0, 1, …, n // 2, divided by d n.

    Returns (n // 2 + 1,). Other arguments and errors as for ``fftfreq``. Does not wait.
    """
    return _frequencies("rfftfreq", _FROM_ZERO, n, checked_length("rfftfreq", n) // 2 + 1, d, dtype, device)


def fftshift(x: Tensor, /, *, axes: int | Sequence[int] | None = None) -> Tensor:
    """A copy with the zero frequency in the middle of each of ``axes`` (None: all). Does not wait."""
    return _shifted("fftshift", x, axes, sign=1)


def ifftshift(x: Tensor, /, *, axes: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of ``fftshift``: the element in the middle comes first. Does not wait."""
    return _shifted("ifftshift", x, axes, sign=-1)


def _frequencies(
    function: str,
    expression: str,
    n: int,
    count: int,
    d: float,
    dtype: DType | None,
    device: Device | str | None,
) -> Tensor:
    target = as_device(device)
    length = checked_length(function, n)
    distance = as_scalar(function, d)
    if distance == 0:
        raise ValueError(f"{function}: d is 0; use another distance between samples")
    wanted = dtypes.default_floating(target) if dtype is None else dtypes.available(dtypes.as_dtype(dtype), target)
    if not wanted.is_floating:
        raise TypeError(f"{function}: dtype must be real floating, not {wanted.name}; convert the result with astype()")
    out = allocate((count,), wanted, target)
    zero, step = (scalar_word(function, v, wanted) for v in (0.0, 1 / (length * distance)))
    run(Progression(expression, wanted, count), (out, 0, length, zero, step, zero), target)
    return out


def _shifted(function: str, x: Tensor, axes: int | Sequence[int] | None, *, sign: int) -> Tensor:
    check_tensor(function, x)
    found = normalize_axes(function, tuple(axes) if isinstance(axes, Iterable) else axes, x.shape)
    return roll(x, tuple(sign * (x.shape[axis] // 2) for axis in found), axis=found)
