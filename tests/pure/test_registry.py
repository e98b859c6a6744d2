"""The table of kernels: the order of preference, and the whole text of every error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from webgpu_array.errors import KernelError
from webgpu_array.kernels import webgpu_array_kernels
from webgpu_array.kernels.protocol import Capabilities, Config, Launch, Work
from webgpu_array.kernels.registry import Registry
from webgpu_array.kernels.validation import fault_of_kernel, fault_of_work
from webgpu_array.shader import Shader

DEVICE = SimpleNamespace(name="vulkan:7", kind="software", limits={}, features=frozenset())
SHADER = Shader("shaders/x.wgsl", "", (), (), (), 16)


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
    api_version: int = 1

    def why_not(self, plan: object, device: Capabilities) -> str | None:
        return self.reason

    def configs(self, plan: object, device: Capabilities) -> Sequence[Config]:
        return [{}]

    def launches(self, plan: object, device: Capabilities, config: Config) -> Work:
        return Work([])


def registry(*kernels: Named) -> Registry:
    filled = Registry()
    assert filled.add(kernels, owner="somebody", version="1.0") == []
    return filled


def test_candidates_are_in_order_of_preference() -> None:
    first, second, full, other = Named("first"), Named("second"), Named("third", "it is full"), Named("other", operation="halving")
    assert registry(full, first, other, second).candidates(Doubling(), DEVICE) == [first, second]


@dataclass(frozen=True)
class Slow(Named):
    """It says that another kernel should be the default, or what it is told to."""

    slowness: object = "it is slow"

    def why_slow(self, plan: object, device: Capabilities) -> object:
        return self.slowness


def test_kernels_that_say_that_they_are_slow_come_last_and_can_be_named() -> None:
    slow, first, quick = Slow("slow"), Named("first"), Slow("quick", slowness=None)
    filled = registry(slow, first, quick)
    assert filled.candidates(Doubling(), DEVICE) == [first, quick, slow]
    assert filled.named("slow", Doubling(), DEVICE) is slow


def test_what_a_kernel_says_of_its_speed_must_be_a_text() -> None:
    with pytest.raises(KernelError, match="why_slow returned 3; it must return None, or a text that says why slow"):
        registry(Slow("slow", slowness=3)).candidates(Doubling(), DEVICE)


def test_an_optional_method_must_take_what_it_is_given() -> None:
    class Wrong(Named):
        def why_slow(self, plan: object) -> None: ...

    assert fault_of_kernel(Wrong("wrong")) == "its method why_slow lacks the argument device; write why_slow(plan, device)"


def test_a_kernel_can_be_named() -> None:
    first, second = Named("first"), Named("second")
    assert registry(first, second).named("second", Doubling(), DEVICE) is second


def test_owner_is_the_distribution() -> None:
    filled = registry(Named("first"))
    assert filled.owner("first") == "somebody"
    assert filled.distribution("first") == "somebody 1.0"


def test_the_table_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        registry(Named("first")).kernels["second"] = Named("second")  # type: ignore[index]


def error(expected: type[Exception], filled: Registry, name: str) -> str:
    with pytest.raises(expected) as caught:
        filled.named(name, Doubling(), DEVICE)
    return str(caught.value)


def test_a_named_kernel_that_cannot_says_why() -> None:
    text = error(KernelError, registry(Named("first", "it is full"), Named("second")), "first")
    assert text == "kernel first cannot do Doubling() on vulkan:7: it is full"


def test_a_named_kernel_that_answers_with_no_text_is_told_how_to() -> None:
    text = error(KernelError, registry(Named("first", False)), "first")  # type: ignore[arg-type]
    assert text == "kernel first: why_not returned False; it must return None, or a text that says why not"


@pytest.mark.parametrize("name", ["third", "other"])
def test_a_name_that_does_not_exist_lists_those_that_do(name: str) -> None:
    filled = registry(Named("first"), Named("second"), Named("other", operation="halving"))
    text = error(ValueError, filled, name)
    assert text == f"there is no doubling kernel called {name!r}; there are: first, second"


def test_a_name_clash_leaves_out_the_newcomer_and_names_both_distributions() -> None:
    first, newcomer, another = Named("first"), Named("first"), Named("another")
    filled = registry(first)
    assert filled.add([newcomer, another], owner="somebody-else") == [
        "kernel 'first' was left out: its name is claimed by both somebody, which was first, and somebody-else; "
        "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
    ]
    assert list(filled.kernels.values()) == [first, another]
    assert filled.kernels["first"] is first
    assert filled.distribution("another") == "somebody-else"


def test_a_name_given_twice_by_one_distribution_is_said() -> None:
    filled = registry(Named("first"))
    assert filled.add([Named("first")], owner="somebody") == [
        "kernel 'first' was left out: somebody has another kernel of that name; rename one of them"
    ]


def test_a_kernel_whose_attributes_raise_is_left_out() -> None:
    class Raising:
        @property
        def name(self) -> str:
            raise OSError("no file")

    (text,) = Registry().add([Raising()], owner="somebody")
    assert text == "kernel number 1 (Raising) was left out: looking at it raised OSError: no file"


@pytest.mark.parametrize("kernel", webgpu_array_kernels(), ids=lambda kernel: kernel.name)
def test_the_built_in_kernels_are_kernels(kernel: object) -> None:
    assert fault_of_kernel(kernel) is None


@pytest.mark.parametrize(
    ("work", "fault"),
    [
        ([], "launches returned list, not Work"),
        (Work([]), "launches returned Work without a launch"),
        (Work([Launch(SHADER, 0)]), "a launch of shaders/x.wgsl has 0 workgroups; it must be an int of 1 or more"),
        (Work([Launch(SHADER, 1.5)]), "a launch of shaders/x.wgsl has 1.5 workgroups; it must be an int of 1 or more"),  # type: ignore[arg-type]
        (Work([Launch(SHADER, 1)], {"lu": 0}), "scratch 'lu' has 0 bytes; it must be an int of 1 or more"),
        (Work([Launch(SHADER, 1)], {"lu": 1e3}), "scratch 'lu' has 1000.0 bytes; it must be an int of 1 or more"),  # type: ignore[dict-item]
        (Work([Launch(SHADER, 1)], {"lu": 4}), None),
    ],
)
def test_work_that_cannot_be_run_says_why(work: object, fault: str | None) -> None:
    assert fault_of_work(work) == fault
