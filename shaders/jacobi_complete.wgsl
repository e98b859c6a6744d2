// Orthonormal vectors in place of those of columns that count as zero: a workgroup per matrix, which adds one
// vector after the other.
//
// Each begins as the unit vector that the others cover least, from which what they cover is taken away, twice.
// At least (length - number of others) / length of its square remains, so that nothing is divided by zero.
//
// vectors: (batch, n, length), those that there are first; weights: (batch, length) sums of squared moduli over the
// vectors so far; shares: (batch, n) scalar products with them; norms: (batch, n); scale: (batch,) of jacobi_scale, NaN
// for matrices that were not finite, whose vectors stay as they are.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), FLOOR_EXPONENT (columns shorter than
// 2^-FLOOR_EXPONENT count as zero), WORKGROUP (a power of two up to the device's limit).
// Source: Daniel, Gragg, Kaufman and Stewart, Math. Comp. 30 (1976) 772-795.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    length: u32,
    begin: u32,  // the vectors from here
    end: u32,    // to before here are added, in as far as they are missing
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> vectors: array<T>;
@group(0) @binding(1) var<storage, read_write> weights: array<F>;
@group(0) @binding(2) var<storage, read_write> shares: array<T>;
@group(0) @binding(3) var<storage, read> norms: array<F>;
@group(0) @binding(4) var<storage, read> scale: array<F>;

var<workgroup> sums: array<F, WORKGROUP>;
var<workgroup> positions: array<u32, WORKGROUP>;

// How many vectors there are already.
fn n_known(matrix: u32) -> u32 {
    var known = 0u;
    for (var j = 0u; j < params.n; j++) {
        known += select(0u, 1u, norms[matrix * params.n + j] > power_of_two(-i32(FLOOR_EXPONENT)));
    }
    return known;
}

// The position of the smallest weight. For all invocations alike.
fn least_covered(matrix: u32, lane: u32) -> u32 {
    var least = F(2);
    var position = 0u;
    for (var i = lane; i < params.length; i += WORKGROUP) {
        let weight = weights[matrix * params.length + i];
        if (weight < least) {
            least = weight;
            position = i;
        }
    }
    sums[lane] = least;
    positions[lane] = position;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half && sums[lane + half] < sums[lane]) {
            sums[lane] = sums[lane + half];
            positions[lane] = positions[lane + half];
        }
        workgroupBarrier();
    }
    let found = positions[0];
    workgroupBarrier();
    return found;
}

fn total(part: F, lane: u32) -> F {
    sums[lane] = part;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            sums[lane] += sums[lane + half];
        }
        workgroupBarrier();
    }
    let found = sums[0];
    workgroupBarrier();
    return found;
}

// Takes away from vector `number` what the vectors before it cover.
fn take_away(matrix: u32, number: u32, lane: u32) {
    let start = matrix * params.n;
    let own = (start + number) * params.length;
    for (var j = lane; j < number; j += WORKGROUP) {
        var share = T();
        for (var i = 0u; i < params.length; i++) {
            share += times(conjugate(vectors[(start + j) * params.length + i]), vectors[own + i]);
        }
        shares[start + j] = share;
    }
    storageBarrier();
    for (var i = lane; i < params.length; i += WORKGROUP) {
        var value = vectors[own + i];
        for (var j = 0u; j < number; j++) {
            value -= times(shares[start + j], vectors[(start + j) * params.length + i]);
        }
        vectors[own + i] = value;
    }
    storageBarrier();
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let start = matrix * params.n;
    if (is_nan(scale[matrix])) {
        return;
    }
    let known = n_known(matrix);
    let begin = max(known, params.begin);
    if (begin >= params.end) {
        return;
    }
    // The weights of what went before; later ones are added as they come.
    for (var i = lane; i < params.length; i += WORKGROUP) {
        var weight = F(0);
        for (var j = 0u; j < begin; j++) {
            weight += squared_modulus(vectors[(start + j) * params.length + i]);
        }
        weights[matrix * params.length + i] = weight;
    }
    for (var number = begin; number < params.end; number++) {
        let own = (start + number) * params.length;
        let position = least_covered(matrix, lane);
        for (var i = lane; i < params.length; i += WORKGROUP) {
            vectors[own + i] = of_real(select(F(0), F(1), i == position));
        }
        storageBarrier();
        take_away(matrix, number, lane);
        take_away(matrix, number, lane);
        var part = F(0);
        for (var i = lane; i < params.length; i += WORKGROUP) {
            part += squared_modulus(vectors[own + i]);
        }
        let norm = sqrt(total(part, lane));
        for (var i = lane; i < params.length; i += WORKGROUP) {
            let value = vectors[own + i] / norm;
            vectors[own + i] = value;
            weights[matrix * params.length + i] += squared_modulus(value);
        }
        storageBarrier();
    }
}
