"""Writes docs/scipy.md: for functions of SciPy, where they compute when they are given tensors.

    python docs/make_scipy.py                       on this machine's default device
    python docs/make_scipy.py --device software     on another

Each call of ``scipy_calls.py`` is made with tensors and with NumPy's arrays. What is read from the device on the way is
counted by the device, so nothing goes unnoticed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

os.environ["SCIPY_ARRAY_API"] = "1"  # SciPy reads it when it is imported

import numpy as np
import scipy
from rich.console import Console
from rich.progress import track

import webgpu_array as xp
from webgpu_array.errors import KernelError
from webgpu_array.gpu.device import Device, as_device

sys.path.insert(0, str(Path(__file__).parent))
from scipy_calls import CALLS, Call, arrays

_PAGE = Path(__file__).parent / "scipy.md"

# Bytes of a number that decides what is done next, and of what `inv` reads to learn whether to raise. More is data.
_NUMBER = 16

DEVICE, HOST, NUMPY, NUMBER, RAISES, WRONG = (
    "on the device", "on the host, tensors come back", "on the host, **NumPy comes back**", "on the host, a number comes back",
    "raises", "**differs from NumPy**",
)  # fmt: skip

_HEAD = """\
# SciPy on tensors

Where functions of SciPy compute when they are given tensors. Written by `docs/make_scipy.py`, which calls each with small
tensors of float32, compares what comes back with what NumPy's arrays give, and counts what is read from the device on the way.

Set `SCIPY_ARRAY_API=1` before SciPy is imported; without it SciPy makes NumPy's arrays of tensors. With it:

- **on the device**: nothing but single numbers is read. *Numbers* says how many; each waits for the device once.
- **on the host, tensors come back**: SciPy reads the tensors, computes with NumPy and uploads the result. Right, but no faster
  than NumPy, and it waits.
- **on the host, NumPy comes back**: the same without the upload. That is silent, so look out: `scipy.linalg` does it nearly everywhere.
  Use `xp.linalg.inv`, `solve`, `svd`, … instead, which compute on the device, in batches as well.
- **raises**: SciPy, or something that it calls, refuses. The message is in the table.

SciPy {version}, {device}.
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one call."""

    where: str
    numbers: int = 0
    """How many single numbers were read."""
    says: str = ""
    """The error, for ``RAISES`` and ``WRONG``."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    device = as_device(parser.parse_args().device)
    found = {
        module: {name: outcome(call, device) for name, call in track(calls.items(), module, console=Console(stderr=True))}
        for module, calls in CALLS.items()
    }
    _PAGE.write_text(_page(found, device), encoding="utf-8")
    return 0


def outcome(call: Call, device: Device) -> Outcome:
    """Makes a call with NumPy's arrays and with tensors."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expected = call(arrays(np, lambda host: host))
        given = arrays(xp, lambda host: xp.asarray(host, device=device))
        with device.counting() as counts:
            try:
                found = call(given)
            except KernelError:
                raise  # which is not SciPy's
            except Exception as error:
                return Outcome(RAISES, says=f"{type(error).__name__}: {' '.join(str(error).split())}")
        seen = list(counts.reads)
        numbers = sum(nbytes <= _NUMBER for nbytes in seen)
        pairs = list(zip(_leaves(found), _leaves(expected), strict=True))
        wrong = next((f"{np.asarray(x)} instead of {y}" for x, y in pairs if not _is_close(np.asarray(x), np.asarray(y))), None)
    if wrong is not None:
        return Outcome(WRONG, numbers, " ".join(wrong.split()))
    kinds = {_kind(x) for x, _ in pairs}
    if NUMPY in kinds:
        return Outcome(NUMPY, numbers)
    if any(nbytes > _NUMBER for nbytes in seen):
        return Outcome(HOST if DEVICE in kinds else NUMBER, numbers)
    # Without a tensor among the results and without a read, the tensors were not looked at.
    return Outcome(DEVICE if DEVICE in kinds or seen else NUMBER, numbers)


def _leaves(result: Any) -> Iterator[Any]:
    """The arrays and numbers of a result."""
    if isinstance(result, xp.Tensor | np.ndarray | np.generic | int | float | complex):
        yield result
    elif isinstance(result, dict):
        yield from _leaves(list(result.values()))
    elif isinstance(result, tuple | list):
        for part in result:
            yield from _leaves(part)
    elif hasattr(result, "statistic"):
        yield from _leaves((result.statistic, getattr(result, "pvalue", None)))
    elif is_dataclass(result):
        yield from _leaves([getattr(result, field.name) for field in fields(result)])
    elif result is not None and not isinstance(result, str):
        raise TypeError(f"{type(result).__name__} is no result that is known here; let the call end in its arrays")


def _kind(leaf: Any) -> str:
    if isinstance(leaf, xp.Tensor):
        return DEVICE
    return NUMPY if isinstance(leaf, np.ndarray) and leaf.ndim else NUMBER


def _is_close(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal as results in float32 are: SciPy computes many of them in float64 for NumPy."""
    return found.shape == expected.shape and np.allclose(found, expected, rtol=5e-3, atol=2e-3, equal_nan=True)


def row(name: str, found: Outcome) -> str:
    """A function as the page shows it."""
    says = re.sub(" from '[^']*'", "", found.says)  # where modules lie
    says = says if len(says) <= 160 else says[:157] + "…"
    return f"| `{name}` | {found.where} | {found.numbers or ''} | {says.replace('|', chr(92) + '|')} |"


def _page(found: dict[str, dict[str, Outcome]], device: Device) -> str:
    """The whole page."""
    endings = Counter(one.where for ones in found.values() for one in ones.values())
    lines = [_HEAD.format(version=scipy.__version__, device=device.adapter.description)]
    lines += ["| where | functions |", "| --- | --- |", *(f"| {where} | {n} |" for where, n in endings.most_common()), ""]
    for module, ones in found.items():
        lines += [f"## scipy.{module}", "", "| function | where | numbers | says |", "| --- | --- | --- | --- |"]
        lines += [*(row(name, one) for name, one in ones.items()), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
