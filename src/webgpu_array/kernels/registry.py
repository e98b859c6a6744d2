"""One inspectable table of kernels, filled once through the plugin hook."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from ..errors import KernelError
from .protocol import Capabilities, Kernel
from .validation import fault_of_kernel, objection_of, slowness_of

# The distribution that owns the built-in kernels.
BUILT_IN = "webgpu-array"


class Registry:
    """Kernels by name, in the order in which they are preferred within an operation."""

    def __init__(self) -> None:
        self._kernels: dict[str, Kernel] = {}
        self._owners: dict[str, tuple[str, str]] = {}

    @property
    def kernels(self) -> MappingProxyType[str, Kernel]:
        """Every kernel by name."""
        return MappingProxyType(self._kernels)

    def owner(self, name: str) -> str:
        """The distribution that brought the kernel called ``name``."""
        return self._owners[name][0]

    def distribution(self, name: str) -> str:
        """``owner`` with its version: "webgpu-array 0.1.0"."""
        return " ".join(filter(None, self._owners[name]))

    def add(self, kernels: Iterable[Any], owner: str, version: str = "") -> list[str]:
        """Adds the kernels of one distribution. One that cannot be used, or whose name is taken, is left out.

        Returns what to say of each that was: which one, why, and what to do.
        """
        left_out = []
        for place, kernel in enumerate(kernels):
            fault = self._fault(kernel, owner)
            if fault is None:
                self._kernels[kernel.name] = kernel
                self._owners[kernel.name] = owner, version
            else:
                left_out.append(f"kernel {_called(kernel, place)} was left out: {fault}")
        return left_out

    def _fault(self, kernel: Any, owner: str) -> str | None:
        try:
            fault = fault_of_kernel(kernel)
        except Exception as error:  # from an attribute that is computed
            return f"looking at it raised {type(error).__name__}: {error}"
        if fault is not None or kernel.name not in self._kernels:
            return fault
        if self.owner(kernel.name) == owner:
            return f"{owner} has another kernel of that name; rename one of them"
        return (
            f"its name is claimed by both {self.owner(kernel.name)}, which was first, and {owner}; "
            "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
        )

    def candidates(self, plan: Any, device: Capabilities) -> list[Kernel]:
        """The kernels that can do ``plan``, preferred first."""
        able = [
            kernel
            for kernel in self._kernels.values()
            if kernel.operation == plan.operation and objection_of(kernel, plan, device) is None
        ]
        return sorted(able, key=lambda kernel: self.place(kernel, plan, device))

    def place(self, kernel: Kernel, plan: Any, device: Capabilities) -> tuple[bool, bool]:
        """What orders kernels that can do ``plan``: built-in ones come first, and of each kind those that do not say that they are slow."""
        return self.owner(kernel.name) != BUILT_IN, slowness_of(kernel, plan, device) is not None

    def named(self, name: str, plan: Any, device: Capabilities) -> Kernel:
        """The kernel called ``name``. Raises KernelError where it cannot do ``plan``, ValueError for an unknown name."""
        kernel = self._kernels.get(name)
        if kernel is None or kernel.operation != plan.operation:
            there_are = ", ".join(k.name for k in self._kernels.values() if k.operation == plan.operation)
            raise ValueError(f"there is no {plan.operation} kernel called {name!r}; there are: {there_are}")
        reason = objection_of(kernel, plan, device)
        if reason is not None:
            raise KernelError(f"kernel {name} cannot do {plan} on {device.name}: {reason}")
        return kernel


def _called(kernel: Any, place: int) -> str:
    """Its name, or where it was in the list."""
    try:
        name = kernel.name
    except Exception:
        name = None
    return repr(name) if isinstance(name, str) and name else f"number {place + 1} ({type(kernel).__name__})"
