"""New tensors. ``asarray`` and ``from_dlpack`` are in ``interop``, which needs NumPy.

Source: https://data-apis.org/array-api/2025.12/API_specification/creation_functions.html
"""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Sequence

from .. import dtypes
from ..dtypes import DType, Scalar
from ..execute import fill, run
from ..gpu.device import Device, as_device
from ..plans.elementwise import Progression
from ..shapes import as_shape
from ..tensor import Tensor, allocate
from .checks import check_tensor, check_two_axes
from .elementwise import greater_equal, less_equal, where
from .manipulation import broadcast_arrays, duplicate, expand_dims, reshape
from .scalars import as_real_scalar, as_scalar, scalar_word

# Positions are exact in the type of the result as far as it counts integers exactly.
_ARANGE = "plus(start, times(number(i), step))"
# The larger half is measured from the far end, which is thereby met exactly.
_LINSPACE = "select(minus(stop, times(number(n - 1u - i), step)), plus(start, times(number(i), step)), i < n / 2u)"


def empty(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor whose elements are undefined, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    target = as_device(device)
    return allocate(as_shape("empty", shape), _available(dtype, dtypes.default_floating(target), target), target)


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
    return _filled("full", shape, as_scalar("full", fill_value), dtype, device)


def zeros(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor of zeros, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    return _filled("zeros", shape, 0.0, dtype, device)


def ones(shape: int | Sequence[int], *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """A tensor of ones, the default floating type unless ``dtype`` says otherwise. Does not wait."""
    return _filled("ones", shape, 1.0, dtype, device)


def empty_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``empty`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    check_tensor("empty_like", x)
    return empty(x.shape, dtype=x.dtype if dtype is None else dtype, device=x.device if device is None else device)


def full_like(
    x: Tensor, /, fill_value: Scalar, *, dtype: DType | None = None, device: Device | str | None = None
) -> Tensor:
    """``full`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    check_tensor("full_like", x)
    return full(
        x.shape,
        fill_value,
        dtype=x.dtype if dtype is None else dtype,
        device=x.device if device is None else device,
    )


def zeros_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``zeros`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    check_tensor("zeros_like", x)
    return full_like(x, 0, dtype=dtype, device=device)


def ones_like(x: Tensor, /, *, dtype: DType | None = None, device: Device | str | None = None) -> Tensor:
    """``ones`` with the shape, and unless given the dtype and device, of ``x``. Does not wait."""
    check_tensor("ones_like", x)
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
    rows, columns = as_shape("eye", (n_rows, n_rows if n_cols is None else n_cols))
    out = zeros((rows, columns), dtype=dtype, device=device)
    diagonal = _diagonal("eye", k, out)
    row, column = max(-diagonal, 0), max(diagonal, 0)
    length = min(rows - row, columns - column)
    if length > 0:
        fill(out.view((length,), (columns + 1,), row * columns + column), scalar_word("eye", 1, out.dtype))
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

    Of the default integer type when all three are integers, else of the default floating type, unless
    ``dtype`` says otherwise. Raises ValueError for ``step`` 0, for a range without end, and where the elements
    of an integer type would be fractions, OverflowError where they exceed it, TypeError for bool. Does not wait.
    """
    if stop is None:
        start, stop = 0, start
    start, stop, step = (as_real_scalar("arange", v) for v in (start, stop, step))
    if step == 0:
        raise ValueError("arange: step is 0; use another number")
    target = as_device(device)
    all_integers = all(isinstance(v, int) for v in (start, stop, step))
    wanted = _available(dtype, _default_for(0 if all_integers else 0.0, target), target)
    if wanted is dtypes.bool_:
        raise TypeError("arange: dtype must be numeric, not bool; convert the result with astype()")
    if all_integers:
        n = -int((stop - start) // -step)  # Integers divide exactly at any size.
    else:
        quotient = (stop - start) / step
        if not math.isfinite(quotient):
            raise ValueError(f"arange: from {start} to {stop} in steps of {step} is no finite range; use other numbers")
        n = math.ceil(quotient)
    if n <= 0:
        return allocate((0,), wanted, target)
    if dtypes.is_kind(wanted, "integral"):
        words = _integer_words(start, step, n, wanted)
    else:
        words = [scalar_word("arange", value, wanted) for value in (start, step)]
    return _progression(_ARANGE, n, n, (*words, 0), wanted, target)


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
    for a negative ``num``, TypeError for one that is no integer, for a type of integers, and for complex limits of
    a real one. Does not wait.
    """
    start, stop = as_scalar("linspace", start), as_scalar("linspace", stop)
    n = _integer("linspace", "num", num)
    if n < 0:
        raise ValueError(f"linspace: num is {n}; use 0 or more")
    target = as_device(device)
    is_complex = isinstance(start, complex) or isinstance(stop, complex)
    default = dtypes.default_complex(target) if is_complex else dtypes.default_floating(target)
    wanted = _available(dtype, default, target)
    if not dtypes.is_kind(wanted, "floating-point") or (is_complex and not wanted.is_complex):
        must = "complex floating" if is_complex else "floating-point"
        raise TypeError(f"linspace: dtype must be {must}, not {wanted.name}; convert the result with astype()")
    whole = n if endpoint else n + 1
    last = stop if whole > 1 else start
    words = [scalar_word("linspace", value, wanted) for value in (start, _step(start, stop, whole - 1), last)]
    return _progression(_LINSPACE, n, whole, words, wanted, target)


def tril(x: Tensor, /, *, k: int = 0) -> Tensor:
    """``x`` (..., M, N) with zeros above the k-th diagonal. Does not wait."""
    row, column = _positions("tril", x)
    return where(less_equal(column, row + _diagonal("tril", k, x)), x, _zero(x))


def triu(x: Tensor, /, *, k: int = 0) -> Tensor:
    """``x`` (..., M, N) with zeros below the k-th diagonal. Does not wait."""
    row, column = _positions("triu", x)
    return where(greater_equal(column, row + _diagonal("triu", k, x)), x, _zero(x))


def meshgrid(*arrays: Tensor, indexing: str = "xy") -> tuple[Tensor, ...]:
    """Copies of one-dimensional arrays, each repeated along the axes of all others.

    ``indexing`` "ij" gives axis i to the i-th array; "xy" swaps the first two. Raises
    ValueError for another ``indexing`` and for arrays with other than one axis. Does not wait.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is {indexing!r}; use 'xy' or 'ij'")
    for x in arrays:
        check_tensor("meshgrid", x, "every argument")
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


def _filled(
    function: str, shape: int | Sequence[int], value: Scalar, dtype: DType | None, device: Device | str | None
) -> Tensor:
    target = as_device(device)
    out = allocate(as_shape(function, shape), _available(dtype, _default_for(value, target), target), target)
    if out.size:
        fill(out, scalar_word(function, value, out.dtype))
    return out


def _available(dtype: DType | None, default: DType, device: Device) -> DType:
    """``dtype`` as ``dtypes.available`` says, or ``default`` for None."""
    return default if dtype is None else dtypes.available(dtypes.as_dtype(dtype), device)


def _default_for(value: Scalar, device: Device) -> DType:
    if isinstance(value, bool):
        return dtypes.bool_
    if isinstance(value, complex):
        return dtypes.default_complex(device)
    return dtypes.default_integer(device) if isinstance(value, int) else dtypes.default_floating(device)


def _integer(function: str, argument: str, value: object) -> int:
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{function}: {argument} must be an integer, not {value!r}") from None


def _diagonal(function: str, k: int, x: Tensor) -> int:
    """``k``, brought to the first diagonal beside the matrices of ``x`` where it lies further out."""
    n_rows, n_cols = x.shape[-2:]
    return min(max(_integer(function, "k", k), -n_rows), n_cols)


def _step(start: Scalar, stop: Scalar, n: int) -> Scalar:
    """The distance between values of which ``n`` steps lead from ``start`` to ``stop``."""
    if n < 2:
        return 0.0  # Either end is taken as it is.
    whole = stop - start
    # Where the difference overflows, its parts need not.
    return whole / n if cmath.isfinite(whole) else stop / n - start / n


def _integer_words(start: float, step: float, n: int, dtype: DType) -> list[int]:
    """The bits of start and step for ``n`` elements of an integer type, which add up modulo a power of two."""
    if start % 1 or step % 1:
        raise ValueError(
            f"arange: from {start} in steps of {step} there are fractions, which {dtype.name} does not hold; "
            "use a floating type, and convert the result with astype()"
        )
    first, distance = int(start), int(step)
    scalar_word("arange", first + (n - 1) * distance, dtype)  # The last element has to fit as well.
    return [scalar_word("arange", first, dtype), distance & (2 ** (8 * dtype.storage_bytes) - 1)]


def _progression(expression: str, n: int, whole: int, words: Sequence[int], dtype: DType, device: Device) -> Tensor:
    """The first ``n`` of ``whole`` elements; ``words`` are the bits of start, step and stop."""
    out = allocate((n,), dtype, device)
    if n:
        run(Progression(expression, dtype, n), (out, 0, whole, *words), device)
    return out


def _positions(function: str, x: Tensor) -> tuple[Tensor, Tensor]:
    """Row numbers (M, 1) and column numbers (N,)."""
    check_tensor(function, x)
    check_two_axes(function, x)
    n_rows, n_cols = x.shape[-2:]
    rows = arange(n_rows, dtype=dtypes.int32, device=x.device)
    return expand_dims(rows, axis=1), arange(n_cols, dtype=dtypes.int32, device=x.device)


def _zero(x: Tensor) -> Scalar:
    return False if x.dtype is dtypes.bool_ else 0
