// Combines each chunk of each row of x: LANES neighbouring invocations per chunk, in a tree.
//
// x: (n_rows, n_cols) S, with any steps; out: (n_rows, n_chunks) R, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), LANES (a power of two up to WORKGROUP), CHUNK
// (elements per chunk), IS_FIRST, IS_LAST (whether x and out are operands of the plan, and so have an offset).
// S, R, State, load(), store(), join(), identity(): declared by kernels/reduce.py.
// uses: grid, reduction_chunk, reduction_tree

@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * (WORKGROUP / LANES) + lane / LANES;
    let row = number / params.n_chunks;
    let first = (number % params.n_chunks) * CHUNK;
    let last = select(first, min(first + CHUNK, params.n_cols), row < params.n_rows);
    let base = row_start(row);
    let step = params.col_step;
    var state = identity();
    var column = first + lane % LANES;
    // Loads that do not wait for each other keep the memory busy.
    for (; column + 3u * LANES < last; column += 4u * LANES) {
        let a = load(x[base + column * step]);
        let b = load(x[base + (column + LANES) * step]);
        let c = load(x[base + (column + 2u * LANES) * step]);
        let d = load(x[base + (column + 3u * LANES) * step]);
        state = join(state, join(join(a, b), join(c, d)));
    }
    for (; column < last; column += LANES) {
        state = join(state, load(x[base + column * step]));
    }
    let total = joined(lane, state);
    if (lane % LANES == 0u && row < params.n_rows) {
        out[out_start() + number] = store(total);
    }
}
