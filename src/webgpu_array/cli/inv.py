"""``webgpu-array inv``: inverts the matrices of a NumPy file on a device, into another file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.markup import escape

from .. import dtypes, interop
from ..gpu.device import Device
from ..linalg.inverse import inv_ex, kernel_for
from . import files, terminal
from .terminal import CommandError

_Host = np.ndarray[Any, Any]


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "inv",
        help="invert the matrices of a .npy file",
        description="Inverts the matrices of a .npy file, of shape (n, n) or (..., n, n), float32 or float64.",
    )
    parser.add_argument("input", type=Path, help="file to read, as numpy.save writes it")
    parser.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    parser.add_argument("--force", action="store_true", help="overwrite the output if it exists")
    parser.add_argument("--device", help="name or kind of a device, such as vulkan:0 or software")
    parser.add_argument("--kernel", help="name of a kernel, see `webgpu-array kernels`")
    parser.add_argument("--dtype", choices=("float32", "float64"), help="convert the input first")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Reads, checks, inverts, writes and prints. Raises CommandError with the one line to show."""
    files.check_output(arguments.output, overwrite=arguments.force)
    host = _converted(arguments.input, _read(arguments.input), arguments.dtype)
    _check_shape(arguments.input, host)
    device = terminal.opened(arguments.device)
    if not device.supports(dtypes.BY_NAME[host.dtype.name]):
        raise CommandError(
            f"{arguments.input}: holds {host.dtype.name}, which {device.name} does not compute in; "
            "pass --dtype float32, or another --device"
        )
    inverse, rcond, report = _invert(arguments.input, host, device, arguments.kernel)
    with files.written_in_full(arguments.output) as file:
        _write(file, inverse)
    table = terminal.pairs()
    table.add_row("adapter", terminal.adapter_line(device))
    table.add_row("matrices", f"{host.shape} {host.dtype.name}")
    for label, value in report.items():
        table.add_row(label, value)
    table.add_row("written", escape(str(arguments.output)))
    terminal.console().print(table)
    _warn_if_ill_conditioned(arguments.input, rcond)
    return 0


def _read(path: Path) -> _Host:
    """The array of a .npy file; nothing in it is executed."""
    try:
        with path.open("rb") as file:
            host = np.load(file, allow_pickle=False)
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror or error}") from error
    except Exception as error:  # A header may be wrong in any way: NumPy parses it as Python.
        if path.stat().st_size == 0:
            raise CommandError(f"{path}: is empty; it must hold one array written by numpy.save") from error
        if "Object arrays" in str(error):
            raise CommandError(f"{path}: holds Python objects; save numbers, as float32 or float64") from error
        raise CommandError(f"{path}: is not a complete .npy file ({terminal.one_line(error)})") from error
    if not isinstance(host, np.ndarray):
        raise CommandError(f"{path}: is an archive of several arrays (.npz); save one with numpy.save")
    return host


def _converted(path: Path, host: _Host, asked: str | None) -> _Host:
    """``host`` in native byte order, and as ``asked``. Raises CommandError for a type that has no inverse here."""
    if host.dtype.kind not in "fiu":
        raise CommandError(f"{path}: holds {host.dtype.name}; only real numbers can be inverted")
    if asked is not None:
        with np.errstate(over="ignore"):
            converted = host.astype(asked)
        if np.isinf(converted).sum() > np.isinf(host).sum():
            raise CommandError(f"{path}: holds numbers beyond the range of {asked}; pass --dtype float64")
        return converted
    if host.dtype.kind != "f":
        raise CommandError(f"{path}: holds {host.dtype.name}, not floats; pass --dtype float32 or float64 to convert")
    if host.dtype.newbyteorder("=") not in (np.float32, np.float64):
        raise CommandError(f"{path}: holds {host.dtype.name}; pass --dtype float32 or float64 to convert")
    return host.astype(host.dtype.newbyteorder("="), copy=False)


def _check_shape(path: Path, host: _Host) -> None:
    if host.ndim < 2 or host.shape[-1] != host.shape[-2]:
        raise CommandError(f"{path}: has shape {host.shape}; it must be square: (n, n) or (..., n, n)")
    if not host.size:
        raise CommandError(f"{path}: has shape {host.shape}, which holds no numbers to invert")


def _invert(path: Path, host: _Host, device: Device, kernel: str | None) -> tuple[_Host, _Host, dict[str, str]]:
    """The inverses, rcond per matrix, and what to print. Raises CommandError for a singular matrix."""
    start = time.perf_counter()
    x = interop.asarray(host, device=device)
    try:
        result = inv_ex(x, kernel=kernel)
    except ValueError as error:  # An unknown kernel.
        raise CommandError(terminal.one_line(error)) from error
    device.synchronize()
    inverted = time.perf_counter()
    info, rcond = interop.to_numpy(result.info), interop.to_numpy(result.rcond)
    _check_regular(path, info)
    inverse = interop.to_numpy(result.inverse)
    report = {
        "kernel": kernel or kernel_for(x),
        "rcond": _rcond_text(rcond),
        "time": f"{terminal.time_text(inverted - start)} (upload, compilation and inversion), "
        f"{terminal.time_text(time.perf_counter() - inverted)} (read back)",
    }
    return inverse, rcond, report


def _check_regular(path: Path, info: _Host) -> None:
    singular = np.argwhere(info)
    if not len(singular):
        return
    first = tuple(singular[0].tolist())
    which = "the matrix is" if not first else f"matrix {first[0] if len(first) == 1 else first} is"
    others = f" ({len(singular):,} of {info.size:,} matrices are)" if len(singular) > 1 else ""
    raise CommandError(f"{path}: {which} singular, zero pivot at step {int(info[first])}{others}; nothing was written")


def _rcond_text(rcond: _Host) -> str:
    smallest = np.nanmin(rcond) if not np.isnan(rcond).all() else np.nan
    return f"{smallest:.3g}" + (f" (smallest of {rcond.size:,})" if rcond.size > 1 else "")


def _warn_if_ill_conditioned(path: Path, rcond: _Host) -> None:
    unknown, poor = np.isnan(rcond), rcond < np.finfo(rcond.dtype).eps
    if unknown.any():
        terminal.warn("inv", f"{path}: NaN or Inf in {_count(unknown)}; the inverse of such a matrix is NaN")
    if poor.any():
        terminal.warn(
            "inv",
            f"{path}: ill-conditioned: {_count(poor)} (rcond {rcond[poor].min():.3g} is below the epsilon of "
            f"{rcond.dtype.name}); the inverse may hold no correct digits",
        )


def _count(which: _Host) -> str:
    return f"{int(which.sum()):,} of {which.size:,} matrices"


def _write(file: Any, host: _Host) -> None:
    """A .npy file. ``numpy.save`` would hide the reason when the disk is full."""
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(host))
    file.write(host.data)
