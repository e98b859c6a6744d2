// Orthonormal vectors in place of those of columns that count as zero or as noise: a workgroup per matrix, which adds one
// vector after the other.
//
// Noise is what is below epsilon times `length` times the longest column: rounding alone may have made it, so that nothing is lost where it is not
// quite what the rotations left, and none of their errors can spoil the basis. From its vector what those before it
// cover is taken away, twice. Where little remains, and for zero, it begins anew as the unit vector that the others cover least:
// of whose square at least (length - number of others) / length remains, so that nothing is divided by zero.
//
// vectors: (batch, n, length), of the longest columns first, of length 1; weights: (batch, length) sums of squared moduli over the
// vectors so far; shares: (batch, n) scalar products with them; norms: (batch, n); scale: (batch,) of jacobi_scale, NaN
// for matrices that were not finite, whose vectors stay as they are.
// Constants: T (f32, f64, vec2 of either), F (the type of its parts), EPSILON_EXPONENT (2^-EPSILON_EXPONENT is F's
// epsilon), FLOOR_EXPONENT (columns shorter than 2^-FLOOR_EXPONENT count as zero), WORKGROUP (a power of two up to the device's limit).
// Source: Daniel, Gragg, Kaufman and Stewart, Math. Comp. 30 (1976) 772-795.
// uses: grid

struct Params {
    batch: u32,
    n: u32,
    length: u32,
    begin: u32,  // the vectors from here
    end: u32,    // to before here are added, in as far as they are zero or noise
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> vectors: array<T>;
@group(0) @binding(1) var<storage, read_write> weights: array<F>;
@group(0) @binding(2) var<storage, read_write> shares: array<T>;
@group(0) @binding(3) var<storage, read> norms: array<F>;
@group(0) @binding(4) var<storage, read> scale: array<F>;

var<workgroup> sums: array<F, WORKGROUP>;
var<workgroup> positions: array<u32, WORKGROUP>;

// How many columns are longer than `least`.
fn n_longer(matrix: u32, least: F) -> u32 {
    var longer = 0u;
    for (var j = 0u; j < params.n; j++) {
        longer += select(0u, 1u, norms[matrix * params.n + j] > least);
    }
    return longer;
}

fn longest(matrix: u32) -> F {
    var found = F(0);
    for (var j = 0u; j < params.n; j++) {
        found = max(found, norms[matrix * params.n + j]);
    }
    return found;
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

// The sum of everyone's parts. For all invocations alike.
fn total(part: F, lane: u32) -> F {
    sums[lane] = part;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            sums[lane] += sums[lane + half];
        }
        workgroupBarrier();
    }
    return workgroupUniformLoad(&sums[0]);
}

// Takes away from vector `number` what the vectors before it cover, and returns the length of the rest. For all invocations alike.
fn take_away(matrix: u32, number: u32, lane: u32) -> F {
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
    var part = F(0);
    for (var i = lane; i < params.length; i += WORKGROUP) {
        var value = vectors[own + i];
        for (var j = 0u; j < number; j++) {
            value -= times(shares[start + j], vectors[(start + j) * params.length + i]);
        }
        vectors[own + i] = value;
        part += squared_modulus(value);
    }
    storageBarrier();
    return close_root(total(part, lane));
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
    let zero = power_of_two(-i32(FLOOR_EXPONENT));
    let known = n_longer(matrix, zero);
    let noise = power_of_two(-i32(EPSILON_EXPONENT)) * F(max(params.length, 16u)) * longest(matrix);
    let begin = max(n_longer(matrix, max(zero, noise)), params.begin);
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
        var norm = F(0);
        if (number < known) {
            norm = take_away(matrix, number, lane);
        }
        if (norm < F(0.5)) {
            let position = least_covered(matrix, lane);
            for (var i = lane; i < params.length; i += WORKGROUP) {
                vectors[own + i] = of_real(select(F(0), F(1), i == position));
            }
            storageBarrier();
            norm = take_away(matrix, number, lane);
        }
        norm = take_away(matrix, number, lane);
        for (var i = lane; i < params.length; i += WORKGROUP) {
            let value = over_real(vectors[own + i], norm);
            vectors[own + i] = value;
            weights[matrix * params.length + i] += squared_modulus(value);
        }
        storageBarrier();
    }
}
