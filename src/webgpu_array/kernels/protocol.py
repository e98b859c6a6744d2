"""What a kernel is: a frozen description of launches, not a callback.

A kernel says which plans it can do, in which configurations, and what to launch for one.
It is asked once per plan and device; what it answers is compiled and kept, so nothing of
it runs in the hot path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..plans.protocol import Plan
from ..shader import ParamValue, Shader

# The version of what a kernel offers and is given, here and in extending.py. It changes only when kernels that were
# written for the version before would not work any more.
API_VERSION = 1

Config = Mapping[str, int]


class Capabilities(Protocol):
    """What a kernel may know of a device. ``gpu.device.Device`` is one; tests make others."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def limits(self) -> Mapping[str, int]: ...
    @property
    def features(self) -> frozenset[str]: ...
    @property
    def subgroup_size(self) -> int: ...  # 0 where there are no subgroups, or their size varies


@dataclass(frozen=True, slots=True)
class Launch:
    """One dispatch of ``groups`` workgroups.

    The shader's storage bindings are matched by name: with the plan's operands, with the
    kernel's scratch, or with what ``buffers`` renames them to. ``params`` must name the
    fields of the shader's ``Params``. A ``Params`` that begins with a field ``operands``
    gets there, per operand of the plan, the element offset of a view or the bits of a
    scalar; a shader without it receives arrays that lie as the plan says, from element 0 on.
    """

    shader: Shader
    groups: int
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    buffers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """Launches in order, and the scratch buffers they share (name: bytes)."""

    launches: Sequence[Launch]
    scratch: Mapping[str, int] = field(default_factory=dict)


class Kernel(Protocol):
    """A way to carry out the plans of one operation.

    ``name`` is unique among all kernels; ``version`` changes whenever results or speed may. ``api_version`` is the
    API_VERSION that it was written for.

    It may have one more method, ``why_slow(plan, device)``: None, or in words why another kernel should be the default for a plan that this
    one can do. It can then still be named, and win by being measured.
    """

    @property
    def name(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def api_version(self) -> int: ...

    def why_not(self, plan: Any, device: Capabilities) -> str | None:
        """None when the kernel can do ``plan`` on ``device``, else the reason in words."""

    def configs(self, plan: Any, device: Capabilities) -> Sequence[Config]:
        """The configurations worth measuring, the best guess first. At least one."""

    def launches(self, plan: Any, device: Capabilities, config: Config) -> Work:
        """What to run for ``plan`` with ``config``."""


def too_large(nbytes: int, plan: Plan, device: Capabilities, what: str = "an operand") -> str:
    """The text for an operand, or for scratch, that one binding of the device cannot hold."""
    limit = device.limits["max-storage-buffer-binding-size"]
    return f"{what} of {plan.operation} has {nbytes:,} bytes, but one binding of {device.name} holds {limit:,}"
