"""``webgpu-array kernels``: what is registered, built in or by a plugin."""

from __future__ import annotations

import argparse
from typing import Any

from rich.table import Table

from ..plugins import registry
from . import terminal


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("kernels", help="list the registered kernels")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the registry in its order: within an operation, the preferred kernel first."""
    table = Table("operation", "kernel", "version", "from")
    registered = registry()
    by_operation = sorted(registered.kernels.values(), key=lambda kernel: kernel.operation)
    for kernel in by_operation:
        table.add_row(kernel.operation, kernel.name, str(kernel.version), registered.owner(kernel.name))
    terminal.console().print(table)
    return 0
