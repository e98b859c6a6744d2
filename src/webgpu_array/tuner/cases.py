"""What the tuner knows of an operation: operands to measure with, whether a result is right, and the least that it takes."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass
from typing import Any

import webgpu_array as xp

from .. import dtypes
from ..dtypes import DType
from ..execute import fill
from ..gpu.device import Device
from ..plans.linalg import Inverse
from ..tensor import Tensor, allocate
from ..testing.gate import LEFT_BOUND, RIGHT_BOUND

# Bytes of matrices whose residuals are computed at a time: some products as large are in memory besides.
_CHECKED_BYTES = 1 << 27

# Added, times √n, at one place of each row: it outweighs the rest, whose norm is about 2 √n.
_WEIGHT = 3.0


@dataclass(frozen=True)
class Case:
    """Operands for one plan. ``nbytes`` must be read or written at least; ``n_operations`` is what elimination takes."""

    plan: Inverse
    operands: tuple[Tensor, ...]
    nbytes: int
    n_operations: float

    def spoil(self) -> None:
        """Fills the result with NaN: a kernel that leaves some of it as it was is found out."""
        inverse = self.operands[0]
        fill(inverse, _nan(inverse.dtype))

    def fault(self) -> str | None:
        """What is wrong with the result X of A, or None. Waits for the device.

        Of every matrix both residuals are looked at, through one random vector v: ‖X(Av) - v‖ and ‖A(Xv) - v‖ are at most
        ‖XA - I‖ ‖v‖ and ‖AX - I‖ ‖v‖, which the gate bounds. No element of v is near zero: one wrong element of X shows.
        """
        inverse, _, x = self.operands
        n, batch = self.plan.n, self.plan.batch
        source = random.Random(batch)
        v = xp.asarray([source.choice((-1, 1)) * source.uniform(1, 2) for _ in range(n)], dtype=x.dtype, device=x.device)
        unit = n * float(xp.finfo(x.dtype).eps) / 2 * float(xp.sum(xp.abs(v)))
        step = max(1, _CHECKED_BYTES // (n * n * x.dtype.itemsize))
        for start in range(0, batch, step):
            a, b = x[start : start + step, ...], inverse[start : start + step, ...]
            size = _norm(a) * _norm(b) * unit
            for what, first, second, bound in (("left", a, b, LEFT_BOUND), ("right", b, a, RIGHT_BOUND)):
                residual = _times(second, _times(first, v)[:, None, :]) - v
                ratio = float(xp.max(xp.sum(xp.abs(residual), axis=-1) / size))
                # Not the other way round: it may be NaN.
                if not ratio < bound:
                    return f"{what} residual {ratio:.3g} of well-conditioned matrices, {n} x {batch}, exceeds {bound:g}"
        return None


def plan_of(operation: str, dtype: str, n: int, batch: int) -> Inverse:
    """The plan that is measured for a cell. Raises ValueError for an operation that is not tuned."""
    if operation != Inverse.operation:
        raise ValueError(f"{operation} is not tuned; only {Inverse.operation} is")
    return Inverse(dtypes.BY_NAME[dtype], n, batch, flags_only=True)


def case_for(plan: Inverse, device: Device) -> Case:
    """Well-conditioned random matrices, whose pivots are not where one would look first. Raises DeviceMemoryError."""
    n, batch = plan.n, plan.batch
    places = list(range(n))
    random.Random(n).shuffle(places)
    eye = xp.eye(n, dtype=plan.dtype, device=device)
    x = _normal((batch, n, n), plan.dtype, device) + xp.take(eye, xp.asarray(places, device=device), axis=0) * (_WEIGHT * n**0.5)
    inverse, flagged = allocate(x.shape, x.dtype, device), xp.zeros((1, 3), dtype=xp.uint32, device=device)
    return Case(plan, (inverse, flagged, x), 2 * n * n * batch * x.dtype.itemsize, 2.0 * n**3 * batch)


def _normal(shape: tuple[int, ...], dtype: DType, device: Device) -> Any:
    rng = xp.random.default_rng(1)
    x = rng.standard_normal(shape, device=device, dtype=dtypes.real_of(dtype))
    if not dtype.is_complex:
        return x
    return xp.astype(x, dtype) + xp.astype(rng.standard_normal(shape, device=device, dtype=x.dtype), dtype) * 1j


def _times(x: Any, v: Any) -> Any:
    """(b, n): (b, n, n) times (n,) or (b, 1, n)."""
    return xp.sum(x * v, axis=-1)


def _norm(x: Any) -> Any:
    """(b,): the 1-norms of (b, n, n)."""
    return xp.max(xp.sum(xp.abs(x), axis=-2), axis=-1)


def _nan(dtype: DType) -> int:
    code = "<d" if dtypes.real_of(dtype).itemsize == 8 else "<f"
    data = struct.pack(code, float("nan"))
    return int.from_bytes(data * (2 if dtype.is_complex else 1), "little")
