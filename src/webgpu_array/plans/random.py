"""The plan of random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..dtypes import DType, float32, uint32, uint64
from .protocol import Spec, Whole, dense


@dataclass(frozen=True, slots=True)
class Random(Whole):
    """``n`` numbers of a distribution from a Philox stream: ``uniform``, ``standard_normal`` or ``integers``.

    Scalars ``key`` and ``counter`` say where the stream starts. Normal numbers are looked up
    in ``table`` of ``n_table`` words; integers go from ``low`` to ``low + span``, and ``mask``
    holds as many ones as span has bits.

    Never cut, because a part's counter would be another: ``random`` asks for pieces that fit.
    """

    operation: ClassVar[str] = "random"
    read_only: ClassVar[tuple[str, ...]] = ("table",)
    distribution: str
    n: int
    dtype: DType = float32
    n_table: int = 0

    @property
    def word(self) -> DType:
        """The type of the random words that one number is made of."""
        return uint64 if self.dtype.bits == 64 else uint32

    @property
    def specs(self) -> tuple[Spec, ...]:
        more: tuple[Spec, ...] = ()
        if self.distribution == "standard_normal":
            more = (dense("table", self.word, self.n_table),)
        elif self.distribution == "integers":
            more = tuple(Spec(name, self.word, (), None) for name in ("low", "span", "mask"))
        return (
            dense("out", self.dtype, self.n),
            Spec("key", uint64, (), None),
            Spec("counter", uint64, (), None),
            *more,
        )
