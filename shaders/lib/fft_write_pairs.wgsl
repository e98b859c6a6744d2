// Real and imaginary parts as elements 2k and 2k + 1 of a real out.

@group(0) @binding(0) var<storage, read_write> out: array<F>;

fn put(start: u32, position: u32, value: T) {
    let at = start + 2u * position * params.out_steps.y;
    out[at] = value.x;
    out[at + params.out_steps.y] = value.y;
}
