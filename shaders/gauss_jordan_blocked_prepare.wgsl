// First pass of the blocked inverse: a copy to work on, and what each column holds.
//
// One invocation per column of the batch. x, work: (batch, n, n) T; column_sum, column_max:
// (batch, n) bits of the sum and of the largest of the magnitudes; step_of: (batch, n) u32, all
// unused; zero_pivot: (batch), all 0.
// Constants: T (f32, f64), WORKGROUP (1 to the device's limit).
// uses: grid, gauss_jordan_blocked

@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> work: array<T>;
@group(0) @binding(2) var<storage, read_write> column_sum: array<Bits>;
@group(0) @binding(3) var<storage, read_write> column_max: array<Bits>;
@group(0) @binding(4) var<storage, read_write> step_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> zero_pivot: array<u32>;

struct Params {
    n: u32,
    batch: u32,
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let n = params.n;
    if (i >= params.batch * n) {
        return;
    }
    let matrix = i / n;
    let column = i % n;
    var sum = T(0);
    var largest = Bits(0);
    for (var row = 0u; row < n; row++) {
        let at = (matrix * n + row) * n + column;
        let element = x[at];
        work[at] = element;
        sum += abs(element);
        largest = max(largest, magnitude_bits(element));
    }
    column_sum[i] = magnitude_bits(sum);
    column_max[i] = largest;
    step_of[i] = UNUSED;
    if (column == 0u) {
        zero_pivot[matrix] = 0u;
    }
}
