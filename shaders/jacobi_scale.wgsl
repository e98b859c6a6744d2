// The power of two that brings the largest magnitude of every matrix into [1, 4), so that squares
// neither overflow nor vanish: a workgroup per matrix. NaN for a matrix that is not finite.
//
// scale: (batch,); x: (batch, size), complex numbers as two reals.
// Constants: F (f32, f64), TRIANGLE (bool: what lies above the diagonal does not count), PARTS (1, or 2
// for complex numbers), WORKGROUP (a power of two up to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    size: u32,  // elements of a matrix
    n: u32,     // elements of a row
    zero: u32,  // 0
}
@group(1) @binding(0) var<uniform> params: Params;
@group(0) @binding(0) var<storage, read_write> scale: array<F>;
@group(0) @binding(1) var<storage, read> x: array<F>;

var<workgroup> largest: array<Bits, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    var found = Bits(0);
    for (var i = lane; i < params.size; i += WORKGROUP) {
        if (TRIANGLE && i % params.n > i / params.n) {
            continue;
        }
        for (var part = 0u; part < PARTS; part++) {
            found = max(found, magnitude_bits(x[(matrix * params.size + i) * PARTS + part]));
        }
    }
    largest[lane] = found;
    workgroupBarrier();
    for (var half = WORKGROUP / 2u; half > 0u; half /= 2u) {
        if (lane < half) {
            largest[lane] = max(largest[lane], largest[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane != 0u) {
        return;
    }
    let magnitude = from_magnitude_bits(largest[0]);
    if (is_finite(magnitude)) {
        scale[matrix] = power_of_two(clamp(-exponent_of(magnitude), MIN_EXPONENT, MAX_EXPONENT));
    } else {
        scale[matrix] = make_nan(params.zero);
    }
}
