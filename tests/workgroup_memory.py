"""The bytes of workgroup memory that a shader asks for, out of its text: wgpu does not check the device's limit.

Source: https://www.w3.org/TR/WGSL/#alignment-and-size
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONST = re.compile(r"\bconst\s+(\w+)(?:\s*:\s*u32)?\s*=\s*([^;]+);")
_ALIAS = re.compile(r"\balias\s+(\w+)\s*=\s*([^;]+);")
_STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{([^}]*)\}")
_VARIABLE = re.compile(r"\bvar<workgroup>\s*\w+\s*:\s*([^;]+);")
_VECTOR = re.compile(r"vec([234])<(.+)>")

_SCALARS = {"bool": 4, "f16": 2, "f32": 4, "i32": 4, "u32": 4, "f64": 8, "i64": 8, "u64": 8}


def workgroup_bytes(code: str) -> int:
    """What the variables of ``code`` in workgroup memory take together, each beginning on a multiple of 16."""
    text = re.sub(r"//[^\n]*", "", code)
    types = _Types(dict(_CONST.findall(text)), dict(_ALIAS.findall(text)), dict(_STRUCT.findall(text)))
    return sum(_rounded(types.layout(declared)[0], 16) for declared in _VARIABLE.findall(text))


@dataclass(frozen=True)
class _Types:
    """The declarations that a type may name."""

    constants: dict[str, str]
    aliases: dict[str, str]
    structs: dict[str, str]

    def layout(self, declared: str) -> tuple[int, int]:
        """Size and alignment of a type."""
        name = declared.strip()
        if name in _SCALARS:
            return _SCALARS[name], _SCALARS[name]
        if name in self.aliases:
            return self.layout(self.aliases[name])
        if name in self.structs:
            return self._struct(self.structs[name])
        if vector := _VECTOR.fullmatch(name):
            n, size = int(vector[1]), self.layout(vector[2])[0]
            return n * size, (2 if n == 2 else 4) * size
        generic, _, rest = name.partition("<")
        inner = rest.removesuffix(">")
        if generic == "atomic":
            return self.layout(inner)
        if generic == "array":
            element, length = _arguments(inner)
            size, alignment = self.layout(element)
            return self.value(length) * _rounded(size, alignment), alignment
        raise ValueError(f"the type {name!r} is unknown")

    def value(self, expression: str) -> int:
        """A constant expression of whole numbers."""
        text = re.sub(r"\b(\d+)u\b", r"\1", expression).replace("/", "//")
        functions = {"min": min, "max": max}
        names = {name: self.value(self.constants[name]) for name in re.findall(r"[A-Za-z_]\w*", text) if name not in functions}
        return int(eval(text, {"__builtins__": {}}, {**functions, **names}))

    def _struct(self, body: str) -> tuple[int, int]:
        size, widest = 0, 1
        for field in _arguments(body):
            field_size, alignment = self.layout(field.partition(":")[2])
            size, widest = _rounded(size, alignment) + field_size, max(widest, alignment)
        return _rounded(size, widest), widest


def _arguments(text: str) -> list[str]:
    """``text`` cut at the commas outside of angle brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"<": 1, ">": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part.strip()]


def _rounded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
