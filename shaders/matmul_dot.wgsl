// out[b, row, column] = sum over i of x1[b, row, i] * x2[b, i, column]: LANES neighbouring invocations per element.
//
// out: (batch, m, n) R, x1: (batch, m, k), x2: (batch, k, n), both S, all with any steps. Of sums that are cut, out has
// the parts: (batch, n_parts, m, n).
// Constants: WORKGROUP (a power of two up to the device's limit), LANES (a power of two up to WORKGROUP), IS_LAST (whether
// out is an operand of the plan, and so has an offset).
// R, S, T, load(), store(): declared by kernels/matmul.py. T is any number.
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
    n_parts: u32,                   // of each sum
    n_terms: u32,                   // of each part
}
@group(0) @binding(0) var<storage, read_write> out: array<R>;
@group(0) @binding(1) var<storage, read> x1: array<S>;
@group(0) @binding(2) var<storage, read> x2: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> tree: array<T, WORKGROUP>;

fn product(i: u32, base1: u32, base2: u32) -> T {
    return times(load(x1[base1 + i * params.x1_steps.z]), load(x2[base2 + i * params.x2_steps.y]));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count) * (WORKGROUP / LANES) + lane / LANES;
    let column = number % params.n;
    let row = number / params.n % params.m;
    let own = number / params.n / params.m;
    let matrix = own / params.n_parts;
    let is_inside = matrix < params.batch;

    var value = T();
    if (is_inside) {
        let base1 = params.operands[1].x + matrix * params.x1_steps.x + row * params.x1_steps.y;
        let base2 = params.operands[2].x + matrix * params.x2_steps.x + column * params.x2_steps.z;
        let first = own % params.n_parts * params.n_terms;
        let last = min(first + params.n_terms, params.k);
        var i = first + lane % LANES;
        // Loads that do not wait for each other keep the memory busy.
        for (; i + 3u * LANES < last; i += 4u * LANES) {
            let a = product(i, base1, base2);
            let b = product(i + LANES, base1, base2);
            let c = product(i + 2u * LANES, base1, base2);
            let d = product(i + 3u * LANES, base1, base2);
            value = plus(value, plus(plus(a, b), plus(c, d)));
        }
        for (; i < last; i += LANES) {
            value = plus(value, product(i, base1, base2));
        }
    }
    tree[lane] = value;
    workgroupBarrier();
    for (var width = LANES / 2u; width > 0u; width /= 2u) {
        if (lane % LANES < width) {
            tree[lane] = plus(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    if (is_inside && lane % LANES == 0u) {
        let at = own * params.out_steps.x + row * params.out_steps.y + column * params.out_steps.z;
        out[select(0u, params.operands[0].x, IS_LAST) + at] = store(tree[lane]);
    }
}
