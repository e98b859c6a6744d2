"""Quotients and roots of float32 as rough as WGSL allows them to be, where a software adapter rounds correctly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from webgpu_array import shader

# By file, what to make rough.
_PLACES = {
    "lib/close_scalars": ("F(1) / b", "a / b", "sqrt(x)", "F(0.5) / root"),
    "jacobi_rotate": (
        "sqrt(max(first, F(0)))",
        "sqrt(max(second, F(0)))",
        "size / (first_norm * second_norm)",
        "(second - first) / (F(2) * beside.size)",
        "F(1) / (abs(zeta) + sqrt(F(1) + zeta * zeta))",
        "tangent / sqrt(F(1) + tangent * tangent)",
    ),
}

# Up to 2.5 units in the last place too much or too little, by a hash of the bits.
_ROUGH = """
fn rough(x: f32) -> f32 {
    var hash = bitcast<u32>(x) * 2654435761u;
    hash = (hash ^ (hash >> 15u)) * 2246822507u;
    return x + x * (f32(i32((hash >> 13u) % 5u) - 2) * 0.000000059604645);
}
"""


@contextmanager
def rough_arithmetic() -> Iterator[None]:
    """Shaders loaded here divide and take roots roughly, in the places above. For a device of the test's own: others keep pipelines."""
    read = shader.read

    def made_rough(file: str) -> str:
        text = read(file)
        for place in _PLACES.get(file, ()):
            assert place in text, (file, place)
            text = text.replace(place, f"rough({place})")
        return text + _ROUGH if file == "lib/close_scalars" else text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shader, "read", made_rough)
        shader.load.cache_clear()
        shader.assemble.cache_clear()
        try:
            yield
        finally:
            shader.load.cache_clear()
            shader.assemble.cache_clear()
