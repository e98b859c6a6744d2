// Combines each chunk of each row of x: an invocation per chunk, neighbours on neighbouring
// rows, so that reads are coalesced where rows are neighbours in memory.
//
// x: (n_rows, n_cols) S, with any steps; out: (n_chunks, n_rows) R, contiguous.
// Constants: WORKGROUP (1 to the device's limit), CHUNK (elements per chunk), IS_FIRST,
// IS_LAST (whether x and out are operands of the plan, and so have an offset).
// S, R, State, load(), store(), join(), identity(): declared by kernels/reduce.py.
// uses: grid, reduction_chunk

@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let row = number % params.n_rows;
    let chunk = number / params.n_rows;
    if (chunk >= params.n_chunks) {
        return;
    }
    let last = min((chunk + 1u) * CHUNK, params.n_cols);
    let base = row_start(row);
    let step = params.col_step;
    var state = identity();
    var column = chunk * CHUNK;
    // Loads that do not wait for each other keep the memory busy.
    for (; column + 8u <= last; column += 8u) {
        let at = base + column * step;
        let a = load(x[at]);
        let b = load(x[at + step]);
        let c = load(x[at + 2u * step]);
        let d = load(x[at + 3u * step]);
        let e = load(x[at + 4u * step]);
        let f = load(x[at + 5u * step]);
        let g = load(x[at + 6u * step]);
        let h = load(x[at + 7u * step]);
        state = join(state, join(join(join(a, b), join(c, d)), join(join(e, f), join(g, h))));
    }
    for (; column < last; column++) {
        state = join(state, load(x[base + column * step]));
    }
    out[out_start() + number] = store(state);
}
