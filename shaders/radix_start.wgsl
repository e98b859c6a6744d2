// Where the elements of each digit of each part of a row go in a pass of a radix sort: behind those of
// every lower digit, and behind those of the same digit in earlier parts.
//
// counts, offsets: (n_rows, n_parts, 256), contiguous; offsets are counted from the start of the row.
// A workgroup per row, an invocation per digit.
// uses: grid, workgroup_scan

struct Params {
    n_rows: u32,
    n_parts: u32,  // per row
}
@group(0) @binding(0) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

const WORKGROUP = 256u;
alias T = u32;

fn combine(a: T, b: T) -> T {
    return a + b;
}

// Those of four parts, 0 for parts beyond the last: four loads are on their way at a time.
fn counts_at(row: u32, part: u32, digit: u32) -> vec4<u32> {
    let parts = part + vec4<u32>(0u, 1u, 2u, 3u);
    let i = (row * params.n_parts + min(parts, vec4<u32>(params.n_parts - 1u))) * WORKGROUP + digit;
    let found = vec4<u32>(counts[i.x], counts[i.y], counts[i.z], counts[i.w]);
    return select(vec4<u32>(0u), found, parts < vec4<u32>(params.n_parts));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) digit: u32) {
    let row = workgroup_number(workgroup, count);
    let is_inside = row < params.n_rows;
    var sum = 0u;
    if (is_inside) {
        for (var part = 0u; part < params.n_parts; part += 4u) {
            let found = counts_at(row, part, digit);
            sum += found.x + found.y + found.z + found.w;
        }
    }
    var start = workgroup_scan(digit, sum) - sum;
    if (is_inside) {
        for (var part = 0u; part < params.n_parts; part += 4u) {
            let found = counts_at(row, part, digit);
            for (var i = 0u; i < 4u && part + i < params.n_parts; i++) {
                offsets[(row * params.n_parts + part + i) * WORKGROUP + digit] = start;
                start += found[i];
            }
        }
    }
}
