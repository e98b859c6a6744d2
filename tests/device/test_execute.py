"""The single path: views and windows, work cut into parts, and the errors of a launch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array import execute
from webgpu_array.dtypes import float32
from webgpu_array.errors import DeviceMemoryError, KernelError
from webgpu_array.execute import _compile_launch, contiguous, run
from webgpu_array.kernels.first_nonzero import FirstNonzeroKernel
from webgpu_array.kernels.protocol import Launch, Work
from webgpu_array.plans.elementwise import Elementwise
from webgpu_array.plans.linalg import InverseStatus
from webgpu_array.plans.protocol import Spec
from webgpu_array.plans.reduction import FirstNonzero
from webgpu_array.shader import Shader, load
from webgpu_array.tensor import allocate


def limited(device: Any, nbytes: int) -> Any:
    """``device`` with bindings of at most ``nbytes``."""
    device.limits = {**device.limits, "max-storage-buffer-binding-size": nbytes}
    return device


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x,
        lambda x: x.T,
        lambda x: x[::-1],
        lambda x: x[:, ::-2],
        lambda x: x[1:, 3:],
        lambda x: np.broadcast_to(x[:, :1], x.shape),
        lambda x: x[2],
        lambda x: x[2, 3:4].reshape(()),
    ],
)
def test_views_are_read_where_they_lie(
    device: Any, as_laid_out: Callable[..., Any], view: Callable[[np.ndarray], np.ndarray]
) -> None:
    host = view(np.arange(42, dtype=np.float32).reshape(6, 7))
    x = as_laid_out(host)
    np.testing.assert_array_equal(np.asarray(x + x), host + host)
    np.testing.assert_array_equal(np.asarray(x * 3.0), host * 3)
    np.testing.assert_array_equal(np.asarray(contiguous(x)), host)


def test_contiguous_is_the_tensor_itself_where_it_can_be_bound(device: Any, as_laid_out: Callable[..., Any]) -> None:
    x = as_laid_out(np.zeros((128, 64), np.float32))
    assert contiguous(x) is x
    aligned, askew = x.view((64,), (1,), 64), x.view((64,), (1,), 63)
    assert contiguous(aligned) is aligned
    assert contiguous(askew).buffer is not x.buffer


@pytest.mark.parametrize("limit", [1024, 2048, 4096])
def test_work_beyond_one_binding_is_cut(own_device: Any, limit: int) -> None:
    host = np.arange(3_000, dtype=np.float32)
    x = xp.asarray(host, device=limited(own_device, limit))
    np.testing.assert_array_equal(np.asarray(x + x), 2 * host)
    np.testing.assert_array_equal(np.asarray(x * 0.5 + x), 1.5 * host)
    square = xp.reshape(x, (60, 50))
    np.testing.assert_array_equal(np.asarray(xp.permute_dims(square, (1, 0)) + 1.0), host.reshape(60, 50).T + 1)
    np.testing.assert_array_equal(np.asarray(square + square[:1, :]), host.reshape(60, 50) + host[:50])
    np.testing.assert_array_equal(np.asarray(square[::-1, ::-1] - square), host[::-1].reshape(60, 50) - host.reshape(60, 50))


def test_work_whose_scratch_is_beyond_one_binding_is_cut(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host = np.zeros((120, 3, 3), np.float32)
    host[:] = np.diag([3, 1, 2])
    x = xp.asarray(host, device=limited(own_device, 8192))
    bound: list[int] = []
    record = type(own_device.recorder).record

    def spy(recorder: Any, pipeline: Any, ranges: Any, *rest: Any) -> Any:
        bound.extend(nbytes for _, _, nbytes in ranges)
        return record(recorder, pipeline, ranges, *rest)

    monkeypatch.setattr(type(own_device.recorder), "record", spy)
    np.testing.assert_array_equal(xp.linalg.eigvalsh(x).numpy(), np.broadcast_to([1, 2, 3], (120, 3)))
    assert max(bound) <= 8192


def test_scratch_beyond_one_binding_that_cannot_be_cut_is_refused(own_device: Any) -> None:
    x = xp.ones((1, 1000), device=limited(own_device, 8192))
    with pytest.raises(DeviceMemoryError) as caught:
        xp.linalg.qr(x)
    assert str(caught.value) == (
        f"scratch of qr has 32,000 bytes, but one binding of {own_device} holds 8,192, and this work cannot be cut into parts"
    )


def test_a_small_view_of_a_large_buffer_is_bound_by_a_window(own_device: Any) -> None:
    host = np.arange(3_000, dtype=np.float32)
    x = xp.asarray(host, device=limited(own_device, 2048))
    np.testing.assert_array_equal(np.asarray(x[1_001:1_101] + x[2_100:2_000:-1]), host[1_001:1_101] + host[2_100:2_000:-1])


def test_work_that_cannot_be_cut_says_so(own_device: Any) -> None:
    plan = InverseStatus(float32, 1000)
    outputs = [allocate(spec.shape, spec.dtype, own_device) for spec in plan.specs]
    with pytest.raises(DeviceMemoryError) as caught:
        run(plan, outputs, limited(own_device, 2048))
    assert str(caught.value) == (
        f"an operand of inverse_status has 4,000 bytes, but one binding of {own_device.name} holds 2,048, "
        "and this work cannot be cut into parts"
    )


def test_parameters_beyond_their_block_are_refused(own_device: Any) -> None:
    axes = 40
    spec = (2,) * axes
    plan = Elementwise("copy", "x1", "", (float32,), float32, spec, (Spec("out", float32, spec, (1,) * axes), Spec("x1", float32, spec, (0,) * axes)))  # fmt: skip
    x = allocate((1,), float32, own_device)
    with pytest.raises(KernelError) as caught:
        run(plan, (x, x), own_device)
    assert str(caught.value) == (
        "elementwise: Params of shaders/elementwise_strided.wgsl takes 1,360 bytes, but 1,024 is the most; "
        "use fewer axes"
    )


def test_a_kernel_that_binds_an_unknown_name_is_refused(own_device: Any) -> None:
    launch = Launch(load("first_nonzero", "const WORKGROUP: u32 = 64u;\n"), 1, {"n": 3}, {"flags": "flugs"})
    plan = FirstNonzero(3)
    with pytest.raises(KernelError) as caught:
        _compile_launch(launch, plan, Work([launch]), own_device, FirstNonzeroKernel(name="finder"))
    assert str(caught.value) == (
        "finder: shaders/first_nonzero.wgsl binds 'flugs', which is neither an operand (status, flags) nor scratch"
    )


def test_a_kernel_that_may_write_an_input_is_refused(own_device: Any) -> None:
    launch = Launch(load("first_nonzero", "const WORKGROUP: u32 = 64u;\n"), 1, {"n": 3}, {"status": "flags", "flags": "status"})
    plan = FirstNonzero(3)
    with pytest.raises(KernelError) as caught:
        _compile_launch(launch, plan, Work([launch]), own_device, FirstNonzeroKernel(name="finder"))
    assert str(caught.value) == (
        "finder: shaders/first_nonzero.wgsl may write 'flags', an input of first_nonzero; bind it as read"
    )


def test_a_kernel_with_other_parameters_than_its_shader_is_refused() -> None:
    shader = Shader("shaders/x.wgsl", "", (), (), (("n", "I", 0), ("step", "I", 4)), 16)
    with pytest.raises(ValueError) as caught:
        shader.pack({"n": 1, "stride": 2})
    assert str(caught.value) == "shaders/x.wgsl: Params has the fields ['n', 'step'], but the kernel passes ['n', 'stride']"


def test_a_kernel_that_does_not_compile_leaves_the_device_usable(
    own_device: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = xp.asarray([1.0, 2.0], device=own_device)
    pending = x + x
    plan = Elementwise("wrong", "nonsense(x1)", "", (float32,), float32, (2,), (Spec("out", float32, (2,), (1,)), Spec("x1", float32, (2,), (1,))))  # fmt: skip
    for _ in range(2):
        with pytest.raises(KernelError) as caught:
            run(plan, (allocate((2,), float32, own_device), x), own_device)
        text = str(caught.value)
        assert text.startswith(f"{own_device.name} refused elementwise (shaders/elementwise_dense.wgsl): ")
        assert "no definition in scope for identifier: `nonsense`" in text
    np.testing.assert_array_equal(np.asarray(pending), [2, 4])
    np.testing.assert_array_equal(np.asarray(x * 3.0), [3, 6])


def test_a_plan_is_compiled_once(own_device: Any) -> None:
    x = xp.asarray(np.zeros(10, np.float32), device=own_device)
    for _ in range(3):
        x = x + 1.0
    assert len(own_device.programs) == 1


def test_programs_are_dropped_when_there_are_many(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "_MAX_PROGRAMS", 5)
    for n in range(1, 20):
        x = xp.asarray(np.arange(n, dtype=np.float32), device=own_device)
        np.testing.assert_array_equal(np.asarray(x + x), 2 * np.arange(n))
        assert len(own_device.programs) <= 5
    assert len(own_device.recorder._pipelines) == 1


@pytest.mark.parametrize("n", [7, 13, 21])
def test_batches_beyond_a_binding_are_cut_wherever_a_part_starts(device: Any, own_device: Any, n: int) -> None:
    # Rotations work in place, so that even an output has to keep what it holds when it is moved.
    host = np.random.default_rng(n).standard_normal((45, n, n)).astype(np.float32)
    narrow = limited(own_device, 8192)
    whole, cut = (xp.asarray(host, device=d) for d in (device, narrow))
    functions = [
        xp.linalg.pinv,
        xp.linalg.svdvals,
        xp.linalg.det,
        xp.linalg.inv,
        lambda x: xp.linalg.solve(x, x[..., :2]),
    ]
    for function in functions:
        np.testing.assert_array_equal(function(cut).numpy(), function(whole).numpy())


def regular(n: int, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal((n, n)) + 3 * n**0.5 * np.eye(n)).astype(np.float32)


def test_a_long_program_is_looked_up_once_and_gives_the_same_again(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = [regular(150, seed) for seed in range(2)]
    tensors = [xp.asarray(host, device=own_device) for host in hosts]
    first = [xp.linalg.inv(x).numpy() for x in tensors]
    looked_up: list[Any] = []
    record = type(own_device.recorder).record

    def spy(recorder: Any, *arguments: Any) -> Any:
        looked_up.append(arguments)
        return record(recorder, *arguments)

    monkeypatch.setattr(type(own_device.recorder), "record", spy)
    for _ in range(2):
        for x, found in zip(tensors, first, strict=True):
            np.testing.assert_array_equal(xp.linalg.inv(x).numpy(), found)
    assert looked_up == []
    own_device.pool.collect()
    own_device.pool.trim()
    for x, found in zip(tensors, first, strict=True):
        np.testing.assert_array_equal(xp.linalg.inv(x).numpy(), found)
    assert len(looked_up) >= execute._MANY_LAUNCHES
    np.testing.assert_allclose(first[0] @ hosts[0], np.eye(150), atol=1e-4)


def test_a_long_program_whose_parameters_do_not_fit_the_ring(own_device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from webgpu_array.gpu import dispatch

    x = xp.asarray(regular(150, 0), device=own_device)
    expected = xp.linalg.inv(x).numpy()
    monkeypatch.setattr(dispatch, "_RING_BYTES", 2048)
    for _ in range(3):
        np.testing.assert_array_equal(xp.linalg.inv(x).numpy(), expected)


def test_a_write_after_a_repeated_program_waits_its_turn(own_device: Any) -> None:
    x = xp.asarray(regular(150, 0), device=own_device)
    expected = xp.linalg.inv(x).numpy()
    for _ in range(3):
        inverse = xp.linalg.inv_ex(x).inverse
        del inverse
        inverse = xp.linalg.inv_ex(x).inverse
        own_device.recorder.write(x.buffer, memoryview(np.zeros((150, 150), np.float32)).cast("B"))
        np.testing.assert_array_equal(inverse.numpy(), expected)
        own_device.recorder.write(x.buffer, memoryview(regular(150, 0)).cast("B"))


def test_the_device_begins_a_long_program_before_all_is_recorded(own_device: Any) -> None:
    x = xp.asarray(regular(150, 0), device=own_device)
    xp.linalg.inv_ex(x)
    own_device.synchronize()
    before = own_device.recorder.submission
    xp.linalg.inv_ex(x)
    assert own_device.recorder.submission >= before + 2
