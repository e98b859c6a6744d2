"""``webgpu-array kernels``: what is registered, built in or by a plugin, and the shaders that a kernel runs."""

from __future__ import annotations

import argparse
import re
from typing import Any

from rich.table import Table

from .. import dtypes
from ..gpu.device import as_device
from ..plans.linalg import Inverse
from ..plugins import registry
from . import terminal


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("kernels", help="list the registered kernels, or print the shaders of one")
    parser.add_argument("--wgsl", metavar="KERNEL", help="print what this inverse kernel runs, every loop written out as it is compiled")
    parser.add_argument("--shape", default="8x1000", metavar="NxBATCH", help="of the matrices, with --wgsl (default: %(default)s)")
    parser.add_argument("--dtype", default="float32", choices=["float32", "float64", "complex64", "complex128"])
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the registry in its order: within an operation, the preferred kernel first. Or shaders."""
    if arguments.wgsl:
        return _print_shaders(arguments)
    table = Table("operation", "kernel", "version", "from")
    registered = registry()
    by_operation = sorted(registered.kernels.values(), key=lambda kernel: kernel.operation)
    for kernel in by_operation:
        table.add_row(kernel.operation, kernel.name, str(kernel.version), registered.owner(kernel.name))
    terminal.console().print(table)
    return 0


def _print_shaders(arguments: argparse.Namespace) -> int:
    """Each shader once, in the order in which they run."""
    shape = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", arguments.shape)
    if shape is None:
        raise terminal.CommandError(f"--shape must be an order and a batch such as 8x1000, not {arguments.shape!r}")
    device = as_device(arguments.device)
    plan = Inverse(dtypes.BY_NAME[arguments.dtype], int(shape[1]), int(shape[2]))
    try:
        kernel = registry().choose(plan, device, arguments.wgsl)
    except ValueError as error:
        raise terminal.CommandError(str(error)) from error
    config = kernel.configs(plan, device)[0]
    for code in dict.fromkeys(launch.shader.code for launch in kernel.launches(plan, device, config).launches):
        print(f"// {kernel.name} {dict(config)}\n{code}")
    return 0
