"""Loads WGSL from ``shaders/``, prepends declarations, and reads what the text promises.

A shader file is ordinary WGSL with a few free names (``T``, ``N``, ``op``). WGSL accepts
module-scope declarations in any order, so the aliases, constants and functions that bind
those names are simply put in front. Two things are read back out of the text, so that Python and
WGSL cannot drift apart: the names of the storage bindings, and the fields of ``Params``.

A line ``// uses: grid, float_bits_*`` in a file's head brings in ``lib/grid.wgsl``, and, where ``T``
is float32, ``lib/float_bits_f32.wgsl``: ``*`` is the library of the declared type (``DType.library``).
Loops marked ``// unroll`` are written out (``unroll.py``).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .dtypes import DType
from .unroll import unrolled

_HERE = Path(__file__).resolve().parent
# Inside a wheel the shaders lie in the package; in a checkout, at its top.
SHADERS = next(d for d in (_HERE / "shaders", _HERE.parents[1] / "shaders") if d.is_dir())

_USES = re.compile(r"^// uses: (.+)$", re.MULTILINE)
_LIBRARY = re.compile(r"^// \* is (\w+)$", re.MULTILINE)
_FLOAT16 = re.compile(r"\bf16\b")
_BINDING = re.compile(
    r"@group\(0\)\s*@binding\((\d+)\)\s*var<storage,\s*(read_write|read)>\s*(\w+)"
)
_AS_READ = "@group(0) @binding(0) var<storage, read> name"
_STORAGE = re.compile(r"\bvar\s*<\s*storage\b")
_COMMENT = re.compile(r"//[^\n]*")
_PARAMS = re.compile(r"struct\s+Params\s*\{(.*?)\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*:\s*([^,;]+?(?:<[^>]*>+)?(?:\s*,\s*\w+\s*>)?)\s*(?:,|$)", re.DOTALL)
_ARRAY = re.compile(r"array<\s*vec4<u32>\s*,\s*(\w+)\s*>")
_CONST = re.compile(r"const\s+(\w+)(?:\s*:\s*u32)?\s*=\s*(\d+)u?\s*;")

# WGSL type -> (struct code, size, alignment), by the layout rules of a uniform block.
_SCALARS = {
    "u32": ("I", 4, 4),
    "i32": ("i", 4, 4),
    "f32": ("f", 4, 4),
    "vec2<u32>": ("2I", 8, 8),
    "vec4<u32>": ("4I", 16, 16),
}

Constant = DType | bool | int
ParamValue = int | float | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shader:
    """WGSL that is ready to compile, with what its text says about its interface.

    ``bindings`` and ``access`` are in binding order. ``fields`` is the layout of ``Params``.
    """

    file: str
    code: str
    bindings: tuple[str, ...]
    access: tuple[str, ...]
    fields: tuple[tuple[str, str, int], ...]
    params_size: int

    def pack(self, params: Mapping[str, ParamValue]) -> bytes:
        """The bytes of ``Params``. Raises ValueError unless the names are exactly the struct's."""
        names = {name for name, _, _ in self.fields}
        if names != params.keys():
            raise ValueError(
                f"{self.file}: Params has the fields {sorted(names)}, "
                f"but the kernel passes {sorted(params)}"
            )
        block = bytearray(self.params_size)
        for name, code, offset in self.fields:
            value = params[name]
            struct.pack_into("<" + code, block, offset, *(value if isinstance(value, tuple) else (value,)))
        return bytes(block)


def declare(**names: Constant) -> str:
    """WGSL declarations: a dtype becomes ``alias T = f32;``, a number ``const N: u32 = 4u;``.

    The dtype called T also says what ``*`` stands for; of complex numbers, F is the type of the parts.
    """
    return "".join(_declaration(name, value) for name, value in names.items())


def _declaration(name: str, value: Constant) -> str:
    if isinstance(value, DType):
        return f"alias {name} = {value.wgsl};\n" + (_own_library(value) if name == "T" else "")
    if isinstance(value, bool):
        return f"const {name}: bool = {str(value).lower()};\n"
    return f"const {name}: u32 = {value}u;\n"


def _own_library(dtype: DType) -> str:
    """Declarations for the dtype called T: what ``*`` stands for, and F, the type of the parts of complex numbers."""
    if dtype.kind == "bool":
        return ""
    return f"// * is {dtype.library}\n" + (f"alias F = {dtype.library};\n" if dtype.is_complex else "")


def as_u32(step: int) -> int:
    """``step`` modulo 2³²: a negative one, with which unsigned arithmetic wraps around to the right element."""
    return step & 0xFFFFFFFF


@lru_cache(maxsize=4096)
def load(file: str, declarations: str = "") -> Shader:
    """The shader ``file`` of ``shaders/`` (without its ending) with ``declarations`` in front.

    Raises FileNotFoundError for an unknown file or library, ValueError for a text whose interface
    cannot be read.
    """
    return assemble(f"shaders/{file}.wgsl", read(file), declarations)


@lru_cache(maxsize=4096)
def assemble(name: str, text: str, declarations: str = "") -> Shader:
    """``load`` for a ``text`` from anywhere, which messages call ``name``."""
    libraries = _libraries(name, declarations + text)
    code = unrolled(name, _declared_once("\n".join([declarations, *(read(f"lib/{library}") for library in libraries), text])))
    if _FLOAT16.search(code):
        code = "enable f16;\n" + code
    found = sorted((int(number), mode, binding) for number, mode, binding in _BINDING.findall(code))
    if len({number for number, _, _ in found}) < len(found):
        raise ValueError(f"{name}: two bindings have the same number: {found}")
    if len(_STORAGE.findall(_COMMENT.sub("", code))) > len(found):
        raise ValueError(f"{name}: write every storage binding as {_AS_READ}, or with read_write")
    # A library's bindings are numbered far up, so that those of any shader that uses it stay below.
    places = {str(number): place for place, (number, _, _) in enumerate(found)}
    code = _BINDING.sub(lambda m: f"@group(0) @binding({places[m[1]]}) var<storage, {m[2]}> {m[3]}", code)
    fields, size = _params_layout(name, code)
    return Shader(
        file=name,
        code=code,
        bindings=tuple(binding for _, _, binding in found),
        access=tuple(mode for _, mode, _ in found),
        fields=fields,
        params_size=size,
    )


def _declared_once(code: str) -> str:
    """``code`` without the declarations of bindings that an earlier library has made already, by number and name."""
    seen = set()

    def first(match: re.Match[str]) -> str:
        binding = match.group(1, 3)
        if binding in seen:
            return ""
        seen.add(binding)
        return match.group()

    return re.sub(_BINDING.pattern + r": [^;]+;\n", first, code)


@cache
def read(file: str) -> str:
    """The text of one file of ``shaders/``, without its ending."""
    return (SHADERS / f"{file}.wgsl").read_text(encoding="utf-8")


def _libraries(file: str, text: str) -> list[str]:
    """The names in ``// uses:`` lines, and in those of the files they bring in, each once."""
    own = _LIBRARY.search(text)
    names: dict[str, None] = {}
    waiting = [text]
    while waiting:
        for line in _USES.findall(waiting.pop()):
            for name in re.split(r",\s*", line.strip()):
                if "*" in name:
                    if own is None:
                        raise ValueError(f"{file}: uses {name}, but no type T was declared that says what * is")
                    name = name.replace("*", own.group(1))
                if name not in names:
                    names[name] = None
                    waiting.append(_library(file, name))
    return list(names)


def _library(file: str, name: str) -> str:
    try:
        return read(f"lib/{name}")
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{file}: uses {name}, but shaders/lib has no {name}.wgsl") from error


def _params_layout(file: str, code: str) -> tuple[tuple[tuple[str, str, int], ...], int]:
    """Names, struct codes and byte offsets of the fields of ``Params``, and its size."""
    match = _PARAMS.search(code)
    if match is None:
        return (), 16
    constants = {name: int(value) for name, value in _CONST.findall(code)}
    body = _COMMENT.sub("", match.group(1))
    fields: list[tuple[str, str, int]] = []
    offset = 0
    for name, kind in _FIELD.findall(body.strip().rstrip(",")):
        array = _ARRAY.fullmatch(kind)
        if array:
            length = array.group(1).rstrip("u")
            count = int(length) if length.isdecimal() else constants[length]
            code_, size, alignment = f"{4 * count}I", 16 * count, 16
        elif kind in _SCALARS:
            code_, size, alignment = _SCALARS[kind]
        else:
            raise ValueError(f"{file}: Params.{name} has type {kind!r}; use one of {list(_SCALARS)}")
        offset = -(-offset // alignment) * alignment
        fields.append((name, code_, offset))
        offset += size
    return tuple(fields), -(-offset // 16) * 16
