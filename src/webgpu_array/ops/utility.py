"""Truth along axes, and differences.

Source: https://data-apis.org/array-api/2025.12/API_specification/utility_functions.html
"""

from __future__ import annotations

from ..dtypes import bool_
from ..shapes import normalize_axis
from ..tensor import Tensor
from .checks import check_tensor
from .elementwise import not_equal, subtract
from .manipulation import concat, cut_axis
from .statistical import Axis, reduce


def all(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether every element along ``axis`` (None: all) is not zero; NaN is not. True for none. Does not wait."""
    check_tensor("all", x)
    return reduce("all", x, axis, bool_, keepdims)


def any(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether some element along ``axis`` (None: all) is not zero; NaN is not. False for none. Does not wait."""
    check_tensor("any", x)
    return reduce("any", x, axis, bool_, keepdims)


def diff(
    x: Tensor, /, n: int = 1, *, axis: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """Differences of neighbours along ``axis``, ``n`` times over: the axis becomes shorter by ``n``.

    ``prepend`` and ``append`` are joined to ``x`` first, and promote with it. Differences of bool say whether
    neighbours differ. Raises ValueError for a negative ``n``, and as ``concat`` does. Does not wait.
    """
    check_tensor("diff", x)
    if not isinstance(n, int) or n < 0:
        raise ValueError(f"diff: n is {n!r}; use an integer, 0 or more")
    for name, part in (("prepend", prepend), ("append", append)):
        if part is not None:
            check_tensor("diff", part, name)
    a = normalize_axis("diff", axis, x.ndim, x.shape)
    parts = [part for part in (prepend, x, append) if part is not None]
    out = concat(parts, axis=a) if len(parts) > 1 else x
    change = not_equal if out.dtype is bool_ else subtract
    for _ in range(n):
        length = out.shape[a]
        out = change(cut_axis(out, a, min(1, length), length), cut_axis(out, a, 0, max(length - 1, 0)))
    return out
