"""Inverses of square matrices: ``inv`` raises and warns, ``inv_ex`` leaves both to the caller.

Source: https://data-apis.org/array-api/2025.12/extensions/generated/array_api.linalg.inv.html
"""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..dtypes import DType, complex64, float32, int32, real_of, uint32
from ..errors import IllConditionedWarning, LinAlgError
from ..execute import run
from ..ops.data_types import finfo
from ..plans.linalg import Inverse, InverseRefinement, InverseStatus, PositiveInverse
from ..shapes import Shape
from ..tensor import Tensor, allocate
from ..tuner.choice import choose
from .checks import batch_of, check_matrices, check_square, not_positive, which_matrix
from .proof import fault_of_inverse

if TYPE_CHECKING:
    from ..gpu.device import Device

_NONE = 0xFFFFFFFF


class InverseResult(NamedTuple):
    """What ``inv_ex`` returns: (..., n, n), (...) int32 and (...) of the type of x's real parts."""

    inverse: Tensor
    info: Tensor
    rcond: Tensor


def inv(x: Tensor, /, *, kernel: str | None = None, assume: str | None = None, refine: bool = False) -> Tensor:
    """The inverse of each matrix of ``x``.

    x: (..., n, n) floating-point, real or complex. Returns the same shape and dtype. ``kernel`` names one of the
    registered kernels (``webgpu-array kernels``) instead of the default choice.

    ``assume="pos"`` promises that every matrix is Hermitian and positive definite: half the work is done, the lower triangle
    alone is read, and the inverse is exactly Hermitian. ``refine`` takes a step of Newton's iteration at the end, its residual
    summed in twice the precision: of ill-conditioned matrices the inverse is then right to more digits, from either
    side. An inverse that the step would not improve stays as it is.

    Raises LinAlgError when a matrix is exactly singular, or not positive definite though assumed to be, naming the first one of
    the batch, or when the last two axes differ; TypeError for another dtype; ValueError for another ``assume``, and for a
    ``kernel`` beside one. Warns with IllConditionedWarning
    when 1 / (‖A‖₁ ‖A⁻¹‖₁) of any matrix is below the dtype's epsilon. A matrix that holds NaN or Inf
    has an inverse of NaN, without complaint.

    Waits for the device, to learn whether to raise; ``inv_ex`` does not.
    """
    _check("inv", x)
    if assume is not None:
        _check_assumption("inv", assume, kernel)
    _, batch = batch_of(x)
    inverse = allocate(x.shape, x.dtype, x.device)
    if inverse.buffer.nbytes:
        device = x.device
        flagged = _zero_word(device)
        is_doubted = False

        def proof(plan: Any, operands: Sequence[Any]) -> str | None:
            nonlocal is_doubted
            fault = fault_of_inverse(plan, operands)
            is_doubted |= fault is not None
            return fault

        plan = _plan(x.dtype, x.shape[-1], batch, assume)
        run(plan, (inverse, flagged, x), device, kernel, proof=None if assume else proof)
        if refine:
            _refine(inverse, x, assume)
        is_flagged, info, rcond = struct.unpack("<3I", device.transfer.read(flagged.buffer, 0, 12))
        if not is_flagged:
            device.zero_words.append(flagged)
        elif batch == 1 and not is_doubted:
            _complain(x, assume, 0 if info else _NONE, info, 0, rcond)
        else:
            # Seldom enough that it may take twice the time: the same kernel says the same of the same matrices. One that is
            # doubted may have left its word where another kernel had none to say.
            _complain(x, assume, *_status(inv_ex(x, kernel=kernel, assume=assume), batch))
    return inverse


def inv_ex(
    x: Tensor, /, *, kernel: str | None = None, assume: str | None = None, refine: bool = False
) -> InverseResult:
    """The inverse of each matrix, with ``info`` and ``rcond``; never raises for what the matrices hold.

    x: (..., n, n) floating-point, real or complex. ``info`` is 0, or the 1-based step at which elimination met
    a zero pivot: that matrix alone is NaN and its rcond 0. ``rcond`` is 1 / (‖A‖₁ ‖A⁻¹‖₁), NaN for a
    matrix that holds NaN or Inf, whose inverse is NaN and whose info is 0, infinite for one of order 0.

    ``kernel``, ``assume`` and ``refine`` are those of ``inv``. With ``assume="pos"``, ``info`` is the order of the first leading
    minor that is not positive.

    Raises as ``inv`` does for a wrong argument, shape or dtype. Does not wait, but for one case: the first result of a plugin's kernel
    that was not named is checked, once per shape and process.
    """
    _check("inv_ex", x)
    if assume is not None:
        _check_assumption("inv_ex", assume, kernel)
    lead, batch = batch_of(x)
    if not x.size:
        return _empty_result(x, lead)
    result = InverseResult(
        allocate(x.shape, x.dtype, x.device),
        allocate(lead, int32, x.device),
        allocate(lead, real_of(x.dtype), x.device),
    )
    plan = PositiveInverse if assume else Inverse
    proof = None if assume else fault_of_inverse
    run(plan(x.dtype, x.shape[-1], batch), (*result, x), x.device, kernel, proof=proof)
    if refine:
        _refine(result.inverse, x, assume)
    return result


def kernel_for(x: Tensor, /) -> str:
    """The name of the kernel that ``inv(x)`` uses, as ``tuning`` says."""
    _check("kernel_for", x)
    _, batch = batch_of(x)
    return choose(_plan(x.dtype, x.shape[-1], batch, None), x.device).kernel.name


@lru_cache(maxsize=256)
def _plan(dtype: DType, n: int, batch: int, assume: str | None) -> Inverse | PositiveInverse:
    return (PositiveInverse if assume else Inverse)(dtype, n, batch, flags_only=True)


def _refine(inverse: Tensor, x: Tensor, assume: str | None) -> None:
    _, batch = batch_of(x)
    run(InverseRefinement(x.dtype, x.shape[-1], batch, hermitian=assume is not None), (inverse, x), x.device)


def _zero_word(device: Device) -> Tensor:
    """(1, 3) words of which the first is zero: such as were found so, or else new ones, cleared."""
    try:
        words: Tensor = device.zero_words.pop()
    except IndexError:
        words = allocate((1, 3), uint32, device)
        device.recorder.clear(words.buffer, 4)
    return words


def _check(function: str, x: Tensor) -> None:
    check_matrices(function, x)
    check_square(function, x)


def _check_assumption(function: str, assume: str, kernel: str | None) -> None:
    if assume != "pos":
        raise ValueError(f"{function}: assume must be None or 'pos', not {assume!r}")
    if kernel is not None:
        raise ValueError(f"{function}: kernel {kernel!r} makes no assumption; leave out kernel or assume={assume!r}")


def _empty_result(x: Tensor, lead: Shape) -> InverseResult:
    """No matrices, or matrices of order 0: none is singular, and both norms are zero."""
    info, rcond = allocate(lead, int32, x.device), allocate(lead, real_of(x.dtype), x.device)
    for out, value in ((info, 0), (rcond, math.inf)):
        if out.size:
            data = struct.pack(f"<{out.size}{out.dtype.format}", *[value] * out.size)
            x.device.recorder.write(out.buffer, memoryview(data))
    return InverseResult(allocate(x.shape, x.dtype, x.device), info, rcond)


def _status(result: InverseResult, batch: int) -> tuple[int, int, int, int]:
    """The fields of an InverseStatus. Waits for the device."""
    device = result.inverse.device
    status = allocate((4,), int32, device)
    run(InverseStatus(result.rcond.dtype, batch), (status, result.info, result.rcond), device)
    singular, info, worst, bits = struct.unpack("<4I", device.transfer.read(status.buffer, 0, 16))
    return singular, info, worst, bits


def _complain(x: Tensor, assume: str | None, singular: int, info: int, worst: int, bits: int) -> None:
    """Raises for a matrix without the inverse asked for, warns of an ill-conditioned one: the fields of an InverseStatus."""
    lead, _ = batch_of(x)
    if singular != _NONE:
        matrix = which_matrix(singular, lead)
        if assume:
            raise LinAlgError(f"inv: {not_positive(matrix, info)}")
        raise LinAlgError(f"inv: {matrix} is singular: the pivot of step {info} is zero")
    (rcond,) = struct.unpack("<f", struct.pack("<I", bits))
    if rcond < finfo(x.dtype).eps:
        warnings.warn(_ill_conditioned(worst, lead, rcond, x.dtype), IllConditionedWarning, stacklevel=3)


def _ill_conditioned(worst: int, lead: Shape, rcond: float, dtype: DType) -> str:
    wider = {float32: "compute in float64", complex64: "compute in complex128"}
    remedy = wider.get(dtype, "regularise it")
    return (
        f"inv: {which_matrix(worst, lead)} is ill-conditioned: rcond {rcond:.2g} is below {dtype.name}'s "
        f"epsilon {finfo(dtype).eps:.2g}, its inverse may hold no correct digits; {remedy}, or take rcond from inv_ex"
    )
