// What each chunk of each row of x comes to: a workgroup per chunk.
//
// x: (outer, length, inner) S, with any steps; out: (outer, n_chunks, inner) T, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), ITEMS (elements per invocation, at least 1),
// IS_FIRST (whether x is an operand of the plan, and so has an offset), IS_LAST (false).
// S, T, load(), combine(): declared by kernels/scan.py.
// uses: grid, scan, workgroup_scan

@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x: array<S>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let at = chunk_of(number);
    let chunk_begin = min(at.chunk * (WORKGROUP * ITEMS), params.length);
    let begin = min(chunk_begin + lane * ITEMS, params.length);
    let end = select(begin, min(begin + ITEMS, params.length), at.is_inside);
    var total: T;
    if (begin < end) {
        total = load(x[place_in_x(at, begin)]);
        for (var i = begin + 1u; i < end; i++) {
            total = combine(total, load(x[place_in_x(at, i)]));
        }
    }
    _ = workgroup_scan(lane, total);
    // Invocations beyond the row hold zeros, which must not be combined.
    let n_used = (min(params.length - chunk_begin, WORKGROUP * ITEMS) + ITEMS - 1u) / ITEMS;
    if (at.is_inside && lane + 1u == n_used) {
        out[(at.outer * params.n_chunks + at.chunk) * params.inner + at.inner] = scanned[lane];
    }
}
