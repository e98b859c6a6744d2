"""The recorder: order, bounds, and what an error leaves behind; raw and public calls alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from wgpu.backends import wgpu_native

import webgpu_array as xp
from webgpu_array.errors import KernelError
from webgpu_array.gpu import dispatch, raw
from webgpu_array.gpu.device import Device
from webgpu_array.gpu.memory import Buffer

# out[i] = i + params.first, with parameters of 1 KiB.
COUNT = """
struct Params { first: array<vec4<u32>, 64> }
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>) {
    let i = w.y * n.x + w.x;
    if (i < arrayLength(&out)) { out[i] = i + params.first[63].w; }
}
"""


@pytest.fixture(params=["raw", "public"])
def either_device(request: pytest.FixtureRequest, device: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A device of the test's own, with raw and with public calls."""
    monkeypatch.setenv("WEBGPU_ARRAY_RAW_CALLS", "1" if request.param == "raw" else "0")
    own = Device(device.adapter)
    assert type(own.recorder._calls).__name__ == {"raw": "RawCalls", "public": "PublicCalls"}[request.param]
    return own


def params(first: int) -> bytes:
    return bytes(4 * 255) + first.to_bytes(4, "little")


def count(device: Any, n: int, first: int, groups: int | None = None) -> Buffer:
    """A buffer into which the numbers from ``first`` are being written."""
    pipeline = device.recorder.pipeline(COUNT, ("read_write",), "count")
    buffer = device.pool.allocate(4 * n)
    device.recorder.record(pipeline, [(buffer, 0, 4 * n)], params(first), n if groups is None else groups)
    return buffer


def numbers(device: Any, buffer: Buffer, n: int) -> np.ndarray:
    return np.frombuffer(device.transfer.read(buffer, 0, 4 * n), np.uint32)


def test_a_chain_gives_the_same_with_either_calls(either_device: Any) -> None:
    host = np.linspace(-3, 3, 1000, dtype=np.float32)
    x = y = xp.asarray(host, device=either_device)
    expected = host
    for i in range(300):
        x, expected = (x * 0.5, expected * np.float32(0.5)) if i % 2 else (x + y, expected + host)
    np.testing.assert_array_equal(np.asarray(x), expected)


def test_commands_are_submitted_after_a_bounded_number(either_device: Any) -> None:
    recorder = either_device.recorder
    either_device.synchronize()
    before = recorder.submission
    for i in range(dispatch._MAX_COMMANDS - 1):
        count(either_device, 1, i)
        # 63 blocks of 1 KiB, each on a slot of its own, fit the ring.
    assert recorder._n_commands < dispatch._MAX_COMMANDS
    assert recorder.submission > before
    recorder.flush()
    assert recorder._n_commands == 0
    assert recorder._ring_written == recorder._ring_used


def test_parameters_that_were_used_before_are_not_uploaded_again(either_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = either_device.recorder
    uploaded: list[int] = []
    write = type(recorder._calls).write

    def spy(calls: Any, buffer: Any, offset: int, data: memoryview) -> None:
        uploaded.append(data.nbytes)
        write(calls, buffer, offset, data)

    monkeypatch.setattr(type(recorder._calls), "write", spy)
    for _ in range(3):
        for first in (5, 6, 5):
            np.testing.assert_array_equal(numbers(either_device, count(either_device, 4, first), 4), first + np.arange(4))
    assert uploaded == [1024, 1024]


def test_more_parameters_than_the_ring_holds(either_device: Any) -> None:
    buffers = [count(either_device, 3, 10 * i) for i in range(200)]
    for i, buffer in enumerate(buffers):
        np.testing.assert_array_equal(numbers(either_device, buffer, 3), 10 * i + np.arange(3))


def test_a_grid_beyond_one_dimension_is_folded(either_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(either_device.recorder, "_max_groups_x", 7)
    for n in (6, 7, 8, 21, 22, 49):
        np.testing.assert_array_equal(numbers(either_device, count(either_device, n, 5), n), 5 + np.arange(n))


def test_a_grid_beyond_65535_workgroups(either_device: Any) -> None:
    n = 65_535 + 3
    np.testing.assert_array_equal(numbers(either_device, count(either_device, n, 1), n), 1 + np.arange(n))


def test_a_grid_beyond_two_dimensions_is_refused(either_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = count(either_device, 4, 100)
    with monkeypatch.context() as patched:
        patched.setattr(either_device.recorder, "_max_groups_x", 7)
        with pytest.raises(KernelError) as caught:
            count(either_device, 50, 0)
    assert str(caught.value) == f"{either_device.name} refused count: 50 workgroups, of which a grid holds 49"
    np.testing.assert_array_equal(numbers(either_device, pending, 4), 100 + np.arange(4))


def test_a_refused_bind_group_loses_nothing_recorded(either_device: Any) -> None:
    recorder = either_device.recorder
    pipeline = recorder.pipeline(COUNT, ("read_write",), "count (shaders/count.wgsl)")
    pending = count(either_device, 4, 100)
    buffer = either_device.pool.allocate(256)
    with pytest.raises(KernelError, match=rf"^{either_device.name} refused count "):
        recorder.record(pipeline, [(buffer, 0, 1 << 20)], params(0), 1)
    after = count(either_device, 4, 200)
    np.testing.assert_array_equal(numbers(either_device, pending, 4), 100 + np.arange(4))
    np.testing.assert_array_equal(numbers(either_device, after, 4), 200 + np.arange(4))


def test_a_refused_bind_group_as_the_first_command(either_device: Any) -> None:
    recorder = either_device.recorder
    pipeline = recorder.pipeline(COUNT, ("read_write",), "count")
    buffer = either_device.pool.allocate(256)
    recorder.flush()
    for _ in range(3):
        with pytest.raises(KernelError):
            recorder.record(pipeline, [(buffer, 0, 1 << 20)], params(0), 1)
        assert recorder._n_commands == 0
    np.testing.assert_array_equal(numbers(either_device, count(either_device, 4, 7), 4), 7 + np.arange(4))


def test_recording_starts_anew_after_a_refused_submission(either_device: Any) -> None:
    recorder = either_device.recorder
    kept = count(either_device, 4, 100)
    recorder.flush()
    two_bindings = COUNT.replace("out[i] =", "out[i] = other[0] * 0u +").replace(
        "@compute", "@group(0) @binding(1) var<storage, read> other: array<u32>;\n@compute"
    )
    pipeline = recorder.pipeline(two_bindings, ("read_write", "read"), "two")
    wrong = recorder._make_group(recorder.pipeline(COUNT, ("read_write",), "one"), [(kept, 0, 16)], ("wrong",))
    recorder._calls.open()
    recorder._calls.dispatch(pipeline.handle, wrong, recorder._params, 0, 1, 1)
    recorder._n_commands = 1
    with pytest.raises(KernelError, match=rf"^{either_device.name} refused the submitted commands: "):
        recorder.flush()
    assert recorder._n_commands == 0
    np.testing.assert_array_equal(numbers(either_device, kept, 4), 100 + np.arange(4))
    np.testing.assert_array_equal(numbers(either_device, count(either_device, 4, 7), 4), 7 + np.arange(4))


def test_recording_starts_anew_after_a_refused_write(either_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = either_device.recorder
    count(either_device, 4, 100)

    def full(*_: Any) -> None:
        raise MemoryError("Out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(recorder._calls, "write", full)
        with pytest.raises(MemoryError) as caught:
            recorder.flush()
    assert str(caught.value) == f"{either_device.name} is out of memory in the submitted commands: Out of memory"
    assert recorder._calls._encoder is None
    np.testing.assert_array_equal(numbers(either_device, count(either_device, 4, 7), 4), 7 + np.arange(4))


def test_bind_groups_are_made_once_and_dropped_when_there_are_many(
    own_device: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = own_device.recorder
    monkeypatch.setattr(dispatch, "_MAX_GROUPS", 4)
    pipeline = recorder.pipeline(COUNT, ("read_write",), "count")
    buffer = own_device.pool.allocate(256 * 8)
    for _ in range(2):
        recorder.record(pipeline, [(buffer, 0, 16)], params(1), 4)
    assert len(recorder._groups) == 1
    for start in range(8):
        recorder.record(pipeline, [(buffer, 256 * start, 16)], params(start), 4)
        assert len(recorder._groups) <= 4
    found = np.frombuffer(own_device.transfer.read(buffer, 0, 256 * 8), np.uint32).reshape(8, 64)[:, :4]
    np.testing.assert_array_equal(found, np.arange(8)[:, None] + np.arange(4))


def test_pipelines_are_dropped_when_there_are_many(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_MAX_PIPELINES", 3)
    x = xp.asarray([1.0, 2.0], device=own_device)
    for function, expected in ((xp.sqrt, np.sqrt), (xp.floor, np.floor), (xp.square, np.square), (xp.abs, np.abs)):
        np.testing.assert_allclose(np.asarray(function(x)), expected([1.0, 2.0]), rtol=1e-6)
        assert len(own_device.recorder._pipelines) <= 3
    np.testing.assert_allclose(np.asarray(xp.sqrt(x)), np.sqrt([1.0, 2.0]), rtol=1e-6)


def test_another_library_version_gets_public_calls(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert raw.RawCalls.available()
    monkeypatch.setattr(wgpu_native, "lib_version_info", (30, 0, 0, 0))
    assert not raw.RawCalls.available()
    assert isinstance(own_device.recorder._calls, raw.PublicCalls)
    x = xp.asarray([1.0, 2.0], device=own_device)
    np.testing.assert_array_equal(np.asarray(x + x), [2, 4])
