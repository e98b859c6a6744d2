// The rotations that make small Hermitian matrices diagonal, or more so: a workgroup per pair of blocks
// that meet in a round. Each rotation makes one element and its mirror image zero.
//
// turn: (batch, pairs, 2, ORDER, ORDER): the product of the rotations, to be multiplied from the right, and what
// they make of the small matrix. is_turned: (batch, pairs) 0 where nothing was rotated. rotated: (batch,) becomes
// 1 where something was that asks for another sweep. source: where GRAM, the scalar products of jacobi_gram, else
// (batch, n, height), of whose first n rows the small matrices are cut out. unfinished: (batch,) 0 for matrices
// that are left alone, so that no result depends on its neighbours in the batch.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), GRAM (bool), ORDER (even, columns of two
// blocks), SWEEPS (the most to make), WORKGROUP (at least (ORDER / 2)²), EPSILON_EXPONENT (2^-EPSILON_EXPONENT is
// F's epsilon), FLOOR_EXPONENT (columns shorter than 2^-FLOOR_EXPONENT count as zero: their scalar products may
// not be safe from underflow).
// Source: Golub and Van Loan, Matrix Computations, 4th ed., 8.5; Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13
// (1992) 1204-1245, for when to rotate columns; the rotation in Rutishauser's form, which keeps lengths better
// than one with its cosine rounded.
// uses: grid, jacobi_pairs

struct Params {
    batch: u32,
    pairs: u32,
    round: u32,
    parts: u32,   // sums that make up a scalar product
    m: u32,
    n: u32,
    height: u32,
    rounds: u32,  // ORDER - 1, in which all columns meet, or ORDER / 2, in which those of one block meet the other's
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> turn: array<T>;
@group(0) @binding(1) var<storage, read_write> is_turned: array<u32>;
@group(0) @binding(2) var<storage, read_write> rotated: array<atomic<i32>>;
@group(0) @binding(3) var<storage, read> source: array<T>;
@group(0) @binding(4) var<storage, read> unfinished: array<i32>;

const HALF = ORDER / 2u;
const SIZE = ORDER * ORDER;
// What a pair did in a sweep.
const ROTATED = 1u;
const ASKS_FOR_MORE = 2u;

var<workgroup> small: array<T, SIZE>;
var<workgroup> product: array<T, SIZE>;
// Of each pair's rotation: its sine with a direction, 1 minus its cosine, and what moves along the diagonal.
var<workgroup> sines: array<T, HALF>;
var<workgroup> lifts: array<F, HALF>;
var<workgroup> shifts: array<F, HALF>;
var<workgroup> moved: array<u32, HALF>;
var<workgroup> any_moved: u32;

fn loaded(id: u32, blocks: vec2<u32>, row: u32, column: u32) -> T {
    if (GRAM) {
        var sum = T();
        for (var part = 0u; part < params.parts; part++) {
            sum += source[(id * params.parts + part) * SIZE + row * ORDER + column];
        }
        return sum;
    }
    let i = member_of(blocks, row, HALF);
    let j = member_of(blocks, column, HALF);
    if (max(i, j) >= params.n) {
        return T();
    }
    return source[(id / params.pairs * params.n + j) * params.height + i];
}

// The size of an element beside what it may be compared with.
fn relative_size(size: F, first: F, second: F) -> F {
    if (!GRAM) {
        // The largest element of the whole matrix is 1 at least.
        return size;
    }
    let first_norm = sqrt(max(first, F(0)));
    let second_norm = sqrt(max(second, F(0)));
    if (min(first_norm, second_norm) <= power_of_two(-i32(FLOOR_EXPONENT))) {
        return F(0);
    }
    return size / (first_norm * second_norm);
}

// What relative sizes and angles are judged by.
struct Limits {
    least: F,  // below it, an element is left as it is
    noise: F,  // up to it, an element may come of rounding alone
    small: F,  // where sizes and angles are below it, no further sweep is needed
}

fn limits() -> Limits {
    let epsilon = power_of_two(-i32(EPSILON_EXPONENT));
    let n = F(params.n);
    // What n rotations by small angles make of small elements is about n times the product of both.
    let small_enough = sqrt(epsilon / n);
    if (GRAM) {
        return Limits(epsilon, epsilon * sqrt(F(max(params.m, 16u))), small_enough);
    }
    // n² elements of this size have the norm sqrt(n) epsilon.
    return Limits(epsilon / sqrt(n), F(0), small_enough);
}

// The columns of a pair in a round within the small matrix.
fn members_of(pair: u32, round: u32) -> vec2<u32> {
    if (params.rounds == HALF) {
        return vec2<u32>(pair, HALF + (pair + round) % HALF);
    }
    return players_of(pair, round, ORDER);
}

fn choose_rotation(pair: u32, round: u32, limit: Limits) {
    let members = members_of(pair, round);
    let first = real_part(small[members.x * ORDER + members.x]);
    let second = real_part(small[members.y * ORDER + members.y]);
    let beside = polar_of(small[members.x * ORDER + members.y]);
    sines[pair] = T();
    lifts[pair] = F(0);
    shifts[pair] = F(0);
    let relative = relative_size(beside.size, first, second);
    if (relative <= limit.least) {
        return;
    }
    // Divided before it is squared: zeta is large where the element is small.
    let zeta = (second - first) / (F(2) * beside.size);
    var tangent = F(0);
    if (abs(zeta) > power_of_two(i32(EPSILON_EXPONENT))) {
        tangent = F(0.5) / abs(zeta);
    } else {
        tangent = F(1) / (abs(zeta) + sqrt(F(1) + zeta * zeta));
    }
    if (relative <= limit.noise && tangent > limit.small) {
        // A large angle that serves no purpose, and carries small elements to pairs that this sweep is done with.
        return;
    }
    let is_large = max(tangent, relative) > limit.small;
    moved[pair] |= select(ROTATED, ROTATED | ASKS_FOR_MORE, is_large);
    tangent = select(tangent, -tangent, zeta < F(0));
    let sine = tangent / sqrt(F(1) + tangent * tangent);
    sines[pair] = beside.direction * sine;
    // Of what the sine has become, whatever its errors: so that the rotation keeps lengths.
    let square = squared_modulus(sines[pair]);
    lifts[pair] = close_quotient(square, F(1) + close_root(F(1) - square));
    shifts[pair] = tangent * beside.size;
}

struct Two {
    first: T,
    second: T,
}

fn turned(first: T, second: T, sine: T, lift: F) -> Two {
    return Two(
        first - (times(conjugate(sine), second) + first * lift),
        second + (times(sine, first) - second * lift),
    );
}

// The 2 x 2 block where the rows of one pair meet the columns of another.
fn turn_block(row_pair: u32, column_pair: u32, round: u32) {
    let rows = members_of(row_pair, round);
    let columns = members_of(column_pair, round);
    let top_left = rows.x * ORDER + columns.x;
    let top_right = rows.x * ORDER + columns.y;
    let bottom_left = rows.y * ORDER + columns.x;
    let bottom_right = rows.y * ORDER + columns.y;
    if (row_pair == column_pair) {
        if (shifts[row_pair] != F(0)) {
            small[top_left] = of_real(real_part(small[top_left]) - shifts[row_pair]);
            small[bottom_right] = of_real(real_part(small[bottom_right]) + shifts[row_pair]);
            small[top_right] = T();
            small[bottom_left] = T();
        }
        return;
    }
    let top = turned(small[top_left], small[top_right], sines[column_pair], lifts[column_pair]);
    let bottom = turned(small[bottom_left], small[bottom_right], sines[column_pair], lifts[column_pair]);
    let sine = conjugate(sines[row_pair]);
    let left = turned(top.first, bottom.first, sine, lifts[row_pair]);
    let right = turned(top.second, bottom.second, sine, lifts[row_pair]);
    small[top_left] = left.first;
    small[bottom_left] = left.second;
    small[top_right] = right.first;
    small[bottom_right] = right.second;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let id = workgroup_number(workgroup, count);
    if (id >= params.batch * params.pairs) {
        return;
    }
    if (unfinished[id / params.pairs] == 0) {
        if (lane == 0u) {
            is_turned[id] = 0u;
        }
        return;
    }
    let blocks = players_of(id % params.pairs, params.round, 2u * params.pairs);
    for (var at = lane; at < SIZE; at += WORKGROUP) {
        small[at] = loaded(id, blocks, at / ORDER, at % ORDER);
        product[at] = of_real(select(F(0), F(1), at / ORDER == at % ORDER));
    }
    let limit = limits();
    var has_moved = 0u;
    for (var sweep = 0u; sweep < SWEEPS; sweep++) {
        if (lane < HALF) {
            moved[lane] = 0u;
        }
        for (var round = 0u; round < params.rounds; round++) {
            workgroupBarrier();
            if (lane < HALF) {
                choose_rotation(lane, round, limit);
            }
            workgroupBarrier();
            if (lane < HALF * HALF) {
                turn_block(lane / HALF, lane % HALF, round);
            }
            for (var at = lane; at < HALF * ORDER; at += WORKGROUP) {
                let pair = at % HALF;
                let members = members_of(pair, round);
                let row = at / HALF * ORDER;
                let two = turned(product[row + members.x], product[row + members.y], sines[pair], lifts[pair]);
                product[row + members.x] = two.first;
                product[row + members.y] = two.second;
            }
        }
        workgroupBarrier();
        if (lane == 0u) {
            any_moved = 0u;
            for (var pair = 0u; pair < HALF; pair++) {
                any_moved |= moved[pair];
            }
        }
        let moves = workgroupUniformLoad(&any_moved);
        if (moves == 0u) {
            break;
        }
        has_moved |= moves;
    }
    for (var at = lane; at < SIZE; at += WORKGROUP) {
        turn[2u * id * SIZE + at] = product[at];
        turn[(2u * id + 1u) * SIZE + at] = small[at];
    }
    if (lane == 0u) {
        is_turned[id] = has_moved;
        if ((has_moved & ASKS_FOR_MORE) != 0u) {
            atomicStore(&rotated[id / params.pairs], 1);
        }
    }
}
