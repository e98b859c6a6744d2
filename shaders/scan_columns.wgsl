// Scans each chunk of each row of x, beginning with what all chunks before it come to: an invocation per chunk,
// neighbours on neighbouring rows, so that reads are coalesced where rows are neighbours in memory.
//
// x: (outer, length, inner) S, out: the same R, both with any steps; prefix: (outer, n_chunks, inner) T, contiguous, the
// scan of the chunks' totals. A row is what lies along the middle axis.
// Constants: WORKGROUP (1 to the device's limit), ITEMS (elements per chunk, at least 1), IS_FIRST, IS_LAST (whether
// x and out are operands of the plan, and so have an offset), HAS_PREFIX.
// S, T, R, load(), store(), combine(): declared by kernels/scan.py.
// uses: grid, scan

@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(0) @binding(2) var<storage, read> prefix: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let at = chunk_of(workgroup_number(workgroup, count) * WORKGROUP + lane);
    if (!at.is_inside) {
        return;
    }
    let begin = at.chunk * ITEMS;
    let end = min(begin + ITEMS, params.length);
    let is_begun = HAS_PREFIX && at.chunk > 0u;
    var before: T;
    if (is_begun) {
        before = prefix[(at.outer * params.n_chunks + at.chunk - 1u) * params.inner + at.inner];
    }
    var own = load(x[place_in_x(at, begin)]);
    for (var i = begin; i < end; i++) {
        if (i > begin) {
            own = combine(own, load(x[place_in_x(at, i)]));
        }
        var result = own;
        if (is_begun) {
            result = combine(before, own);
        }
        out[place_in_out(at, i)] = store(result);
    }
}
