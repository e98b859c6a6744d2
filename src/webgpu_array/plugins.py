"""Discovers plugins once and fills the registry. The built-in kernels are the first plugin.

A plugin is a stranger's code: whatever it does, the rest must go on working. What is left out, and why, is said
in a PluginWarning.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import Any, NamedTuple

import pluggy

from . import hookspecs, kernels
from .errors import PluginWarning
from .kernels.registry import BUILT_IN as BUILT_IN
from .kernels.registry import Registry

_HOOK = "webgpu_array_kernels"


class Source(NamedTuple):
    """Where a plugin comes from: its entry point, its distribution and the version of that."""

    entry: str
    distribution: str
    version: str

    def __str__(self) -> str:
        return f"plugin {self.entry!r} of {' '.join(filter(None, self[1:]))}"


@cache
def registry() -> Registry:
    """The registry, filled through the hook ``webgpu_array_kernels``.

    WEBGPU_ARRAY_PLUGINS limits which entry points load: names separated by commas, or
    empty for the built-in kernels only.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    built_in = Source(BUILT_IN, BUILT_IN, _own_version())
    sources = {id(kernels): built_in}
    manager.register(kernels, name=BUILT_IN)
    # In an order that is the same everywhere, since the first of two kernels of one name is kept.
    wanted = [(_source_of(entry), entry) for entry in _wanted_entry_points()]
    for source, entry in sorted(wanted, key=lambda pair: (pair[0].distribution, pair[0].entry)):
        plugin = _load(manager, entry, source)
        if plugin is not None:
            sources[id(plugin)] = source
    filled = Registry()
    # The built-in kernels come first; pluggy would call the last registered one first.
    implementations = manager.hook.webgpu_array_kernels.get_hookimpls()
    for _, plugin in manager.list_name_plugin():
        found = [hook.function for hook in implementations if hook.plugin is plugin]
        source = sources[id(plugin)]
        for function in found:
            _add(filled, function, source)
        if not found:
            _warn_left_out(source, f"it implements no hook; mark {_HOOK}() with webgpu_array.extending.hookimpl")
    return filled


def _add(filled: Registry, hook: Callable[[], Any], source: Source) -> None:
    """Adds what ``hook`` returns, but for kernels that cannot be used."""
    try:
        answer = hook()
        found = list(answer) if isinstance(answer, Iterable) else None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _warn_left_out(source, f"its hook {_HOOK} raised {type(error).__name__}: {error}")
        return
    if found is None:
        _warn_left_out(source, f"its hook {_HOOK} returned {type(answer).__name__}; return a list of kernels")
        return
    known = {kernel.operation for kernel in filled.kernels.values()}
    usable = [kernel for kernel in found if not known or _has_known_operation(kernel, known, source)]
    for text in filled.add(usable, owner=source.distribution, version=source.version):
        _warn(f"{source}: {text}")


def _has_known_operation(kernel: Any, known: set[str], source: Source) -> bool:
    """Whether there are plans of the kernel's operation, unless it has none that could be known."""
    operation = getattr(kernel, "operation", None)
    if not isinstance(operation, str) or operation in known or not operation:
        return True
    near = get_close_matches(operation, known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(known))}"
    _warn(f"{source}: kernel {getattr(kernel, 'name', kernel)!r} was left out: there is no operation {operation!r}; {hint}")
    return False


def _wanted_entry_points() -> list[EntryPoint]:
    """Those of our group that WEBGPU_ARRAY_PLUGINS lets in."""
    asked = os.environ.get("WEBGPU_ARRAY_PLUGINS")
    found = entry_points(group=hookspecs.PROJECT)
    if asked is None:
        return list(found)
    wanted = {name.strip() for name in asked.split(",") if name.strip()}
    for name in sorted(wanted - found.names):
        there_are = ", ".join(sorted(found.names)) or "none"
        _warn(f"WEBGPU_ARRAY_PLUGINS names {name!r}, which is not installed; plugins that are: {there_are}")
    return [entry for entry in found if entry.name in wanted]


def _load(manager: pluggy.PluginManager, entry: EntryPoint, source: Source) -> Any:
    """Imports and registers one plugin; None where that fails, whatever it raises but Ctrl-C."""
    name = f"{source.distribution}:{entry.name}"
    try:
        plugin = entry.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too, which must not end the program that uses us
        _warn_left_out(source, f"importing {entry.value} raised {type(error).__name__}: {error}")
        return None
    try:
        manager.register(plugin, name=name)
        manager.check_pending()  # a hook of a name that does not exist
    except Exception as error:
        _warn_left_out(source, f"{type(error).__name__}: {error}")
        if manager.has_plugin(name):
            manager.unregister(name=name)
        return None
    return plugin


def _source_of(entry: EntryPoint) -> Source:
    try:
        return Source(entry.name, entry.dist.name, entry.dist.version)  # type: ignore[union-attr]
    except Exception:  # its metadata are damaged
        return Source(entry.name, entry.value, "")


def _own_version() -> str:
    try:
        return version(BUILT_IN)
    except PackageNotFoundError:  # used from a folder, without being installed
        return ""


def _warn_left_out(source: Source, why: str) -> None:
    _warn(f"{source} was left out: {why}")


def _warn(text: str) -> None:
    warnings.warn(text, PluginWarning, stacklevel=2)
