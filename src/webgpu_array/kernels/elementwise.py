"""Elementwise operations: one skeleton, the expression and the operands declared in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..dtypes import bool_, lowered
from ..plans.elementwise import Elementwise
from ..plans.protocol import Spec
from ..shader import as_u32, declare, load
from .elements import conversion_libraries, converted, loaded, scalar_bits, storable
from .protocol import Capabilities, Config, Launch, Work

# Component of `position` that addresses an operand: out, x1, x2, x3.
_COMPONENTS = "xyzw"


@dataclass(frozen=True)
class ElementwiseKernel:
    """Any elementwise plan. Configuration: ``workgroup`` invocations, ``items`` elements each."""

    name: str = "elementwise"
    operation: str = "elementwise"
    version: int = 2
    api_version: int = 1

    def why_not(self, plan: Elementwise, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Elementwise, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64, "items": 8}]

    def launches(self, plan: Elementwise, device: Capabilities, config: Config) -> Work:
        n = 1
        for length in plan.shape:
            n *= length
        per_group = config["workgroup"] * config["items"]
        sizes = {"WORKGROUP": config["workgroup"], "ITEMS": config["items"]}
        groups = -(-n // per_group)
        if plan.is_dense and not plan.is_long:
            shader = load("elementwise_dense", declare(**sizes) + _operands(plan, device))
            return Work([Launch(shader, groups, {"n": n})])
        # A tensor without axes has one here.
        shape = plan.shape or (1,)
        shader = load("elementwise_strided", declare(**sizes, AXES=len(shape), IS_LONG=plan.is_long) + _operands(plan, device))
        lengths = [word for length in shape for word in (length, 0, 0, 0)]
        columns = [spec.strides or (0,) * len(shape) for spec in plan.specs]
        columns += [(0,) * len(shape)] * (4 - len(columns))
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
