"""New tensors. ``asarray`` and ``from_dlpack`` are in ``interop``, which needs NumPy.

Source: https://data-apis.org/array-api/2025.12/API_specification/creation_functions.html
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

from .. import dtypes
from ..dtypes import DType, Scalar
from ..execute import fill, run
from ..gpu.device import Device, as_device
from ..plan import Progression
from ..shapes import Shape
from ..tensor import Tensor, allocate
from .checks import check_two_axes
from .elementwise import as_scalar, greater_equal, less_equal, scalar_word, where
from .manipulation import broadcast_arrays, duplicate, expand_dims, reshape

# Positions are exact in the type of the result as far as it counts integers exactly.
_ARANGE = "plus(start, times(number(i), step))"
# The larger half is measured from the far end, which is thereby met exactly.
_LINSPACE = "select(minus(stop, times(number(n - 1u - i), step)), plus(start, times(number(i), step)), i < n / 2u)"


def empty(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor whose elements are undefined, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    target = as_device(device)
    wanted = dtypes.default_floating() if dtype is None else dtypes.as_dtype(dtype)
    return allocate(_shape("empty", shape), dtypes.available(wanted, target), target)


def full(
    shape: int | Sequence[int],
    fill_value: Scalar,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
) -> Tensor:
    """A tensor that holds ``fill_value`` everywhere, of the default type of its kind unless ``dtype`` says otherwise.

    Raises OverflowError where the value does not fit. Does not wait.
    """
    target = as_device(device)
    fill_value = as_scalar("full", fill_value)
    wanted = _default_for(fill_value, target) if dtype is None else dtypes.as_dtype(dtype)
    return _filled("full", shape, fill_value, dtypes.available(wanted, target), target)


def zeros(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor of zeros, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    return full(shape, 0, dtype=dtypes.default_floating() if dtype is None else dtype, device=device)


def ones(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor of ones, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    return full(shape, 1, dtype=dtypes.default_floating() if dtype is None else dtype, device=device)


def empty_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``empty`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    return empty(x.shape, dtype=x.dtype if dtype is None else dtype, device=x.device if device is None else device)


def full_like(
    x: Tensor, /, fill_value: Scalar, *, dtype: DType | None = None, device: Device | str | None = None
) -> Tensor:
    """``full`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    return full(
        x.shape,
        fill_value,
        dtype=x.dtype if dtype is None else dtype,
        device=x.device if device is None else device,
    )


def zeros_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``zeros`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    return full_like(x, 0, dtype=dtype, device=device)


def ones_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``ones`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    return full_like(x, 1, dtype=dtype, device=device)


def eye(
    n_rows: int,
    n_cols: int | None = None,
    /,
    *,
    k: int = 0,
    dtype: DType | None = None,
    device: Device | str | None = None,
) -> Tensor:
    """(n_rows, n_cols) with ones on the k-th diagonal, zeros elsewhere. Does not wait."""
    columns = n_rows if n_cols is None else n_cols
    out = zeros((n_rows, columns), dtype=dtype, device=device)
    row, column = max(-k, 0), max(k, 0)
    length = min(n_rows - row, columns - column)
    if length > 0:
        diagonal = out.view((length,), (columns + 1,), row * columns + column)
        fill(diagonal, scalar_word("eye", 1, out.dtype))
    return out


def arange(
    start: int | float,
    /,
    stop: int | float | None = None,
    step: int | float = 1,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
) -> Tensor:
    """start, start + step, … before ``stop``: (ceil((stop - start) / step),).

    Of the default integer type when all three are integers, else float32, unless ``dtype``
    says otherwise. Raises ValueError for ``step`` 0, TypeError for bool. Does not wait.
    """
    if stop is None:
        start, stop = 0, start
    start, stop, step = (as_scalar("arange", v) for v in (start, stop, step))
    if step == 0:
        raise ValueError("arange: step is 0; use another number")
    target = as_device(device)
    all_integers = all(isinstance(v, int) for v in (start, stop, step))
    wanted = _default_for(0 if all_integers else 0.0, target) if dtype is None else dtypes.as_dtype(dtype)
    if wanted is dtypes.bool_:
        raise TypeError("arange: dtype must be numeric, not bool; convert the result with astype()")
    # Integers divide exactly at any size.
    n = -((stop - start) // -step) if all_integers else math.ceil((stop - start) / step)
    n = max(int(n), 0)
    return _progression("arange", _ARANGE, n, n, (start, step, stop), dtypes.available(wanted, target), target)


def linspace(
    start: int | float | complex,
    stop: int | float | complex,
    /,
    num: int,
    *,
    dtype: DType | None = None,
    device: Device | str | None = None,
    endpoint: bool = True,
) -> Tensor:
    """``num`` values at equal distances from ``start`` to ``stop``, which is left out without ``endpoint``.

    Of the default floating type, complex where a limit is, unless ``dtype`` names another. Raises ValueError
    for a negative ``num``, TypeError for a type of integers and for complex limits of a real one. Does not wait.
    """
    start, stop = as_scalar("linspace", start), as_scalar("linspace", stop)
    if num < 0:
        raise ValueError(f"linspace: num is {num}; use 0 or more")
    target = as_device(device)
    if dtype is None:
        is_complex = isinstance(start, complex) or isinstance(stop, complex)
        wanted = dtypes.default_complex() if is_complex else dtypes.default_floating()
    else:
        wanted = dtypes.as_dtype(dtype)
    wanted = dtypes.available(wanted, target)
    if not dtypes.is_kind(wanted, "floating-point"):
        raise TypeError(f"linspace: dtype must be floating-point, not {wanted.name}; convert the result with astype()")
    whole = num if endpoint else num + 1
    step = (stop - start) / (whole - 1) if whole > 1 else 0.0
    last = stop if whole > 1 else start
    return _progression("linspace", _LINSPACE, num, whole, (start, step, last), wanted, target)


def tril(x: Tensor, /, *, k: int = 0) -> Tensor:
    """``x`` (..., M, N) with zeros above the k-th diagonal. Does not wait."""
    row, column = _positions("tril", x)
    return where(less_equal(column, row + k), x, _zero(x))


def triu(x: Tensor, /, *, k: int = 0) -> Tensor:
    """``x`` (..., M, N) with zeros below the k-th diagonal. Does not wait."""
    row, column = _positions("triu", x)
    return where(greater_equal(column, row + k), x, _zero(x))


def meshgrid(*arrays: Tensor, indexing: str = "xy") -> tuple[Tensor, ...]:
    """Copies of one-dimensional arrays, each repeated along the axes of all others.

    ``indexing`` "ij" gives axis i to the i-th array; "xy" swaps the first two. Raises
    ValueError for another ``indexing`` and for arrays with other than one axis. Does not wait.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is {indexing!r}; use 'xy' or 'ij'")
    if any(x.ndim != 1 for x in arrays):
        raise ValueError(f"meshgrid: shapes {', '.join(str(x.shape) for x in arrays)} must have one axis each")
    places = list(range(len(arrays)))
    if indexing == "xy" and len(arrays) > 1:
        places[:2] = 1, 0
    open_grid = [
        reshape(x, tuple(x.shape[0] if axis == place else 1 for axis in range(len(arrays))))
        for x, place in zip(arrays, places, strict=True)
    ]
    return tuple(duplicate(x) for x in broadcast_arrays(*open_grid))


def _shape(function: str, shape: int | Sequence[int]) -> Shape:
    try:
        lengths = tuple(operator.index(n) for n in (shape if hasattr(shape, "__iter__") else (shape,)))
    except TypeError:
        raise TypeError(f"{function}: shape {shape!r} must be an integer or a sequence of integers") from None
    if any(n < 0 for n in lengths):
        raise ValueError(f"{function}: shape {lengths} has a negative length; use 0 or more")
    return lengths


def _filled(function: str, shape: int | Sequence[int], value: Scalar, dtype: DType, device: Device) -> Tensor:
    out = allocate(_shape(function, shape), dtype, device)
    if out.size:
        fill(out, scalar_word(function, value, dtype))
    return out


def _default_for(value: Scalar, device: Device) -> DType:
    if isinstance(value, bool):
        return dtypes.bool_
    if isinstance(value, complex):
        return dtypes.default_complex()
    return dtypes.default_integer(device) if isinstance(value, int) else dtypes.default_floating()


def _progression(
    function: str,
    expression: str,
    n: int,
    whole: int,
    scalars: tuple[Scalar, Scalar, Scalar],
    dtype: DType,
    device: Device,
) -> Tensor:
    """The first ``n`` of ``whole`` elements."""
    out = allocate((n,), dtype, device)
    if n:
        is_integral = dtypes.is_kind(dtype, "integral")
        words = [scalar_word(function, int(v.real) if is_integral else v, dtype) for v in scalars]
        run(Progression(expression, dtype, n), (out, 0, whole, *words), device)
    return out


def _positions(function: str, x: Tensor) -> tuple[Tensor, Tensor]:
    """Row numbers (M, 1) and column numbers (N,)."""
    check_two_axes(function, x)
    n_rows, n_cols = x.shape[-2:]
    rows = arange(n_rows, dtype=dtypes.int32, device=x.device)
    return expand_dims(rows, axis=1), arange(n_cols, dtype=dtypes.int32, device=x.device)


def _zero(x: Tensor) -> Scalar:
    return False if x.dtype is dtypes.bool_ else 0
