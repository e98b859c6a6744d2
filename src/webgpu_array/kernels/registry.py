"""One inspectable table of kernels, filled once through the plugin hook."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from ..errors import KernelError
from .protocol import Capabilities, Kernel


class Registry:
    """Kernels by name, in the order in which they are preferred within an operation."""

    def __init__(self) -> None:
        self._kernels: dict[str, Kernel] = {}
        self._owners: dict[str, str] = {}

    @property
    def kernels(self) -> MappingProxyType[str, Kernel]:
        """Every kernel by name."""
        return MappingProxyType(self._kernels)

    def owner(self, name: str) -> str:
        """The distribution that brought the kernel called ``name``."""
        return self._owners[name]

    def add(self, kernels: Iterable[Kernel], owner: str) -> None:
        """Adds the kernels of one distribution. Raises ValueError on a name that is taken."""
        for kernel in kernels:
            if kernel.name in self._kernels:
                raise ValueError(
                    f"kernel name {kernel.name!r} is claimed by both {self._owners[kernel.name]} and {owner}; "
                    "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
                )
            self._kernels[kernel.name] = kernel
            self._owners[kernel.name] = owner

    def candidates(self, plan: Any, device: Capabilities) -> list[Kernel]:
        """The kernels that can do ``plan``, preferred first."""
        return [
            kernel
            for kernel in self._kernels.values()
            if kernel.operation == plan.operation and kernel.why_not(plan, device) is None
        ]

    def choose(self, plan: Any, device: Capabilities, name: str | None = None) -> Kernel:
        """The kernel called ``name``, or the preferred one.

        Raises KernelError where there is none, with every kernel's reason; ValueError for an
        unknown name.
        """
        if name is not None:
            return self._named(name, plan, device)
        for kernel in self.candidates(plan, device):
            return kernel
        reasons = "; ".join(
            f"{kernel.name}: {kernel.why_not(plan, device)}"
            for kernel in self._kernels.values()
            if kernel.operation == plan.operation
        )
        raise KernelError(f"no kernel for {plan} on {device.name} ({reasons or 'none is registered'})")

    def _named(self, name: str, plan: Any, device: Capabilities) -> Kernel:
        kernel = self._kernels.get(name)
        if kernel is None or kernel.operation != plan.operation:
            there_are = ", ".join(k.name for k in self._kernels.values() if k.operation == plan.operation)
            raise ValueError(f"there is no {plan.operation} kernel called {name!r}; there are: {there_are}")
        reason = kernel.why_not(plan, device)
        if reason is not None:
            raise KernelError(f"kernel {name} cannot do {plan} on {device.name}: {reason}")
        return kernel
