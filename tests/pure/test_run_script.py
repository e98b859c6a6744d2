"""The script ``run``, on machines that lack something: played by stand-ins for python3, apt-get, sudo and id."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Knows the questions that `run` asks of a Python. State is in the folder $MACHINE: the version it
# claims, whether it can make environments, whether a driver is there. Everything is logged.
PYTHON = """#!/bin/sh
echo "python $*" >>"$MACHINE/log"
case "$*" in
    --version) echo "Python $(cat "$MACHINE/version")" ;;
    *"sys.version_info <"*) [ "$(cat "$MACHINE/version")" != 3.9.2 ] ;;
    *"sys.version_info["*) echo 3.11 ;;
    *"import ensurepip"*) [ -e "$MACHINE/venv" ] ;;
    "-m venv --clear "*)
        rm -rf "$4"
        mkdir -p "$4/bin"
        cp "$0" "$4/bin/python"
        printf '#!/bin/sh\\necho "webgpu-array $*" >>"$MACHINE/log"\\n' >"$4/bin/webgpu-array"
        chmod +x "$4/bin/webgpu-array" ;;
    *"pip install"*) [ ! -e "$MACHINE/offline" ] || { echo "ERROR: no network" >&2; exit 1; } ;;
    *"webgpu_array.devices"*) if [ -e "$MACHINE/driver" ]; then echo 1; else echo 0; fi ;;
    "-m pytest"*) [ ! -e "$MACHINE/no-tests" ] || exit 5 ;;
    *) echo "unexpected: $*" >&2; exit 99 ;;
esac
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$MACHINE/log"
case "$*" in
    *-venv) touch "$MACHINE/venv" ;;
    *vulkan*) touch "$MACHINE/driver" ;;
esac
"""
SUDO = """#!/bin/sh
echo "sudo $*" >>"$MACHINE/log"
[ -e "$MACHINE/sudo" ] || exit 1
shift
exec "$@"
"""
ID = """#!/bin/sh
cat "$MACHINE/uid"
"""


@dataclass(frozen=True)
class Machine:
    """A checkout and a PATH on which only stand-ins and the basic tools are found."""

    folder: Path

    def has(self, *names: str) -> None:
        for name in names:
            (self.folder / name).touch()

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder)}
        command = [self.folder / "checkout/run", *arguments]
        return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)

    def log(self, start: str = "") -> list[str]:
        path = self.folder / "log"
        return [line for line in path.read_text().splitlines() if line.startswith(start)] if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An ordinary user's, with Python 3.11, and without venv, driver and sudo."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("cat", "chmod", "cp", "dirname", "env", "mkdir", "rm", "sh", "sha256sum", "touch", "true"):
        (tools / name).symlink_to(str(shutil.which(name)))
    for name, text in {"python3": PYTHON, "apt-get": APT_GET, "sudo": SUDO, "id": ID}.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    (tmp_path / "version").write_text("3.11.2")
    (tmp_path / "uid").write_text("1000")
    checkout = tmp_path / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    for name in ("run", "pyproject.toml", ".ci/dev.lock", ".ci/run"):
        shutil.copy(ROOT / name, checkout / name)
    return Machine(tmp_path)


def test_installs_with_the_lock_and_passes_arguments_on(machine: Machine) -> None:
    machine.has("venv", "driver")
    done = machine.run("demo", "--output", "a picture.png")
    assert done.returncode == 0, done.stderr
    checkout = machine.folder / "checkout"
    (install,) = machine.log("python -m pip install")
    assert install.endswith(f"--constraint {checkout}/.ci/dev.lock --editable {checkout}[demo]")
    assert machine.log("webgpu-array") == ["webgpu-array demo --output a picture.png"]


def test_tests_run_in_the_checkout_from_anywhere(machine: Machine, tmp_path: Path) -> None:
    machine.has("venv", "driver")
    assert machine.run("test", "-k", "inverse", cwd=tmp_path).returncode == 0
    assert machine.log()[-1] == "python -m pytest -n 2 -k inverse"


def test_all_tests_are_followed_by_those_with_the_limits_of_a_browser(machine: Machine) -> None:
    machine.has("venv", "driver")
    assert machine.run("test").returncode == 0
    assert machine.log("python -m pytest") == ["python -m pytest -n 2", "python -m pytest -n 2 --browser tests/device"]


def test_plugins_are_installed_and_tested_along(machine: Machine) -> None:
    machine.has("venv", "driver")
    checkout = machine.folder / "checkout"
    for name in ("webgpu-array-lu", "webgpu-array-qr", "template"):
        (checkout / "plugins" / name).mkdir(parents=True)
        (checkout / "plugins" / name / "pyproject.toml").touch()
    assert machine.run("test").returncode == 0
    (install,) = machine.log("python -m pip install")
    assert install.endswith(f"[test] --editable {checkout}/plugins/webgpu-array-lu --editable {checkout}/plugins/webgpu-array-qr")
    assert machine.log("python -m pytest") == [
        "python -m pytest -n 2",
        "python -m pytest -n 2 plugins/webgpu-array-lu/tests plugins/webgpu-array-qr/tests",
        "python -m pytest -n 2 --browser tests/device",
    ]
    assert machine.run("demo").returncode == 0
    assert machine.log("python -m pip install")[-1].endswith("[demo]")


def test_ci_does_what_the_test_command_does(machine: Machine) -> None:
    machine.has("venv", "driver")
    environment = {"PATH": str(machine.folder / "bin"), "MACHINE": str(machine.folder)}
    subprocess.run([machine.folder / "checkout/.ci/run", "--slow"], env=environment, check=True)
    assert machine.log()[-1] == "python -m pytest -n 2 --slow"


def test_a_run_without_tests_fails(machine: Machine) -> None:
    machine.has("venv", "driver", "no-tests")
    assert machine.run("test").returncode == 5
    assert len(machine.log("python -m pytest")) == 1


def test_installs_again_only_when_the_lock_changes(machine: Machine) -> None:
    machine.has("venv", "driver")
    machine.run("test")
    machine.run("test")
    assert len(machine.log("python -m pip install")) == 1
    with (machine.folder / "checkout/.ci/dev.lock").open("a") as lock:
        lock.write("one-more==1.0\n")
    machine.run("test")
    assert len(machine.log("python -m pip install")) == 2


def test_failed_installation_is_reported_and_tried_again(machine: Machine) -> None:
    machine.has("venv", "driver", "offline")
    done = machine.run("test")
    assert done.returncode == 1
    assert "ERROR: no network\nrun: the installation failed (see above)" in done.stderr
    (machine.folder / "offline").unlink()
    assert machine.run("test").returncode == 0


def test_old_python_is_named_with_the_version_that_is_needed(machine: Machine) -> None:
    (machine.folder / "version").write_text("3.9.2")
    done = machine.run("test")
    assert done.returncode == 1
    assert done.stderr == (
        "run: Python 3.11 or newer is needed, found: Python 3.9.2. Install one (Debian 12 and Ubuntu 24.04 have it: "
        "apt-get install python3 python3-venv), or name one: PYTHON=/path/to/python3 ./run test\n"
    )


def test_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    machine.has("venv", "driver")
    tools = machine.folder / "bin"
    (tools / "python3").rename(tools / "python3.12")
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tools / "python3").chmod(0o755)
    assert machine.run("test").returncode == 0


def test_missing_venv_is_installed_by_root(machine: Machine) -> None:
    machine.has("driver")
    (machine.folder / "uid").write_text("0")
    done = machine.run("test")
    assert done.returncode == 0, done.stderr
    assert machine.log("apt-get") == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends python3.11-venv",
    ]
    assert not machine.log("sudo")


def test_missing_driver_is_installed_with_passwordless_sudo(machine: Machine) -> None:
    machine.has("venv", "sudo")
    done = machine.run("test")
    assert done.returncode == 0, done.stderr
    assert machine.log("apt-get") == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends mesa-vulkan-drivers libvulkan1",
    ]
    assert all(line.startswith("sudo -n ") for line in machine.log("sudo"))


def test_without_the_right_to_install_says_what_to_install(machine: Machine) -> None:
    done = machine.run("test")
    assert done.returncode == 1
    text = f"run: {machine.folder}/bin/python3 cannot make virtual environments. Install it, then run this again: "
    assert done.stderr == text + "sudo apt-get install python3.11-venv\n"
    machine.has("venv")
    done = machine.run("test")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "run: no Vulkan driver was found. Install it, then run this again: "
        "sudo apt-get install mesa-vulkan-drivers libvulkan1"
    )
    assert not machine.log("apt-get")


def test_without_apt_says_what_to_install(machine: Machine) -> None:
    machine.has("venv")
    (machine.folder / "uid").write_text("0")
    (machine.folder / "bin/apt-get").unlink()
    done = machine.run("test")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "run: no Vulkan driver was found, and there is no apt-get here. "
        "Install the counterparts of: mesa-vulkan-drivers libvulkan1"
    )


@pytest.mark.parametrize("arguments", [(), ("other",)])
def test_anything_else_is_answered_with_the_two_commands(machine: Machine, arguments: tuple[str, ...]) -> None:
    done = machine.run(*arguments)
    assert done.returncode == 1
    assert done.stderr == "run: use ./run demo or ./run test\n"
