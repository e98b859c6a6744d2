// V pinv(Sigma) U^H, of which U Sigma and V are known: an invocation per element.
//
// out: (batch, n, m). columns: (batch, n, m + n), in the first m
// rows those of U Sigma, below them those of V; norms: (batch, n) the singular values, by jacobi_norms; scale:
// (batch,) of jacobi_scale; rtol: (batch,), singular values up to rtol times the largest count as zero.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> columns: array<T>;
@group(0) @binding(2) var<storage, read> norms: array<F>;
@group(0) @binding(3) var<storage, read> scale: array<F>;
@group(0) @binding(4) var<storage, read> rtol: array<F>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count) * WORKGROUP + lane;
    let size = params.m * params.n;
    let matrix = id / size;
    if (matrix >= params.batch) {
        return;
    }
    let row = id % size / params.m;
    let column = id % params.m;
    let start = matrix * params.n;
    var largest = F(0);
    for (var k = start; k < start + params.n; k++) {
        largest = max(largest, norms[k]);
    }
    let cutoff = max(rtol[matrix], F(0)) * largest;
    var sum = T();
    for (var k = start; k < start + params.n; k++) {
        let value = norms[k];
        if (value > cutoff) {
            // Divided twice: the square could underflow.
            let left = columns[k * (params.m + params.n) + column] / value;
            let right = columns[k * (params.m + params.n) + params.m + row] / value;
            sum += times(right, conjugate(left));
        }
    }
    out[id] = sum * scale[matrix];
}
