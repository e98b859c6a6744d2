"""Everything above ``gpu`` works without wgpu's library, up to the launches of every kernel."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

# Run as a program by the test below, in a process of its own.
_TESTS = Path(__file__).parents[1]


def main() -> None:
    import webgpu_array
    from webgpu_array import cli, plugins, shader

    representative = runpy.run_path(str(_TESTS / "representative_plans.py"))
    for path in shader.SHADERS.rglob("*.wgsl"):
        shader.read(path.relative_to(shader.SHADERS).with_suffix("").as_posix())
    # Writing loops out takes long, and what does it has been imported.
    shader.unrolled = lambda name, code: code
    n_launches = 0
    for device in (representative["BROWSER"], representative["NATIVE"]):
        for plans in representative["plans"](device).values():
            for plan in plans:
                for kernel in plugins.registry().candidates(plan, device):
                    config = kernel.configs(plan, device)[0]
                    n_launches += len(kernel.launches(plan, device, config).launches)
    assert n_launches > 1000
    assert callable(webgpu_array.namespace().asarray)
    assert callable(cli.main)
    loaded = [name for name in sys.modules if name.partition(".")[0] == "wgpu"]
    assert not loaded, loaded


def test_plans_shaders_and_launches_need_no_wgpu() -> None:
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_the_pure_tests_needs_no_wgpu() -> None:
    program = (
        "import pytest, sys\n"
        f"status = pytest.main(['--collect-only', '-q', '-p', 'no:cacheprovider', {str(Path(__file__).parent)!r}])\n"
        "assert status == 0, status\n"
        "loaded = [name for name in sys.modules if name.partition('.')[0] == 'wgpu']\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


if __name__ == "__main__":
    main()
