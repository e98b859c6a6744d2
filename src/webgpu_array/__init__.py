"""Array API arrays on any GPU, through WebGPU.

>>> import webgpu_array as xp
>>> A = xp.asarray([[4., 7.], [2., 6.]])
>>> A.inverse()                 # == xp.linalg.inv(A)
>>> X, info, rcond = xp.linalg.inv_ex(A)

Importing the package touches no device: the first tensor does.
"""

from __future__ import annotations

import sys
from math import e, inf, nan, pi
from types import ModuleType

from . import linalg, random
from .dtypes import DType, float32, float64, int32, int64, uint32, uint64
from .dtypes import bool_ as bool
from .errors import (
    DeviceError,
    DeviceLostError,
    DeviceMemoryError,
    DTypeNotSupportedError,
    IllConditionedWarning,
    KernelError,
    LinAlgError,
    NoDeviceError,
    PluginWarning,
    PrecisionWarning,
    WebGPUArrayError,
)
from .gpu.device import Device, default_device, devices
from .info import __array_namespace_info__
from .interop import asarray, from_dlpack
from .linalg import matmul, matrix_transpose, tensordot, vecdot
from .operators import Tensor  # with its operators bound
from .ops.creation import (
    arange,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    linspace,
    meshgrid,
    ones,
    ones_like,
    tril,
    triu,
    zeros,
    zeros_like,
)
from .ops.data_types import can_cast, finfo, iinfo, isdtype, result_type
from .ops.elementwise import abs_ as abs
from .ops.elementwise import (
    add,
    astype,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    ceil,
    divide,
    equal,
    floor,
    greater,
    greater_equal,
    isfinite,
    isinf,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    positive,
    reciprocal,
    sign,
    sqrt,
    square,
    subtract,
    trunc,
    where,
)
from .ops.elementwise import round_ as round
from .ops.indexing import take
from .ops.manipulation import (
    broadcast_arrays,
    broadcast_to,
    concat,
    expand_dims,
    flip,
    moveaxis,
    permute_dims,
    reshape,
    roll,
    squeeze,
    stack,
    unstack,
)
from .ops.statistical import max, mean, min, prod, std, sum, var
from .ops.utility import all, any

__all__ = [
    "DType",
    "DTypeNotSupportedError",
    "Device",
    "DeviceError",
    "DeviceLostError",
    "DeviceMemoryError",
    "IllConditionedWarning",
    "KernelError",
    "LinAlgError",
    "NoDeviceError",
    "PluginWarning",
    "PrecisionWarning",
    "Tensor",
    "WebGPUArrayError",
    "__array_api_version__",
    "__array_namespace_info__",
    "__version__",
    "abs",
    "add",
    "all",
    "any",
    "arange",
    "asarray",
    "astype",
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "bool",
    "broadcast_arrays",
    "broadcast_to",
    "can_cast",
    "ceil",
    "concat",
    "default_device",
    "devices",
    "divide",
    "e",
    "empty",
    "empty_like",
    "equal",
    "expand_dims",
    "eye",
    "finfo",
    "flip",
    "float32",
    "float64",
    "floor",
    "from_dlpack",
    "full",
    "full_like",
    "greater",
    "greater_equal",
    "iinfo",
    "inf",
    "int32",
    "int64",
    "isdtype",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "linalg",
    "linspace",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "matmul",
    "matrix_transpose",
    "max",
    "maximum",
    "mean",
    "meshgrid",
    "min",
    "minimum",
    "moveaxis",
    "multiply",
    "namespace",
    "nan",
    "negative",
    "newaxis",
    "not_equal",
    "ones",
    "ones_like",
    "permute_dims",
    "pi",
    "positive",
    "prod",
    "random",
    "reciprocal",
    "reshape",
    "result_type",
    "roll",
    "round",
    "sign",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "subtract",
    "sum",
    "take",
    "tensordot",
    "tril",
    "triu",
    "trunc",
    "uint32",
    "uint64",
    "unstack",
    "var",
    "vecdot",
    "where",
    "zeros",
    "zeros_like",
]

__version__ = "0.1.0"
__array_api_version__ = "2025.12"

newaxis = None


def namespace() -> ModuleType:
    """This module: the Array API namespace."""
    return sys.modules[__name__]
