// The spectrum of 2n real numbers from x, the transform of n pairs of them as complex numbers: one element of out
// per invocation, from the two elements of x that mirror each other.
//
// Bindings: out: (outer, n + 1, inner) T, with any steps; x: (outer, n, inner) T, contiguous; roots: the table of
// fft_plans.RootsLayout for n.
// Constants: WORKGROUP (1 to the device's limit), INVERSE (false). scale(): declared by kernels/fft.py.
//
// Source: W. H. Press et al., "Numerical Recipes", 3rd ed. (2007), section 12.3.
// uses: grid, number_complex, fft_roots

struct Params {
    operands: array<vec4<u32>, 4>,  // element offset of out, of x; bits of scale
    out_steps: vec4<u32>,           // of the outer axis, of k, of the inner axis; two's complement
    count: u32,                     // elements of out
    n: u32,
    inner: u32,
    fine: u32,
    coarse: u32,
    shift: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<T>;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> roots: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let element = workgroup_number(workgroup, count) * WORKGROUP + lane;
    if (element >= params.count) {
        return;
    }
    let row = element / params.inner;
    let position = vec4<u32>(row / (params.n + 1u), row % (params.n + 1u), element % params.inner, 0u);
    let k = position.y;
    let start = params.operands[1].x + position.x * params.n * params.inner + position.z;
    let low = x[start + k % params.n * params.inner];
    let mirrored = x[start + (params.n - k) % params.n * params.inner];
    let high = T(mirrored.x, -mirrored.y);
    let odd = times(low - high, root(k));
    let steps = position * params.out_steps;
    out[params.operands[0].x + steps.x + steps.y + steps.z] = (low + high + T(odd.y, -odd.x)) * (scale() * F(0.5));
}
