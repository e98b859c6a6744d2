"""Matrices that the tests of decompositions draw, and what they are compared by."""

import numpy as np


def normal(seed, dtype, *shape):
    """Standard normal elements, of complex types in both parts."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    if dtype.startswith("complex"):
        x = x + 1j * rng.standard_normal(shape)
    return x.astype(dtype)


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


def precise(x):
    """``x`` in the widest type of its kind."""
    return x.astype(np.complex128 if np.iscomplexobj(x) else np.float64)
