// out[b, row, column] = sum over p of parts[b, p, row, column]: LANES invocations per element, in a fixed order.
//
// out: (batch, m, n) S with any steps; parts: (batch, n_parts, m, n) T, contiguous.
// Constants: WORKGROUP (a power of two up to the device's limit), LANES (a power of two up to WORKGROUP).
// S, T, store(): declared by kernels/matmul.py. T is any number.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out; x1, x2
    out_steps: vec4<u32>,           // between matrices, rows, columns; two's complement
    batch: u32,
    m: u32,
    n: u32,
    n_parts: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(0) @binding(1) var<storage, read> parts: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

const RESULTS = WORKGROUP / LANES;

var<workgroup> tree: array<T, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    // Neighbours have neighbouring elements.
    let number = workgroup_number(workgroup, count) * RESULTS + lane % RESULTS;
    let size = params.m * params.n;
    let matrix = number / size;
    let at = number % size;

    var value = T();
    if (matrix < params.batch) {
        let base = matrix * params.n_parts * size + at;
        var p = lane / RESULTS;
        // Loads that do not wait for each other keep the memory busy.
        for (; p + 3u * LANES < params.n_parts; p += 4u * LANES) {
            let a = parts[base + p * size];
            let b = parts[base + (p + LANES) * size];
            let c = parts[base + (p + 2u * LANES) * size];
            let d = parts[base + (p + 3u * LANES) * size];
            value = plus(value, plus(plus(a, b), plus(c, d)));
        }
        for (; p < params.n_parts; p += LANES) {
            value = plus(value, parts[base + p * size]);
        }
    }
    tree[lane] = value;
    workgroupBarrier();
    for (var width = WORKGROUP / 2u; width >= RESULTS; width /= 2u) {
        if (lane < width) {
            tree[lane] = plus(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    if (matrix < params.batch && lane < RESULTS) {
        let place = matrix * params.out_steps.x + at / params.n * params.out_steps.y + at % params.n * params.out_steps.z;
        out[params.operands[0].x + place] = store(tree[lane]);
    }
}
