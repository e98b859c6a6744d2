"""Truth along axes.

Source: https://data-apis.org/array-api/2025.12/API_specification/utility_functions.html
"""

from __future__ import annotations

from ..dtypes import bool_
from ..tensor import Tensor
from .checks import check_tensor
from .statistical import Axis, reduce


def all(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether every element along ``axis`` (None: all) is not zero; NaN is not. True for none. Does not wait."""
    check_tensor("all", x)
    return reduce("all", x, axis, bool_, keepdims)


def any(x: Tensor, /, *, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Whether some element along ``axis`` (None: all) is not zero; NaN is not. False for none. Does not wait."""
    check_tensor("any", x)
    return reduce("any", x, axis, bool_, keepdims)
