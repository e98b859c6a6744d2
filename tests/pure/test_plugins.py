"""Plugins: found through installed distributions, limited by a variable, and never in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from webgpu_array import plugins
from webgpu_array.errors import PluginWarning
from webgpu_array.kernels import webgpu_array_kernels
from webgpu_array.kernels.registry import Registry

BUILT_IN = [kernel.name for kernel in webgpu_array_kernels()]

KERNEL = """
from types import SimpleNamespace
from webgpu_array.hookspecs import hookimpl

@hookimpl
def webgpu_array_kernels():
    return [SimpleNamespace(name={name!r}, operation="inverse", version=1)]
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A function that installs a distribution with one module, and an entry point for it."""
    monkeypatch.delenv("WEBGPU_ARRAY_PLUGINS", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    def install(distribution: str, text: str, *entries: str) -> None:
        module = distribution.replace("-", "_")
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
        "plugin 'broken' of broken-import was left out: "
        "ModuleNotFoundError: No module named 'a_library_that_is_missing'"
    )


def test_a_plugin_whose_hook_fails_is_left_out(install: Install) -> None:
    install("broken-hook", KERNEL.format(name="x").replace("    return", "    1 / 0\n    return"), "broken")
    install("works-too", KERNEL.format(name="fast"))
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "fast"]
    assert text == "plugin 'broken' of broken-hook was left out: ZeroDivisionError: division by zero"


def test_a_plugin_with_a_misspelled_hook_is_left_out(install: Install) -> None:
    install("misspelled", KERNEL.format(name="x").replace("def webgpu_array_kernels", "def webgpu_array_kernel"))
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text.startswith("plugin 'misspelled' of misspelled was left out: PluginValidationError: ")
    assert "unknown hook 'webgpu_array_kernel'" in text


def test_a_hook_with_an_unknown_argument_is_left_out(install: Install) -> None:
    install("argued", KERNEL.format(name="x").replace("kernels()", "kernels(device)"))
    names, text = fill_with_warning()
    assert names == BUILT_IN
    assert text.startswith("plugin 'argued' of argued was left out: PluginValidationError: ")
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
    install("usurper", KERNEL.format(name=BUILT_IN[0]))
    with pytest.raises(ValueError) as caught:
        fill()
    assert str(caught.value) == (
        f"kernel name {BUILT_IN[0]!r} is claimed by both webgpu-array and usurper; "
        "one of them must rename it, or be left out with WEBGPU_ARRAY_PLUGINS"
    )


def test_a_plugin_that_is_named_but_not_installed_is_reported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("good-kernels", KERNEL.format(name="good"), "good")
    monkeypatch.setenv("WEBGPU_ARRAY_PLUGINS", "godo, good")
    names, text = fill_with_warning()
    assert names == [*BUILT_IN, "good"]
    assert text == "WEBGPU_ARRAY_PLUGINS names 'godo', which is not installed; plugins that are: good"
