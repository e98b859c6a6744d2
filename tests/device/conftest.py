"""How many examples the property-based tests try (few, and the same ones each time; many with ``--slow``), and a shell for authors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure(config: pytest.Config) -> None:
    # Devices compile a shader for each new combination of types, so an example may take long without a fault.
    slack = {"deadline": None, "report_multiple_bugs": False, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
    settings.register_profile("quick", max_examples=25, derandomize=True, database=None, **slack)
    settings.register_profile("slow", max_examples=500, database=None, **slack)
    settings.load_profile("slow" if config.getoption("--slow") else "quick")


@pytest.fixture
def author(device: Any, tmp_path: Path) -> Callable[[str], Callable[[str], str]]:
    """For the name of a plugin, a function that runs a command in ``tmp_path`` and returns what it prints.

    pip, python and webgpu-array are those of this process. pip installs into a folder of its own, without asking an index; no other
    plugin is loaded, and nothing is stored but in ``tmp_path``.
    """
    installed = tmp_path / "site-packages"
    surroundings = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(installed), str(Path(__file__).parents[2] / "src")]),
        "PIP_TARGET": str(installed),
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say that it is off
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_QUIET": "1",
        "WEBGPU_ARRAY_DEVICE": device.name,
        "WEBGPU_ARRAY_TUNING": str(tmp_path / "tuning.json"),
    }

    def of(plugin: str) -> Callable[[str], str]:
        def shell(command: str) -> str:
            environment = {**surroundings, "WEBGPU_ARRAY_PLUGINS": plugin}
            done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1800)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            return done.stdout

        return shell

    return of
