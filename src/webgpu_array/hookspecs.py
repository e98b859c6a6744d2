"""The hooks that a plugin may implement. One documented function each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from .kernels.protocol import Kernel

PROJECT = "webgpu_array"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def webgpu_array_kernels() -> Iterable[Kernel]:  # type: ignore[empty-body]
    """The kernels that this plugin adds, preferred first. Called once, on first use of a device."""
