// Scans each chunk of each row of x, beginning with what all chunks before it come to: a workgroup per chunk.
//
// x: (outer, length, inner) S, out: the same R, both with any steps; prefix: (outer, n_chunks, inner) T, contiguous, the
// scan of the chunks' totals. A row is what lies along the middle axis.
// Constants: WORKGROUP (a power of two up to the device's limit), ITEMS (elements per invocation, at least 1),
// IS_FIRST, IS_LAST (whether x and out are operands of the plan, and so have an offset), HAS_PREFIX.
// S, T, R, load(), store(), combine(): declared by kernels/scan.py.
// Source: S. Sengupta, M. Harris, Y. Zhang, J. D. Owens, Scan primitives for GPU computing (2007), with one level of
// blocks that are scanned by reduce-then-scan.
// uses: grid, scan, workgroup_scan

@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(0) @binding(2) var<storage, read> prefix: array<T>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let at = chunk_of(workgroup_number(workgroup, count));
    let begin = min(at.chunk * (WORKGROUP * ITEMS) + lane * ITEMS, params.length);
    let end = select(begin, min(begin + ITEMS, params.length), at.is_inside);

    // Neighbouring elements are one invocation's own; its first one is what it begins with.
    var total: T;
    if (begin < end) {
        total = load(x[place_in_x(at, begin)]);
        for (var i = begin + 1u; i < end; i++) {
            total = combine(total, load(x[place_in_x(at, i)]));
        }
    }
    // Invocations beyond the row hold zeros, but stand to the right of all others.
    _ = workgroup_scan(lane, total);
    if (begin >= end) {
        return;
    }
    var value: T;
    let is_begun = lane > 0u || (HAS_PREFIX && at.chunk > 0u);
    if (lane > 0u) {
        value = scanned[lane - 1u];
    }
    if (HAS_PREFIX && at.chunk > 0u) {
        let before = prefix[(at.outer * params.n_chunks + at.chunk - 1u) * params.inner + at.inner];
        if (lane > 0u) {
            value = combine(before, value);
        } else {
            value = before;
        }
    }
    // Each result is what came before and a sum of its own, which keeps rounding errors apart.
    var own: T;
    for (var i = begin; i < end; i++) {
        let element = load(x[place_in_x(at, i)]);
        if (i == begin) {
            own = element;
        } else {
            own = combine(own, element);
        }
        var result = own;
        if (is_begun) {
            result = combine(value, own);
        }
        out[place_in_out(at, i)] = store(result);
    }
}
