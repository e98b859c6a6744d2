"""The command ``webgpu-array``: one module per subcommand, each with ``add`` and ``run``.

    info, doctor      what is here, and whether it works
    inv               the user's own matrices
    kernels           what may compute them
    tune              which of them is the fastest here
    demo              a study of real data, on top of demo_study.py and demo_picture.py
    files, terminal   what they share
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence

from .. import __version__
from ..errors import WebGPUArrayError
from . import demo, doctor, info, inv, kernels, tune
from .terminal import CommandError, one_line

_COMMANDS = (info, doctor, inv, kernels, tune, demo)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status.

    0: done; 1: one line on stderr says why not; 2: wrong usage.
    """
    # Graphics libraries complain on stderr where this is unset, and then work all the same.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader (`| head`) has seen enough. Python would complain at exit while flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (CommandError, WebGPUArrayError, OSError) as error:
        print(f"webgpu-array {arguments.command}: {one_line(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"webgpu-array {arguments.command}: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="webgpu-array", description="Arrays on any GPU, through WebGPU.")
    parser.add_argument("--version", action="version", version=f"webgpu-array {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    for command in _COMMANDS:
        command.add(subparsers)
    return parser
