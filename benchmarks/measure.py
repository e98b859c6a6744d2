"""What the benchmarks of inverses and estimators share: times by device and by wall clock, peers, rates, hot clocks, residuals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

import numpy as np

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.gpu.device import Device
from webgpu_array.tensor import Tensor

Call = Callable[[], Any]

# Orders of the products that tell a rate, and of the one that tells whether clocks are up.
_RATE_ORDER, _WARM_ORDER = 8192, 4096
# On software, where large ones would take minutes.
_SMALL_ORDER = 512
# A timed product this close to the fastest one seen: the clocks are up.
HOT = 0.97
# No clock takes longer to rise.
_WARM_SECONDS = 4.0


def device_seconds(call: Call, device: Device) -> float:
    """Seconds that the device works on one call, by its own timestamps."""
    with device.timed() as timing:
        call()
    return timing.seconds


def timed(call: Call, device: Device, runs: int) -> float:
    """Median seconds of device time."""
    return median(device_seconds(call, device) for _ in range(runs))


def wall_seconds(library: Library, call: Call) -> float:
    """Seconds of one inversion on the host's clock, from an idle device to an idle device."""
    library.wait()
    start = time.perf_counter()
    kept = call()
    library.wait_for_inv()
    end = time.perf_counter()
    del kept
    return end - start


def normal(shape: tuple[int, ...], dtype: str, device: Device, seed: int = 1) -> Tensor:
    """Standard normal elements; real and imaginary parts of complex ones."""
    kind = dtypes.BY_NAME[dtype]
    rng = xp.random.default_rng(seed)
    x = rng.standard_normal(shape, device=device, dtype=dtypes.real_of(kind))
    if not kind.is_complex:
        return x
    return xp.astype(x, kind) + xp.astype(rng.standard_normal(shape, device=device, dtype=x.dtype), kind) * 1j


def matrices(n: int, batch: int, dtype: str, device: Device) -> Tensor:
    """(batch, n, n), or one (n, n), standard normal matrices of which none is so ill-conditioned that ``inv`` warns, which takes it twice the time.

    In a batch, the few that would be are replaced by the identity. A single one has 2 √n added in each row, at the places of a
    random permutation: large normal matrices are nearly all ill-conditioned in float32, and pivots should not be found in order.
    """
    x = normal((batch, n, n) if batch > 1 else (n, n), dtype, device)
    eye = xp.eye(n, dtype=x.dtype, device=device)
    if batch == 1:
        places = np.random.default_rng(3).permutation(n).astype(np.int32)
        return x + xp.take(eye, xp.asarray(places, device=device), axis=0) * (2 * n**0.5)
    poor = xp.linalg.inv_ex(x).rcond < 4 * float(xp.finfo(x.dtype).eps)
    return xp.where(xp.reshape(poor, (batch, 1, 1)), eye, x)


class Ours:
    """This package on one device. Its ``inv`` waits for the device by itself."""

    name = "ours"

    def __init__(self, device: Device) -> None:
        self.device = device
        self.version = xp.__version__

    def array(self, host: np.ndarray[Any, Any]) -> Any:
        return xp.asarray(host, device=self.device)

    def inv(self, x: Any) -> Any:
        return xp.linalg.inv(x)

    def copy(self, x: Any) -> Any:
        return xp.asarray(x, copy=True)

    def wait(self) -> None:
        self.device.synchronize()

    def wait_for_inv(self) -> None:
        """Nothing: it has read a word that the device wrote last."""

    def device_seconds(self, call: Call) -> float:
        return device_seconds(call, self.device)

    def free(self) -> None:
        """Gives the memory that nobody holds back to the driver."""
        self.wait()
        with self.device.recorder.lock:
            self.device.pool.collect()
            self.device.pool.trim()

    def nbytes_held(self) -> int:
        """What tensors and the pool hold."""
        return self.device.pool.bytes_allocated


class Torch:
    """torch on the first CUDA device."""

    name = "torch"

    def __init__(self) -> None:
        import torch

        if not torch.cuda.is_available():
            raise ImportError("torch sees no CUDA device")
        torch.backends.cuda.matmul.allow_tf32 = False
        self.torch = torch
        self.version = str(torch.__version__)
        self.card = str(torch.cuda.get_device_name())

    def array(self, host: np.ndarray[Any, Any]) -> Any:
        return self.torch.asarray(host, device="cuda")

    def inv(self, x: Any) -> Any:
        return self.torch.linalg.inv(x)

    def copy(self, x: Any) -> Any:
        return x.clone()

    def wait(self) -> None:
        self.torch.cuda.synchronize()

    wait_for_inv = wait

    def device_seconds(self, call: Call) -> float:
        start, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        call()
        end.record()
        end.synchronize()
        return 1e-3 * float(start.elapsed_time(end))

    def free(self) -> None:
        self.torch.cuda.empty_cache()

    def nbytes_held(self) -> int:
        """What tensors and the cache hold."""
        return int(self.torch.cuda.memory_reserved())


class CuPy:
    """CuPy on the first CUDA device."""

    name = "cupy"

    def __init__(self) -> None:
        import cupy

        if not cupy.cuda.is_available():
            raise ImportError("CuPy sees no CUDA device")
        self.cupy = cupy
        self.version = str(cupy.__version__)

    def array(self, host: np.ndarray[Any, Any]) -> Any:
        return self.cupy.asarray(host)

    def inv(self, x: Any) -> Any:
        return self.cupy.linalg.inv(x)

    def copy(self, x: Any) -> Any:
        return x.copy()

    def wait(self) -> None:
        self.cupy.cuda.Device().synchronize()

    wait_for_inv = wait

    def device_seconds(self, call: Call) -> float:
        start, end = self.cupy.cuda.Event(), self.cupy.cuda.Event()
        start.record()
        call()
        end.record()
        end.synchronize()
        return 1e-3 * float(self.cupy.cuda.get_elapsed_time(start, end))

    def free(self) -> None:
        self.cupy.get_default_memory_pool().free_all_blocks()


class NumPy:
    """NumPy on the host: its device is the host's clock."""

    name = "numpy"
    version = np.__version__

    def array(self, host: np.ndarray[Any, Any]) -> Any:
        return host

    def inv(self, x: Any) -> Any:
        return np.linalg.inv(x)

    def copy(self, x: Any) -> Any:
        return x.copy()

    def wait(self) -> None:
        """Nothing is under way."""

    wait_for_inv = free = wait

    def device_seconds(self, call: Call) -> float:
        return wall_seconds(self, call)


Library = Ours | Torch | CuPy | NumPy


def peers() -> list[Torch | CuPy]:
    """The CUDA libraries that are installed, if there is CUDA."""
    found: list[Torch | CuPy] = []
    for make in (Torch, CuPy):
        try:
            found.append(make())
        except ImportError:
            continue
    return found


def rates(library: Library, device: Device, dtype: str = "float32", seconds: float = 1.0) -> tuple[float, float]:
    """Bytes per second of a copy and operations per second of a product, the best of as many as fit ``seconds``."""
    order = _SMALL_ORDER if device.kind == "software" else _RATE_ORDER
    # Wider types have lower rates, and reach them sooner.
    order = order if dtype == "float32" else order // 2
    host = normal((order, order), dtype, device).numpy()
    x = library.array(host)
    copied = multiplied = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        multiplied = min(multiplied, library.device_seconds(lambda: x @ x))
        copied = min(copied, library.device_seconds(lambda: library.copy(x)))
    return 2 * host.nbytes / copied, 2 * order**3 / multiplied


def ceilings(device: Device) -> tuple[float, float]:
    """This package's own rates in float32, repeated until clocks are up."""
    return rates(Ours(device), device, seconds=0.2 if device.kind == "software" else 2.0)


class Clocks:
    """A GPU that was idle runs at a fraction of its clock, for seconds: measure when a timed product says that it is hot."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._order = _SMALL_ORDER // 2 if device.kind == "software" else _WARM_ORDER
        self._x = normal((self._order, self._order), "float32", device)
        self._best = float("inf")
        self.warm(_WARM_SECONDS if device.kind != "software" else 0.2, stop_early=False)

    @property
    def rate(self) -> float:
        """Operations per second of the fastest product so far."""
        return 2 * self._order**3 / self._best

    def share(self) -> float:
        """The rate of a product now, of the fastest one's."""
        taken = device_seconds(lambda: self._x @ self._x, self._device)
        self._best = min(self._best, taken)
        return self._best / taken

    def warm(self, seconds: float = _WARM_SECONDS, *, stop_early: bool = True) -> float:
        """Works until the clocks are up, for ``seconds`` at most; the share that the last product reached."""
        end = time.perf_counter() + seconds
        share = self.share()
        while time.perf_counter() < end and not (stop_early and share >= HOT):
            share = self.share()
        return share


def chosen(batch: int, n_random: int = 3) -> list[int]:
    """Matrices of a batch to look at: both ends, the middle and some more."""
    return sorted({0, batch // 2, batch - 1, *np.random.default_rng(1).integers(0, batch, n_random).tolist()})


def _norm(m: Any) -> Any:
    return abs(m).sum(-2).max(-1)


def _u(dtype: np.dtype[Any]) -> float:
    return float(np.finfo(dtype).eps) / 2


def residuals(a: np.ndarray[Any, Any], x: np.ndarray[Any, Any]) -> tuple[float, float]:
    """The worst left and right residual ratio of some matrices, computed in float64 on the host (docs/gate.md tells of them)."""
    wide = np.complex128 if a.dtype.kind == "c" else np.float64
    u = _u(a.dtype)
    a, x = a.astype(wide), x.astype(wide)
    n = a.shape[-1]
    size = n * _norm(a) * _norm(x) * u
    eye = np.eye(n)
    return float((_norm(eye - x @ a) / size).max()), float((_norm(eye - a @ x) / size).max())


def residuals_on_gpu(a: np.ndarray[Any, Any], x: np.ndarray[Any, Any], torch: Torch) -> tuple[float, float]:
    """``residuals`` of one large matrix, computed in float64 by torch."""
    n = a.shape[-1]
    wide = torch.torch.complex128 if a.dtype.kind == "c" else torch.torch.float64
    ta, tx = (torch.array(m).to(wide) for m in (a, x))
    size = n * float(_norm_on_gpu(ta)) * float(_norm_on_gpu(tx)) * _u(a.dtype)
    found = []
    for left, right in ((tx, ta), (ta, tx)):
        product = left @ right
        product.diagonal().sub_(1)
        found.append(float(_norm_on_gpu(product)) / size)
        del product
    return found[0], found[1]


def _norm_on_gpu(m: Any) -> Any:
    return m.abs().sum(dim=0).max()


def residuals_by_probes(a: np.ndarray[Any, Any], x: np.ndarray[Any, Any], n_probes: int = 8) -> tuple[float, float]:
    """Lower bounds of ``residuals`` for one large matrix: what the residual makes of some random vectors of ±1."""
    n = a.shape[-1]
    probes = np.random.default_rng(2).choice([-1.0, 1.0], (n, n_probes))
    a, u = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64), _u(a.dtype)
    x = x.astype(a.dtype)
    size = n * _norm(a) * _norm(x) * u
    both: Iterable[Any] = (probes - x @ (a @ probes), probes - a @ (x @ probes))
    left, right = (float(np.abs(r).sum(axis=0).max() / n / size) for r in both)
    return left, right
