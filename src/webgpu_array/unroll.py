"""Writes out the loops of a shader that ask for it, so that what they index can live in registers.

GPUs have no registers that a run-time value can index: an array that a loop walks over goes to memory, unless
the compiler unrolls that loop, and whether it does is up to each driver. A line ``// unroll`` in front of a
``for`` loop, and ``// scalars`` in front of a ``var`` of an array type, leave nothing to it::

    // scalars
    var a: array<vec4<T>, Q>;
    // unroll
    for (var i = 0u; i < Q; i++) {
        a[i] = x[i];
    }

becomes ``var a_0 = vec4<T>(); var a_1 = vec4<T>();`` … and ``{ a_0 = x[0u]; } { a_1 = x[1u]; }`` …. The text is
ordinary WGSL before and after, and means the same.

A loop must count up by a constant from a constant to a constant, and neither break nor continue. An array of scalars must be
indexed, always in full, by what is constant once loops are written out; it has no initialiser, is zero at the
start, and may only be used element by element.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

_LOOP = re.compile(
    r"// unroll\n\s*for \(var (\w+) = ([^;]+); \1 < ([^;]+); \1(?:\+\+|\s*\+= ([^)]+))\) \{"
)
_ARRAY = re.compile(r"// scalars\n(\s*)var(<private>)? (\w+): ([^=;]+);")
_CONST = re.compile(r"^\s*const (\w+)(?:\s*:\s*\w+)? = ([^;]+);", re.MULTILINE)
_BRACKETS = {"{}": re.compile(r"[{}]"), "[]": re.compile(r"[\[\]]")}
_SUFFIX = re.compile(r"\b(\d+)u\b")

_OPERATORS: Mapping[type[ast.AST], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}


def unrolled(file: str, code: str) -> str:
    """``code`` with its marked loops and arrays written out. Raises ValueError, naming ``file``, for what cannot be."""
    if "// unroll" not in code and "// scalars" not in code:
        return code
    constants = _Constants(file, dict(_CONST.findall(code)))
    place = 0
    while match := _LOOP.search(code, place):
        end = _closing(file, code, match.end())
        body = code[match.end() : end - 1]
        if re.search(r"\b(break|continue)\b", body):
            raise ValueError(f"{file}: a loop over {match[1]} that is to be unrolled must not break or continue")
        first, last, step = (constants.value(text) for text in (match[2], match[3], match[4] or "1"))
        name = re.compile(rf"(?<![.\w]){match[1]}\b")  # not a member of that name
        copies = [f"{{{name.sub(f'{i}u', body)}}}" for i in range(first, last, step)]
        code = code[: match.start()] + "\n".join(copies) + code[end:]
        place = match.start()
    place = 0
    while match := _ARRAY.search(code, place):
        code = _as_scalars(file, code, match, constants)
        place = match.start() if match[2] is None else 0
    return code


def _as_scalars(file: str, code: str, match: re.Match[str], constants: _Constants) -> str:
    """``code`` with one array replaced by variables of their own: everywhere if private, else to the end of its block."""
    indent, private, name, kind = match[1], match[2] or "", match[3], match[4].strip()
    lengths = []
    while kind.startswith("array<"):
        kind, length = kind.removeprefix("array<").removesuffix(">").rsplit(",", 1)
        lengths.append(constants.value(length))
    count = 1
    for length in lengths:
        count *= length
    kind = kind.strip()
    # With the zero written out: naga clears a variable that a loop declares in the first pass only.
    declared = "\n".join(f"{indent}var{private} {name}_{i} = {kind}();" for i in range(count))
    end = len(code) if private else _closing(file, code, match.end())
    use = re.compile(rf"\b{name}\b(?=\[)")
    before = _with_scalars(file, code[: match.start()], use, name, lengths, constants) if private else code[: match.start()]
    after = _with_scalars(file, code[match.end() : end], use, name, lengths, constants)
    return before + declared + after + code[end:]


def _with_scalars(
    file: str, text: str, use: re.Pattern[str], name: str, lengths: list[int], constants: _Constants
) -> str:
    """``text`` with every ``name[i][j]`` replaced by the variable for that element."""
    pieces: list[str] = []
    at = 0
    for found in use.finditer(text):
        if found.start() < at:
            raise ValueError(f"{file}: {name} is indexed by itself")
        place, end = 0, found.end()
        for length in lengths:
            if text[end : end + 1] != "[":
                raise ValueError(f"{file}: {name} is declared as scalars, but used whole: {text[found.start() : end + 20]!r}")
            close = _closing(file, text, end + 1, "[]")
            index = constants.value(text[end + 1 : close - 1])
            if not 0 <= index < length:
                raise ValueError(f"{file}: {name} has no element {index}, there are {length}")
            place, end = place * length + index, close
        pieces += [text[at : found.start()], f"{name}_{place}"]
        at = end
    return "".join(pieces) + text[at:]


def _closing(file: str, code: str, start: int, pair: str = "{}") -> int:
    """Just behind the bracket that closes the one before ``start``."""
    depth = 1
    for bracket in _BRACKETS[pair].finditer(code, start):
        depth += 1 if bracket[0] == pair[0] else -1
        if not depth:
            return bracket.end()
    raise ValueError(f"{file}: a {pair[0]} is never closed")


class _Constants:
    """What the text's constants are worth."""

    def __init__(self, file: str, declared: dict[str, str]) -> None:
        self._file = file
        self._declared = declared
        self._known: dict[str, int] = {}

    def value(self, text: str) -> int:
        """A constant expression of whole numbers. Raises ValueError for any other."""
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            tree = ast.parse(_SUFFIX.sub(r"\1", text.strip()).replace("/", "//"), mode="eval")
            self._known[text] = self._of(tree.body)
            return self._known[text]
        except (SyntaxError, KeyError, TypeError) as error:
            raise ValueError(
                f"{self._file}: {text.strip()!r} is not a constant of whole numbers; "
                "bounds of a loop after `// unroll` and indices of an array after `// scalars` must be"
            ) from error

    def _of(self, node: ast.AST) -> int:
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return node.value
        if isinstance(node, ast.Name):
            return self.value(self._declared[node.id])
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](self._of(node.left), self._of(node.right))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
            return {"min": min, "max": max}[node.func.id](self._of(argument) for argument in node.args)
        raise TypeError(node)
