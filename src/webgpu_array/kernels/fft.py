"""Fourier transforms: Stockham's passes, the spectrum of real numbers from that of pairs, and chirps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, real_of
from ..plans.fourier import (
    ELEMENTS,
    Chirp,
    FourierTransform,
    RealSpectrum,
    Steps,
    is_smooth,
    passes,
    prime_factors,
    roots_layout,
    stages,
)
from ..shader import ParamValue, as_u32, declare, load
from .elements import scalar_bits
from .protocol import Capabilities, Config, Launch, Work


@dataclass(frozen=True)
class StockhamKernel:
    """Transforms of lengths with no other prime factors than 2, 3 and 5. Configuration: ``workgroup`` invocations."""

    name: str = "stockham"
    operation: str = "fourier_transform"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: FourierTransform, device: Capabilities) -> str | None:
        if is_smooth(plan.n):
            return None
        return f"length {plan.n} has the prime factor {prime_factors(plan.n)[0]}, and it takes 2, 3 and 5 only"

    def configs(self, plan: FourierTransform, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 256}]

    def launches(self, plan: FourierTransform, device: Capabilities, config: Config) -> Work:
        lengths = passes(plan.dtype, plan.n)
        launches = []
        done = 1
        for number, length in enumerate(lengths):
            one = _Pass(plan, length, done, number, n_passes=len(lengths))
            launches.append(one.launch(config["workgroup"]))
            done *= length
        nbytes = plan.outer * plan.n * plan.inner * plan.dtype.storage_bytes
        scratch = {_scratch(number): nbytes for number in range(min(len(lengths) - 1, 2))}
        return Work(launches, scratch)


def _scratch(number: int) -> str:
    """Where pass ``number`` writes, unless it is the last: to one of two buffers in turn."""
    return f"scratch_{number % 2}"


@dataclass(frozen=True, slots=True)
class _Pass:
    """One of the passes: its lines have ``length`` elements, the earlier ones have done ``done`` to them."""

    plan: FourierTransform
    length: int
    done: int
    number: int
    n_passes: int

    @property
    def is_first(self) -> bool:
        return self.number == 0

    @property
    def is_last(self) -> bool:
        return self.number == self.n_passes - 1

    @property
    def columns(self) -> int:
        return self.plan.n // self.length

    @property
    def x_steps(self) -> Steps:
        return self.plan.x_steps if self.is_first else self._dense_steps

    @property
    def out_steps(self) -> Steps:
        return self.plan.out_steps if self.is_last else self._dense_steps

    @property
    def _dense_steps(self) -> Steps:
        return self.plan.n * self.plan.inner, self.plan.inner, 1

    def launch(self, workgroup: int) -> Launch:
        plan = self.plan
        n_lines = plan.outer * self.columns * plan.inner
        # A power of two, so that batches of all sizes share few shaders.
        n_held = min(max(ELEMENTS[plan.dtype] // self.length, 1), 1 << (n_lines - 1).bit_length())
        shader = load("fft_pass", self._declarations(n_held, workgroup))
        layout = roots_layout(plan.dtype, plan.n)
        params: dict[str, ParamValue] = {
            "x_steps": (*map(as_u32, self.x_steps), 0),
            "out_steps": (*map(as_u32, self.out_steps), 0),
            "lines": n_lines,
            "inner": plan.inner,
            "signal": plan.signal,
            "length": plan.length if self.is_first else plan.n,
            "out_length": plan.out_length if self.is_last else plan.n,
            "turn": 2 * plan.n // (self.done * self.length),
            "own": dict(layout.own)[self.length],
            **_table(plan.dtype, plan.n),
        }
        buffers = {}
        if not self.is_first:
            buffers["x"] = _scratch(self.number - 1)
        if not self.is_last:
            buffers["out"] = _scratch(self.number)
        return Launch(shader, -(-n_lines // n_held), params, buffers)

    def _declarations(self, n_held: int, workgroup: int) -> str:
        plan = self.plan
        size = self.length * n_held
        room = -(-size // 16) * 16
        reads = plan.reads if self.is_first else "complex"
        writes = plan.writes if self.is_last else "complex"
        constants = declare(
            T=plan.dtype,
            WORKGROUP=workgroup,
            LENGTH=self.length,
            LINES=n_held,
            SIZE=size,
            ROOM=room,
            COLUMNS=self.columns,
            DONE=self.done,
            ONE_INNER=plan.inner == 1,
            OPERANDS=len(plan.specs),
            INVERSE=plan.inverse,
            FIRST=self.is_first,
            LAST=self.is_last,
            READS_LINES=n_held > 1 and self._lines_are_closer_in_x,
            WRITES_LINES=n_held > 1 and self._lines_are_closer_in_out,
        )
        stored = f"alias S = {plan.x_dtype.storage};\n"
        uses = f"// uses: fft_read_{reads}, fft_write_{writes}\n"
        return constants + stored + uses + self._factors() + _stages(self.length, room)

    @property
    def _lines_are_closer_in_x(self) -> bool:
        """Whether neighbouring lines are closer to each other in x than neighbouring elements of a line."""
        outer, position, inner = map(abs, self.x_steps)
        between_lines = inner if self.plan.inner > 1 else position if self.columns > 1 else outer
        return between_lines < self.columns * position

    @property
    def _lines_are_closer_in_out(self) -> bool:
        outer, position, inner = map(abs, self.out_steps)
        between_columns = position if self.done > 1 else position * self.length
        between_lines = inner if self.plan.inner > 1 else between_columns if self.columns > 1 else outer
        return between_lines < self.done * position

    def _factors(self) -> str:
        """WGSL of what elements are multiplied by when the first pass reads and the last one writes them."""
        binding, bindings = 3, ""
        before, after = "value", "value"
        # Beyond the ends of the factors there are zeros to read, and nothing to write.
        if self.is_first and self.plan.before:
            bindings += _factor(binding, "before")
            binding += 1
            before = "times(value, before[min(position, params.signal - 1u)])"
        if self.is_last:
            scale = scalar_bits(real_of(self.plan.dtype), "params.operands[2]")
            if self.plan.after:
                bindings += _factor(binding, "after")
                after = "times(value, after[min(position, params.out_length - 1u)])"
            after += f" * {scale}"
        return (
            f"{bindings}fn factored(value: T, position: u32) -> T {{ return {before}; }}\n"
            f"fn finished(value: T, position: u32) -> T {{ return {after}; }}\n"
        )


def _factor(binding: int, name: str) -> str:
    return f"@group(0) @binding({binding}) var<storage, read> {name}: array<T>;\n"


def _stages(length: int, room: int) -> str:
    """WGSL of the stages in order; each leaves its result in the other half of the workgroup's memory."""
    lines = ["fn transformed(lane: u32) -> u32 {"]
    source, done = 0, 1
    for radix in stages(length):
        lines += [f"    stage_{radix}(lane, {source}u, {done}u);", "    workgroupBarrier();"]
        source = room - source
        done *= radix
    return "\n".join([*lines, f"    return {source}u;", "}", ""])


def _table(dtype: DType, n: int) -> dict[str, ParamValue]:
    """What shaders know of the layout of the roots."""
    layout = roots_layout(dtype, n)
    return {"fine": layout.fine, "coarse": layout.coarse, "shift": layout.shift}


@dataclass(frozen=True)
class RealSpectrumKernel:
    """One element per invocation. Configuration: ``workgroup`` invocations."""

    name: str = "real_spectrum"
    operation: str = "real_spectrum"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: RealSpectrum, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: RealSpectrum, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: RealSpectrum, device: Capabilities, config: Config) -> Work:
        scale = scalar_bits(real_of(plan.dtype), "params.operands[2]")
        declarations = declare(T=plan.dtype, WORKGROUP=config["workgroup"], INVERSE=False)
        shader = load("fft_real_spectrum", declarations + f"fn scale() -> F {{ return {scale}; }}\n")
        count = plan.outer * (plan.n + 1) * plan.inner
        params: dict[str, ParamValue] = {
            "out_steps": (*map(as_u32, plan.out_steps), 0),
            "count": count,
            "n": plan.n,
            "inner": plan.inner,
            **_table(plan.dtype, plan.n),
        }
        return Work([Launch(shader, -(-count // config["workgroup"]), params)])


@dataclass(frozen=True)
class ChirpKernel:
    """One element per invocation. Configuration: ``workgroup`` invocations."""

    name: str = "chirp"
    operation: str = "chirp"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan: Chirp, device: Capabilities) -> str | None:
        return None if plan.n < 2**30 else f"the squares of {plan.n:,} numbers modulo twice as many take 32 bits or more"

    def configs(self, plan: Chirp, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64}]

    def launches(self, plan: Chirp, device: Capabilities, config: Config) -> Work:
        declarations = declare(
            T=plan.dtype, WORKGROUP=config["workgroup"], INVERSE=plan.rising, MIRRORED=plan.mirrored
        )
        params: dict[str, ParamValue] = {"count": plan.count, "n": plan.n, **_table(plan.dtype, plan.n)}
        return Work([Launch(load("fft_chirp", declarations), -(-plan.count // config["workgroup"]), params)])
