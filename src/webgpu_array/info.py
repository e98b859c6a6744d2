"""``__array_namespace_info__``: what this namespace can do, device by device.

Source: https://data-apis.org/array-api/2025.12/API_specification/inspection.html
"""

from __future__ import annotations

from . import dtypes as _dtypes
from .dtypes import DType
from .gpu.device import Device, as_device
from .gpu.device import default_device as _default_device
from .gpu.device import devices as _devices
from .ops.data_types import isdtype


class NamespaceInfo:
    """The answers of ``__array_namespace_info__()``. Every question but ``capabilities`` looks for devices."""

    def capabilities(self) -> dict[str, bool | int | None]:
        """Masks as keys and shapes that depend on data are there; 64 axes, as many as NumPy can receive."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> Device:
        """The device of tensors that are made without one."""
        return _default_device()

    def default_dtypes(self, *, device: Device | str | None = None) -> dict[str, DType]:
        """The types of tensors on ``device`` that are made without one."""
        target = as_device(device)
        integer = _dtypes.default_integer(target)
        return {
            "real floating": _dtypes.default_floating(target),
            "complex floating": _dtypes.default_complex(target),
            "integral": integer,
            "indexing": integer,
        }

    def devices(self) -> tuple[Device, ...]:
        """Every device of this machine, best first."""
        return _devices()

    def dtypes(
        self, *, device: Device | str | None = None, kind: str | tuple[str, ...] | None = None
    ) -> dict[str, DType]:
        """The types that ``device`` computes in, by name, of one or several of the standard's kinds.

        Types beyond the standard (float16) are not among them.
        """
        target = as_device(device)
        return {
            dtype.name: dtype
            for dtype in _dtypes.ALL
            if dtype is not _dtypes.float16 and target.supports(dtype) and (kind is None or isdtype(dtype, kind))
        }


def __array_namespace_info__() -> NamespaceInfo:
    """What this namespace can do."""
    return NamespaceInfo()
