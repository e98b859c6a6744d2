// What each chunk of each row of x comes to: an invocation per chunk, neighbours on neighbouring rows.
//
// x: (outer, length, inner) S, with any steps; out: (outer, n_chunks, inner) T, contiguous.
// Constants: WORKGROUP (1 to the device's limit), ITEMS (elements per chunk, at least 1), IS_FIRST (whether x is an
// operand of the plan, and so has an offset), IS_LAST (false).
// S, T, load(), combine(): declared by kernels/scan.py.
// uses: grid, scan

@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x: array<S>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let at = chunk_of(number);
    if (!at.is_inside) {
        return;
    }
    let begin = at.chunk * ITEMS;
    let end = min(begin + ITEMS, params.length);
    var total = load(x[place_in_x(at, begin)]);
    for (var i = begin + 1u; i < end; i++) {
        total = combine(total, load(x[place_in_x(at, i)]));
    }
    out[number] = total;
}
