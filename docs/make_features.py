"""Writes docs/features.md: every name of the standard, whether it is there, and what it accepts.

    python docs/make_features.py                       measured on this machine's default device
    python docs/make_features.py --device software     on another

The names come from docs/standard-2025.12.txt. The dtypes of elementwise functions come from their table, and those of
others from calling them with a small array of each.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

import webgpu_array as xp
from webgpu_array import dtypes
from webgpu_array.gpu.device import Device, as_device
from webgpu_array.info import NamespaceInfo
from webgpu_array.ops.elementwise import TABLE

_HERE = Path(__file__).parent
_PAGE = _HERE / "features.md"
_STANDARD = _HERE / "standard-2025.12.txt"

_HEAD = """\
# Features

Every name of the Python array API standard 2025.12, and what is here beyond it. Written by `docs/make_features.py`.

*Signature* is this package's own; a test compares it with the standard's. *Dtypes* are those that the function accepts as its
array argument on {device}: of elementwise functions the kinds that their table states, of others those with
which a call succeeded. Which of them another device has, is in [devices.md](devices.md). *Waits* says whether
the call waits for the device.
"""

# Without these the first argument has no meaning: calls with an array x of (2, 2), of ones on the diagonal.
Recipe = Callable[[Any], object]
_RECIPES: dict[str, Recipe] = {
    "arange": lambda x: xp.arange(3, dtype=x.dtype, device=x.device),
    "asarray": lambda x: xp.asarray(x.numpy(), device=x.device),
    "astype": lambda x: xp.astype(x, x.dtype),
    "broadcast_to": lambda x: xp.broadcast_to(x, (3, 2, 2)),
    "can_cast": lambda x: xp.can_cast(x, x.dtype),
    "clip": lambda x: xp.clip(x, 0, 1),
    "concat": lambda x: xp.concat([x, x]),
    "empty": lambda x: xp.empty(2, dtype=x.dtype, device=x.device),
    "expand_dims": lambda x: xp.expand_dims(x, 0),
    "eye": lambda x: xp.eye(2, dtype=x.dtype, device=x.device),
    "finfo": lambda x: xp.finfo(x.dtype),
    "full": lambda x: xp.full(2, 1, dtype=x.dtype, device=x.device),
    "full_like": lambda x: xp.full_like(x, 1),
    "iinfo": lambda x: xp.iinfo(x.dtype),
    "isdtype": lambda x: xp.isdtype(x.dtype, "numeric"),
    "isin": lambda x: xp.isin(x, x),
    "linspace": lambda x: xp.linspace(0, 1, 3, dtype=x.dtype, device=x.device),
    "matmul": lambda x: xp.matmul(x, x),
    "meshgrid": lambda x: xp.meshgrid(x[0, ...], x[0, ...]),
    "moveaxis": lambda x: xp.moveaxis(x, 0, 1),
    "ones": lambda x: xp.ones(2, dtype=x.dtype, device=x.device),
    "permute_dims": lambda x: xp.permute_dims(x, (1, 0)),
    "cumulative_prod": lambda x: xp.cumulative_prod(x, axis=0),
    "cumulative_sum": lambda x: xp.cumulative_sum(x, axis=0),
    "repeat": lambda x: xp.repeat(x, 2),
    "reshape": lambda x: xp.reshape(x, (4,)),
    "roll": lambda x: xp.roll(x, 1),
    "searchsorted": lambda x: xp.searchsorted(x[0, ...], x),
    "squeeze": lambda x: xp.squeeze(x[:1, ...], 0),
    "stack": lambda x: xp.stack([x, x]),
    "take": lambda x: xp.take(x, xp.zeros(1, dtype=xp.int32, device=x.device), axis=0),
    "take_along_axis": lambda x: xp.take_along_axis(x, xp.zeros((1, 2), dtype=xp.int32, device=x.device), axis=0),
    "tensordot": lambda x: xp.tensordot(x, x),
    "tile": lambda x: xp.tile(x, (2,)),
    "vecdot": lambda x: xp.vecdot(x, x),
    "where": lambda x: xp.where(xp.ones((2, 2), dtype=xp.bool, device=x.device), x, x),
    "zeros": lambda x: xp.zeros(2, dtype=x.dtype, device=x.device),
    "linalg.cross": lambda x: xp.linalg.cross(xp.ones(3, dtype=x.dtype, device=x.device), xp.ones(3, dtype=x.dtype, device=x.device)),
    "linalg.matmul": lambda x: xp.linalg.matmul(x, x),
    "linalg.matrix_power": lambda x: xp.linalg.matrix_power(x, 2),
    "linalg.outer": lambda x: xp.linalg.outer(x[0, ...], x[0, ...]),
    "linalg.solve": lambda x: xp.linalg.solve(x, x),
    "linalg.tensordot": lambda x: xp.linalg.tensordot(x, x),
    "linalg.vecdot": lambda x: xp.linalg.vecdot(x, x),
    "fft.fftfreq": lambda x: xp.fft.fftfreq(4, dtype=x.dtype, device=x.device),
    "fft.rfftfreq": lambda x: xp.fft.rfftfreq(4, dtype=x.dtype, device=x.device),
}
# These take no array, or any object.
_NO_DTYPES = ("broadcast_shapes", "from_dlpack", "result_type")

# The functions that operators call.
_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift", "eq": "equal", "ne": "not_equal", "lt": "less", "le": "less_equal", "gt": "greater",
    "ge": "greater_equal",
}  # fmt: skip

# The shortest words for a set of the standard's types, tried in this order.
_KINDS = (
    "all", "numeric", "real", "real numeric", "floating-point", "real floating", "complex floating", "integral or bool",
    "integral", "bool",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", help="name or kind, e.g. vulkan:0 or software")
    device = as_device(parser.parse_args().device)
    _PAGE.write_text(_page(device))
    return 0


def standard() -> dict[str, list[str]]:
    """The standard's names with their parameters, by chapter."""
    chapters: dict[str, list[str]] = {}
    for line in _STANDARD.read_text().splitlines():
        if line.startswith("# "):
            entries = chapters.setdefault(line.removeprefix("# "), [])
        elif line and chapters:
            entries.append(line)
    return chapters


def found(name: str) -> Any:
    """What the package has under a name of the standard. Raises AttributeError."""
    owner, _, attribute = name.partition(".")
    classes = {"array": xp.Tensor, "info": NamespaceInfo}
    return getattr(classes[owner], attribute) if owner in classes else attrgetter(name)(xp)


def parameters(name: str) -> list[inspect.Parameter]:
    """The parameters of our function, without annotations and without the array whose method it is."""
    signature = inspect.signature(found(name))
    own = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return own[1:] if name.startswith(("array.", "info.", "random.Generator.")) else own


def written(name: str) -> str:
    """A name with its parameters, as the page shows it."""
    if not inspect.isroutine(found(name)):
        return name
    return name + str(inspect.Signature(parameters(name)))


def _page(device: Device) -> str:
    """The whole page."""
    lines = [_HEAD.format(device=device.adapter.description)]
    progress = Console(stderr=True)
    chapters = standard()
    there = sum(is_there(entry) for entries in chapters.values() for entry in entries)
    lines += [f"{there} of {sum(map(len, chapters.values()))} names are there.", ""]
    for chapter, entries in chapters.items():
        rows = [_row(entry, device) for entry in track(entries, chapter, console=progress)]
        lines += [f"## {chapter}", "", *_table(("signature", "dtypes", "waits", "what it does"), rows)]
    beyond = [(f"`{written(name)}`", _waits(name), _says(name)) for name in _extra_names()]
    return "\n".join([*lines, "## Beyond the standard", "", *_table(("signature", "waits", "what it does"), beyond)])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """A table without the columns that are empty."""
    used = [i for i in range(len(head)) if any(row[i] for row in rows)]
    lines = [head, ("---",) * len(head), *rows]
    return [*(f"| {' | '.join(line[i].replace('|', chr(92) + '|') for i in used)} |" for line in lines), ""]


def is_there(entry: str) -> bool:
    """Whether the package has the name of a line of the standard's."""
    try:
        found(_name(entry))
    except AttributeError:
        return False
    return True


def _name(entry: str) -> str:
    return entry.partition("(")[0]


def _row(entry: str, device: Device) -> tuple[str, str, str, str]:
    """One name of the standard."""
    name = _name(entry)
    if not is_there(entry):
        return f"`{entry}`", "", "", "missing"
    return f"`{written(name)}`", _accepted(name, device), _waits(name), _says(name)


def _documentation(name: str) -> str:
    """A docstring as one line; objects that have only that of their class have none."""
    item = found(name)
    own = inspect.isroutine(item) or inspect.isclass(item) or inspect.ismodule(item) or isinstance(item, property)
    return " ".join((inspect.getdoc(item) or "").split()) if own else ""


def _sentences(name: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s", _documentation(name))


def _says(name: str) -> str:
    """The first sentence about a function, the value of a constant, what a dtype needs, what an operator calls."""
    item = found(name)
    if isinstance(item, dtypes.DType):
        return f"needs {' and '.join(f'`{feature}`' for feature in sorted(item.features))}" if item.features else "on every device"
    if item is None or isinstance(item, float | str):
        return f"`{item!r}`"
    operator = name.removeprefix("array.").strip("_")
    if operator in _OPERATORS:
        return f"`{_OPERATORS[operator]}`"
    if operator[1:] in _OPERATORS:
        return f"`{_OPERATORS[operator[1:]]}`, " + {"i": "written into the array", "r": "with the operands swapped"}[operator[0]]
    return _sentences(name)[0]


def _waits(name: str) -> str:
    """What the docstring says about waiting: "no", or its sentences."""
    about = [sentence for sentence in _sentences(name) if re.search(r"\bwait", sentence, re.IGNORECASE)]
    return "no" if about == ["Does not wait."] else " ".join(about)


def _accepted(name: str, device: Device) -> str:
    """The types that a function accepts, as the standard's kinds where one fits."""
    without = name in _NO_DTYPES or name.startswith(("array.", "info.", "__"))
    if without or not inspect.isroutine(found(name)):
        return ""
    if name in TABLE:
        return TABLE[name].accepted
    call = _RECIPES.get(name, found(name))
    # float16 is outside the standard, and its kinds.
    offered = [dtype for dtype in dtypes.ALL if device.supports(dtype) and dtype is not dtypes.float16]
    accepted = [dtype for dtype in offered if _succeeds(call, dtype, device)]
    for kind in _KINDS:
        if accepted == [dtype for dtype in offered if dtypes.is_kind(dtype, kind)]:
            return kind
    return ", ".join(dtype.name for dtype in accepted) or "none"


def _succeeds(call: Recipe, dtype: dtypes.DType, device: Device) -> bool:
    """Whether a call with a regular, symmetric matrix of the type does not refuse the type."""
    x = xp.eye(2, dtype=dtype, device=device)
    try:
        call(x)
    except TypeError:
        return False
    return True


def _extra_names() -> Iterator[str]:
    """Public names that the standard does not have, with those of the extensions, and of arrays."""
    known = {_name(entry) for entries in standard().values() for entry in entries}
    known |= {"fft", "linalg", "DType", "Device", "Tensor"}
    for prefix, names in [
        ("", xp.__all__),
        ("linalg.", xp.linalg.__all__),
        ("fft.", xp.fft.__all__),
        ("random.", xp.random.__all__),
        ("special.", xp.special.__all__),
        ("random.Generator.", [name for name in dir(xp.random.Generator) if not name.startswith("_")]),
        # Without a docstring, and so not for users: where the elements lie.
        ("array.", [name for name in dir(xp.Tensor) if not name.startswith("_") and _documentation(f"array.{name}")]),
    ]:
        for name in names:
            full = prefix + name
            is_error = inspect.isclass(found(full)) and issubclass(found(full), Exception)
            if full not in known and not is_error and not name.startswith("__"):
                yield full


if __name__ == "__main__":
    sys.exit(main())
