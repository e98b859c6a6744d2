"""Devices: their names, the default and how to choose it, what happens when one is gone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.errors import DeviceLostError, NoDeviceError
from webgpu_array.gpu import adapters
from webgpu_array.gpu import device as devices_module
from webgpu_array.gpu.device import Device, as_device, default_device, devices


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """monkeypatch, with the default device chosen anew in and after the test."""
    default_device.cache_clear()
    yield monkeypatch
    default_device.cache_clear()


def run_python(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_there_is_one_object_per_adapter() -> None:
    assert devices() is devices()
    assert all(as_device(device.name) is device for device in devices())


def test_devices_are_ordered_from_discrete_to_software() -> None:
    order = ["discrete", "integrated", "virtual", "software", "unknown"]
    ranks = [order.index(device.kind) for device in devices()]
    assert ranks == sorted(ranks)


def test_name_is_backend_and_number(device: Any) -> None:
    backend, number = device.name.split(":")
    assert backend == device.adapter.backend.lower()
    assert number.isdecimal()
    assert str(device) == device.name
    assert repr(device) == f"Device({device.name!r})"


def test_as_device_accepts_devices_names_and_kinds(device: Any) -> None:
    assert as_device(device) is device
    assert as_device(device.name) is device
    assert as_device(device.kind).kind == device.kind
    assert as_device(None) is default_device()


def test_as_device_refuses_a_name_that_does_not_exist() -> None:
    there_are = ", ".join(f"{d.name} ({d.kind})" for d in devices())
    with pytest.raises(NoDeviceError) as caught:
        as_device("vulkan:99")
    assert str(caught.value) == f"device 'vulkan:99' does not exist here; devices on this machine: {there_are}"


def test_as_device_refuses_another_type() -> None:
    with pytest.raises(TypeError) as caught:
        as_device(0)  # type: ignore[arg-type]
    assert str(caught.value) == "device must be a Device or a name such as 'vulkan:0', not 0"


def test_default_is_the_first(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("WEBGPU_ARRAY_DEVICE", raising=False)
    assert default_device() is devices()[0]


def test_a_variable_chooses_the_default(environment: pytest.MonkeyPatch, device: Any) -> None:
    environment.setenv("WEBGPU_ARRAY_DEVICE", device.name)
    assert default_device() is device
    default_device.cache_clear()
    environment.setenv("WEBGPU_ARRAY_DEVICE", device.kind)
    assert default_device().kind == device.kind


def test_a_variable_with_a_wrong_name_lists_the_devices(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WEBGPU_ARRAY_DEVICE", "cuda:0")
    with pytest.raises(NoDeviceError, match=r"^device 'cuda:0' does not exist here; devices on this machine: "):
        default_device()


def test_a_machine_without_adapters_says_what_to_install(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("WEBGPU_ARRAY_DEVICE", raising=False)
    environment.setattr(devices_module, "devices", lambda: ())
    with pytest.raises(NoDeviceError) as caught:
        default_device()
    assert str(caught.value) == (
        "no GPU and no software adapter was found; install a Vulkan driver "
        "(Debian, Ubuntu: apt-get install mesa-vulkan-drivers libvulkan1), then see `webgpu-array doctor`"
    )
    with pytest.raises(NoDeviceError) as caught:
        as_device("vulkan:0")
    assert str(caught.value) == "device 'vulkan:0' does not exist here; devices on this machine: none"


def test_pickling_keeps_the_identity(device: Any) -> None:
    assert pickle.loads(pickle.dumps(device)) is device


_LIMITED = """
import webgpu_array as xp
from webgpu_array.errors import KernelError
from webgpu_array.gpu.adapters import BROWSER_LIMITS

device = xp.default_device()
assert device.limits == BROWSER_LIMITS and not device.features
x = xp.asarray([3, 2**40], dtype=xp.int64)
assert (x * x).numpy().tolist() == [9, 2**80 % 2**64]

buffers = "".join(f"@group(0) @binding({i}) var<storage, read_write> x{i}: array<f32>;" for i in range(9))
uses = "".join(f"x{i}[0] = 1.0;" for i in range(9))
for code, access in (
    (buffers + "@compute @workgroup_size(1) fn main() {" + uses + "}", ("read_write",) * 9),
    ("@compute @workgroup_size(257) fn main() { }", ()),
    ("@compute @workgroup_size(1, 1, 65) fn main() { }", ()),
    ("@compute @workgroup_size(1) fn main() { let a = 1.0lf; }", ()),
    ("@compute @workgroup_size(1) fn main() { let a = 1li; }", ()),
):
    try:
        device.recorder.pipeline(code, access, "greedy")
    except KernelError:
        print("refused")
"""


def test_a_variable_leaves_what_a_browser_grants() -> None:
    done = run_python(_LIMITED, WEBGPU_ARRAY_BROWSER_LIMITS="1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n" * 5, "")


def test_limits_that_are_neither_on_nor_off_are_reported() -> None:
    done = run_python("import webgpu_array; webgpu_array.devices()", WEBGPU_ARRAY_BROWSER_LIMITS="yes")
    assert done.stderr.splitlines()[-1] == (
        "webgpu_array.errors.DeviceError: WEBGPU_ARRAY_BROWSER_LIMITS is 'yes'; set it to '1', or not at all"
    )


def test_importing_opens_no_device() -> None:
    done = run_python("import sys, webgpu_array; print('wgpu' in sys.modules)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")


def test_asking_for_the_devices_opens_none(device: Any) -> None:
    own = Device(device.adapter)
    assert own.supports(xp.float32)
    assert own._opened is None


def test_versions_names_both_libraries() -> None:
    found = adapters.versions()
    assert found.keys() == {"wgpu", "wgpu-native"}


@pytest.mark.parametrize("calls", ["1", "0"])
def test_a_lost_device_raises_on_every_further_call(own_device: Any, monkeypatch: pytest.MonkeyPatch, calls: str) -> None:
    monkeypatch.setenv("WEBGPU_ARRAY_RAW_CALLS", calls)
    x = xp.asarray(np.arange(5, dtype=np.float32), device=own_device)
    y = x + x
    np.testing.assert_array_equal(np.asarray(y), 2 * np.arange(5))
    pending = y + x
    own_device.recorder._device.destroy()
    for call in (
        lambda: np.asarray(pending),
        lambda: np.asarray(x),
        lambda: x + y,
        lambda: xp.sqrt(x),
        lambda: xp.asarray(np.arange(7, dtype=np.float32), device=own_device),
        own_device.synchronize,
    ):
        with pytest.raises(DeviceLostError) as caught:
            call()
        assert str(caught.value).startswith(f"{own_device.name} was lost in ")
        assert str(caught.value).endswith(": its tensors are gone; restart the process")


def test_losing_a_device_leaves_the_others_alone(device: Any) -> None:
    lost, kept = Device(device.adapter), Device(device.adapter)
    x = xp.asarray([1.0, 2.0], device=kept)
    lost.synchronize()
    lost.recorder._device.destroy()
    np.testing.assert_array_equal(np.asarray(x + x), [2, 4])


# Python 3.12 warns of any fork with threads, which drivers have.
_FORK = """
import gc, os, sys, warnings
import numpy as np
import webgpu_array as xp

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_is_told_to_spawn() -> None:
    program = _FORK + """
x = xp.asarray([1.0, 2.0])
y = x + x
child = os.fork()
if not child:
    for use in (lambda: np.asarray(y), lambda: x + y, lambda: xp.asarray([1.0]), x.device.synchronize):
        try:
            use()
        except xp.DeviceError as error:
            print(error, flush=True)
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
np.testing.assert_array_equal(np.asarray(y), [2, 4])
"""
    done = run_python(program)
    assert (done.returncode, done.stderr) == (0, "")
    (text,) = set(done.stdout.splitlines())
    assert text.endswith(
        ' cannot be used in a process forked from the one that found it; '
        'start processes with multiprocessing.set_start_method("spawn")'
    )
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_may_drop_what_it_inherited() -> None:
    # It leaves as the children of multiprocessing do: some drivers' own exit handlers wait for their threads.
    program = _FORK + """
y = xp.asarray([1.0, 2.0]) + 1.0
child = os.fork()
if not child:
    del y
    gc.collect()
    os._exit(7)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = run_python(program)
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


@pytest.mark.parametrize("calls", ["1", "0"])
def test_the_process_ends_quietly_with_tensors_alive(calls: str) -> None:
    program = """
import numpy as np
import webgpu_array as xp

recorded = xp.asarray([1.0, 2.0]) + 1.0
read = xp.asarray([1.0, 2.0]) * 3.0
np.asarray(read)
circle = [xp.asarray([4.0]) + 1.0]
circle.append(circle)
del circle

class Holder:
    tensor = xp.asarray([5.0]) + 1.0
    def __del__(self):
        self.tensor = None

holder = Holder()
holder.itself = holder
"""
    done = run_python(program, WEBGPU_ARRAY_RAW_CALLS=calls)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
