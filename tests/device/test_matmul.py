"""Products against NumPy: every kernel, layout and shape, and what is refused."""

import numpy as np
import pytest

import webgpu_array as xp
from webgpu_array.execute import run
from webgpu_array.kernels.matmul import MatMulDot, MatMulLarge, MatMulSmall, MatMulTiled
from webgpu_array.kernels.product import narrow_tiles
from webgpu_array.plans.linalg import MatMul

DTYPES = ("float32", "float64", "int32", "int64", "uint32", "uint64")


def digits(*shape, dtype="float32"):
    """Small whole numbers, whose products every type holds exactly."""
    return np.random.default_rng(len(shape)).integers(0, 9, shape).astype(dtype)


@pytest.fixture(params=DTYPES)
def dtype(request, device):
    """Every numeric type that the device has."""
    if not device.supports(xp.dtypes.BY_NAME[request.param]):
        pytest.skip(f"{device} has no {request.param}")
    return request.param


@pytest.mark.parametrize(
    ("kernel", "sizes"),
    [
        ("matmul_dot", (1, 1, 1, 40)),
        ("matmul_dot", (2, 15, 1, 100)),
        ("matmul_dot", (3, 5, 7, 600)),
        ("matmul_small", (1, 1, 1, 1)),
        ("matmul_small", (3, 16, 17, 16)),
        ("matmul_small", (2, 48, 47, 37)),
        ("matmul_tiled", (1, 64, 64, 48)),
        ("matmul_tiled", (2, 65, 63, 37)),
        ("matmul_tiled", (3, 3, 2, 5)),
    ],
)
def test_every_kernel_is_right(device, dtype, kernel, sizes):
    batch, m, n, k = sizes
    x1, x2 = digits(batch, m, k, dtype=dtype), digits(batch, k, n, dtype=dtype)
    a, b = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    out = xp.empty((batch, m, n), dtype=dtype, device=device)
    plan = MatMul(a.dtype, batch, m, n, k, out.strides, a.strides, b.strides)
    run(plan, (out, a, b), device, kernel)
    np.testing.assert_array_equal(out.numpy(), x1 @ x2)


@pytest.mark.parametrize("kernel", [MatMulLarge(), MatMulTiled()], ids=lambda kernel: kernel.name)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("sizes", [(1, 128, 128, 64), (2, 129, 60, 4), (3, 49, 132, 36)])
def test_every_cut_into_tiles_is_right(device, kernel, dtype, sizes):
    if not device.supports(xp.dtypes.BY_NAME[dtype]):
        pytest.skip(f"{device} has no {dtype}")
    batch, m, n, k = sizes
    x1, x2 = digits(batch, m, k, dtype=dtype), digits(batch, k, n, dtype=dtype)
    a, b = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
    plan = MatMul(a.dtype, batch, m, n, k, (m * n, n, 1), a.strides, b.strides)
    for config in kernel.configs(plan, device):
        out = xp.full((batch, m, n), -1, dtype=a.dtype, device=device)
        run(plan, (out, a, b), device, kernel.name, config)
        np.testing.assert_array_equal(out.numpy(), x1 @ x2, err_msg=str(config))


@pytest.mark.parametrize(
    ("kernel", "sizes"),
    [(MatMulDot(), (3, 1)), (MatMulSmall(), (17, 5)), (MatMulTiled(), (70, 8)), (MatMulLarge(), (68, 52))],
    ids=lambda value: getattr(value, "name", None),
)
@pytest.mark.parametrize("dtype", ["float32", "int64", "complex64"])
def test_long_sums_are_cut_into_parts(device, kernel, sizes, dtype):
    batch, m, n, k = 2, *sizes, 1100
    x1, x2 = digits(batch, k, m, dtype=dtype), digits(batch, k, n, dtype=dtype)
    a, b = xp.asarray(x1, device=device).mT, xp.asarray(x2, device=device)
    plan = MatMul(a.dtype, batch, m, n, k, (m * n, n, 1), a.strides, b.strides)
    if kernel.why_not(plan, device) is not None:
        assert isinstance(kernel, MatMulLarge) and dtype in ("int64", "complex64")
        return
    out = xp.full((batch, m, n), -1, dtype=a.dtype, device=device)
    run(plan, (out, a, b), device, kernel.name, {**kernel.configs(plan, device)[0], "parts": 3})
    np.testing.assert_array_equal(out.numpy(), x1.mT @ x2)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
def test_narrow_tiles_are_right(device, dtype):
    if not device.supports(xp.dtypes.BY_NAME[dtype]):
        pytest.skip(f"{device} has no {dtype}")
    for m, n in ((70, 5), (5, 70)):
        x1, x2 = digits(m, 40, dtype=dtype), digits(40, n, dtype=dtype)
        a, b = xp.asarray(x1, device=device), xp.asarray(x2, device=device)
        out = xp.empty((m, n), dtype=dtype, device=device)
        plan = MatMul(a.dtype, 1, m, n, 40, (0, n, 1), (0, *a.strides), (0, *b.strides))
        (tiles,) = narrow_tiles(a.dtype, m, n)
        operands = (t.view((1, *t.shape), (0, *t.strides)) for t in (out, a, b))
        run(plan, tuple(operands), device, "matmul_tiled", {**tiles.config, "parts": 1})
        np.testing.assert_array_equal(out.numpy(), x1 @ x2)


def test_vectors_along_columns_and_views_that_begin_anywhere(device):
    base = digits(61, 140)
    x = xp.asarray(base, device=device)
    for rows, columns in ((slice(None), slice(None)), (slice(1, None), slice(None)), (slice(None), slice(3, 59)), (slice(2, 50), slice(4, 64))):
        view, host = x[rows, columns], base[rows, columns]
        np.testing.assert_array_equal((view.T @ view).numpy(), host.T @ host)
        np.testing.assert_array_equal((view @ view.T).numpy(), host @ host.T)


@pytest.mark.parametrize(
    "shapes",
    [
        ((4,), (4,)),
        ((4,), (4, 3)),
        ((3, 4), (4,)),
        ((70, 80), (80, 90)),
        ((2, 1, 5, 40), (3, 40, 6)),
        ((5, 3, 4), (4,)),
        ((4,), (2, 4, 3)),
        ((1, 1), (1, 1)),
        ((300, 7), (7, 200)),
        ((2, 500), (500, 3)),
    ],
)
def test_shapes_of_the_standard(device, shapes):
    x1, x2 = (digits(*shape) for shape in shapes)
    found = xp.asarray(x1, device=device) @ xp.asarray(x2, device=device)
    assert found.shape == (x1 @ x2).shape
    np.testing.assert_array_equal(found.numpy(), x1 @ x2)


@pytest.mark.parametrize("shapes", [((0, 3), (3, 2)), ((2, 0), (0, 3)), ((0,), (0,)), ((4, 0, 2, 3), (3, 1))])
def test_empty_operands(device, shapes):
    x1, x2 = (np.ones(shape, "float32") for shape in shapes)
    np.testing.assert_array_equal((xp.asarray(x1, device=device) @ xp.asarray(x2, device=device)).numpy(), x1 @ x2)


def test_operands_of_any_layout(as_laid_out):
    base = digits(3, 50, 60)
    rights = [base.transpose(0, 2, 1), base[::-1].transpose(0, 2, 1), np.broadcast_to(base[:1], base.shape).mT]
    for left in (base, base[:, ::-1, ::-1], np.broadcast_to(base[1:2], base.shape)):
        for right in rights:
            np.testing.assert_array_equal(xp.matmul(as_laid_out(left), as_laid_out(right)).numpy(), left @ right)


def test_floats_are_as_exact_as_a_plain_sum(device):
    x1, x2 = (np.random.default_rng(s).standard_normal((130, 130)).astype("float32") for s in (1, 2))
    exact = x1.astype("float64") @ x2.astype("float64")
    bound = 130 * 2.0**-24 * (abs(x1).astype("float64") @ abs(x2))
    found = (xp.asarray(x1, device=device) @ xp.asarray(x2, device=device)).numpy()
    assert (abs(found - exact) <= bound).all()


def test_types_promote(device):
    a = xp.asarray([[1, 2]], dtype=xp.int32, device=device)
    b = xp.asarray([[0.5], [0.25]], device=device)
    assert (a @ b).dtype is xp.float32
    assert float(a @ b) == 1.0


def test_nan_and_infinity_stay_in_their_rows(device):
    x1 = np.ones((70, 70), "float32")
    x1[3, 5], x1[8, 9] = np.nan, np.inf
    found = (xp.asarray(x1, device=device) @ xp.ones((70, 70), device=device)).numpy()
    np.testing.assert_array_equal(found, x1 @ np.ones((70, 70), "float32"))


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        (
            ((2, 3), (2, 3)),
            "matmul: x1 with shape (2, 3) has 3 columns, x2 with shape (2, 3) has 2 rows; they must be equal",
        ),
        (((), (3,)), "matmul: x1 and x2 must have at least one axis, not shapes () and (3,)"),
        (
            ((2, 3, 3), (4, 3, 3)),
            "matmul: the batch axes of x1 with shape (2, 3, 3) and x2 with shape (4, 3, 3) do not broadcast",
        ),
    ],
)
def test_shapes_that_do_not_fit(device, shapes, text):
    with pytest.raises(ValueError) as error:
        xp.matmul(*(xp.zeros(shape, device=device) for shape in shapes))
    assert str(error.value) == text


def test_numbers_only(device):
    x = xp.asarray([[True]], device=device)
    with pytest.raises(TypeError) as error:
        xp.matmul(x, x)
    assert str(error.value) == "matmul: x1 and x2 must be numeric, not bool; convert them with astype()"
    with pytest.raises(TypeError) as error:
        xp.matmul(xp.zeros((2, 2), device=device), 2.0)
    assert str(error.value) == "matmul: x1 and x2 must be tensors, not float; convert it with asarray()"


def test_vecdot_outer_and_tensordot(device):
    a, b = digits(2, 3, 4), digits(3, 4)
    x, y = xp.asarray(a, device=device), xp.asarray(b, device=device)
    np.testing.assert_array_equal(xp.vecdot(x, y).numpy(), (a * b).sum(-1))
    np.testing.assert_array_equal(xp.vecdot(x, y, axis=-2).numpy(), (a * b).sum(-2))
    np.testing.assert_array_equal(xp.linalg.outer(x[0, 0], y[:, 0]).numpy(), np.outer(a[0, 0], b[:, 0]))
    np.testing.assert_array_equal(xp.tensordot(x, y, axes=2).numpy(), np.tensordot(a, b, axes=2))
    np.testing.assert_array_equal(xp.tensordot(x, y, axes=0).numpy(), np.tensordot(a, b, axes=0))
    axes = ((2, 1), (1, 0))
    np.testing.assert_array_equal(xp.tensordot(x, y, axes=axes).numpy(), np.tensordot(a, b, axes=axes))
    with pytest.raises(ValueError) as error:
        xp.tensordot(x, y, axes=1)
    assert str(error.value) == "tensordot: axes 1 of x1 with shape (2, 3, 4) and x2 with shape (3, 4) do not fit"
    with pytest.raises(ValueError) as error:
        xp.vecdot(x, y[:, 1:])
    assert str(error.value) == "vecdot: x1 with shape (2, 3, 4) and x2 with shape (3, 3) differ along axis -1"


def test_operands_larger_than_a_binding_are_cut(own_device):
    own_device.limits = {**own_device.limits, "max-storage-buffer-binding-size": 4096}
    base1, base2 = digits(2, 60, 45), digits(2, 45, 70)
    for x1 in (base1, np.ascontiguousarray(base1.mT).mT):
        for x2 in (base2, np.ascontiguousarray(base2.mT).mT):
            a = xp.asarray(np.ascontiguousarray(x1), device=own_device)
            if x1 is not base1:
                a = xp.asarray(np.ascontiguousarray(x1.mT), device=own_device).mT
            b = xp.asarray(base2, device=own_device)
            if x2 is not base2:
                b = xp.asarray(np.ascontiguousarray(x2.mT), device=own_device).mT
            np.testing.assert_array_equal((a @ b).numpy(), x1 @ x2)
            np.testing.assert_array_equal((a[0] @ b[1]).numpy(), x1[0] @ x2[1])


def test_tensordot_refuses_a_negative_number_of_axes(device):
    x = xp.ones((2, 2), device=device)
    with pytest.raises(ValueError) as error:
        xp.tensordot(x, x, axes=-1)
    assert str(error.value) == "tensordot: axes is -1; use 0 to 2 for x1 with shape (2, 2) and x2 with shape (2, 2)"
