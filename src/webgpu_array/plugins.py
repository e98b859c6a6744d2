"""Discovers plugins once and fills the registry. The built-in kernels are the first plugin."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import pluggy

from . import hookspecs, kernels
from .errors import PluginWarning
from .kernels.registry import Registry

# The distribution that owns the built-in kernels.
BUILT_IN = "webgpu-array"


@cache
def registry() -> Registry:
    """The registry, filled through the hook ``webgpu_array_kernels``.

    WEBGPU_ARRAY_PLUGINS limits which entry points load: names separated by commas, or
    empty for the built-in kernels only.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(kernels, name=BUILT_IN)
    _load_entry_points(manager)
    filled = Registry()
    # The built-in kernels come first; pluggy would call the last registered one first.
    for name, plugin in manager.list_name_plugin():
        for hook in manager.hook.webgpu_array_kernels.get_hookimpls():
            if hook.plugin is plugin:
                _add(filled, hook.function, name)
    return filled


def _add(filled: Registry, hook: Callable[..., Any], name: str) -> None:
    distribution, _, entry = name.partition(":")
    try:
        found = list(hook())
    except Exception as error:
        _warn_left_out(entry, distribution, error)
    else:
        filled.add(found, owner=distribution)


def _load_entry_points(manager: pluggy.PluginManager) -> None:
    asked = os.environ.get("WEBGPU_ARRAY_PLUGINS")
    wanted = None if asked is None else {name.strip() for name in asked.split(",") if name.strip()}
    found = entry_points(group=hookspecs.PROJECT)
    for name in sorted((wanted or set()) - found.names):
        there_are = ", ".join(sorted(found.names)) or "none"
        warnings.warn(
            f"WEBGPU_ARRAY_PLUGINS names {name!r}, which is not installed; plugins that are: {there_are}",
            PluginWarning,
            stacklevel=2,
        )
    for entry in found:
        if wanted is not None and entry.name not in wanted:
            continue
        distribution = entry.dist.name if entry.dist else entry.name
        name = f"{distribution}:{entry.name}"
        try:
            manager.register(entry.load(), name=name)
            manager.check_pending()  # a hook of a name that does not exist
        except Exception as error:
            _warn_left_out(entry.name, distribution, error)
            if manager.has_plugin(name):
                manager.unregister(name=name)


def _warn_left_out(entry: str, distribution: str, error: Exception) -> None:
    """A stranger's code may fail in any way; the rest must work."""
    warnings.warn(
        f"plugin {entry!r} of {distribution} was left out: {type(error).__name__}: {error}",
        PluginWarning,
        stacklevel=2,
    )
