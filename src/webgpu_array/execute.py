"""The single path from a plan to the device: plan -> kernel -> launches -> commands."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from .dtypes import DType
from .errors import DeviceMemoryError, KernelError
from .gpu.device import Device
from .gpu.dispatch import PARAMS_BYTES, Known, Pipeline, Recorder
from .gpu.memory import Buffer
from .kernels.protocol import Config, Kernel, Launch, Work, too_large
from .kernels.validation import fault_of_work
from .plans.elementwise import Elementwise
from .plans.protocol import Plan, Spec
from .plugins import BUILT_IN, registry
from .shapes import Shape, Strides, collapse_along_first, extent, is_contiguous
from .tensor import Tensor, allocate
from .tuner import store
from .tuner.choice import TUNED, Choice, choose, default, failure, quarantine
from .tuner.settings import current

# A scalar operand, as the bits that the shader receives.
Operand = Tensor | int

# What is bound: a buffer, from which byte on, how many.
Range = tuple[Buffer, int, int]

# Programs are dropped when there are this many: data of ever new shapes must not fill the memory.
_MAX_PROGRAMS = 4096

# What ``run`` may call with a plan and its operands after the first run of a kernel that nobody has vouched for: it waits for the
# device, and returns what is wrong with the result, or None. An empty text: nothing to believe without another opinion.
Proof = Callable[[Any, Sequence[Operand]], str | None]

# A legal binding offset on every device.
_WINDOW_ALIGNMENT = 256

# What is bound of an empty array: a shader wants room for one element of any type.
_LEAST_BINDING = 16

# Launches of one program that take the host longer than a submit does; after so many of them the device begins,
# and after twice as many again, and so on. Of how many sets of buffers the launches are kept.
_MANY_LAUNCHES = 16
_FIRST_SUBMIT = 4
_MAX_KNOWN = 4

# A scalar's bits travel in two halves.
_LOW = 2**64 - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One launch, compiled.

    ``sources`` says per binding: an operand's index, or a scratch name. ``params`` lack their head where the shader
    takes views.
    """

    pipeline: Pipeline
    params: bytes
    sources: tuple[int | str, ...]
    groups: int
    has_head: bool


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A plan compiled for a device by one kernel.

    ``nbytes`` says per operand how much of it is bound, unless it is a view. ``head`` packs what says to shaders
    that take views where each operand lies. ``known`` holds the launches of earlier calls, by what they were bound to.
    ``chosen_at`` is ``store.changes`` when the kernel was chosen by what is stored, else None.
    """

    kernel: str
    is_unproven: bool
    chosen_at: int | None
    steps: tuple[_Step, ...]
    scratch: tuple[tuple[str, int], ...]
    specs: tuple[Spec, ...]
    nbytes: tuple[int, ...]
    head: struct.Struct | None
    outputs: frozenset[int]
    takes_views: bool
    known: dict[tuple[Any, ...], tuple[int, list[Known]]] = field(default_factory=dict)


def run(
    plan: Plan,
    operands: Sequence[Operand],
    device: Device,
    kernel: str | None = None,
    config: Config | None = None,
    proof: Proof | None = None,
) -> None:
    """Computes ``plan`` into its outputs. Returns before the device has done it.

    ``operands`` are the tensors (or scalar bits) of ``plan.specs``: outputs first. Outputs
    must share no buffer with inputs. ``kernel`` names one instead of the chosen one, ``config`` is one of its
    configurations instead of its best guess. ``proof`` is called after the first run of a plugin's kernel that was not named; where it
    finds something wrong, the kernel is quarantined and another one computes the plan again.

    Raises KernelError when no kernel can do it, DeviceMemoryError when an operand or scratch
    exceeds one binding and the work cannot be cut.
    """
    settings = current().key
    key: Any = plan if kernel is None and not config else (plan, kernel, tuple(config.items()) if config else ())
    if settings is not None and plan.operation in TUNED:
        key = (key, settings)
    program = device.programs.get(key)
    if program is None or (program.chosen_at is not None and program.chosen_at != store.changes):
        limit = most_bound(device)
        largest = max(spec.nbytes for spec in plan.specs)
        if largest > limit:
            reason = too_large(largest, plan, device)
            _run_in_parts(plan, operands, device, kernel, config, proof, limit, reason)
            return
        program = compile_plan(plan, device, kernel, config)
        scratch_nbytes = max((nbytes for _, nbytes in program.scratch), default=0)
        if scratch_nbytes > limit:
            # Scratch shrinks with the operands.
            at_most = limit * largest // scratch_nbytes
            reason = too_large(scratch_nbytes, plan, device, "scratch")
            _run_in_parts(plan, operands, device, kernel, config, proof, at_most, reason)
            return
        if len(device.programs) >= _MAX_PROGRAMS:
            device.programs.clear()
        device.programs[key] = program
    _run_program(program, operands, device)
    if program.is_unproven and proof is not None:
        _prove(program, key, plan, operands, device, proof)


def run_with_room(plan: Plan, operands: Sequence[Operand], device: Device, kernel: str, nbytes: int) -> None:
    """Computes ``plan`` by ``kernel`` with ``nbytes`` more bound behind each operand, to see whether anything there is written."""
    program = compile_plan(plan, device, kernel)
    _run_program(replace(program, nbytes=tuple(bound + nbytes for bound in program.nbytes)), operands, device)


def _prove(program: Program, key: Any, plan: Plan, operands: Sequence[Operand], device: Device, proof: Proof) -> None:
    """Checks the first result of a kernel that nobody has vouched for, and replaces it where need be."""
    wrong = proof(plan, operands)
    if wrong is None:
        device.programs[key] = replace(program, is_unproven=False)
        return
    if wrong:
        device.programs.pop(key, None)
        quarantine(registry().kernels[program.kernel], device, wrong)
        run(plan, operands, device, proof=proof)
        return
    # The kernel may be right: the call has an answer that a built-in kernel gives, and the next call another try.
    other = default(plan, device)
    if not other.is_unproven:
        run(plan, operands, device, other.kernel.name)


def _run_program(program: Program, operands: Sequence[Operand], device: Device) -> None:
    moved: list[tuple[Tensor, Tensor]] = []
    recorder = device.recorder
    with recorder.lock:
        # All memory before any launch: where there is no room, nothing of the plan runs.
        bound: dict[int | str, Range] = {
            name: (device.pool.allocate(nbytes), 0, _at_least(nbytes)) for name, nbytes in program.scratch
        }
        if program.takes_views:
            for i, operand in enumerate(operands):
                if isinstance(operand, Tensor):
                    bound[i] = _window(operand, program.specs[i], device)
        else:
            operands, moved = _bindable(operands, program)
            for i, operand in enumerate(operands):
                if isinstance(operand, Tensor):
                    bound[i] = (operand.buffer, operand.offset * operand.dtype.storage_bytes, program.nbytes[i])
        head = program.head.pack(*_operand_words(operands, bound)) if program.head else b""
        if len(program.steps) >= _MANY_LAUNCHES:
            _record_many(program, bound, head, recorder)
        else:
            for step in program.steps:
                _record(step, bound, head, recorder)
    for temporary, output in moved:
        copy(temporary, output)


def _record(step: _Step, bound: Mapping[int | str, Range], head: bytes, recorder: Recorder) -> Known:
    params = head + step.params if step.has_head else step.params
    return recorder.record(step.pipeline, [bound[source] for source in step.sources], params, step.groups)


def _record_many(program: Program, bound: Mapping[int | str, Range], head: bytes, recorder: Recorder) -> None:
    """Records so many launches that it counts how long that takes: the device begins with the first while the rest is recorded.

    A call on the same buffers as an earlier one, which the pool makes likely, repeats what was looked up for that.
    """
    where = (head, *((buffer.handle, start, nbytes) for buffer, start, nbytes in bound.values()))
    generation, launches = program.known.get(where, (-1, []))
    repeated = generation == recorder.generation
    if not repeated:
        generation, launches = recorder.generation, []
    submit_at = _FIRST_SUBMIT
    for i, step in enumerate(program.steps):
        if repeated:
            recorder.repeat(launches[i])
        else:
            launches.append(_record(step, bound, head, recorder))
        if i + 1 == submit_at:
            recorder.flush()
            submit_at *= 2
    for buffer, _, _ in bound.values():
        buffer.used_in = recorder.submission
    if generation == recorder.generation:
        if len(program.known) >= _MAX_KNOWN:
            program.known.clear()
        program.known[where] = generation, launches


def copy(source: Tensor, target: Tensor) -> None:
    """Writes ``source``, of the same shape, over ``target``, converting to its dtype.

    Their buffers must differ.
    """
    shape, (to, of) = collapse_along_first(target.shape, target.strides, source.strides)
    plan = _assignment("copy", target.dtype, source.dtype, shape, to, of)
    run(plan, (target.view(shape, to), source.view(shape, of)), target.device)


def fill(target: Tensor, word: int) -> None:
    """Writes the scalar with the bits ``word`` over ``target``."""
    shape, (to,) = collapse_along_first(target.shape, target.strides)
    run(_assignment("fill", target.dtype, target.dtype, shape, to, None), (target.view(shape, to), word), target.device)


@lru_cache(maxsize=4096)
def _assignment(op: str, out: DType, x1: DType, shape: Shape, to: Strides, of: Strides | None) -> Elementwise:
    """The plan of ``out = x1``, converted to the dtype of ``out``; ``of`` is None for a scalar."""
    specs = Spec("out", out, shape, to), Spec("x1", x1, () if of is None else shape, of)
    return Elementwise(op=op, expression="x1", uses="", arguments=(out,), result=out, shape=shape, specs=specs)


def contiguous(x: Tensor) -> Tensor:
    """``x`` itself if it is row-major and starts where a binding may, else such a copy."""
    if _is_bindable(x):
        return x
    out = allocate(x.shape, x.dtype, x.device)
    copy(x, out)
    return out


def compile_plan(plan: Plan, device: Device, kernel: str | None = None, config: Config | None = None) -> Program:
    """The launches of the chosen kernel, compiled. Raises KernelError.

    A kernel that fails is quarantined and the next one chosen, unless it was named.
    """
    while True:
        chosen = choose(plan, device, kernel, config)
        changes = store.changes
        try:
            program = _compile(plan, device, chosen)
        except Exception as error:
            if kernel is None:
                quarantine(chosen.kernel, device, error)
                continue
            if registry().owner(kernel) == BUILT_IN:
                raise
            raise failure(kernel, error) from error
        return replace(program, chosen_at=changes if plan.operation in TUNED else None)


def _compile(plan: Plan, device: Device, chosen: Choice) -> Program:
    kernel = chosen.kernel
    work: Work = kernel.launches(plan, device, chosen.config)
    fault = fault_of_work(work)
    if fault is not None:
        raise KernelError(f"{kernel.name}: {fault}")
    if chosen.is_unproven:
        _check_room(kernel, plan, work, device)
    steps = tuple(_compile_launch(launch, plan, work, device, kernel, chosen.is_trusted) for launch in work.launches)
    return Program(
        kernel=kernel.name,
        is_unproven=chosen.is_unproven,
        chosen_at=None,
        steps=steps,
        scratch=tuple(work.scratch.items()),
        specs=plan.specs,
        nbytes=tuple(_at_least(spec.nbytes) for spec in plan.specs),
        head=_head(plan.specs) if any(step.has_head for step in steps) else None,
        outputs=_outputs(work, steps),
        takes_views=all(step.has_head for step in steps),
    )


def most_bound(device: Device) -> int:
    """Bytes of an operand that can be bound wherever it begins. Plans with larger ones are cut into parts."""
    return device.limits["max-storage-buffer-binding-size"] - _WINDOW_ALIGNMENT


def _check_room(kernel: Kernel, plan: Plan, work: Work, device: Device) -> None:
    """Raises KernelError for what the device would refuse later on, when it is too late to choose another kernel."""
    most = device.limits["max-compute-workgroups-per-dimension"] ** 2
    if any(launch.groups > most for launch in work.launches):
        raise KernelError(f"{kernel.name}: a launch has more workgroups than a grid holds, {most:,}")
    limit = most_bound(device)
    scratch_nbytes = max(work.scratch.values(), default=0)
    if scratch_nbytes > limit and not any(plan.split(limit * max(spec.nbytes for spec in plan.specs) // scratch_nbytes)):
        raise KernelError(f"{kernel.name}: {too_large(scratch_nbytes, plan, device, 'scratch')}, and this work cannot be cut")


def _outputs(work: Work, steps: Sequence[_Step]) -> frozenset[int]:
    """The operands that some launch may write."""
    return frozenset(
        source
        for launch, step in zip(work.launches, steps, strict=True)
        for source, access in zip(step.sources, launch.shader.access, strict=True)
        if access == "read_write" and isinstance(source, int)
    )


def _compile_launch(
    launch: Launch, plan: Plan, work: Work, device: Device, kernel: Kernel, is_trusted: bool = False
) -> _Step:
    shader, specs = launch.shader, plan.specs
    index = {spec.name: i for i, spec in enumerate(specs)}
    if shader.params_size > PARAMS_BYTES:
        raise KernelError(
            f"{kernel.name}: Params of {shader.file} takes {shader.params_size:,} bytes, but {PARAMS_BYTES:,} is the most; "
            "use fewer axes"
        )
    sources: list[int | str] = []
    for binding, access in zip(shader.bindings, shader.access, strict=True):
        name = launch.buffers.get(binding, binding)
        if name not in index and name not in work.scratch:
            raise KernelError(
                f"{kernel.name}: {shader.file} binds {name!r}, which is neither an operand ({', '.join(index)}) nor scratch"
            )
        if access == "read_write" and name in plan.read_only:
            raise KernelError(f"{kernel.name}: {shader.file} may write {name!r}, an input of {plan.operation}; bind it as read")
        sources.append(index.get(name, name))
    label = f"{kernel.name} ({shader.file})"
    pipeline = device.recorder.pipeline(shader.code, shader.access, label, trusted=is_trusted)
    params = dict(launch.params)
    has_head = bool(shader.fields) and shader.fields[0][0] == "operands"
    if has_head:
        n_words = struct.calcsize("<" + shader.fields[0][1]) // 4
        params["operands"] = (0,) * n_words
    packed = shader.pack(params)[_head(specs).size if has_head else 0 :]
    return _Step(pipeline, packed, tuple(sources), launch.groups, has_head)


def _head(specs: Sequence[Spec]) -> struct.Struct:
    """16 bytes per operand: the element offset within its binding, or a scalar's bits."""
    return struct.Struct(f"<{2 * len(specs)}Q")


def _at_least(nbytes: int) -> int:
    """Whole words, and enough for one element."""
    return max(-(-nbytes // 4) * 4, _LEAST_BINDING)


def _bindable(operands: Sequence[Operand], program: Program) -> tuple[Sequence[Operand], list[tuple[Tensor, Tensor]]]:
    """Operands that lie as the plan says and start where a binding may, for shaders that take no views.

    Those that do not are copied, outputs too, since some are worked on in place. The second
    result pairs the copy of an output with the output that it has to be copied back to.
    """
    askew = [
        i
        for i, (x, spec) in enumerate(zip(operands, program.specs, strict=True))
        # The first test is the cheaper one, and nearly always enough.
        if isinstance(x, Tensor) and (x.offset or x.strides != spec.strides) and not _is_bindable(x, spec)
    ]
    if not askew:
        return operands, []
    bindable = list(operands)
    pairs = []
    for i in askew:
        operand: Tensor = operands[i]  # type: ignore[assignment]
        bindable[i] = copied = _allocated(program.specs[i], operand)
        pairs.append((copied, operand))
    for copied, operand in pairs:
        copy(operand, copied)
    return bindable, [pair for i, pair in zip(askew, pairs, strict=True) if i in program.outputs]


def _allocated(spec: Spec, x: Tensor) -> Tensor:
    """Room for a copy of ``x`` that lies as ``spec`` says."""
    if spec.is_dense or spec.strides is None:
        return allocate(x.shape, x.dtype, x.device)
    low, high = extent(spec.shape, spec.strides)
    return allocate((high - low + 1,), x.dtype, x.device).view(x.shape, spec.strides, -low)


def _is_bindable(x: Tensor, spec: Spec | None = None) -> bool:
    """Whether ``x`` starts where a binding may, and is contiguous or lies as ``spec`` says."""
    lies = is_contiguous(x.shape, x.strides) if spec is None or spec.is_dense else x.strides == spec.strides
    return lies and x.offset * x.dtype.storage_bytes % _WINDOW_ALIGNMENT == 0


def _run_in_parts(
    plan: Plan,
    operands: Sequence[Operand],
    device: Device,
    kernel: str | None,
    config: Config | None,
    proof: Proof | None,
    limit: int,
    reason: str,
) -> None:
    """Runs parts of ``plan`` whose operands take ``limit`` bytes at most, for the ``reason`` that an error gives."""
    parts = list(plan.split(limit))
    if not parts:
        raise DeviceMemoryError(f"{reason}, and this work cannot be cut into parts")
    whole = [
        contiguous(operand) if isinstance(operand, Tensor) and spec.is_dense and not operand.is_contiguous else operand
        for operand, spec in zip(operands, plan.specs, strict=True)
    ]
    for part, offsets in parts:
        cut = [
            operand.view(spec.shape, spec.strides or (), operand.offset + offset)
            if isinstance(operand, Tensor)
            else operand + offset
            for operand, spec, offset in zip(whole, part.specs, offsets, strict=True)
        ]
        run(part, cut, device, kernel, config, proof)


def _window(operand: Tensor, spec: Spec, device: Device) -> Range:
    """What to bind of a view: the whole buffer, or of a large one the part where the view lies."""
    buffer = operand.buffer
    if buffer.size <= device.limits["max-storage-buffer-binding-size"]:
        return buffer, 0, buffer.size
    low, high = extent(spec.shape, spec.strides or ())
    itemsize = operand.dtype.storage_bytes
    start = (operand.offset + low) * itemsize // _WINDOW_ALIGNMENT * _WINDOW_ALIGNMENT
    # Shaders that read vectors want the last one whole.
    end = -(-(operand.offset + high + 1) * itemsize // _LEAST_BINDING) * _LEAST_BINDING
    return buffer, start, min(end, buffer.size) - start


def _operand_words(operands: Sequence[Operand], bound: Mapping[int | str, Range]) -> list[int]:
    """What ``_head`` packs."""
    words: list[int] = []
    for i, operand in enumerate(operands):
        if isinstance(operand, Tensor):
            words += (operand.offset - bound[i][1] // operand.dtype.storage_bytes, 0)
        else:
            words += (operand & _LOW, operand >> 64)
    return words
