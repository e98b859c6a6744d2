"""Operators and methods of ``Tensor``: each is one call of the function table.

They are written here, above the functions, and bound to ``Tensor`` when the package is
imported; ``tensor.py`` names this class as its base for type checkers.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any

from . import dtypes, interop, linalg
from .dtypes import DType, Scalar
from .gpu.device import Device
from .ops import elementwise, indexing, manipulation, statistical, utility
from .ops.statistical import Axis
from .tensor import Tensor

__all__ = ["Methods", "Tensor", "attach"]

# Versions of the standard that code may ask for. The namespace follows the last; whoever wants an older one finds its
# names in it, as NumPy and array-api-compat answer too.
_API_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12")

# DLPack's numbers for kinds of devices (dlpack.h, DLDeviceType). The standard's enumeration ends before WebGPU.
_DLPACK_CPU = 1
_DLPACK_BACKENDS = {"vulkan": 7, "metal": 8}
_DLPACK_WEBGPU = 15


def _is_operand(x: object) -> bool:
    """Whether a function is to judge ``x``; any other class may have an operator of its own for tensors."""
    return isinstance(x, Tensor | int | float | complex) or type(x).__module__ == "numpy"


def _operator(function: Callable[[Any, Any], Tensor]) -> Callable[[Any, Any], Any]:
    """The operator for a tensor on the left."""

    def forward(self: Tensor, other: object, /) -> Any:
        return function(self, other) if _is_operand(other) else NotImplemented

    return forward


def _operators(function: Callable[[Any, Any], Tensor]) -> tuple[Callable[[Any, Any], Any], ...]:
    """The operator for a tensor on the left, for one on the right, and in place."""

    def reflected(self: Tensor, other: object, /) -> Any:
        return function(other, self) if _is_operand(other) else NotImplemented

    def in_place(self: Tensor, other: object, /) -> Any:
        if not _is_operand(other):
            return NotImplemented
        result = function(self, other)
        # A wider type of the same kind is rounded, as NumPy and torch do; a float never ends in an integer.
        if (result.dtype.kind, result.shape) != (self.dtype.kind, self.shape):
            raise TypeError(
                f"{function.__name__}: in place, dtype {self.dtype.name} with shape {self.shape} cannot become "
                f"{result.dtype.name} with shape {result.shape}; write x = x ... instead"
            )
        indexing.setitem(self, ..., result)
        return self

    return _operator(function), reflected, in_place


def _reduction(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The method for a reduction, with what NumPy's functions pass on to methods: ``np.sum(x)`` is a tensor as well."""

    def method(
        self: Any, axis: Axis = None, dtype: DType | None = None, out: None = None, *, keepdims: bool = False
    ) -> Tensor:
        if out is not None:
            raise TypeError(f"{function.__name__}: out is not supported; write x[...] = {function.__name__}(...) instead")
        return function(self, axis=axis, keepdims=keepdims, **({} if dtype is None else {"dtype": dtype}))

    method.__doc__ = f"``{function.__name__}(x, ...)``, with ``dtype`` where that has one."
    return method


class Methods:
    """What a tensor can be asked to do. Functions of the table become methods as they are."""

    # NumPy must not take over `np.float64(2) * tensor` element by element.
    __array_ufunc__ = None
    # dask multiplies by the function of whichever operand has the larger one; NumPy's is 0.
    __array_priority__ = 1.0
    # `==` compares elements, so there is nothing to hash by.
    __hash__ = None  # type: ignore[assignment]

    __add__, __radd__, __iadd__ = _operators(elementwise.add)
    __sub__, __rsub__, __isub__ = _operators(elementwise.subtract)
    __mul__, __rmul__, __imul__ = _operators(elementwise.multiply)
    __truediv__, __rtruediv__, __itruediv__ = _operators(elementwise.divide)
    __floordiv__, __rfloordiv__, __ifloordiv__ = _operators(elementwise.floor_divide)
    __mod__, __rmod__, __imod__ = _operators(elementwise.remainder)
    __pow__, __rpow__, __ipow__ = _operators(elementwise.pow_)
    __and__, __rand__, __iand__ = _operators(elementwise.bitwise_and)
    __or__, __ror__, __ior__ = _operators(elementwise.bitwise_or)
    __xor__, __rxor__, __ixor__ = _operators(elementwise.bitwise_xor)
    __lshift__, __rlshift__, __ilshift__ = _operators(elementwise.bitwise_left_shift)
    __rshift__, __rrshift__, __irshift__ = _operators(elementwise.bitwise_right_shift)
    __matmul__, __rmatmul__, __imatmul__ = _operators(linalg.matmul)

    __eq__ = _operator(elementwise.equal)
    __ne__ = _operator(elementwise.not_equal)
    __lt__ = _operator(elementwise.less)
    __le__ = _operator(elementwise.less_equal)
    __gt__ = _operator(elementwise.greater)
    __ge__ = _operator(elementwise.greater_equal)

    __neg__ = elementwise.negative
    __pos__ = elementwise.positive
    __abs__ = elementwise.abs_
    __invert__ = elementwise.bitwise_invert

    def __getitem__(self: Any, key: Any, /) -> Tensor:
        """``x[key]``: see ``ops.indexing.getitem``; lists and NumPy arrays are indices too, and are checked."""
        return indexing.getitem(self, interop.with_host_indices(key, self.device))

    def __setitem__(self: Any, key: Any, value: Any, /) -> None:
        """``x[key] = value``: see ``ops.indexing.setitem``; lists and NumPy arrays are indices too, and are checked."""
        indexing.setitem(self, interop.with_host_indices(key, self.device), value)

    # The names that torch and torch.js use.
    add = elementwise.add
    sub = elementwise.subtract
    mul = elementwise.multiply
    div = elementwise.divide
    neg = elementwise.negative
    abs = elementwise.abs_
    sqrt = elementwise.sqrt
    matmul = linalg.matmul
    inverse = linalg.inv
    det = linalg.det
    pinverse = linalg.pinv
    solve = linalg.solve
    astype = elementwise.astype

    @property
    def T(self: Any) -> Tensor:
        """The view (N, M) of a matrix (M, N). Raises ValueError for other than two axes; use ``mT``."""
        if self.ndim != 2:
            raise ValueError(f"T: x must have two axes, not shape {self.shape}; use mT or permute_dims()")
        return linalg.matrix_transpose(self)

    @property
    def mT(self: Any) -> Tensor:
        """The view (..., N, M) of (..., M, N). Raises ValueError below two axes."""
        return linalg.matrix_transpose(self)

    def reshape(self: Any, *shape: Any, copy: bool | None = None) -> Tensor:
        """``reshape(x, shape)``; the lengths may also be given one by one."""
        one = len(shape) == 1
        return manipulation.reshape(self, shape[0] if one else shape, copy=copy)

    def transpose(self: Any, *axes: Any) -> Tensor:
        """``transpose(x, axes)``; the axes may also be given one by one."""
        return manipulation.transpose(self, (axes[0] if len(axes) == 1 else axes) if axes else None)

    sum = _reduction(statistical.sum)
    prod = _reduction(statistical.prod)
    mean = _reduction(statistical.mean)
    max = _reduction(statistical.max)
    min = _reduction(statistical.min)
    all = _reduction(utility.all)
    any = _reduction(utility.any)

    def copy(self: Any) -> Tensor:
        """A copy that shares no memory. Does not wait."""
        return manipulation.duplicate(self)

    def to_device(self: Any, device: Device | str, /, *, stream: None = None) -> Tensor:
        """The tensor on ``device``: itself if it is there, else a copy, which goes through the host and waits."""
        if stream is not None:
            raise ValueError(f"to_device: stream is {stream!r}; a WebGPU device has one queue, use None")
        return interop.asarray(self, device=device)

    def numpy(self: Any) -> Any:
        """A NumPy copy on the host. Waits for the device."""
        return interop.to_numpy(self)

    async def to_host_async(self: Any) -> Any:
        """A NumPy copy on the host; other tasks of the event loop run while the device works."""
        return await interop.to_numpy_async(self)

    def item(self: Any) -> Scalar:
        """The one element as a Python number. Waits for the device. Raises TypeError for another size."""
        return interop.to_scalar(self, "item")

    def tolist(self: Any) -> Any:
        """The elements as nested lists of Python numbers. Waits for the device."""
        return interop.to_numpy(self).tolist()

    def __bool__(self: Any) -> bool:
        """The truth of the one element. Waits for the device. Raises TypeError for another size."""
        return bool(interop.to_scalar(self, "bool"))

    def __int__(self: Any) -> int:
        """The one element, without a fraction. Waits for the device. Raises TypeError for another size."""
        return int(interop.to_real(self, "int"))

    def __float__(self: Any) -> float:
        """The one element. Waits for the device. Raises TypeError for another size."""
        return float(interop.to_real(self, "float"))

    def __complex__(self: Any) -> complex:
        """The one element. Waits for the device. Raises TypeError for another size."""
        return complex(interop.to_scalar(self, "complex"))

    def __index__(self: Any) -> int:
        """The one integer. Waits for the device. Raises TypeError for another dtype, or with axes."""
        if not dtypes.is_kind(self.dtype, "integral") or self.ndim:
            raise TypeError(
                f"__index__: only an integer tensor without axes is an index, "
                f"not {self.dtype.name} with shape {self.shape}"
            )
        return operator.index(interop.to_scalar(self, "index"))  # type: ignore[arg-type]

    def __len__(self: Any) -> int:
        """The length of the first axis. Raises TypeError where there is none."""
        if not self.ndim:
            raise TypeError("len: x has no axes (shape ())")
        return self.shape[0]  # type: ignore[no-any-return]

    def __iter__(self: Any) -> Iterator[Tensor]:
        """The views along the first axis. Raises TypeError where there is none."""
        if not self.ndim:
            raise TypeError("iter: x has no axes (shape ())")
        return iter(manipulation.unstack(self))

    def __repr__(self: Any) -> str:
        """As NumPy prints, with dtype and device. Waits; of a large tensor, reads the corners only."""
        return interop.to_text(self, is_repr=True)

    def __str__(self: Any) -> str:
        """As NumPy prints. Waits; of a large tensor, reads the corners only."""
        return interop.to_text(self, is_repr=False)

    def __format__(self: Any, spec: str) -> str:
        """A tensor without axes is formatted as its number. Waits."""
        return format(interop.to_scalar(self, "format"), spec) if spec and not self.ndim else format(str(self), spec)

    def __copy__(self: Any) -> Tensor:
        """A copy that shares no memory. Does not wait."""
        return manipulation.duplicate(self)

    def __deepcopy__(self: Any, memo: dict[int, Any]) -> Tensor:
        """A copy that shares no memory. Does not wait."""
        return manipulation.duplicate(self)

    def __reduce__(self: Any) -> tuple[Any, ...]:
        """Pickles the elements, the dtype and the device's name. Waits for the device."""
        return interop.from_numpy, (interop.to_numpy(self), self.dtype, self.device)

    def __array_namespace__(self: Any, /, *, api_version: str | None = None) -> Any:
        """The namespace of this package, whichever version is asked for. Raises ValueError for one it does not know."""
        if api_version not in (None, *_API_VERSIONS):
            raise ValueError(
                f"__array_namespace__: version {api_version!r} is not supported; use one of {', '.join(_API_VERSIONS)}"
            )
        return sys.modules[__package__]

    def __array__(self: Any, dtype: Any = None, copy: bool | None = None) -> Any:
        """A NumPy copy on the host. Waits for the device. Raises ValueError for ``copy=False``."""
        if copy is False:
            raise ValueError("__array__: a tensor lives on the device and must be copied; use copy=None")
        host = interop.to_numpy(self)
        return host if dtype is None else host.astype(dtype, copy=False)

    def __dlpack_device__(self: Any) -> tuple[int, int]:
        """DLPack's number of the backend (7 Vulkan, 8 Metal, else 15 WebGPU), and which device of it."""
        backend, _, number = self.device.name.partition(":")
        return _DLPACK_BACKENDS.get(backend, _DLPACK_WEBGPU), int(number)

    def __dlpack__(
        self: Any,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """A DLPack capsule of a copy on the host, flagged as one from version 1 on. Waits for the device.

        Raises BufferError unless ``dl_device`` is (1, 0), the CPU, and ``copy`` is not False:
        no other library could use a WebGPU buffer. Raises ValueError for a ``stream``.
        """
        if stream is not None:
            raise ValueError(f"__dlpack__: stream is {stream!r}; the CPU has none, use None")
        if dl_device != (_DLPACK_CPU, 0) or copy is False:
            raise BufferError(
                f"__dlpack__: a WebGPU buffer cannot be shared (dl_device={dl_device}, copy={copy}); "
                "ask for a copy on the CPU with dl_device=(1, 0)"
            )
        # NumPy sets the flag on copies that it made.
        is_versioned = max_version is not None and max_version >= (1, 0)
        return interop.to_numpy(self).__dlpack__(max_version=max_version, copy=is_versioned or None)


def attach(cls: type) -> None:
    """Binds every operator and method to ``cls``."""
    for name, member in vars(Methods).items():
        if name not in ("__module__", "__dict__", "__weakref__", "__doc__", "__qualname__"):
            setattr(cls, name, member)


attach(Tensor)
