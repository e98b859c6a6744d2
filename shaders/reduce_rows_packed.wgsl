// Combines each chunk of each row of x, whose columns are neighbours in memory: reads four elements at a time.
//
// x: (n_rows, n_cols) S, four to each vector, the row beginning anywhere; out: (n_rows, n_chunks) R, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), LANES (a power of two up to WORKGROUP: the
// invocations per chunk), CHUNK (elements per chunk), IS_FIRST (true), IS_LAST (whether out is an operand of the
// plan, and so has an offset).
// S, R, State, load(), store(), join(), combine(), lift(), value(), identity(): declared by kernels/reduce.py.
// uses: grid, reduction_chunk, reduction_tree

@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<vec4<S>>;

fn four(q: vec4<S>) -> T {
    return combine(combine(value(q.x), value(q.y)), combine(value(q.z), value(q.w)));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * (WORKGROUP / LANES) + lane / LANES;
    let row = number / params.n_chunks;
    let column = (number % params.n_chunks) * CHUNK;
    let n = select(0u, min(CHUNK, params.n_cols - column), row < params.n_rows);
    // Elements and vectors of the binding: the chunk may begin and end within a vector.
    let begin = row_start(row) + column;
    let end = begin + n;
    let last = (end + 3u) / 4u;
    var i = begin / 4u + lane % LANES;
    var state = identity();
    if (4u * i < begin && i < last) {
        state = join(state, within(x[i], i, begin, end));
        i += LANES;
    }
    // Up to sixteen elements are combined plainly, which costs two bits at most; from there on errors are kept.
    for (; 4u * (i + 3u * LANES) + 4u <= end; i += 4u * LANES) {
        let a = x[i];
        let b = x[i + LANES];
        let c = x[i + 2u * LANES];
        let d = x[i + 3u * LANES];
        state = join(state, lift(combine(combine(four(a), four(b)), combine(four(c), four(d)))));
    }
    for (; 4u * i + 4u <= end; i += LANES) {
        state = join(state, lift(four(x[i])));
    }
    for (; i < last; i += LANES) {
        state = join(state, within(x[i], i, begin, end));
    }
    let total = joined(lane, state);
    if (lane % LANES == 0u && row < params.n_rows) {
        out[out_start() + number] = store(total);
    }
}

// The elements of vector i that are between `begin` and `end`.
fn within(q: vec4<S>, i: u32, begin: u32, end: u32) -> State {
    var state = identity();
    for (var c = 0u; c < 4u; c++) {
        if (4u * i + c >= begin && 4u * i + c < end) {
            state = join(state, load(q[c]));
        }
    }
    return state;
}
