// out[b, row, column] = sum over i of x1[b, row, i] * x2[b, i, column]: a workgroup per element.
//
// out: (batch, m, n), x1: (batch, m, k), x2: (batch, k, n), all S with any steps.
// Constants: WORKGROUP (a power of two up to the device's limit).
// S, T, load(), store(): declared by kernels/matmul.py. T is any number.
// uses: grid

struct Params {
    operands: array<vec4<u32>, 3>,  // element offset of out, x1, x2
    out_steps: vec4<u32>,           // between matrices, rows, columns; two's complement
    x1_steps: vec4<u32>,
    x2_steps: vec4<u32>,
    batch: u32,
    m: u32,
    n: u32,
    k: u32,
}
@group(0) @binding(0) var<storage, read_write> out: array<S>;
@group(0) @binding(1) var<storage, read> x1: array<S>;
@group(0) @binding(2) var<storage, read> x2: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> tree: array<T, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let column = number % params.n;
    let row = number / params.n % params.m;
    let matrix = number / params.n / params.m;
    let is_inside = matrix < params.batch;

    var value = T();
    if (is_inside) {
        let base1 = params.operands[1].x + matrix * params.x1_steps.x + row * params.x1_steps.y;
        let base2 = params.operands[2].x + matrix * params.x2_steps.x + column * params.x2_steps.z;
        for (var i = lane; i < params.k; i += WORKGROUP) {
            let product = times(load(x1[base1 + i * params.x1_steps.z]), load(x2[base2 + i * params.x2_steps.y]));
            value = plus(value, product);
        }
    }
    tree[lane] = value;
    workgroupBarrier();
    for (var width = WORKGROUP / 2u; width > 0u; width /= 2u) {
        if (lane < width) {
            tree[lane] = plus(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    if (is_inside && lane == 0u) {
        let at = matrix * params.out_steps.x + row * params.out_steps.y + column * params.out_steps.z;
        out[params.operands[0].x + at] = store(tree[0]);
    }
}
