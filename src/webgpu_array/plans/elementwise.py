"""Plans of what is computed for each element by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ..dtypes import DType, uint32
from ..shapes import Shape
from .protocol import Part, Spec, dense, halves


@dataclass(frozen=True, slots=True)
class Elementwise:
    """``out[i] = expression(x1[i], …)`` over collapsed axes.

    ``expression`` is WGSL on x1, x2, x3 of types ``arguments``, with a result of type
    ``result``; ``uses`` names its libraries. ``is_long`` says that it takes so many instructions that it should be
    in a shader once: compilers write functions out wherever they are called.
    """

    operation: ClassVar[str] = "elementwise"
    read_only: ClassVar[tuple[str, ...]] = ("x1", "x2", "x3")
    op: str
    expression: str
    uses: str
    arguments: tuple[DType, ...]
    result: DType
    shape: Shape
    specs: tuple[Spec, ...]
    is_long: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether every operand is visited with unit steps, or is a scalar."""
        return all(spec.strides is None or spec.is_dense for spec in self.specs)

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the axis along which the operands reach furthest."""
        steps = [spec.strides for spec in self.specs if spec.strides is not None]
        reach = [max(abs(s[axis]) for s in steps) * (n - 1) for axis, n in enumerate(self.shape)]
        axis = reach.index(max(reach))
        n = self.shape[axis]
        for start, stop in ((0, n // 2), (n // 2, n)):
            shape = (*self.shape[:axis], stop - start, *self.shape[axis + 1 :])
            specs = tuple(replace(spec, shape=shape) for spec in self.specs)
            offsets = tuple(start * spec.strides[axis] if spec.strides else 0 for spec in self.specs)
            yield replace(self, shape=shape, specs=specs), offsets


@dataclass(frozen=True, slots=True)
class Progression:
    """``out[i] = expression(first + i)``, for ``arange`` and ``linspace``.

    ``expression`` is WGSL on the position ``i`` (u32), ``n`` (u32, the length of the whole
    progression), and the scalars ``start``, ``step`` and ``stop``, all of the type of the result;
    ``number()`` converts a position to it.
    """

    operation: ClassVar[str] = "progression"
    read_only: ClassVar[tuple[str, ...]] = ()
    expression: str
    dtype: DType
    n: int

    @property
    def specs(self) -> tuple[Spec, ...]:
        scalars = (Spec(name, self.dtype, (), None) for name in ("start", "step", "stop"))
        return (
            dense("out", self.dtype, self.n),
            Spec("first", uint32, (), None),
            Spec("n", uint32, (), None),
            *scalars,
        )

    def split(self, limit: int) -> Iterator[Part]:
        """Halves the progression."""
        yield from halves(self, "n", 1, 1, 0, 0, 0, 0)
