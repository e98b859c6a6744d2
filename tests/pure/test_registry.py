"""The table of kernels: the order of preference, and the whole text of every error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from webgpu_array.errors import KernelError
from webgpu_array.kernels.protocol import Capabilities, Config, Work
from webgpu_array.kernels.registry import Registry

DEVICE = SimpleNamespace(name="vulkan:7", kind="software", limits={}, features=frozenset())


@dataclass(frozen=True)
class Doubling:
    """A plan of an operation that only these tests have."""

    operation: str = "doubling"

    def __str__(self) -> str:
        return "Doubling()"


@dataclass(frozen=True)
class Named:
    """A kernel that does every plan, or refuses with ``reason``."""

    name: str
    reason: str | None = None
    operation: str = "doubling"
    version: int = 1

    def why_not(self, plan: object, device: Capabilities) -> str | None:
        return self.reason

    def configs(self, plan: object, device: Capabilities) -> Sequence[Config]:
        return [{}]

    def launches(self, plan: object, device: Capabilities, config: Config) -> Work:
        return Work([])


def registry(*kernels: Named) -> Registry:
    filled = Registry()
    filled.add(kernels, owner="somebody")
    return filled


def test_the_first_kernel_that_can_is_chosen() -> None:
    first, second, third = Named("first", "it is full"), Named("second"), Named("third")
    assert registry(first, second, third).choose(Doubling(), DEVICE) is second


def test_candidates_are_in_order_of_preference() -> None:
    first, second, other = Named("first"), Named("second"), Named("other", operation="halving")
    assert registry(first, other, second).candidates(Doubling(), DEVICE) == [first, second]


def test_a_kernel_can_be_named() -> None:
    first, second = Named("first"), Named("second")
    assert registry(first, second).choose(Doubling(), DEVICE, "second") is second


def test_owner_is_the_distribution() -> None:
    assert registry(Named("first")).owner("first") == "somebody"


def test_the_table_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        registry(Named("first")).kernels["second"] = Named("second")  # type: ignore[index]


def error(expected: type[Exception], filled: Registry, name: str | None = None) -> str:
    with pytest.raises(expected) as caught:
        filled.choose(Doubling(), DEVICE, name)
    return str(caught.value)


def test_where_no_kernel_can_every_reason_is_given() -> None:
    text = error(KernelError, registry(Named("first", "it is full"), Named("second", "it is slow")))
    assert text == "no kernel for Doubling() on vulkan:7 (first: it is full; second: it is slow)"


def test_where_there_is_no_kernel_at_all_that_is_said() -> None:
    text = error(KernelError, registry(Named("other", operation="halving")))
    assert text == "no kernel for Doubling() on vulkan:7 (none is registered)"


def test_a_named_kernel_that_cannot_says_why() -> None:
    text = error(KernelError, registry(Named("first", "it is full"), Named("second")), "first")
    assert text == "kernel first cannot do Doubling() on vulkan:7: it is full"


@pytest.mark.parametrize("name", ["third", "other"])
def test_a_name_that_does_not_exist_lists_those_that_do(name: str) -> None:
    filled = registry(Named("first"), Named("second"), Named("other", operation="halving"))
    text = error(ValueError, filled, name)
    assert text == f"there is no doubling kernel called {name!r}; there are: first, second"


def test_a_name_clash_names_both_distributions() -> None:
    filled = registry(Named("first"))
    with pytest.raises(ValueError) as caught:
        filled.add([Named("first")], owner="somebody-else")
    assert str(caught.value) == (
        "kernel name 'first' is claimed by both somebody and somebody-else; "
        "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
    )
