"""Which measurements decide a choice, without a device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from webgpu_array.dtypes import float32, float64
from webgpu_array.errors import DeviceLostError, DeviceMemoryError, KernelError, NoDeviceError, PluginWarning
from webgpu_array.kernels.protocol import API_VERSION, Capabilities, Config, Launch, Work
from webgpu_array.kernels.registry import Registry
from webgpu_array.plans.linalg import Inverse
from webgpu_array.plugins import BUILT_IN
from webgpu_array.shader import Shader
from webgpu_array.tuner import choice, fingerprint
from webgpu_array.tuner.settings import current, tuning
from webgpu_array.tuner.store import Store, Timing, Verdict

DEVICE: Any = SimpleNamespace(name="vulkan:7", kind="discrete", limits={}, features=frozenset(), subgroup_size=32)
CARD = fingerprint.as_fingerprint({"kind": "discrete", "backend": "Vulkan", "device": "Card", "driver": "1", "wgpu-native": "2"})
SHADER = Shader("some.wgsl", "fn main() {}", (), (), (), 16)


@dataclass(frozen=True)
class Fake:
    """A kernel for orders up to ``largest``, in two configurations."""

    name: str
    largest: int = 1000
    code: str = ""
    version: int = 1
    operation: str = "inverse"
    api_version: int = API_VERSION

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        return None if plan.n <= self.largest else f"{plan.n} is too large"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        return [{"size": 1}, {"size": 2}]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        shader = replace(SHADER, code=f"{self.code} {self.name} {plan.n} {plan.flags_only}")
        return Work([Launch(shader, plan.batch, dict(config))])


SMALL, LARGE, OTHER = Fake("small", largest=7), Fake("large"), Fake("other")


@pytest.fixture(autouse=True)
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Two built-in kernels and one of a plugin, a device, and an empty store."""
    filled = Registry()
    filled.add([SMALL, LARGE], BUILT_IN, "1.0")
    filled.add([OTHER], "others", "3.0")
    monkeypatch.setattr(choice, "registry", lambda: filled)
    monkeypatch.setattr(choice, "fingerprint", lambda device: CARD)
    monkeypatch.setattr(choice, "_failed", {})
    monkeypatch.setattr(choice, "_is_fresh", {})
    monkeypatch.setenv("WEBGPU_ARRAY_TUNING", str(tmp_path / "tuning.json"))
    yield filled


def timing(kernel: Fake, n: int, batch: int, ms: float, size: int = 1, dtype: Any = float32) -> Timing:
    config = {"size": size}
    source = fingerprint.source_of_candidate(kernel, Inverse(dtype, n, batch), DEVICE, config)
    distribution = choice.distribution_of(kernel.name)
    return Timing("inverse", dtype.name, n, batch, kernel.name, config, distribution, source, (ms,), 0.0)


def tell(*timings: Timing) -> None:
    """Stores timings, and that all kernels pass the gate."""
    verdicts = [
        Verdict(kernel.name, "float32", choice.distribution_of(kernel.name), kernel.version, source, "stable")
        for kernel in (SMALL, LARGE, OTHER)
        for source in [fingerprint.source_of_kernel(kernel, Inverse(float32, 1, 1), DEVICE)]
    ]
    Store.load().add(CARD, timings=timings, verdicts=verdicts)


def chosen(n: int, batch: int, dtype: Any = float32) -> tuple[str, int]:
    found = choice.choose(Inverse(dtype, n, batch), DEVICE)
    return found.kernel.name, found.config["size"]


def test_without_measurements_the_first_that_can_is_chosen() -> None:
    assert chosen(7, 10) == ("small", 1)
    assert chosen(8, 10) == ("large", 1)
    assert "nothing was measured" in choice.choose(Inverse(float32, 8, 10), DEVICE).why


def test_the_fastest_wins_in_its_configuration() -> None:
    tell(timing(LARGE, 16, 100, 3.0), timing(LARGE, 16, 100, 2.0, size=2), timing(OTHER, 16, 100, 2.5))
    assert chosen(16, 100) == ("large", 2)


@pytest.mark.parametrize(("ms", "wins"), [(0.96, True), (0.98, False), (1.5, False)])
def test_a_tie_changes_nothing(ms: float, wins: bool) -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, ms))
    assert (chosen(16, 100)[0] == "other") == wins


def test_the_nearest_cell_decides() -> None:
    tell(
        timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5), timing(LARGE, 32, 100, 0.5), timing(OTHER, 32, 100, 1.0)
    )
    assert [chosen(n, 100)[0] for n in (9, 16, 22, 23, 32, 64)] == ["other", "other", "other", "large", "large", "large"]
    # Beyond factors of 2 and 8, nothing is known.
    assert [choice.choose(Inverse(float32, n, b), DEVICE).row is not None for n, b in ((8, 100), (7, 100), (16, 800), (16, 801))] == [
        True,
        False,
        True,
        False,
    ]


def test_a_cell_with_another_default_is_farther(kernels: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stepping(Fake):
        def configs(self, plan: Any, device: Any) -> list[Config]:
            return [{"size": 1}, {"size": 2}] if plan.n <= 16 else [{"size": 2}, {"size": 1}]

    large = Stepping("large")
    monkeypatch.setattr(kernels, "_kernels", {**kernels._kernels, "large": large})
    tell(*(timing(large, 16, 100, ms, size=size) for size, ms in ((1, 1.0), (2, 2.0))))
    tell(*(timing(large, 21, 100, ms, size=size) for size, ms in ((2, 1.0), (1, 2.0))))
    assert [chosen(n, 100) for n in (15, 16, 17, 18, 21)] == [("large", 1), ("large", 1), ("large", 2), ("large", 2), ("large", 2)]


def test_a_cell_beyond_the_bounds_of_the_default_decides_nothing() -> None:
    # At order 8 the small kernel cannot do it, but at 7 it may be the best of all.
    tell(timing(LARGE, 8, 100, 2.0), timing(OTHER, 8, 100, 1.0))
    assert chosen(8, 100) == ("other", 1)
    assert chosen(7, 100) == ("small", 1)
    tell(timing(SMALL, 4, 100, 2.0), timing(OTHER, 4, 100, 1.0))
    assert chosen(7, 100) == ("other", 1)


def test_a_winner_that_cannot_do_the_plan_leaves_it_to_the_next() -> None:
    tell(timing(LARGE, 8, 100, 1.0), timing(OTHER, 8, 100, 0.5), timing(SMALL, 8, 100, 0.1))
    assert chosen(8, 100) == ("other", 1)


def test_dtypes_are_apart() -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5))
    assert chosen(16, 100, float64) == ("large", 1)


def test_what_is_written_beside_the_inverse_makes_no_difference() -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5))
    for flags_only in (False, True):
        assert choice.choose(Inverse(float32, 16, 100, flags_only), DEVICE).kernel.name == "other"


def test_an_edited_shader_makes_its_rows_void_and_no_others(kernels: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5), timing(LARGE, 16, 100, 0.8, size=2))
    edited = Fake("other", code="// quicker")
    monkeypatch.setattr(kernels, "_kernels", {**kernels._kernels, "other": edited})
    assert chosen(16, 100) == ("large", 2)
    tell(timing(edited, 16, 100, 0.5))
    # Timed anew, but not gated.
    assert chosen(16, 100) == ("large", 2)


def test_a_source_is_compared_once_per_process(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5))
    made: list[Any] = []
    launches = Fake.launches

    def spy(kernel: Fake, plan: Any, device: Any, config: Config) -> Work:
        made.append((kernel.name, plan.n))
        return launches(kernel, plan, device, config)

    monkeypatch.setattr(Fake, "launches", spy)
    for _ in range(3):
        assert chosen(16, 100) == ("other", 1)
    assert made == [("other", 16), ("other", 8), ("large", 16)]


def test_a_default_that_was_edited_says_nothing_of_others(kernels: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5))
    monkeypatch.setattr(kernels, "_kernels", {**kernels._kernels, "large": Fake("large", code="// quicker")})
    assert chosen(16, 100) == ("large", 1)


def test_a_row_of_what_a_kernel_cannot_do_is_no_fault_of_the_kernel(kernels: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    launches = Fake.launches

    def strict(kernel: Fake, plan: Any, device: Any, config: Config) -> Work:
        assert plan.n <= kernel.largest
        return launches(kernel, plan, device, config)

    monkeypatch.setattr(Fake, "launches", strict)
    narrow = Fake("other", largest=16)
    monkeypatch.setattr(kernels, "_kernels", {**kernels._kernels, "other": narrow})
    row = timing(LARGE, 17, 100, 0.1)
    tell(timing(LARGE, 17, 100, 1.0), replace(row, kernel="other", distribution="others 3.0"))
    assert chosen(16, 100) == ("large", 1)
    assert choice.why_quarantined(narrow, DEVICE) is None


@pytest.mark.parametrize("answer", [True, False, 3])
def test_an_answer_that_is_none_leaves_the_kernel_out(kernels: Registry, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    monkeypatch.setattr(kernels, "_kernels", {"other": OTHER, "large": LARGE})
    monkeypatch.setattr(Fake, "why_not", lambda kernel, plan, device: answer if kernel is OTHER else None)
    with pytest.warns(PluginWarning, match=f"why_not returned {answer}; it must return None, or a text"):
        assert chosen(16, 100)[0] == "large"


def test_a_kernel_whose_module_cannot_be_read_is_quarantined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("plugin.pyc", "missing.py", "archive.zip/plugin.py"):
        (tmp_path / "plugin.pyc").write_bytes(b"\xff\xfe\x00")
        monkeypatch.setattr(fingerprint, "sys", SimpleNamespace(modules={__name__: SimpleNamespace(__file__=str(tmp_path / name), __package__="")}))
        with pytest.warns(PluginWarning, match="it is wrong"):
            choice.quarantine(OTHER, DEVICE, "it is wrong")
        assert choice.why_quarantined(OTHER, DEVICE) == "it is wrong"


def test_of_an_empty_store_no_launches_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "launches", lambda *arguments: pytest.fail("launches were made"))
    assert chosen(16, 100) == ("large", 1)


def test_a_plugin_is_trusted_where_it_passed_the_gate() -> None:
    plan = Inverse(float32, 16, 100)
    assert [choice.choose(plan, DEVICE, name).is_trusted for name in ("large", "other")] == [True, False]
    tell(timing(LARGE, 16, 100, 1.0), timing(OTHER, 16, 100, 0.5))
    for name in ("large", "other", None):
        found = choice.choose(plan, DEVICE, name)
        assert (found.is_trusted, found.is_unproven) == (True, name is None)


def test_a_configuration_can_be_given() -> None:
    for name in ("other", None):
        assert choice.choose(Inverse(float32, 16, 100), DEVICE, name, {"size": 2}).config == {"size": 2}


def test_where_there_is_no_kernel_at_all_that_is_said() -> None:
    with pytest.raises(KernelError, match=r"on vulkan:7 \(none is registered\)$"):
        choice.choose(SimpleNamespace(operation="doubling"), DEVICE)


def test_where_all_are_quarantined_every_reason_is_given() -> None:
    for kernel in (SMALL, LARGE, OTHER):
        with pytest.warns(PluginWarning, match=f"kernel {kernel.name} of .* is not used on vulkan:7 any more: it hung"):
            choice.quarantine(kernel, DEVICE, "it hung")
    with pytest.raises(KernelError) as caught:
        choice.choose(Inverse(float32, 4, 1), DEVICE)
    assert str(caught.value).endswith("on vulkan:7 (small: it hung; large: it hung; other: it hung)")
    assert choice.choose(Inverse(float32, 4, 1), DEVICE, "small").kernel is SMALL


@pytest.mark.parametrize("error", [DeviceLostError("gone"), DeviceMemoryError("full"), NoDeviceError("none"), MemoryError()])
def test_what_the_device_did_is_no_fault_of_a_kernel(error: Exception) -> None:
    with pytest.raises(type(error)):
        choice.quarantine(OTHER, DEVICE, error)
    assert choice._failed == {}


def test_settings_nest_and_end() -> None:
    assert (current().mode, current().accuracy, current().key) == ("stored", "stable", None)
    with tuning("on", budget=5, accuracy="fast") as outer:
        assert current() is outer and 4 < outer.remaining <= 5 and outer.measure is not None
        with tuning("off") as inner:
            assert current() is inner and inner.measure is None
        assert current() is outer
    assert current().key is None
