"""Files that are either written in full or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .terminal import CommandError


def check_output(path: Path, *, overwrite: bool) -> None:
    """Raises CommandError where ``path`` cannot become a new file, before any work is done."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise CommandError(f"{path}: is a folder; name a file in it")
    if target.exists() and not target.is_file():
        raise CommandError(f"{path}: is not a regular file; name another output")
    if target.exists() and not overwrite:
        raise CommandError(f"{path}: exists already; pass --force to overwrite it")
    if not target.parent.is_dir():
        raise CommandError(f"{path}: there is no folder {target.parent}; make it first")


@contextmanager
def written_in_full(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` when the block ends, and vanishes if it fails.

    Written beside ``path`` (a rename is atomic within one file system only) and on disk
    before it gets its name. A symbolic link stays one: its target is replaced.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise CommandError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)
