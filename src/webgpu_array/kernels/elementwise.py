"""Elementwise operations: one skeleton, the expression and the operands declared in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, bool_, int32, int64, uint32, uint64
from ..plan import Elementwise, Spec
from ..shader import as_u32, declare, load
from .protocol import Capabilities, Config, Launch, Work

# Component of `position` that addresses an operand: out, x1, x2, x3.
_COMPONENTS = "xyzw"
_WIDENED = {(uint32, int64): "u64", (int32, uint64): "i64"}


@dataclass(frozen=True)
class ElementwiseKernel:
    """Any elementwise plan. Configuration: ``workgroup`` invocations, ``items`` elements each."""

    name: str = "elementwise"
    operation: str = "elementwise"
    version: int = 1

    def why_not(self, plan: Elementwise, device: Capabilities) -> str | None:
        return None

    def configs(self, plan: Elementwise, device: Capabilities) -> Sequence[Config]:
        return [{"workgroup": 64, "items": 4}]

    def launches(self, plan: Elementwise, device: Capabilities, config: Config) -> Work:
        n = 1
        for length in plan.shape:
            n *= length
        per_group = config["workgroup"] * config["items"]
        sizes = {"WORKGROUP": config["workgroup"], "ITEMS": config["items"]}
        groups = -(-n // per_group)
        if plan.is_dense:
            shader = load("elementwise_dense", declare(**sizes) + _operands(plan))
            return Work([Launch(shader, groups, {"n": n})])
        shader = load("elementwise_strided", declare(**sizes, AXES=len(plan.shape)) + _operands(plan))
        lengths = [word for length in plan.shape for word in (length, 0, 0, 0)]
        columns = [spec.strides or (0,) * len(plan.shape) for spec in plan.specs]
        columns += [(0,) * len(plan.shape)] * (4 - len(columns))
        steps = [as_u32(step) for axis in zip(*columns, strict=True) for step in axis]
        return Work([Launch(shader, groups, {"n": n, "lengths": tuple(lengths), "steps": tuple(steps)})])


def _operands(plan: Elementwise) -> str:
    """Bindings, loads, the expression, and ``evaluate_at``, which ties them together."""
    out, *inputs = plan.specs
    lines = [f"// uses: {plan.uses}"] if plan.uses else []
    computed = plan.arguments[-1]
    lines.append(f"alias T = {computed.wgsl};\nconst BITS = {computed.bits}u;")
    lines.append(_binding(0, "read_write", out))
    binding = 1
    arguments = []
    for i, (spec, dtype) in enumerate(zip(inputs, plan.arguments, strict=True), start=1):
        if spec.strides is None:
            value = scalar_bits(spec.dtype, f"params.operands[{i}]")
        else:
            lines.append(_binding(binding, "read", spec))
            binding += 1
            value = stored(spec.dtype, f"{spec.name}[at.{_COMPONENTS[i]}]")
        arguments.append(converted(value, spec.dtype, dtype))
    parameters = ", ".join(f"x{i}: {d.wgsl}" for i, d in enumerate(plan.arguments, start=1))
    value = converted(f"evaluate({', '.join(arguments)})", plan.result, out.dtype)
    if out.dtype is bool_:
        value = f"select(0u, 1u, {value})"
    lines += [
        f"fn evaluate({parameters}) -> {plan.result.wgsl} {{ return {plan.expression}; }}",
        f"fn evaluate_at(at: vec4<u32>) {{ out[at.x] = {value}; }}",
    ]
    return "\n".join(lines) + "\n"


def _binding(number: int, access: str, spec: Spec) -> str:
    return f"@group(0) @binding({number}) var<storage, {access}> {spec.name}: array<{spec.dtype.storage}>;"


def stored(dtype: DType, element: str) -> str:
    """WGSL for the value of a stored element: bool takes a word."""
    return f"({element} != 0u)" if dtype is bool_ else element


def converted(value: str, source: DType, target: DType) -> str:
    """WGSL for ``value`` of type ``source`` as ``target``."""
    if target is source:
        return value
    if (source, target) in _WIDENED:
        # naga extends by the sign of the target, not of the source: first the width, then the sign.
        value = f"{_WIDENED[source, target]}({value})"
    return f"{target.wgsl}({value})"


def scalar_bits(dtype: DType, word: str) -> str:
    """WGSL for a scalar of ``dtype`` from the low words of a vec4<u32>."""
    if dtype is bool_:
        return f"({word}.x != 0u)"
    if dtype.storage_bytes == 4:
        return f"bitcast<{dtype.wgsl}>({word}.x)"
    return f"bitcast<{dtype.wgsl}>((u64({word}.y) << 32u) | u64({word}.x))"
