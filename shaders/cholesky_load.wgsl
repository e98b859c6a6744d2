// One triangle of every matrix as the upper one of a larger matrix, filled up with an identity.
//
// A square of SIDE by SIDE elements per workgroup; those below the diagonal have nothing to do. x: (batch, n, n);
// work: (batch, ld, ld), whose lower triangle comes to hold anything.
// Constants: T (real or complex), UPPER (which triangle of x is read; of the lower one, conjugated), SIDE (a divisor of ld; SIDE (SIDE + 1)
// elements of workgroup memory), WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> work: array<T>;
@group(0) @binding(1) var<storage, read> x: array<T>;

var<workgroup> square: array<array<T, SIDE + 1>, SIDE>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let ld = params.ld;
    let across = ld / SIDE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across / across;
    let first_row = number / across % across * SIDE;
    let first_column = number % across * SIDE;
    if (matrix >= params.batch || first_column < first_row) {
        return;
    }
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        // In the order in which x lies.
        let i = first_row + select(e % SIDE, e / SIDE, UPPER);
        let j = first_column + select(e / SIDE, e % SIDE, UPPER);
        var value = of_real(select(F(0), F(1), i == j));
        if (i < n && j < n) {
            value = x[(matrix * n + select(j, i, UPPER)) * n + select(i, j, UPPER)];
            if (i == j) {
                value = of_real(real_part(value));
            } else if (!UPPER) {
                value = conjugate(value);
            }
        }
        square[i - first_row][j - first_column] = value;
    }
    workgroupBarrier();
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        work[(matrix * ld + first_row + e / SIDE) * ld + first_column + e % SIDE] = square[e / SIDE][e % SIDE];
    }
}
