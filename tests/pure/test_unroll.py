"""Loops and arrays of shaders that are written out."""

from __future__ import annotations

import pytest

from webgpu_array.unroll import unrolled


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_text_without_marks_stays_as_it_is() -> None:
    text = "for (var i = 0u; i < 3u; i++) { a[i] = 0; }"
    assert unrolled("f", text) == text


def test_a_loop_becomes_a_block_per_pass() -> None:
    text = "const N: u32 = 6u;\n// unroll\nfor (var i = 1u; i < N / 2u; i++) { x += f(i, ij); }"
    assert squeezed(unrolled("f", text)) == "const N: u32 = 6u; { x += f(1u, ij); } { x += f(2u, ij); }"


def test_loops_nest_and_inner_bounds_may_depend_on_outer_ones() -> None:
    text = """
// unroll
for (var i = 0u; i < 2u; i++) {
    // unroll
    for (var j = i; j < 4u; j += 2u) { g(i, j); }
}"""
    assert squeezed(unrolled("f", text)) == "{ { g(0u, 0u); } { g(0u, 2u); } } { { g(1u, 1u); } { g(1u, 3u); } }"


def test_an_array_becomes_variables() -> None:
    text = """const R: u32 = 2u;
fn main() {
    // scalars
    var a: array<array<vec4<T>, 2>, R>;
    // unroll
    for (var i = 0u; i < R; i++) { a[i][1u - i].x = b[i]; }
}
fn other() { a[5] = 1; }"""
    assert squeezed(unrolled("f", text)) == squeezed("""const R: u32 = 2u;
fn main() {
    var a_0 = vec4<T>(); var a_1 = vec4<T>(); var a_2 = vec4<T>(); var a_3 = vec4<T>();
    { a_1.x = b[0u]; } { a_2.x = b[1u]; }
}
fn other() { a[5] = 1; }""")


def test_a_private_array_is_replaced_in_every_function() -> None:
    text = "fn f() { a[0] = 1; }\n// scalars\nvar<private> a: array<f32, 2>;\nfn g() { a[1] = 2; }"
    assert squeezed(unrolled("f", text)) == squeezed(
        "fn f() { a_0 = 1; } var<private> a_0 = f32(); var<private> a_1 = f32(); fn g() { a_1 = 2; }"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("// unroll\nfor (var i = 0u; i < n; i++) { }", "f: 'n' is not a constant of whole numbers"),
        ("// unroll\nfor (var i = 0u; i < 2u; i++) { break; }", "f: a loop over i that is to be unrolled must not break"),
        ("{\n// scalars\nvar a: array<f32, 2>;\nb = a;\na[i] = 0; }", "f: 'i' is not a constant of whole numbers"),
        ("{\n// scalars\nvar a: array<f32, 2>;\na[2u] = 0; }", "f: a has no element 2, there are 2"),
        ("{\n// scalars\nvar a: array<array<f32, 2>, 2>;\na[1u] = b; }", "f: a is declared as scalars, but used whole"),
    ],
)
def test_what_cannot_be_written_out_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(")):
        unrolled("f", text)
