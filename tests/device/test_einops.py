"""einops on tensors, through its module for arrays of the standard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import webgpu_array as xp

einops = pytest.importorskip("einops", reason="einops is not installed; the extra 'arrays' has it")
from einops import array_api  # noqa: E402

pytestmark = pytest.mark.any_limits

H = np.random.default_rng(0).standard_normal((2, 6, 4, 3)).astype("float32")

# What is computed by a module of einops from an array.
CASES: dict[str, Callable[[Any, Any], Any]] = {
    "rearrange": lambda e, a: e.rearrange(a, "b h w c -> (b h) c w"),
    "rearrange with lengths": lambda e, a: e.rearrange(a, "b (h h2) w c -> b h w (h2 c)", h2=2),
    "rearrange of a list": lambda e, a: e.rearrange([a[0, ...], a[1, ...]], "b h w c -> h w c b"),
    "reduce": lambda e, a: e.reduce(a, "b (h 3) (w 2) c -> b h w c", "mean"),
    "max": lambda e, a: e.reduce(a, "b h w c -> c", "max"),
    "min": lambda e, a: e.reduce(a, "b ... -> b", "min"),
    "prod": lambda e, a: e.reduce(a, "b h w c -> b h c", "prod"),
    "sum": lambda e, a: e.reduce(a, "b h w c -> ", "sum"),
    "repeat": lambda e, a: e.repeat(a, "b h w c -> b h (w 2) c k", k=3),
    "pack": lambda e, a: e.pack([a, a[:, :, 0, :]], "b * c")[0],
    "unpack": lambda e, a: e.unpack(a, [(2,), (4,)], "b * w c")[1],
}


@pytest.mark.parametrize("name", CASES)
def test_functions(device: Any, name: str) -> None:
    found, expected = CASES[name](array_api, xp.asarray(H, device=device)), CASES[name](einops, H)
    assert isinstance(found, xp.Tensor)
    assert found.device is device
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_without_a_copy_a_rearranged_tensor_is_a_view(device: Any) -> None:
    x = xp.asarray(H, device=device)
    assert array_api.rearrange(x, "b h w c -> c b h w").buffer is x.buffer


def test_the_module_itself_knows_other_arrays_only(device: Any) -> None:
    with pytest.raises(RuntimeError, match="Tensor type unknown to einops"):
        einops.rearrange(xp.asarray(H, device=device), "b h w c -> b c h w")
