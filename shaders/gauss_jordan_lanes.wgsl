// Inverses of matrices of order N ≤ 32: a group of LANES invocations per matrix, ROWS rows in the registers of each;
// MATRICES groups in a workgroup. Row i is that of lane i % LANES.
//
// Gauss-Jordan elimination in place with implicit row pivoting, four columns at a time, as lib/gauss_jordan_blocked.wgsl
// explains it. The four columns in work are always the first vector of each row: finished ones are appended at the back, so that
// after all steps they are in order again. In a step, only the pivot row's part of these four is passed around. When
// all four are done, the four pivot rows' other columns meet in workgroup memory, are brought to the state that
// they have when they are pivots, four columns per lane, and are added to the rows.
// A pivot is found as the largest of integers: leading bits of a magnitude, a row's number in the lowest five.
// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 14.4.
//
// x, inverse: (batch, N, N) T, in pieces of the library piece_*.
// Constants: T (real or complex, with parts F), N (1 to 32), LANES (a power of two to 32), ROWS (N / LANES, rounded up), MATRICES (at least 1),
// CHUNK (rows of the result in workgroup memory at a time, 1 to N), KEY_SHIFT (bits of F beyond 32).
// Libraries to choose from: lanes_subgroup or lanes_workgroup; lanes_store_pieces with piece_four, of complex numbers
// piece_pair, where a row is at most LANES whole pieces, or else lanes_store_columns with piece_one.
// uses: grid, condition

@group(0) @binding(0) var<storage, read> x: array<Piece>;
@group(0) @binding(1) var<storage, read_write> inverse: array<Piece>;

struct Params {
    batch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

const INVOCATIONS = LANES * MATRICES;
const FOURS = (N + 3u) / 4u;  // vectors of a row
const OTHERS = FOURS - 1u;  // those that are not in work
const UNUSED = 0xffffffffu;

// Four pivot rows, in two places by turns, so that no lane overwrites what another still reads; then rows of the result.
// Rows of the result are an odd number of vectors apart, and groups so that they are on different banks.
const PITCH = FOURS | 1u;
const ROOM = (max(max(8u * OTHERS, CHUNK * PITCH), LANES + 1u) + 7u) / 8u * 8u + LANES / 4u;
var<workgroup> shared_rows: array<Four, MATRICES * ROOM>;

// Vectors of a row that there is room for at a time from every lane, and one more against conflicts of banks.
const AT_ONCE = max(1u, min(FOURS, ROOM / (LANES + 1u)));

// scalars
var<private> a: array<array<Four, FOURS>, ROWS>;
// The step in which a row was the pivot.
// scalars
var<private> step_of: array<u32, ROWS>;

// The largest of one number per lane, all of its bits. A barrier follows.
fn largest_bits_of_group(own: Bits, invocation: u32) -> Bits {
    let high = largest_of_group(u32(own >> KEY_SHIFT), invocation);
    workgroupBarrier();
    if (KEY_SHIFT == 0u) {
        return Bits(high);
    }
    let low = largest_of_group(select(0u, u32(own & Bits(0xffffffffu)), u32(own >> KEY_SHIFT) == high), invocation);
    workgroupBarrier();
    return (Bits(high) << KEY_SHIFT) | Bits(low);
}

// The bits of the largest sum of magnitudes of the columns that this lane adds up, from sums over the rows of every
// lane; those of a NaN where an element of the lane's rows is not finite, of Inf where only a sum is not.
fn own_norm_bits(room: u32, lane: u32) -> Bits {
    var norm = Bits(0);
    var all = F(0);
    // unroll
    for (var first = 0u; first < FOURS; first += AT_ONCE) {
        // unroll
        for (var q = first; q < min(first + AT_ONCE, FOURS); q++) {
            var sum = moduli(a[0][q]);
            // unroll
            for (var r = 1u; r < ROWS; r++) {
                sum += moduli(a[r][q]);
            }
            all += (sum.x + sum.y) + (sum.z + sum.w);
            shared_rows[room + (q - first) * (LANES + 1u) + lane] = four_of(sum);
        }
        workgroupBarrier();
        for (var j = lane; j < 4u * min(AT_ONCE, FOURS - first); j += LANES) {
            var sum = F(0);
            for (var i = 0u; i < LANES; i++) {
                sum += real_part(shared_rows[room + j / 4u * (LANES + 1u) + i][j % 4u]);
            }
            norm = max(norm, magnitude_bits(sum));
        }
        workgroupBarrier();
    }
    if (!is_finite(all)) {
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            // unroll
            for (var i = 0u; i < N; i++) {
                if (!all_finite(a[r][i / 4u][i % 4u])) {
                    norm = magnitude_bits(make_nan(params.zero));
                }
            }
        }
    }
    return norm;
}

// Of the CHUNK rows of the result that begin with `first` those that the lane has, into workgroup memory.
fn put_in_order(first: u32, room: u32) {
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        if (step_of[r] - first < CHUNK) {
            // unroll
            for (var q = 0u; q < FOURS; q++) {
                shared_rows[room + (step_of[r] - first) * PITCH + q] = a[r][q];
            }
        }
    }
}

@compute @workgroup_size(INVOCATIONS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) invocation: u32) {
    let group = invocation / LANES;
    let lane = invocation % LANES;
    let matrix = workgroup_number(workgroup, count) * MATRICES + group;
    let exists = matrix < params.batch;
    // What is beyond the batch works on the first matrix, and keeps it to itself. Rows and columns beyond the order are zero.
    let base = select(0u, matrix, exists) * N * N;
    let room = group * ROOM;

    // scalars
    var open: array<u32, ROWS>;  // the bits that count in a pivot search, none for a row that was one
    // scalars
    var scale: array<T, ROWS>;
    // scalars
    var number: array<u32, ROWS>;  // 31 - the row's number, 0 for one that was a pivot
    // unroll
    for (var r = 0u; r < ROWS; r++) {
        let is_row = lane + r * LANES < N;
        let row = lane + r * LANES;
        // unroll
        for (var q = 0u; q < FOURS; q++) {
            // unroll
            for (var k = 0u; k < 4u; k += PIECE) {
                if (is_row && 4u * q + k < N) {
                    let piece = load_piece((base + row * N + 4u * q + k) / PIECE);
                    // unroll
                    for (var m = 0u; m < PIECE; m++) {
                        a[r][q][k + m] = piece[m];
                    }
                }
            }
        }
        open[r] = select(0u, 0x7fffffe0u, is_row);
        number[r] = select(0u, 31u - row, is_row);
        step_of[r] = UNUSED;
    }
    let norm = largest_bits_of_group(own_norm_bits(room, lane), invocation);

    var zero_pivot = 0u;
    for (var panel = 0u; panel < FOURS; panel++) {
        // scalars
        var forward: array<array<T, 4>, 4>;  // f[s, t] of the four pivot rows
        // unroll
        for (var s = 0u; s < 4u; s++) {
            if (N % 4u == 0u || 4u * panel + s < N) {
                // Of open rows only row 31, the last of its lane, can have a key of 0.
                var own = Choice(0u, a[ROWS - 1u][0]);
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    let key = (u32(magnitude_bits(size_of(a[r][0][s])) >> KEY_SHIFT) & open[r]) | number[r];
                    own.row = select_four(own.row, a[r][0], key > own.key);
                    own.key = max(own.key, key);
                }
                let choice = choose(own, invocation);
                let pivot = 31u - (choice.key & 31u);
                let pivot_row = choice.row;
                // The key has lost digits, so the value tells whether it is zero.
                if (magnitude_bits(size_of(pivot_row[s])) == Bits(0) && zero_pivot == 0u) {
                    zero_pivot = 4u * panel + s + 1u;
                }
                let inverse_pivot = reciprocal(pivot_row[s]);
                // unroll
                for (var t = 0u; t < s; t++) {
                    forward[s][t] = pivot_row[t];
                }
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    // The pivot row stays as it is in its own step; its earlier factors bring it forward in the update.
                    let is_pivot = pivot == lane + r * LANES;
                    let factor = select(-times(a[r][0][s], inverse_pivot), T(), is_pivot);
                    a[r][0][s] = factor;
                    // unroll
                    for (var t = s + 1u; t < 4u; t++) {
                        a[r][0][t] = plus_product(a[r][0][t], factor, pivot_row[t]);
                    }
                    scale[r] = select(scale[r], inverse_pivot, is_pivot);
                    step_of[r] = select(step_of[r], 4u * panel + s, is_pivot);
                    open[r] = select(open[r], 0u, is_pivot);
                    number[r] = select(number[r], 0u, is_pivot);
                }
            }
        }

        let place = room + panel % 2u * 4u * OTHERS;
        if (OTHERS > 0u) {
            // unroll
            for (var r = 0u; r < ROWS; r++) {
                let s = step_of[r] - 4u * panel;
                if (s < 4u) {
                    // unroll
                    for (var q = 1u; q < FOURS; q++) {
                        shared_rows[place + s * OTHERS + q - 1u] = a[r][q];
                    }
                }
            }
            workgroupBarrier();
            for (var q = lane; q < OTHERS; q += LANES) {
                // scalars
                var u: array<Four, 4>;
                // unroll
                for (var s = 0u; s < 4u; s++) {
                    if (N % 4u == 0u || 4u * panel + s < N) {
                        u[s] = shared_rows[place + s * OTHERS + q];
                    }
                    // unroll
                    for (var t = 0u; t < s; t++) {
                        u[s] = plus_multiple(u[s], forward[s][t], u[t]);
                    }
                    if (s > 0u) {
                        shared_rows[place + s * OTHERS + q] = u[s];
                    }
                }
            }
            workgroupBarrier();
        }

        // scalars
        var factors: array<Four, ROWS>;
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            factors[r] = a[r][0];
        }
        // unroll
        for (var q = 1u; q < FOURS; q++) {
            // unroll
            for (var r = 0u; r < ROWS; r++) {
                a[r][q - 1u] = a[r][q];
            }
            // unroll
            for (var s = 0u; s < 4u; s++) {
                let u = shared_rows[place + s * OTHERS + q - 1u];
                // unroll
                for (var r = 0u; r < ROWS; r++) {
                    a[r][q - 1u] = plus_multiple(a[r][q - 1u], factors[r][s], u);
                }
            }
        }

        // The same for the pivot rows' four columns in work, which were those of the identity.
        // unroll
        for (var s = 1u; s < 4u; s++) {
            // unroll
            for (var t = 0u; t < s; t++) {
                // unroll
                for (var i = t + 1u; i < s; i++) {
                    forward[s][t] = plus_product(forward[s][t], forward[s][i], forward[i][t]);
                }
            }
        }
        // unroll
        for (var r = 0u; r < ROWS; r++) {
            // unroll
            for (var t = 0u; t < 4u; t++) {
                a[r][FOURS - 1u][t] = factors[r][t] + select(T(), one(), step_of[r] == 4u * panel + t);
                // unroll
                for (var s = t + 1u; s < 4u; s++) {
                    a[r][FOURS - 1u][t] = plus_product(a[r][FOURS - 1u][t], factors[r][s], forward[s][t]);
                }
            }
        }
    }

    // unroll
    for (var r = 0u; r < ROWS; r++) {
        // unroll
        for (var q = 0u; q < FOURS; q++) {
            a[r][q] = multiple(a[r][q], scale[r]);
        }
    }
    let finite = !is_nan(from_magnitude_bits(norm));
    let singular = finite && zero_pivot != 0u;
    let has_inverse = finite && !singular;
    let own_inverse_norm = store(exists, base, room, lane, has_inverse, nan_number(params.zero));
    let inverse_norm = largest_bits_of_group(own_inverse_norm, invocation);
    if (exists && lane == 0u) {
        let condition = select(make_nan(params.zero), reciprocal_condition(norm, inverse_norm, singular), finite);
        report(matrix, select(0u, zero_pivot, singular), condition);
    }
}
