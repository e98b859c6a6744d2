"""Plugins: found through installed distributions, limited by a variable, and never in the way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoints, distributions
from pathlib import Path

import pytest

from webgpu_array import plugins
from webgpu_array.errors import PluginWarning
from webgpu_array.kernels import webgpu_array_kernels
from webgpu_array.kernels.registry import Registry

BUILT_IN = [kernel.name for kernel in webgpu_array_kernels()]

KERNEL = """
from dataclasses import dataclass
from webgpu_array.extending import hookimpl, Work

@dataclass(frozen=True)
class Inverses:
    name: str = {name!r}
    operation: str = "inverse"
    version: int = 1
    api_version: int = 1

    def why_not(self, plan, device):
        return None

    def configs(self, plan, device):
        return [{{}}]

    def launches(self, plan, device, config):
        return Work([])

@hookimpl
def webgpu_array_kernels():
    return [Inverses()]
"""

# A second plugin's worth of text, for the same module: kernels beside the first one.
NEIGHBOUR = """
_first_kernels = webgpu_array_kernels

@hookimpl
def webgpu_array_kernels():
    class Neighbour:
        name, operation, version, api_version = "neighbour", "inverse", 1, 1
        def why_not(self, plan, device): return None
        def configs(self, plan, device): return [{}]
        def launches(self, plan, device, config): return Work([])
    return [*_first_kernels(), Neighbour()]

del _first_kernels.webgpu_array_impl
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A function that installs a distribution with one module, and an entry point for it. No other one is seen."""
    monkeypatch.delenv("WEBGPU_ARRAY_PLUGINS", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    def here(group: str) -> EntryPoints:
        found = distributions(path=[str(tmp_path)])
        return EntryPoints(entry for distribution in found for entry in distribution.entry_points.select(group=group))

    monkeypatch.setattr(plugins, "entry_points", here)

    def install(distribution: str, text: str, *entries: str) -> None:
        module = distribution.replace("-", "_")
        monkeypatch.delitem(sys.modules, module, raising=False)
        (tmp_path / f"{module}.py").write_text(text)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        lines = "".join(f"{entry} = {module}\n" for entry in entries or (module,))
        (info / "entry_points.txt").write_text(f"[webgpu_array]\n{lines}")

    return install


def fill() -> Registry:
    """The registry as a new process would fill it."""
    return plugins.registry.__wrapped__()


def fill_with_warning() -> tuple[list[str], str]:
    """Names of the kernels, and the one warning."""
    with pytest.warns(PluginWarning) as caught:
        filled = fill()
    (warning,) = caught
    return list(filled.kernels), str(warning.message)


def test_without_plugins_there_are_the_built_in_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", "")
    assert list(fill().kernels) == BUILT_IN


def test_a_plugins_kernels_come_after_the_built_in_ones(install: Install) -> None:
    install("fast-inverse", KERNEL.format(name="fast"))
    filled = fill()
    assert list(filled.kernels) == [*BUILT_IN, "fast"]
    assert filled.owner("fast") == "fast-inverse"
    assert filled.distribution("fast") == "fast-inverse 1.0"
    assert {filled.owner(name) for name in BUILT_IN} == {"webgpu-array"}


@pytest.mark.parametrize(("asked", "expected"), [("", []), ("one", ["a"]), ("one, two", ["a", "b"])])
def test_a_variable_limits_which_plugins_load(
    install: Install, monkeypatch: pytest.MonkeyPatch, asked: str, expected: list[str]
) -> None:
    install("plugin-one", KERNEL.format(name="a"), "one")
    install("plugin-two", KERNEL.format(name="b"), "two")
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", asked)
    assert sorted(set(fill().kernels) - set(BUILT_IN)) == expected


def test_a_plugin_left_out_is_not_imported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("never-imported", "raise SystemExit('imported')")
    install("works", KERNEL.format(name="fast"), "another")
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", "another")
    assert list(fill().kernels) == [*BUILT_IN, "fast"]


def test_a_plugin_that_cannot_be_imported_is_left_out(install: Install) -> None:
    install("broken-import", "import a_library_that_is_missing", "broken")
    install("works", KERNEL.format(name="fast"))
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "fast"]
    assert text == (
        "plugin 'broken' of broken-import 1.0 was left out: "
        "importing broken_import raised ModuleNotFoundError: No module named 'a_library_that_is_missing'"
    )


@pytest.mark.parametrize("raised", ["SystemExit(3)", "GeneratorExit()", "RecursionError('too deep')", "BaseException('base')"])
def test_a_plugin_that_would_end_the_program_is_left_out(install: Install, raised: str) -> None:
    install("ending", f"raise {raised}")
    install("works", KERNEL.format(name="fast"))
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "fast"]
    assert text.startswith(f"plugin 'ending' of ending 1.0 was left out: importing ending raised {raised.partition('(')[0]}: ")


@pytest.mark.parametrize("text", ["raise KeyboardInterrupt", KERNEL.format(name="x").replace("return [Inv", "raise KeyboardInterrupt\n    return [Inv")])
def test_an_interruption_by_the_user_passes(install: Install, text: str) -> None:
    install("interrupted", text)
    with pytest.raises(KeyboardInterrupt):
        fill()


def test_a_plugin_whose_entry_point_names_nothing_is_left_out(install: Install, tmp_path: Path) -> None:
    install("nameless", "")
    (tmp_path / "nameless-1.0.dist-info/entry_points.txt").write_text("[webgpu_array]\nnameless = nameless:plugin\n")
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text == (
        "plugin 'nameless' of nameless 1.0 was left out: "
        "importing nameless:plugin raised AttributeError: module 'nameless' has no attribute 'plugin'"
    )


def test_a_plugin_without_a_hook_says_how_to_mark_one(install: Install) -> None:
    install("unmarked", KERNEL.format(name="x").replace("@hookimpl\n", ""))
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text == (
        "plugin 'unmarked' of unmarked 1.0 was left out: "
        "it implements no hook; mark webgpu_array_kernels() with webgpu_array.extending.hookimpl"
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "its hook webgpu_array_kernels raised ZeroDivisionError: division by zero"),
        ("exit()", "its hook webgpu_array_kernels raised SystemExit: None"),
        ("yield 1 / 0", "its hook webgpu_array_kernels raised ZeroDivisionError: division by zero"),
        ("pass", "its hook webgpu_array_kernels returned NoneType; return a list of kernels"),
        ("return Inverses()", "its hook webgpu_array_kernels returned Inverses; return a list of kernels"),
    ],
)
def test_a_plugin_whose_hook_fails_is_left_out(install: Install, body: str, why: str) -> None:
    install("broken-hook", KERNEL.format(name="x").replace("return [Inverses()]", body), "broken")
    install("works-too", KERNEL.format(name="fast"))
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "fast"]
    assert text == f"plugin 'broken' of broken-hook 1.0 was left out: {why}"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("return [Inverses()]", "return [Inverses]", "it is the class Inverses, and an instance is needed; add parentheses: Inverses()"),
        ("    version: int = 1\n", "", "its attribute version is missing; it must be an int, and grow when results or speed may change"),
        (
            "    api_version: int = 1\n",
            "",
            "its attribute api_version is missing; "
            "state the version of the interface that it is written for: api_version: int = 1",
        ),
        (
            "api_version: int = 1",
            "api_version: int = 2",
            "it is written for version 2 of the interface, and this webgpu-array has version 1; upgrade webgpu-array",
        ),
        (
            "api_version: int = 1",
            "api_version: int = 0",
            "it is written for version 0 of the interface, and this webgpu-array has version 1; "
            "upgrade the plugin, or ask its author to adapt it",
        ),
        ("def launches(", "def launch(", "it has no method launches; write launches(plan, device, config)"),
        (
            "def launches(self, plan, device, config)",
            "def launches(self, plan, device)",
            "its method launches lacks the argument config; write launches(plan, device, config)",
        ),
        (
            "def why_not(self, plan, device)",
            "def why_not(self, plan, device, config)",
            "its method why_not wants the argument config, which it is not given; write why_not(plan, device)",
        ),
        (
            "def configs(self, plan, device)",
            "def configs(self, device, plan)",
            "its method configs has the argument device in place 1; write configs(plan, device)",
        ),
        ('operation: str = "inverse"', 'operation: str = "invers"', "there is no operation 'invers'; did you mean 'inverse'?"),
    ],
)
def test_a_kernel_that_is_not_one_is_left_out_and_its_neighbour_is_not(
    install: Install, old: str, new: str, why: str
) -> None:
    text = KERNEL.format(name="fast")
    assert old in text
    install("partly", text.replace(old, new) + "\n" + NEIGHBOUR, "broken")
    names, warning = fill_with_warning()
    assert names == [*BUILT_IN, "neighbour"]
    assert warning.startswith("plugin 'broken' of partly 1.0: kernel 'fast' was left out: ")
    assert warning.endswith(why)


def test_a_kernel_without_a_name_is_told_by_its_place(install: Install) -> None:
    install("unnamed", KERNEL.format(name="").replace("[Inverses()]", "[Inverses(name='first'), Inverses()]"), "broken")
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "first"]
    assert text == (
        "plugin 'broken' of unnamed 1.0: kernel number 2 (Inverses) was left out: "
        "its attribute name is ''; it must be a text that is not empty"
    )


@pytest.mark.parametrize(
    "signature", ["self, _plan, _device", "self, *arguments", "self, plan, device, more=None", "self, plan, device, /", "*arguments"]
)
def test_other_ways_to_write_a_method_are_fine(install: Install, signature: str) -> None:
    install("freely", KERNEL.format(name="free").replace("def why_not(self, plan, device)", f"def why_not({signature})"))
    assert list(fill().kernels) == [*BUILT_IN, "free"]


def test_a_plugin_with_a_misspelled_hook_is_left_out(install: Install) -> None:
    install("misspelled", KERNEL.format(name="x").replace("def webgpu_array_kernels", "def webgpu_array_kernel"))
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text.startswith("plugin 'misspelled' of misspelled 1.0 was left out: PluginValidationError: ")
    assert "unknown hook 'webgpu_array_kernel'" in text


def test_a_hook_with_an_unknown_argument_is_left_out(install: Install) -> None:
    install("argued", KERNEL.format(name="x").replace("kernels()", "kernels(device)"))
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text.startswith("plugin 'argued' of argued 1.0 was left out: PluginValidationError: ")
    assert "webgpu_array_kernels(device)" in text


def test_one_distribution_may_bring_several_plugins(install: Install, tmp_path: Path) -> None:
    install("several", KERNEL.format(name="fast"), "first")
    (tmp_path / "second.py").write_text(KERNEL.format(name="faster"))
    with (tmp_path / "several-1.0.dist-info" / "entry_points.txt").open("a") as file:
        file.write("second = second\n")
    filled = fill()
    assert list(filled.kernels) == [*BUILT_IN, "fast", "faster"]
    assert filled.owner("fast") == filled.owner("faster") == "several"


def test_a_kernel_of_a_taken_name_names_both_distributions(install: Install) -> None:
    install("usurper", KERNEL.format(name="lu_inverse").replace("[Inverses()]", "[Inverses(), Inverses(name='fast')]"))
    with pytest.warns(PluginWarning) as caught:
        filled = fill()
    assert [str(warning.message) for warning in caught] == [
        "plugin 'usurper' of usurper 1.0: kernel 'lu_inverse' was left out: "
        "its name is claimed by both webgpu-array, which was first, and usurper; "
        "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
    ]
    assert list(filled.kernels) == [*BUILT_IN, "fast"]
    assert filled.owner("lu_inverse") == "webgpu-array"


def test_two_plugins_of_one_name_for_a_kernel_leave_the_first(install: Install) -> None:
    install("first-one", KERNEL.format(name="fast"))
    install("later-one", KERNEL.format(name="fast"))
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "fast"]
    assert "claimed by both" in text
    assert "first-one" in text
    assert "later-one" in text


def test_a_plugin_with_damaged_metadata_works_all_the_same(install: Install, tmp_path: Path) -> None:
    install("damaged", KERNEL.format(name="fast"))
    (tmp_path / "damaged-1.0.dist-info/METADATA").write_text("nothing of use\n")
    assert list(fill().kernels) == [*BUILT_IN, "fast"]


def test_a_plugin_that_is_named_but_not_installed_is_reported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("good-kernels", KERNEL.format(name="good"), "good")
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", "godo, good")
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "good"]
    assert text == "WEBGPU_ARRAY_PLUGINS names 'godo', which is not installed; plugins that are: good"
