"""Elementwise operations: one skeleton, the expression and the operands declared in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..dtypes import DType, bool_, lowered, real_of
from ..plan import Elementwise, Spec
from ..shader import as_u32, declare, load
from .protocol import Capabilities, Config, Launch, Work

# Component of `position` that addresses an operand: out, x1, x2, x3.
_COMPONENTS = "xyzw"
_WIDE = ("i64", "u64")


@dataclass(frozen=True)
class ElementwiseKernel:
    """Any elementwise plan. Configuration: ``workgroup`` invocations, ``items`` elements each."""

    name: str = "elementwise"
    operation: str = "elementwise"
    version: int = 1

    def why_not(self, plan: Elementwise, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Elementwise, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 128, "items": 4}]

    def launches(self, plan: Elementwise, device: Capabilities, config: Config) -> Work:
        n = 1
        for length in plan.shape:
            n *= length
        per_group = config["workgroup"] * config["items"]
        sizes = {"WORKGROUP": config["workgroup"], "ITEMS": config["items"]}
        groups = -(-n // per_group)
        if plan.is_dense:
            shader = load("elementwise_dense", declare(**sizes) + _operands(plan, device))
            return Work([Launch(shader, groups, {"n": n})])
        shader = load("elementwise_strided", declare(**sizes, AXES=len(plan.shape)) + _operands(plan, device))
        lengths = [word for length in plan.shape for word in (length, 0, 0, 0)]
        columns = [spec.strides or (0,) * len(plan.shape) for spec in plan.specs]
        columns += [(0,) * len(plan.shape)] * (4 - len(columns))
        steps = [as_u32(step) for axis in zip(*columns, strict=True) for step in axis]
        return Work([Launch(shader, groups, {"n": n, "lengths": tuple(lengths), "steps": tuple(steps)})])


def _operands(plan: Elementwise, device: Capabilities) -> str:
    """Bindings, loads, the expression, and ``value_at``, which ties them together."""
    specs = [replace(spec, dtype=lowered(spec.dtype, device)) for spec in plan.specs]
    types = [lowered(dtype, device) for dtype in plan.arguments]
    result = lowered(plan.result, device)
    out, *inputs = specs
    computed = types[-1]
    conversions = [(spec.dtype, dtype) for spec, dtype in zip(inputs, types, strict=True)]
    number = "" if computed is bool_ else f"number_{computed.number}"
    uses = [plan.uses, number, *conversion_libraries(*conversions, (result, out.dtype))]
    lines = [f"// uses: {name}" for name in uses if name]
    lines.append(f"{declare(T=computed)}const BITS = {computed.bits}u;")
    lines.append(_binding(0, "read_write", out))
    binding = 1
    arguments = []
    for i, (spec, dtype) in enumerate(zip(inputs, types, strict=True), start=1):
        if spec.strides is None:
            value = scalar_bits(spec.dtype, f"params.operands[{i}]")
        else:
            lines.append(_binding(binding, "read", spec))
            binding += 1
            value = loaded(spec.dtype, f"{spec.name}[at.{_COMPONENTS[i]}]")
        arguments.append(converted(value, spec.dtype, dtype))
    parameters = ", ".join(f"x{i}: {d.wgsl}" for i, d in enumerate(types, start=1))
    value = converted(f"evaluate({', '.join(arguments)})", result, out.dtype)
    lines += [
        f"fn evaluate({parameters}) -> {result.wgsl} {{ return {plan.expression}; }}",
        f"fn value_at(at: vec4<u32>) -> {out.dtype.storage} {{ return {storable(out.dtype, value)}; }}",
    ]
    return "\n".join(lines) + "\n"


def _binding(number: int, access: str, spec: Spec) -> str:
    return f"@group(0) @binding({number}) var<storage, {access}> {spec.name}: array<{spec.dtype.storage}>;"


def loaded(dtype: DType, element: str) -> str:
    """WGSL for the value of an element in memory."""
    if dtype is bool_:
        return f"({element} != 0u)"
    return element if dtype.storage == dtype.wgsl else f"{dtype.wgsl}({element})"


def storable(dtype: DType, value: str) -> str:
    """WGSL for what is written to memory for a value: narrow integers wrap around."""
    if dtype is bool_:
        return f"select(0u, 1u, {value})"
    if dtype.is_narrow:
        return f"extractBits({value}, 0u, {dtype.bits}u)"
    return value if dtype.storage == dtype.wgsl else f"{dtype.storage}({value})"


def converted(value: str, source: DType, target: DType) -> str:
    """WGSL for ``value`` of type ``source`` as ``target``; complex numbers become complex or bool only.

    Types must be lowered. What it calls is in ``conversion_libraries``.
    """
    if target.wgsl == source.wgsl:
        return value
    if "vec2<u32>" in (source.wgsl, target.wgsl) and not target.is_complex:
        return f"{type_name(target)}_from_{type_name(source)}({value})"
    if target is bool_:
        return _truth(value, source)
    if target.is_complex and not source.is_complex:
        part = real_of(target)
        return f"{target.wgsl}({converted(value, source, part)}, {part.wgsl}(0))"
    if target.wgsl in _WIDE and source.wgsl == "u32":
        # naga extends by the sign of the target, not of the source: first the width, then the sign.
        value = f"u64({value})"
    if target.wgsl in _WIDE and source.wgsl == "i32":
        # Mesa's comparisons of a sign-extended number with 0 were seen to be wrong: an offset keeps the sign away.
        value = f"(i64(u64(u32({value}) ^ 0x80000000u)) - 0x80000000li)"
    return f"{target.wgsl}({value})"


def _truth(value: str, source: DType) -> str:
    """WGSL for whether ``value`` is not zero: a subnormal number and a NaN are not."""
    if source.is_complex:
        return f"(magnitude_bits({value}.x) | magnitude_bits({value}.y)) != Bits(0)"
    if source.is_floating:
        return f"magnitude_bits({value}) != Bits(0)"
    return f"{value} != {source.wgsl}(0)"


def conversion_libraries(*conversions: tuple[DType, DType]) -> list[str]:
    """The libraries that ``converted`` calls for these pairs of source and target."""
    libraries = set()
    for source, target in conversions:
        if source.wgsl != target.wgsl and "vec2<u32>" in (source.wgsl, target.wgsl):
            libraries.add("words")
        elif source is not target is bool_ and source.library.startswith("f"):
            libraries.add(f"float_bits_{source.library}")
    return sorted(libraries)


def type_name(dtype: DType) -> str:
    """What conversions and libraries call a lowered type: two words say which integer they are."""
    return dtype.number if dtype.wgsl == "vec2<u32>" else dtype.wgsl


def scalar_bits(dtype: DType, word: str) -> str:
    """WGSL for a scalar of ``dtype`` from a vec4<u32> of its bits."""
    if dtype is bool_:
        return f"({word}.x != 0u)"
    if dtype.storage == "f16":
        return f"unpack2x16float({word}.x).x"
    if dtype.wgsl == "vec2<f64>":
        return f"vec2<f64>({_double(f'{word}.xy')}, {_double(f'{word}.zw')})"
    if dtype.wgsl.startswith("vec2"):
        return f"bitcast<{dtype.wgsl}>({word}.xy)"
    if dtype.wgsl in ("i32", "u32", "f32"):
        return f"bitcast<{dtype.wgsl}>({word}.x)"
    return _double(word, dtype.wgsl)


def _double(word: str, wgsl: str = "f64") -> str:
    """WGSL for 64 bits from two words."""
    return f"bitcast<{wgsl}>((u64({word}.y) << 32u) | u64({word}.x))"
