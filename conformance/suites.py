"""The suites: which tests they are, and how each is run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from outcomes import FOLDER, Result, expected_failures, summarized

# What is tested is this package: without the kernels of plugins, and without what the user has measured.
_ONLY_THIS_PACKAGE = {"WEBGPU_ARRAY_PLUGINS": "", "WEBGPU_ARRAY_TUNING": ""}


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    checkout: Path | None
    max_examples: int
    timeout: int
    more: tuple[str, ...]
    """Arguments that are passed on to pytest."""


@dataclass(frozen=True)
class Run:
    """How pytest is called for a suite."""

    what: str
    """For the page: which tests, of which version."""
    folder: Path
    arguments: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Suite:
    """A suite, with the file of xfails/ that has its name."""

    name: str
    prepare: Callable[[Options], Run]
    """Raises ValueError where something that it needs is missing."""


def run(name: str, how: Run, options: Options) -> Result:
    """Runs the tests of a suite in a process of their own and counts. Raises ValueError where pytest runs none of them."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        start = time.monotonic()
        status = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", f"--junit-xml={report}", "-p", "no:cacheprovider"),
                *(f"--timeout={options.timeout}", *how.arguments, *options.more),
            ],
            cwd=how.folder,
            env={**os.environ, **_ONLY_THIS_PACKAGE, **how.environment},
        ).returncode
        minutes = (time.monotonic() - start) / 60
        if not report.exists():
            raise ValueError(f"{name}: pytest ended with status {status} before it ran a test")
        counts, reasons = summarized(report, expected_failures(_xfails(name)))
    return Result(name, {"suite": how.what, **_facts(minutes)}, counts, reasons)


def _facts(minutes: float) -> dict[str, str]:
    import webgpu_array as xp

    device = xp.default_device()
    return {
        "standard": xp.__array_api_version__,
        "package": f"webgpu-array {xp.__version__}, wgpu {version('wgpu')}",
        "device": f"{device.adapter.description} ({device.kind}, {device.name})",
        "date": f"{date.today().isoformat()}, {max(1, round(minutes))} minutes",
    }


def _xfails(name: str) -> Path:
    return FOLDER / "xfails" / f"{name}.txt"


def _array_api_tests(options: Options) -> Run:
    if options.checkout is None:
        raise ValueError(
            "array-api-tests is in no package; clone data-apis/array-api-tests and name it with --checkout"
        )
    checkout = options.checkout.resolve()
    for needed in ("array_api_tests", "array-api/src/array_api_stubs"):
        if not (checkout / needed).is_dir():
            raise ValueError(f"{checkout} has no {needed}; clone array-api-tests with --recurse-submodules")
    return Run(
        f"data-apis/array-api-tests at {_revision(checkout)}, the whole of it, {options.max_examples} examples per test",
        checkout,
        [
            *("array_api_tests", "--disable-deadline", f"--max-examples={options.max_examples}"),
            f"--xfails-file={_xfails('array-api-tests')}",
        ],
        {"ARRAY_API_TESTS_MODULE": "webgpu_array"},
    )


def _revision(checkout: Path) -> str:
    """The commit that is checked out."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=checkout, capture_output=True, text=True)
    return done.stdout.strip() or "an unknown commit"


def _array_api_compat(options: Options) -> Run:
    tests = _installed("array_api_compat") / "tests"
    return _of_a_package(
        "array-api-compat",
        "compat_plugin",
        f"the tests in array-api-compat {version('array-api-compat')} of its helper functions",
        sorted(path for path in tests.glob("test_*.py") if "all_libraries" in path.read_text("utf-8")),
    )


def _array_api_extra(options: Options) -> Run:
    package = _installed("array_api_extra")
    return _of_a_package(
        "array-api-extra",
        "extra_plugin",
        f"the tests in array-api-extra {version('array-api-extra')}, the whole of them",
        [package / "tests" / "main"],
        # As they are run by their authors.
        ("-W", "error"),
    )


def _scikit_learn(options: Options) -> Run:
    package = _installed("sklearn")
    files = sorted(path for path in package.rglob("tests/test_*.py") if "yield_namespace" in path.read_text("utf-8"))
    # Its checks of every estimator ask for namespaces in another module.
    files.append(package / "tests" / "test_common.py")
    return _of_a_package(
        "scikit-learn",
        "sklearn_plugin",
        f"the array-API tests in scikit-learn {version('scikit-learn')}, in float32 and float64, "
        f"and mixed with NumPy {version('numpy')} and array-api-strict {version('array-api-strict')}; "
        f"with SciPy {version('scipy')}",
        files,
    )


# Families that SciPy computes in the caller's namespace, and its special functions.
_SCIPY = (
    "constants",
    "fft",
    "linalg/tests/test_procrustes.py",
    "linalg/tests/test_special_matrices.py",
    "signal/tests/test_windows.py",
    "special/tests/test_logsumexp.py",
    "special/tests/test_support_alternative_backends.py",
    "stats/tests/test_variation.py",
)


def _scipy(options: Options) -> Run:
    package = _installed("scipy")
    return _of_a_package(
        "scipy",
        "scipy_plugin",
        f"the array-API tests in SciPy {version('scipy')} of families that it computes in the caller's namespace "
        f"({', '.join(_SCIPY)}), with float64 as the default type, as SciPy expects",
        [package / path for path in _SCIPY],
    )


def _of_a_package(
    name: str, plugin: str, what: str, paths: list[Path], more: tuple[str, ...] = ("-W", "ignore")
) -> Run:
    """Tests that are installed along with a package, which ``plugin`` points at this one."""
    site = next(parent for parent in paths[0].parents if not (parent / "__init__.py").exists())
    return Run(
        what,
        site,
        [
            *map(str, paths),
            *("-p", "only_ours", "-p", plugin, "-p", "expected_failures", *more),
            f"--expected-failures={_xfails(name)}",
            *(f"--rootdir={site}", f"--config-file={FOLDER / 'pytest.ini'}"),
        ],
        {"SCIPY_ARRAY_API": "1", "PYTHONPATH": os.pathsep.join([str(FOLDER), os.environ.get("PYTHONPATH", "")])},
    )


def _installed(module: str) -> Path:
    """Where a package lies. Raises ValueError where it is not installed."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ValueError(f'{module} is not installed; the extra "conformance" has it')
    return Path(found.origin).parent


SUITES = {
    suite.name: suite
    for suite in (
        Suite("array-api-tests", _array_api_tests),
        Suite("array-api-compat", _array_api_compat),
        Suite("array-api-extra", _array_api_extra),
        Suite("scikit-learn", _scikit_learn),
        Suite("scipy", _scipy),
    )
}
