// One round of a sweep: makes n / 2 disjoint pairs of columns of every matrix orthogonal.
//
// A workgroup per pair. Pairs meet as in a round-robin tournament: in n - 1 rounds (n even) every
// column meets every other once.
//
// w: (batch, n, m), v: (batch, n, n), by columns; rotated: (batch,) 1 where a pair was not
// orthogonal yet.
// Constants: T (f32, f64), WORKGROUP (a power of two up to the device's limit), EPSILON_EXPONENT
// (2^-EPSILON_EXPONENT is T's epsilon), FLOOR_EXPONENT (columns below 2^-FLOOR_EXPONENT are zero:
// their squares are not safe from underflow).
// Source: Hestenes 1958; Demmel and Veselic, SIAM J. Matrix Anal. Appl. 13 (1992), algorithm 4.1;
// the rotation in Rutishauser's form, which keeps lengths better than one with its cosine rounded.
// uses: grid

struct Params {
    batch: u32,
    m: u32,
    n: u32,
    players: u32,  // n, or n + 1 where that is even
    round: u32,    // 0 to players - 2
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> w: array<T>;
@group(0) @binding(1) var<storage, read_write> v: array<T>;
@group(0) @binding(2) var<storage, read_write> rotated: array<atomic<i32>>;

// Squared lengths of both columns, and their product.
struct Gram {
    first: T,
    second: T,
    product: T,
}

var<workgroup> sums: array<Gram, WORKGROUP>;

fn gram(first_at: u32, second_at: u32, lane: u32) -> Gram {
    var sum = Gram();
    for (var i = lane; i < params.m; i += WORKGROUP) {
        let first = w[first_at + i];
        let second = w[second_at + i];
        sum.first += first * first;
        sum.second += second * second;
        sum.product += first * second;
    }
    sums[lane] = sum;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            sums[lane].first += sums[lane + half].first;
            sums[lane].second += sums[lane + half].second;
            sums[lane].product += sums[lane + half].product;
        }
        workgroupBarrier();
    }
    return sums[0];
}

// The columns of pair number `pair`: the last column stays, the others go round it.
fn columns_of(pair: u32) -> vec2<u32> {
    let ring = params.players - 1u;
    if (pair == 0u) {
        return vec2<u32>(params.round, ring);
    }
    return vec2<u32>((params.round + pair) % ring, (params.round + ring - pair) % ring);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let pairs = params.players / 2u;
    let id = workgroup_number(workgroup, count);
    let matrix = id / pairs;
    let columns = columns_of(id % pairs);
    if (matrix >= params.batch || max(columns.x, columns.y) >= params.n) {
        return;
    }
    let first_at = (matrix * params.n + columns.x) * params.m;
    let second_at = (matrix * params.n + columns.y) * params.m;
    let squares = gram(first_at, second_at, lane);
    let first_norm = sqrt(squares.first);
    let second_norm = sqrt(squares.second);
    let floor_norm = power_of_two(-i32(FLOOR_EXPONENT));
    // Rounding alone leaves products of about sqrt(m) epsilon.
    let tolerance = sqrt(T(max(params.m, 16u))) * power_of_two(-i32(EPSILON_EXPONENT));
    if (min(first_norm, second_norm) <= floor_norm
        || abs(squares.product) <= tolerance * first_norm * second_norm) {
        return;
    }
    if (lane == 0u) {
        atomicStore(&rotated[matrix], 1);
    }
    // Divided before it is squared: zeta is large where the columns are almost orthogonal.
    let zeta = (squares.second - squares.first) / (T(2) * squares.product);
    let size = abs(zeta);
    var tangent = T(0);
    if (size > power_of_two(i32(EPSILON_EXPONENT))) {
        tangent = T(0.5) / size;
    } else {
        tangent = T(1) / (size + sqrt(T(1) + size * size));
    }
    tangent = select(tangent, -tangent, zeta < T(0));
    let sine = tangent / sqrt(T(1) + tangent * tangent);
    let half_tangent = sine / (T(1) + sqrt(T(1) - sine * sine));
    for (var i = lane; i < params.m; i += WORKGROUP) {
        let first = w[first_at + i];
        let second = w[second_at + i];
        w[first_at + i] = first - sine * (second + half_tangent * first);
        w[second_at + i] = second + sine * (first - half_tangent * second);
    }
    let v_first_at = (matrix * params.n + columns.x) * params.n;
    let v_second_at = (matrix * params.n + columns.y) * params.n;
    for (var i = lane; i < params.n; i += WORKGROUP) {
        let first = v[v_first_at + i];
        let second = v[v_second_at + i];
        v[v_first_at + i] = first - sine * (second + half_tangent * first);
        v[v_second_at + i] = second + sine * (first - half_tangent * second);
    }
}
