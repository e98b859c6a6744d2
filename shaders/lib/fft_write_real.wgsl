// Real parts as the elements of a real out, as far as it goes.

@group(0) @binding(0) var<storage, read_write> out: array<F>;

fn put(start: u32, position: u32, value: T) {
    if (position < params.out_length) {
        out[start + position * params.out_steps.y] = value.x;
    }
}
