// The factor out of the larger matrix that it was computed in, and zeros in the other triangle.
//
// A square of SIDE by SIDE elements per workgroup. work: (batch, ld, ld) with U in the upper triangle; out: (batch, n, n).
// Constants: T (real or complex), UPPER (whether out is U, or else Uᴴ), SIDE (SIDE (SIDE + 1) elements of workgroup memory),
// WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read_write> out: array<T>;

var<workgroup> square: array<array<T, SIDE + 1>, SIDE>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let across = (n + SIDE - 1u) / SIDE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across / across;
    if (matrix >= params.batch) {
        return;
    }
    // Of U.
    let first_row = number / across % across * SIDE;
    let first_column = number % across * SIDE;
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        let i = first_row + e / SIDE;
        let j = first_column + e % SIDE;
        var value = T();
        if (i <= j && j < n) {
            value = work[(matrix * params.ld + i) * params.ld + j];
        }
        square[e / SIDE][e % SIDE] = value;
    }
    workgroupBarrier();
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        // In the order in which out lies.
        let r = select(e % SIDE, e / SIDE, UPPER);
        let c = select(e / SIDE, e % SIDE, UPPER);
        let i = first_row + r;
        let j = first_column + c;
        if (i < n && j < n) {
            if (UPPER) {
                out[(matrix * n + i) * n + j] = square[r][c];
            } else {
                out[(matrix * n + j) * n + i] = conjugate(square[r][c]);
            }
        }
    }
}
