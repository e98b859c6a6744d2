"""Discovers plugins once and fills the registry. The built-in kernels are the first plugin."""

from __future__ import annotations

import os
import warnings
from functools import cache
from importlib.metadata import entry_points

import pluggy

from . import hookspecs, kernels
from .errors import PluginWarning
from .kernels.registry import Registry

_BUILT_IN = "webgpu-array"


@cache
def registry() -> Registry:
    """The registry, filled through the hook ``webgpu_array_kernels``.

    WEBGPU_ARRAY_PLUGINS limits which entry points load: names separated by commas, or
    empty for the built-in kernels only.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(kernels, name=_BUILT_IN)
    _load_entry_points(manager)
    filled = Registry()
    # The built-in kernels come first; pluggy would call the last registered one first.
    for name, plugin in manager.list_name_plugin():
        for hook in manager.hook.webgpu_array_kernels.get_hookimpls():
            if hook.plugin is plugin:
                filled.add(hook.function(), owner=name)
    return filled


def _load_entry_points(manager: pluggy.PluginManager) -> None:
    asked = os.environ.get("WEBGPU_ARRAY_PLUGINS")
    wanted = None if asked is None else {name.strip() for name in asked.split(",")}
    for entry in entry_points(group=hookspecs.PROJECT):
        if wanted is not None and entry.name not in wanted:
            continue
        distribution = entry.dist.name if entry.dist else entry.name
        try:
            manager.register(entry.load(), name=distribution)
        except Exception as error:  # A stranger's import may fail in any way; the rest must work.
            warnings.warn(
                f"plugin {entry.name!r} of {distribution} was left out: {type(error).__name__}: {error}",
                PluginWarning,
                stacklevel=2,
            )
