// out = V pinv(Sigma) transpose(U), of which W = U Sigma is known: an invocation per element.
//
// out: (batch, n, m), or (batch, m, n) where TRANSPOSED. w: (batch, n, m), v: (batch, n, n), by
// columns; sigma: (batch, n) of jacobi_norms; scale: (batch,) of jacobi_scale; rtol: (batch,),
// singular values up to rtol times the largest count as zero.
// Constants: T (f32, f64), TRANSPOSED (bool), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> w: array<T>;
@group(0) @binding(2) var<storage, read> v: array<T>;
@group(0) @binding(3) var<storage, read> sigma: array<T>;
@group(0) @binding(4) var<storage, read> scale: array<T>;
@group(0) @binding(5) var<storage, read> rtol: array<T>;

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
    var largest = T(0);
    for (var k = 0u; k < params.n; k++) {
        largest = max(largest, sigma[matrix * params.n + k]);
    }
    let cutoff = max(rtol[matrix], T(0)) * largest;
    var sum = T(0);
    for (var k = 0u; k < params.n; k++) {
        let value = sigma[matrix * params.n + k];
        if (value > cutoff) {
            // Divided twice: the square could underflow.
            let u = w[(matrix * params.n + k) * params.m + column] / value;
            sum += v[(matrix * params.n + k) * params.n + row] / value * u;
        }
    }
    var at = id;
    if (TRANSPOSED) {
        at = matrix * size + column * params.n + row;
    }
    out[at] = sum * scale[matrix];
}
