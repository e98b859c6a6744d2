"""What can go wrong, as one hierarchy.

    WebGPUArrayError
    ├── DeviceError (RuntimeError)
    │   ├── NoDeviceError           no usable adapter, or none of the name asked for
    │   ├── DeviceLostError         the driver gave up on the device
    │   └── KernelError             a shader did not compile, or a launch was refused
    ├── DeviceMemoryError (MemoryError)
    ├── DTypeNotSupportedError (TypeError)   the device lacks this data type
    ├── CopyRequiredError (BufferError, ValueError)   from_dlpack was told not to copy
    └── LinAlgError (ValueError)    a matrix is singular, a factorization does not exist

    PrecisionWarning (UserWarning)            64-bit floats were asked for, 32-bit ones were given
    IllConditionedWarning (RuntimeWarning)    the inverse may hold no correct digits
    PluginWarning (UserWarning)               a plugin could not be loaded, or one of its kernels not be used
    TuningWarning (UserWarning)               measurements of kernels cannot be read, used or kept

Wrong arguments raise plain ``TypeError``, ``ValueError`` and ``IndexError``, as the
Array API asks. Each message says: function, what was wrong, the values received, the remedy.
"""

from __future__ import annotations


class WebGPUArrayError(Exception):
    """Base of every error that is this package's own."""


class DeviceError(WebGPUArrayError, RuntimeError):
    """Something between this package and the GPU failed."""


class NoDeviceError(DeviceError):
    """No usable adapter, or none of the name asked for."""


class DeviceLostError(DeviceError):
    """The driver gave up on the device; its tensors are gone."""


class KernelError(DeviceError):
    """A shader did not compile, or the device refused a launch."""


class DeviceMemoryError(WebGPUArrayError, MemoryError):
    """An allocation exceeds a limit, the budget, or what the driver has left."""


class DTypeNotSupportedError(WebGPUArrayError, TypeError):
    """The device has no arithmetic for this data type."""


class CopyRequiredError(WebGPUArrayError, BufferError, ValueError):
    """Data would have to be copied, which was ruled out. The standard names both of its bases for that."""


class LinAlgError(WebGPUArrayError, ValueError):
    """A matrix is singular, or a factorization does not exist."""


class PrecisionWarning(UserWarning):
    """float64 or complex128 was asked for on a device without it; the result is float32 or complex64."""


class IllConditionedWarning(RuntimeWarning):
    """1/κ₁ is below the machine epsilon: the result may hold no correct digits."""


class PluginWarning(UserWarning):
    """A plugin could not be loaded, or one of its kernels not be used; it was left out."""


class TuningWarning(UserWarning):
    """Measurements of kernels cannot be read, used or kept; the defaults compute the same."""
