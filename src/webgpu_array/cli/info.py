"""``webgpu-array info``: which devices there are, and what each can do."""

from __future__ import annotations

import argparse
import json
import platform
from typing import Any

import numpy as np
from rich.table import Table

from .. import __version__, dtypes
from ..errors import NoDeviceError
from ..gpu import adapters
from ..gpu.device import Device, default_device, devices
from . import terminal

_LIMITS = {
    "max-buffer-size": "largest buffer",
    "max-storage-buffer-binding-size": "largest binding",
    "max-compute-workgroup-storage-size": "workgroup memory",
    "max-compute-invocations-per-workgroup": "invocations per workgroup",
    "max-storage-buffers-per-shader-stage": "storage buffers per shader",
}


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("info", help="list the devices, their limits, features and dtypes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints every device. Returns 1 where there is none to use."""
    found = devices()
    try:
        default: Device | None = default_device()
        problem = ""
    except NoDeviceError as error:
        default, problem = None, str(error)
    if arguments.json:
        print(json.dumps({"versions": _versions(), "devices": [_as_json(d, d is default) for d in found]}, indent=2))
    else:
        _print(found, default)
    if problem:
        raise terminal.CommandError(problem)
    return 0


def _versions() -> dict[str, str]:
    return {
        "webgpu-array": __version__,
        **adapters.versions(),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def _as_json(device: Device, is_default: bool) -> dict[str, Any]:
    adapter = device.adapter
    return {
        "name": device.name,
        "default": is_default,
        "kind": device.kind,
        "description": adapter.description,
        "backend": adapter.backend,
        "driver": adapter.driver,
        "dtypes": _dtypes(device),
        "features": sorted(device.features),
        "subgroup_sizes": list(adapter.subgroup_sizes),
        "limits": device.limits,
    }


def _dtypes(device: Device) -> list[str]:
    return [dtype.name for dtype in dtypes.ALL if device.supports(dtype)]


def _print(found: tuple[Device, ...], default: Device | None) -> None:
    console = terminal.console()
    if found:
        console.print(_table(found, default))
    for device in found:
        if device.kind == "software":
            console.print(f"{device.name} is SOFTWARE: it computes on the CPU, and is slow.", style="bold yellow")
    console.print("  ".join(f"{name} {version}" for name, version in _versions().items()), style="dim", soft_wrap=True)


def _table(found: tuple[Device, ...], default: Device | None) -> Table:
    """One column per device."""
    table = Table("", *(f"{d.name} (default)" if d is default else d.name for d in found))
    table.add_row("adapter", *(d.adapter.description for d in found))
    table.add_row("kind", *("[bold yellow]SOFTWARE[/]" if d.kind == "software" else d.kind for d in found))
    table.add_row("backend", *(d.adapter.backend for d in found))
    table.add_row("driver", *(d.adapter.driver for d in found), end_section=True)
    table.add_row("dtypes", *(", ".join(_dtypes(d)) for d in found))
    table.add_row("features", *(", ".join(sorted(d.features)) for d in found))
    table.add_row("subgroup sizes", *("{} to {}".format(*d.adapter.subgroup_sizes) for d in found), end_section=True)
    for limit, label in _LIMITS.items():
        table.add_row(label, *(_limit(limit, d.limits[limit]) for d in found))
    return table


def _limit(limit: str, value: int) -> str:
    return terminal.bytes_text(value) if limit.endswith("-size") else f"{value:,}"
