// A whole step of Newton's iteration for small inverses: inverse + inverse (I - x inverse), the residual summed in about twice
// the precision of T. Each matrix is that of a team of invocations. A step that is not small beside the inverse is not taken.
//
// x, inverse: (batch, N, N).
// Constants: T (real or complex, with parts F), N (order: 1 or more), LANES (invocations of a team), TEAMS (in a workgroup, each with a
// matrix: 3 N² elements of workgroup memory and a word), HERMITIAN (whether only the lower triangle of x is read, and the Hermitian
// part of the correction is added).
// WideSum: of lib/wide_real or lib/wide_complex, over lib/wide_pair or lib/wide_f64.
// uses: grid

struct Params {
    batch: u32,
}
@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read_write> inverse: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> before: array<array<array<T, N>, N>, TEAMS>;
var<workgroup> rest: array<array<array<T, N>, N>, TEAMS>;
var<workgroup> correction: array<array<array<T, N>, N>, TEAMS>;
var<workgroup> refused: array<atomic<u32>, TEAMS>;

// An element of the matrix that begins at `base`.
fn element(base: u32, i: u32, j: u32) -> T {
    if (!HERMITIAN) {
        return x[base + i * N + j];
    }
    let stored = x[base + max(i, j) * N + min(i, j)];
    if (i == j) {
        return of_real(real_part(stored));
    }
    if (i < j) {
        return conjugate(stored);
    }
    return stored;
}

@compute @workgroup_size(LANES * TEAMS)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {
    let team = index / LANES;
    let lane = index % LANES;
    let matrix = workgroup_number(workgroup, count) * TEAMS + team;
    // Teams beyond the batch repeat the last matrix, and store nothing.
    let base = min(matrix, params.batch - 1u) * N * N;
    for (var e = lane; e < N * N; e += LANES) {
        before[team][e / N][e % N] = inverse[base + e];
    }
    if (lane == 0u) {
        atomicStore(&refused[team], 0u);
    }
    workgroupBarrier();
    for (var e = lane; e < N * N; e += LANES) {
        let i = e / N;
        let j = e % N;
        var sum = wide_sum(T());
        if (i == j) {
            sum = wide_sum(one());
        }
        for (var k = 0u; k < N; k++) {
            sum = less_product(sum, element(base, i, k), before[team][k][j]);
        }
        rest[team][i][j] = rounded(sum);
    }
    workgroupBarrier();
    for (var e = lane; e < N * N; e += LANES) {
        var sum = T();
        for (var k = 0u; k < N; k++) {
            sum = plus(sum, times(before[team][e / N][k], rest[team][k][e % N]));
        }
        correction[team][e / N][e % N] = sum;
    }
    workgroupBarrier();
    for (var j = lane; j < N; j += LANES) {
        var sums = vec2<F>();
        for (var i = 0u; i < N; i++) {
            sums += vec2<F>(modulus(correction[team][i][j]), modulus(before[team][i][j]));
        }
        // By their bits, so that a correction which is NaN is refused.
        if (magnitude_bits(sums.x) >= magnitude_bits(sums.y * F(0.5))) {
            atomicStore(&refused[team], 1u);
        }
    }
    workgroupBarrier();
    if (matrix >= params.batch || atomicLoad(&refused[team]) != 0u) {
        return;
    }
    for (var e = lane; e < N * N; e += LANES) {
        let i = e / N;
        let j = e % N;
        var step = correction[team][i][j];
        if (HERMITIAN) {
            step = times_real(plus(step, conjugate(correction[team][j][i])), F(0.5));
        }
        inverse[base + e] = plus(before[team][i][j], step);
    }
}
