// out[k] = exp(∓πi k² / n), with k² modulo 2n in integers, so that the angle is exact for any k.
//
// Bindings: out: (count) T; roots: the table of fft_plans.RootsLayout for n.
// Constants: WORKGROUP (1 to the device's limit), INVERSE (whether the exponent is positive), MIRRORED (whether
// out is even and periodic, out[count - k] = out[k], with zeros from n to count - n).
//
// Source: L. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform",
// IEEE Trans. Audio Electroacoust. 18 (1970), https://doi.org/10.1109/TAU.1970.1162132
// uses: grid, number_complex, fft_roots

struct Params {
    operands: array<vec4<u32>, 2>,  // element offset of out
    count: u32,
    n: u32,                         // below 2**30
    fine: u32,
    coarse: u32,
    shift: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> roots: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

// k² modulo m < 2**31, by doubling: no product exceeds 32 bits.
fn square_modulo(k: u32, m: u32) -> u32 {
    var sum = 0u;
    for (var bit = 32u; bit > 0u; bit--) {
        sum = 2u * sum % m;
        if (extractBits(k, bit - 1u, 1u) == 1u) {
            sum = (sum + k) % m;
        }
    }
    return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let element = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (element >= params.count) {
        return;
    }
    let k = select(element, min(element, params.count - element), MIRRORED);
    var value = T(0, 0);
    if (k < params.n) {
        value = root(square_modulo(k, 2u * params.n));
    }
    out[params.operands[0].x + element] = value;
}
