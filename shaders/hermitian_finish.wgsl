// The inverse out of the larger matrix that it was computed in, on both sides of the diagonal; and sums of the magnitudes in the
// columns of both matrices.
//
// A square of SIDE by SIDE elements per workgroup, and its mirror image; those below the diagonal have nothing to do.
// x: (batch, n, n), of which the lower triangle is read; work: (batch, ld, ld) with the inverse, negated, in the upper triangle;
// inverse: (batch, n, n); matrix_shares, inverse_shares: (batch, n / SIDE rounded up, n) bits of sums within a square, of one of x
// that holds NaN or Inf a NaN.
// Constants: T (real or complex, with parts F), SIDE (SIDE (SIDE + 1) elements of workgroup memory), WORKGROUP (2 SIDE to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> inverse: array<T>;
@group(0) @binding(3) var<storage, read_write> matrix_shares: array<Bits>;
@group(0) @binding(4) var<storage, read_write> inverse_shares: array<Bits>;

var<workgroup> square: array<array<T, SIDE + 1>, SIDE>;

fn magnitude(value: T) -> F {
    return select(modulus(value), make_nan(params.zero), holds_nan(value) || holds_inf(value));
}

// The sum of a column of the square, for the lane of that number, or of a row, for lanes from SIDE on.
fn sum_of(lane: u32) -> Bits {
    var sum = F(0);
    for (var i = 0u; i < SIDE; i++) {
        if (lane < SIDE) {
            sum += magnitude(square[i][lane]);
        } else {
            sum += magnitude(square[lane - SIDE][i]);
        }
    }
    return magnitude_bits(sum);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let across = (n + SIDE - 1u) / SIDE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / across / across;
    let row_square = number / across % across;
    let column_square = number % across;
    let first_row = row_square * SIDE;
    let first_column = column_square * SIDE;
    if (matrix >= params.batch || first_column < first_row) {
        return;
    }
    // Columns j of the square for one half of the lanes, its rows i, which are columns of the mirror image, for the other.
    let own = select(first_row + lane - SIDE, first_column + lane, lane < SIDE);
    let share = select((matrix * across + column_square) * n, (matrix * across + row_square) * n, lane < SIDE) + own;
    let has_sum = own < n && lane < select(2u * SIDE, SIDE, first_row == first_column);
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        let i = first_row + e % SIDE;
        let j = first_column + e / SIDE;
        var value = T();
        if (i < n && j < n) {
            value = x[(matrix * n + max(i, j)) * n + min(i, j)];
            if (i == j) {
                value = of_real(real_part(value));
            }
        }
        square[e % SIDE][e / SIDE] = value;
    }
    workgroupBarrier();
    if (has_sum) {
        matrix_shares[share] = sum_of(lane);
    }
    workgroupBarrier();
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        let i = first_row + e / SIDE;
        let j = first_column + e % SIDE;
        var value = T();
        if (i < n && j < n) {
            value = minus(T(), work[(matrix * params.ld + min(i, j)) * params.ld + max(i, j)]);
            if (i == j) {
                value = of_real(real_part(value));
            } else if (i > j) {
                value = conjugate(value);
            }
            inverse[(matrix * n + i) * n + j] = value;
        }
        square[e / SIDE][e % SIDE] = value;
    }
    workgroupBarrier();
    if (has_sum) {
        inverse_shares[share] = sum_of(lane);
    }
    for (var e = lane; e < SIDE * SIDE; e += WORKGROUP) {
        let i = first_row + e % SIDE;
        let j = first_column + e / SIDE;
        if (first_row < first_column && i < n && j < n) {
            inverse[(matrix * n + j) * n + i] = conjugate(square[e % SIDE][e / SIDE]);
        }
    }
}
