"""Uploads and reads: order, staging, pieces, and what a failed read leaves behind."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.gpu import raw, transfer


@pytest.mark.parametrize("n", [1, 63, 64, 65, 1000, 70_000])
def test_what_goes_up_comes_down(device: Any, n: int) -> None:
    data = np.random.default_rng(n).integers(0, 2**32, n, np.uint32)
    buffer = device.transfer.upload(memoryview(data).cast("B"))
    assert bytes(device.transfer.read(buffer, 0, 4 * n)) == data.tobytes()


def test_a_part_is_read_at_its_offset(device: Any) -> None:
    data = np.arange(1000, dtype=np.uint32)
    buffer = device.transfer.upload(memoryview(data).cast("B"))
    assert bytes(device.transfer.read(buffer, 400, 200)) == data[100:150].tobytes()


def test_a_large_read_goes_in_pieces(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "_LARGEST_STAGING", 1024)
    monkeypatch.setattr(own_device.recorder, "_peek", None)
    data = np.arange(1000, dtype=np.uint32)
    buffer = own_device.transfer.upload(memoryview(data).cast("B"))
    assert bytes(own_device.transfer.read(buffer, 0, 4000)) == data.tobytes()
    assert bytes(own_device.transfer.read(buffer, 40, 3000)) == data[10:760].tobytes()
    assert max(own_device.transfer._staging) == 1024


def test_staging_is_used_again(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_device.recorder, "_peek", None)
    buffer = own_device.transfer.upload(memoryview(bytes(64)))
    for _ in range(5):
        own_device.transfer.read(buffer, 0, 64)
    assert {size: len(kept) for size, kept in own_device.transfer._staging.items()} == {256: 1}


def test_reads_and_uploads_are_counted_while_a_block_runs(own_device: Any) -> None:
    x = xp.asarray(np.arange(1000, dtype=np.float32), device=own_device)
    with own_device.counting() as outer:
        x = 2.0 * x + 1.0
        assert outer.reads == outer.uploads == []
        assert float(x[3]) == 7
        with own_device.counting() as inner:
            xp.asarray(x.numpy(), device=own_device)
        own_device.synchronize()
    x.numpy()
    assert (inner.reads, inner.uploads) == ([4000], [4000])
    assert (outer.reads, outer.uploads) == ([4, 4000, 4], [4000])


def test_an_inverse_reads_once_and_one_that_tells_all_does_not(own_device: Any) -> None:
    x = xp.asarray(np.eye(3, dtype=np.float32), device=own_device)
    with own_device.counting() as counts:
        xp.linalg.inv_ex(x)
        assert counts.reads == []
        xp.linalg.inv(x)
    assert len(counts.reads) == 1


def test_an_upload_does_not_overtake_commands_that_read_the_same_memory(own_device: Any) -> None:
    pool = own_device.pool
    ones, twos = np.full(1000, 1, np.float32), np.full(1000, 2, np.float32)
    x = xp.asarray(ones, device=own_device)
    handle = x.buffer.handle
    y = x + 1.0  # recorded, not submitted
    del x  # its buffer is free, and the next of its size
    z = xp.asarray(twos, device=own_device)
    assert z.buffer.handle is handle, "the test needs the same buffer twice"
    np.testing.assert_array_equal(np.asarray(y), ones + 1)
    np.testing.assert_array_equal(np.asarray(z), twos)
    assert pool.n_live == 2


def test_an_upload_does_not_submit_what_does_not_concern_it(own_device: Any) -> None:
    x = xp.asarray(np.ones(1000, np.float32), device=own_device)
    own_device.synchronize()
    before = own_device.recorder.submission
    y = x + 1.0
    xp.asarray(np.ones(1000, np.float32), device=own_device)
    assert own_device.recorder.submission == before
    np.testing.assert_array_equal(np.asarray(y), 2)


def test_a_read_does_not_see_later_writes(own_device: Any) -> None:
    data = np.arange(256, dtype=np.uint32)
    buffer = own_device.transfer.upload(memoryview(data).cast("B"))
    with own_device.transfer._mapped(buffer, 0, 1024) as mapping:
        own_device.recorder.write(buffer, memoryview(bytes(1024)))
        assert bytes(mapping.wait()) == data.tobytes()
    assert bytes(own_device.transfer.read(buffer, 0, 1024)) == bytes(1024)


def test_a_failed_read_does_not_give_its_staging_back(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_device.recorder, "_peek", None)
    buffer = own_device.transfer.upload(memoryview(np.arange(64, dtype=np.uint32)).cast("B"))
    staging = own_device.transfer._staging
    with pytest.raises(KeyboardInterrupt), own_device.transfer._mapped(buffer, 0, 256):
        raise KeyboardInterrupt
    assert staging[256] == []
    for _ in range(3):
        assert bytes(own_device.transfer.read(buffer, 0, 256)) == np.arange(64, dtype=np.uint32).tobytes()
    assert len(staging[256]) == 1


@pytest.fixture
def peeking(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[bool]]:
    """A device whose host reads what shaders write without a copy, and a list: whether each read could wait for that."""
    recorder = own_device.recorder
    if recorder._peek is None:
        assert own_device.kind != "software" or not own_device.features
        pytest.skip("only software adapters are read without a copy, and not with a browser's features")
    found: list[bool] = []
    # However busy the machine is.
    recorder._calls.spin_seconds = 30.0

    def noted(*arguments: Any) -> Any:
        data = recorder._calls.peek(*arguments)
        found.append(data is not None)
        return data

    monkeypatch.setattr(recorder, "_peek", noted)
    return own_device, found


def test_a_result_is_read_without_a_copy_and_every_later_write_seen(peeking: Any) -> None:
    device, found = peeking
    host = np.arange(1000, dtype=np.float32)
    x = xp.asarray(host, device=device) + 1.0
    for i in range(20):
        np.testing.assert_array_equal(np.asarray(x[3:]), host[3:] + 1 + i)
        x += 1.0
    x[5] = -1.0
    assert float(x[5]) == -1
    assert found and all(found)
    assert not device.transfer._staging


def test_an_upload_is_read_though_nothing_was_submitted_since(peeking: Any) -> None:
    device, found = peeking
    for i in range(10):
        x = xp.asarray(np.full(64, i, np.float32), device=device)  # in the buffer of the one before
        np.testing.assert_array_equal(np.asarray(x), i)
        np.testing.assert_array_equal(np.asarray(x), i)
    assert found == [True] * 10


def test_synchronizing_waits_for_what_is_in_no_buffer_that_it_reads(own_device: Any) -> None:
    x = xp.asarray(np.ones(1000, np.float32), device=own_device)
    for _ in range(3):
        y = x + 1.0
        own_device.synchronize()
        assert own_device.recorder.submission > y.buffer.used_in


def test_what_takes_long_is_copied_so_that_others_need_not_wait(peeking: Any) -> None:
    device, found = peeking
    device.recorder._calls.spin_seconds = 0.0
    x = xp.asarray(np.ones((300, 300), np.float32), device=device)
    for _ in range(3):
        np.testing.assert_array_equal(np.asarray((x @ x)[0, :5]), 300)
    assert not any(found)
    assert device.recorder._calls.map_status == {}


def test_ctrl_c_while_a_result_is_mapped_leaves_it_usable(peeking: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    device, _ = peeking
    x = xp.asarray([1.0, 2.0], device=device) + 1.0
    np.asarray(x)

    def press_ctrl_c(_buffer: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(device.recorder._calls, "unmap", press_ctrl_c)
        np.asarray(x)
    np.testing.assert_array_equal(np.asarray(x + 1.0), [3, 4])  # wgpu-native ends a process that submits what is mapped


@pytest.mark.parametrize("first", ["after an upload", "after a read"])
def test_ctrl_c_in_the_callback_of_a_read_is_raised_and_reading_goes_on(own_device: Any, first: str) -> None:
    calls = own_device.recorder._calls
    if not isinstance(calls, raw.RawCalls):
        pytest.skip("the calls through wgpu-py have no callback of ours")
    data = np.arange(64, dtype=np.uint32)
    buffer = own_device.transfer.upload(memoryview(data).cast("B"))
    if first == "after a read":
        own_device.synchronize()  # From here on it is read without a copy, where that can be.
    previous = sys.getprofile()

    def press_ctrl_c(frame: Any, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is raw.RawCalls._mapped.__code__:
            sys.setprofile(previous)
            raise KeyboardInterrupt

    sys.setprofile(press_ctrl_c)
    try:
        with pytest.raises(KeyboardInterrupt):
            own_device.transfer.read(buffer, 0, 256)
    finally:
        sys.setprofile(previous)
    assert bytes(own_device.transfer.read(buffer, 0, 256)) == data.tobytes()
