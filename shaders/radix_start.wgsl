// Where the elements of each digit of each part of a row go in a pass of a radix sort: behind those of
// every lower digit, and behind those of the same digit in earlier parts.
//
// counts, offsets: (n_rows, n_parts, 256), contiguous; offsets are counted from the start of the row.
// A workgroup per row, an invocation per digit.
// uses: grid, exclusive_scan

struct Params {
    n_rows: u32,
    n_parts: u32,  // per row
}
@group(0) @binding(0) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

const LANES = 256u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) digit: u32) {
    let row = workgroup_number(workgroup, count);
    let is_inside = row < params.n_rows;
    let base = row * params.n_parts * LANES + digit;
    var sum = 0u;
    if (is_inside) {
        for (var part = 0u; part < params.n_parts; part++) {
            sum += counts[base + part * LANES];
        }
    }
    var start = exclusive_scan(digit, sum);
    if (is_inside) {
        for (var part = 0u; part < params.n_parts; part++) {
            offsets[base + part * LANES] = start;
            start += counts[base + part * LANES];
        }
    }
}
