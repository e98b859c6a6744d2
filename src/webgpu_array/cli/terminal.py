"""How commands speak: tables on stdout, one line per problem on stderr."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from ..gpu.device import Device, as_device


class CommandError(Exception):
    """A command cannot do what it was asked; the message is the one line that the user sees."""


def console() -> Console:
    """For stdout. Made per command, so that it writes to the stdout of that moment."""
    return Console(highlight=False)


def pairs() -> Table:
    """A table without rules: a label and its value per row."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def warn(command: str, message: str) -> None:
    """One line on stderr; the command goes on."""
    print(f"webgpu-array {command}: warning: {message}", file=sys.stderr)


def opened(name: str | None) -> Device:
    """The device of that name, opened. Raises CommandError where an environment variable forbids it."""
    device = as_device(name)
    try:
        _ = device.pool
    except ValueError as error:
        raise CommandError(one_line(error)) from error
    return device


def one_line(error: BaseException) -> str:
    """The message of ``error`` without line breaks; files by name and reason, without errno."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def adapter_line(device: Device) -> str:
    """Name, description and kind of a device; software said loudly."""
    kind = "SOFTWARE: runs on the CPU, slow" if device.kind == "software" else device.kind
    return f"{device.name}  {device.adapter.description} ({kind})"


def bytes_text(nbytes: int) -> str:
    """Bytes for reading: "128 MiB", "2 GiB", "300 B"."""
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = min(max(nbytes.bit_length() - 1, 0) // 10, len(units) - 1)
    size = nbytes / 1024**power
    return f"{size:.3g} {units[power]}" if size < 999.5 else f"{size:.0f} {units[power]}"


def time_text(seconds: float) -> str:
    """Seconds for reading: three digits, in µs, ms or s."""
    for factor, unit in ((1e6, "µs"), (1e3, "ms")):
        if seconds * factor < 999.5:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:.0f} s"
