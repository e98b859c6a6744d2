"""``webgpu-array doctor``: is everything here that is needed, and does it compute rightly?"""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import dtypes, interop
from ..errors import PluginWarning
from ..gpu import adapters
from ..gpu.device import Device, default_device, devices
from ..linalg.inverse import inv
from ..plugins import registry
from . import terminal

_STYLES = {"ok": "green", "note": "bold yellow", "problem": "bold red"}

_INSTALL_LOADER = "apt-get install libvulkan1"
_INSTALL_SOFTWARE = "apt-get install mesa-vulkan-drivers libvulkan1"
_OTHER_DEVICE = "update the driver; if that does not help, choose another device with WEBGPU_ARRAY_DEVICE"

# Where the Vulkan loader looks for the files that describe drivers.
_ICD_FOLDERS = (
    "/usr/local/etc/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
    "/etc/vulkan/icd.d",
    "/usr/share/vulkan/icd.d",
    "~/.local/share/vulkan/icd.d",
    "~/.config/vulkan/icd.d",
)


@dataclass(frozen=True)
class Finding:
    """One line of the report. ``status`` is ok, note or problem; ``fix`` the command that mends it."""

    name: str
    status: str
    says: str
    fix: str = ""


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("doctor", help="check the installation, the drivers and every device")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints every finding as it is made. Returns 1 if one is a problem."""
    console = terminal.console()
    n_problems = 0
    for finding in findings():
        style = _STYLES[finding.status]
        console.print(f"[{style}]{finding.status:8}[/]{finding.name:16}", finding.says, soft_wrap=True)
        if finding.fix:
            console.print(f"{'':24} fix: {finding.fix}", markup=False, soft_wrap=True)
        n_problems += finding.status == "problem"
    console.print(f"{n_problems} problem(s) found" if n_problems else "everything works")
    return 1 if n_problems else 0


def findings() -> Iterator[Finding]:
    """Every check, in the order in which each depends on those before it."""
    yield Finding("Python", "ok", f"{platform.python_version()} ({sys.executable})")
    library = _library()
    yield library
    if library.status == "problem":
        return
    if sys.platform == "linux":
        yield _vulkan_loader()
        yield _vulkan_drivers()
    yield from _adapters(devices())
    yield _default_device()
    yield _plugins()
    for device in devices():
        yield from _device(device)


def _library() -> Finding:
    try:
        versions = adapters.versions()
    except (ImportError, OSError, RuntimeError) as error:
        says = f"cannot be loaded: {terminal.one_line(error)}"
        return Finding("wgpu", "problem", says, f"{sys.executable} -m pip install --force-reinstall 'wgpu>=0.32,<0.33'")
    return Finding("wgpu", "ok", f"{versions['wgpu']}, its library wgpu-native {versions['wgpu-native']}")


def _vulkan_loader() -> Finding:
    try:
        ctypes.CDLL("libvulkan.so.1")
    except OSError as error:
        return Finding("Vulkan loader", "problem", terminal.one_line(error), _INSTALL_LOADER)
    return Finding("Vulkan loader", "ok", "libvulkan.so.1")


def _vulkan_drivers() -> Finding:
    files = [path for path in icd_files(os.environ) if path.is_file()]
    if not files:
        asked = _asked_icd(os.environ)
        where = f"{asked[0]}={asked[1]} names no file" if asked else f"no file in {', '.join(_ICD_FOLDERS)}"
        fix = f"unset {asked[0]}" if asked else f"{_INSTALL_SOFTWARE} (software), or your GPU's driver"
        return Finding("Vulkan drivers", "problem", where, fix)
    return Finding("Vulkan drivers", "ok", ", ".join(path.name for path in files))


def icd_files(environment: Any) -> list[Path]:
    """The files by which the Vulkan loader knows drivers: those asked for, or all in its folders."""
    asked = _asked_icd(environment)
    if asked:
        return [Path(path) for path in asked[1].split(":") if path]
    return [path for folder in _ICD_FOLDERS for path in sorted(Path(folder).expanduser().glob("*.json"))]


def _asked_icd(environment: Any) -> tuple[str, str] | None:
    for variable in ("VK_DRIVER_FILES", "VK_ICD_FILENAMES"):
        if environment.get(variable):
            return variable, environment[variable]
    return None


def _adapters(found: Iterable[Device]) -> Iterator[Finding]:
    kinds = {device.kind for device in found}
    if not kinds:
        yield Finding("adapters", "problem", "none found", _INSTALL_SOFTWARE)
    for device in found:
        status = "note" if device.kind == "software" else "ok"
        yield Finding("adapter", status, terminal.adapter_line(device))
    if adapters.is_limited():
        yield Finding("adapters", "note", "limits and features of a browser (WEBGPU_ARRAY_BROWSER_LIMITS)")
    if kinds == {"software"} and Path("/dev/nvidia0").exists():
        says = "an NVIDIA GPU is present, but its Vulkan driver is not"
        yield Finding("adapter", "note", says, "apt-get install the libnvidia-gl package of your driver's version")


def _default_device() -> Finding:
    asked = os.environ.get("WEBGPU_ARRAY_DEVICE")
    try:
        device = default_device()
    except RuntimeError as error:
        fix = "unset WEBGPU_ARRAY_DEVICE" if asked else _INSTALL_SOFTWARE
        return Finding("default device", "problem", terminal.one_line(error), fix)
    return Finding("default device", "ok", device.name + (" (WEBGPU_ARRAY_DEVICE)" if asked else ""))


def _plugins() -> Finding:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PluginWarning)
        try:
            n_kernels = len(registry().kernels)
        except ValueError as error:
            return Finding("kernels", "problem", terminal.one_line(error), "uninstall one of the two plugins")
    for warning in caught:
        if issubclass(warning.category, PluginWarning):
            fix = "reinstall or uninstall the plugin, or leave it out with WEBGPU_ARRAY_PLUGINS"
            return Finding("kernels", "problem", terminal.one_line(warning.message), fix)  # type: ignore[arg-type]
    return Finding("kernels", "ok", f"{n_kernels} registered")


def _device(device: Device) -> Iterator[Finding]:
    """Opens a device, reads its budget, and computes on it in every floating type that it has."""
    try:
        yield _budget(device)
    except ValueError as error:
        yield Finding(device.name, "problem", terminal.one_line(error), "unset WEBGPU_ARRAY_MEMORY_BUDGET")
        return
    except Exception as error:  # A driver may fail in any way; the report must go on.
        yield Finding(device.name, "problem", f"cannot be opened: {terminal.one_line(error)}", _OTHER_DEVICE)
        return
    for dtype in (dtypes.float32, dtypes.float64):
        if not device.supports(dtype):
            yield Finding(device.name, "note", f"has no {dtype.name}")
            continue
        try:
            wrong = _wrong_inverse(device, dtype)
        except Exception as error:
            wrong = f"{type(error).__name__}: {terminal.one_line(error)}"
        if wrong:
            yield Finding(device.name, "problem", f"{dtype.name}: {wrong}", _OTHER_DEVICE)
        else:
            yield Finding(device.name, "ok", f"inverts a matrix in {dtype.name} rightly")


def _wrong_inverse(device: Device, dtype: dtypes.DType) -> str:
    """What is wrong with the inverse of a matrix whose inverse is known; empty if nothing."""
    x = interop.asarray([[4.0, 7.0], [2.0, 6.0]], dtype=dtype, device=device)
    found = interop.to_numpy(inv(x))
    expected = np.array([[0.6, -0.7], [-0.2, 0.4]], found.dtype)
    if np.allclose(found, expected, rtol=8 * np.finfo(found.dtype).eps, atol=0):
        return ""
    return f"the inverse of [[4, 7], [2, 6]] came out as {found.tolist()}, not {expected.tolist()}"


def _budget(device: Device) -> Finding:
    budget = device.pool.budget
    asked = os.environ.get("WEBGPU_ARRAY_MEMORY_BUDGET")
    if asked is not None:
        return Finding(device.name, "ok", f"memory budget {terminal.bytes_text(budget)} (WEBGPU_ARRAY_MEMORY_BUDGET)")
    if device.kind == "discrete":
        return Finding(device.name, "ok", "memory budget: whatever the driver grants")
    return Finding(device.name, "ok", f"memory budget {terminal.bytes_text(budget)}")
