"""What is computed on the host by LAPACK: eigenvalues of general matrices, and their eigenvectors.

The QR algorithm for matrices without symmetry is one long chain of small steps, which a GPU is slower at.

Source: https://data-apis.org/array-api/2025.12/extensions/linear_algebra_functions.html
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..dtypes import DType, complex_of
from ..errors import LinAlgError
from ..execute import contiguous
from ..shapes import contiguous_strides
from ..tensor import Tensor, allocate
from .checks import check_matrices, check_square

_Host = np.ndarray[Any, Any]


class EigResult(NamedTuple):
    """What ``eig`` returns: ``eigenvalues`` (..., M) and ``eigenvectors`` (..., M, M)."""

    eigenvalues: Tensor
    eigenvectors: Tensor


def eig(x: Tensor, /) -> EigResult:
    """Eigenvalues, in no order, and eigenvectors of length 1 of each matrix of ``x``.

    Waits for the device; computed on the host by LAPACK through NumPy.

    x: (..., M, M) floating-point. Returns eigenvalues (..., M) and (..., M, M) with an eigenvector in every column,
    both of the complex dtype of x's precision: complex64 for float32, complex128 for float64. A matrix that holds
    NaN or Inf has NaN for both.

    Raises ValueError below two axes, TypeError for another dtype, LinAlgError when the last two axes differ or
    LAPACK does not converge.
    """
    dtype = _checked("eig", x)
    if not x.size:
        return EigResult(allocate(x.shape[:-1], dtype, x.device), allocate(x.shape, dtype, x.device))
    host, is_finite = _host_matrices(x)
    try:
        values, vectors = np.linalg.eig(host)
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"eig: {error}, for x with shape {x.shape}") from error
    return EigResult(
        _uploaded(values, is_finite[..., None], dtype, x), _uploaded(vectors, is_finite[..., None, None], dtype, x)
    )


def eigvals(x: Tensor, /) -> Tensor:
    """Eigenvalues of each matrix of ``x``, in no order: (..., M), of dtypes as in ``eig``, which raises the same.

    Waits for the device; computed on the host by LAPACK through NumPy.
    """
    dtype = _checked("eigvals", x)
    if not x.size:
        return allocate(x.shape[:-1], dtype, x.device)
    host, is_finite = _host_matrices(x)
    try:
        values = np.linalg.eigvals(host)
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"eigvals: {error}, for x with shape {x.shape}") from error
    return _uploaded(values, is_finite[..., None], dtype, x)


def _checked(function: str, x: Tensor) -> DType:
    """The dtype of the results."""
    check_matrices(function, x, axes="M, M")
    check_square(function, x)
    return complex_of(x.dtype)


def _host_matrices(x: Tensor) -> tuple[_Host, _Host]:
    """``x`` on the host, with zeros for matrices that are not finite, and which are. Waits for the device."""
    x = contiguous(x)
    itemsize = x.dtype.storage_bytes
    data = x.device.transfer.read(x.buffer, x.offset * itemsize, x.size * itemsize)
    host = np.frombuffer(data, x.dtype.name).reshape(x.shape)
    is_finite = np.isfinite(host).all(axis=(-2, -1))
    return np.where(is_finite[..., None, None], host, host.dtype.type(0)), is_finite


def _uploaded(host: _Host, is_finite: _Host, dtype: DType, like: Tensor) -> Tensor:
    host = np.where(is_finite, host, np.nan).astype(dtype.name)
    buffer = like.device.transfer.upload(np.ascontiguousarray(host).reshape(-1).view(np.uint8).data)
    return Tensor(buffer, host.shape, contiguous_strides(host.shape), 0, dtype, like.device)
