"""Linear systems: small residuals for every size around a panel's border, and what is refused."""

import numpy as np
import pytest

from webgpu_array.errors import LinAlgError
from webgpu_array.interop import asarray, to_numpy
from webgpu_array.linalg.solve import solve

# Around the width of a panel (16), of a tile (32), and where several of them meet.
SIZES = (1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 64, 65, 100)
BOUND = 30


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def residual(a, x, b):
    """max over columns of ‖b - Ax‖ / (n u ‖A‖ ‖x‖), in 1-norms; products in at least twice the precision."""
    wide = np.float64 if a.dtype == np.float32 else np.longdouble
    u = np.finfo(a.dtype).eps / 2
    a, x, b = (m.astype(wide) for m in (a, x, b))
    left = np.abs(b - a @ x).sum(axis=-2)
    norm = np.abs(a).sum(axis=-2).max(axis=-1)[..., None] * np.abs(x).sum(axis=-2)
    return float((left / (a.shape[-1] * u * norm)).max())


def solved(device, a, b):
    x = to_numpy(solve(asarray(a, device=device), asarray(b, device=device)))
    assert x.dtype == a.dtype
    return x


@pytest.mark.parametrize("n", SIZES)
def test_residual_is_small_at_every_size(device, dtype, n):
    a, b = normal(n, 2, n, n).astype(dtype), normal(n + 1, 2, n, 3).astype(dtype)
    assert residual(a, solved(device, a, b), b) < BOUND


def hilbert(n):
    return 1 / (np.arange(n)[:, None] + np.arange(n) + 1)


def permutation(n):
    return np.eye(n)[np.random.default_rng(n).permutation(n)]


@pytest.mark.parametrize(
    "a",
    [
        hilbert(8),
        normal(1, 40, 40) * 10.0 ** -np.linspace(0, 20, 40)[:, None],
        normal(2, 40, 40) * 10.0 ** -np.linspace(0, 20, 40),
        permutation(40) + 1e-6 * normal(3, 40, 40),
        1e30 * normal(4, 20, 20),
        1e-30 * normal(5, 20, 20),
    ],
    ids=["hilbert", "graded rows", "graded columns", "near permutation", "large", "small"],
)
def test_residual_is_small_for_hard_matrices(device, dtype, a):
    a = a.astype(dtype)
    b = (a.astype(np.float64) @ normal(6, a.shape[-1], 2)).astype(dtype)
    assert residual(a, solved(device, a, b), b) < BOUND


@pytest.mark.parametrize("n", (3, 17, 65))
def test_permutations_are_solved_exactly(device, dtype, n):
    a, b = permutation(n).astype(dtype), normal(n, n, 2).astype(dtype)
    np.testing.assert_array_equal(solved(device, a, b), a.T @ b)


@pytest.mark.parametrize("n_rhs", (1, 31, 33, 70))
def test_any_number_of_right_hand_sides(device, dtype, n_rhs):
    a, b = normal(7, 20, 20).astype(dtype), normal(8, 20, n_rhs).astype(dtype)
    assert residual(a, solved(device, a, b), b) < BOUND


def test_one_axis_is_one_right_hand_side_for_every_matrix(device):
    a, b = normal(9, 2, 3, 4, 4).astype("float32"), normal(10, 4).astype("float32")
    x = solved(device, a, b)
    assert x.shape == (2, 3, 4)
    assert residual(a, x[..., None], b[:, None]) < BOUND


@pytest.mark.parametrize(("lead1", "lead2"), [((3,), ()), ((), (3,)), ((2, 1), (3,)), ((1, 3), (2, 1))])
def test_batch_axes_broadcast(device, lead1, lead2):
    a, b = normal(11, *lead1, 5, 5).astype("float32"), normal(12, *lead2, 5, 2).astype("float32")
    x = solved(device, a, b)
    assert x.shape == (*np.broadcast_shapes(lead1, lead2), 5, 2)
    assert residual(np.broadcast_to(a, (*x.shape[:-2], 5, 5)), x, b) < BOUND


@pytest.mark.parametrize("layout", ["permuted", "reversed", "sliced", "broadcast"])
def test_operands_of_any_layout(device, as_laid_out, layout):
    base, b = normal(13, 2, 6, 6).astype("float32"), normal(14, 2, 6, 4).astype("float32")
    a = {
        "permuted": base.transpose(0, 2, 1),
        "reversed": base[::-1, ::-1, ::-1],
        "sliced": base[:, ::2, 1::2],
        "broadcast": np.broadcast_to(base[:1], base.shape),
    }[layout]
    b = b[:, : a.shape[-1], ::-2]
    assert residual(a, to_numpy(solve(as_laid_out(a), as_laid_out(b))), b) < BOUND


def test_vector_of_any_layout(device, as_laid_out):
    a, b = normal(15, 4, 4).astype("float32"), normal(16, 8).astype("float32")[::-2]
    x = to_numpy(solve(as_laid_out(a), as_laid_out(b)))
    assert residual(a, x[:, None], b[:, None]) < BOUND


def test_dtypes_are_promoted(device, needs_float64):
    a, b = normal(17, 4, 4).astype("float32"), normal(18, 4, 2)
    x = to_numpy(solve(asarray(a, device=device), asarray(b, device=device)))
    assert x.dtype == np.float64
    assert residual(a.astype(np.float64), x, b) < BOUND


def test_batch_beyond_the_dispatch_limit(device):
    n_matrices = 65_540
    angle = np.linspace(0, 6, n_matrices)
    a = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=-1)
    a = a.reshape(n_matrices, 2, 2).astype("float32")
    b = normal(19, n_matrices, 2, 1).astype("float32")
    assert residual(a, solved(device, a, b), b) < BOUND


@pytest.mark.parametrize("n", (3, 20))
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [(0, 0), (1, 2), (2, 0), (-1, -1), (0, -1), (-1, 0)])
def test_matrix_that_is_not_finite_gives_nan_and_spares_its_neighbours(device, n, bad, at):
    a, b = normal(20, 3, n, n).astype("float32"), normal(21, 3, n, 2).astype("float32")
    a[(1, *at)] = bad
    x = solved(device, a, b)
    assert np.isnan(x[1]).all()
    assert residual(a[::2], x[::2], b[::2]) < BOUND


def test_singular_matrix_with_nan_gives_nan(device):
    a = np.array([[0, 1, 2], [0, np.nan, 1], [0, 1, 1]], dtype="float32")
    assert np.isnan(solved(device, a, np.ones(3, "float32"))).all()


def test_right_hand_side_that_is_not_finite_gives_nan_and_spares_the_others(device):
    a, b = normal(22, 20, 20).astype("float32"), normal(23, 20, 3).astype("float32")
    b[17, 1] = np.inf
    x = solved(device, a, b)
    assert np.isnan(x[:, 1]).all()
    assert residual(a, x[:, ::2], b[:, ::2]) < BOUND


def test_singular_matrix_is_refused(device, dtype):
    a = asarray(np.ones((3, 3), dtype), device=device)
    with pytest.raises(LinAlgError) as error:
        solve(a, asarray(np.ones(3, dtype), device=device))
    assert str(error.value) == "solve: the matrix is singular: the pivot of step 2 is zero"


def test_first_singular_matrix_of_the_batch_is_named(device):
    a = np.stack([np.eye(3), np.diag([1.0, 2, 3]), np.diag([1.0, 1, 0]), np.zeros((3, 3))]).astype("float32")
    b = asarray(np.ones((3, 1), "float32"), device=device)
    with pytest.raises(LinAlgError) as error:
        solve(asarray(a, device=device), b)
    assert str(error.value) == "solve: matrix 2 of the batch is singular: the pivot of step 3 is zero"
    with pytest.raises(LinAlgError) as error:
        solve(asarray(a.reshape(2, 2, 3, 3), device=device), b)
    assert str(error.value) == "solve: matrix (1, 0) of the batch is singular: the pivot of step 3 is zero"


def test_singular_step_is_counted_across_panels(device):
    a = np.eye(40, dtype="float32")
    a[33, 33] = 0
    with pytest.raises(LinAlgError) as error:
        solve(asarray(a, device=device), asarray(np.ones(40, "float32"), device=device))
    assert str(error.value) == "solve: the matrix is singular: the pivot of step 34 is zero"


@pytest.mark.parametrize(
    ("shape1", "shape2", "expected"),
    [
        ((0, 0), (0,), (0,)),
        ((0, 0), (0, 3), (0, 3)),
        ((3, 3), (3, 0), (3, 0)),
        ((0, 3, 3), (3,), (0, 3)),
        ((0, 3, 3), (3, 2), (0, 3, 2)),
        ((2, 0, 0), (0,), (2, 0)),
    ],
)
def test_empty_operands_give_empty_results(device, shape1, shape2, expected):
    x = solve(asarray(np.zeros(shape1, "float32"), device=device), asarray(np.zeros(shape2, "float32"), device=device))
    assert to_numpy(x).shape == expected


@pytest.mark.parametrize(
    ("x1", "x2", "error", "message"),
    [
        (np.ones((2, 3), "f"), np.ones(2, "f"), LinAlgError,
         "solve: the last two axes must be equal, not (2, 3) of x1 with shape (2, 3)"),
        (np.ones(3, "f"), np.ones(3, "f"), ValueError,
         "solve: x1 must have shape (..., n, n), not (3,)"),
        (np.ones((3, 3), "i"), np.ones(3, "f"), TypeError,
         "solve: x1 must be floating-point, not int32; convert it with astype(x1, float32)"),
        (np.ones((3, 3), "f"), np.ones(3, "i"), TypeError,
         "solve: x2 must be floating-point, not int32; convert it with astype(x2, float32)"),
        (np.ones((3, 3), "f"), np.ones(4, "f"), ValueError,
         "solve: x2 must have shape (3,) or (..., 3, K) for x1 with shape (3, 3), not (4,)"),
        (np.ones((3, 3), "f"), np.ones((2, 4, 3), "f"), ValueError,
         "solve: x2 must have shape (3,) or (..., 3, K) for x1 with shape (3, 3), not (2, 4, 3)"),
        (np.ones((3, 3), "f"), np.ones((), "f"), ValueError,
         "solve: x2 must have shape (3,) or (..., 3, K) for x1 with shape (3, 3), not ()"),
        (np.ones((2, 3, 3), "f"), np.ones((4, 3, 1), "f"), ValueError,
         "solve: the batch axes of x1 with shape (2, 3, 3) and of x2 with shape (4, 3, 1) do not broadcast"),
    ],
)  # fmt: skip
def test_operands_that_do_not_fit_are_refused(device, x1, x2, error, message):
    with pytest.raises(error) as raised:
        solve(asarray(x1, device=device), asarray(x2, device=device))
    assert str(raised.value) == message


def test_host_data_is_refused(device):
    with pytest.raises(TypeError) as raised:
        solve(asarray(np.eye(2, dtype="f"), device=device), [1.0, 2.0])
    assert str(raised.value) == "solve: x2 must be a tensor, not list; convert it with asarray()"
