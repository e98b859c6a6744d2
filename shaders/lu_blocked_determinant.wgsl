// The product of the pivots of every matrix, as a determinant and as sign and logarithm: a workgroup per matrix.
//
// work: (batch, ld, pitch) T, where row s of U is row pivot_of[s]; step_of: (2, batch, ld), of which pivot_of is the second half;
// zero_pivot: (batch) 1-based step of the first zero pivot, or 0; cycles: (batch, 2, ld) scratch.
// Results and constants: those of lib/determinant.wgsl, T and WORKGROUP.
// uses: grid, determinant

@group(0) @binding(0) var<storage, read> work: array<T>;
@group(0) @binding(1) var<storage, read> step_of: array<u32>;
@group(0) @binding(2) var<storage, read> zero_pivot: array<u32>;
@group(0) @binding(3) var<storage, read_write> cycles: array<vec2<u32>>;

struct Params {
    batch: u32,
    n: u32,
    ld: u32,
    pitch: u32,
    zero: u32,  // 0, unknown to the compiler
}
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let matrix = workgroup_number(workgroup, count);
    if (matrix >= params.batch) {
        return;
    }
    let n = params.n;
    let pivots_at = (params.batch + matrix) * params.ld;
    var product = Product(one(), 0);
    // Of a cycle of k rows the sign is (-1)^(k - 1). Its least row is found by jumps that become twice as long each time: of
    // a row, where the next jump ends, and the least row before that.
    for (var i = lane; i < n; i += WORKGROUP) {
        let pivot_of = step_of[pivots_at + i];
        product = joined(product, normalized(work[(matrix * params.ld + pivot_of) * params.pitch + i], 0));
        cycles[matrix * 2u * params.ld + i] = vec2<u32>(pivot_of, i);
    }
    var here = matrix * 2u * params.ld;
    var to = here + params.ld;
    for (var jump = 1u; jump < n; jump *= 2u) {
        storageBarrier();
        for (var i = lane; i < n; i += WORKGROUP) {
            let own = cycles[here + i];
            let next = cycles[here + own.x];
            cycles[to + i] = vec2<u32>(next.x, min(own.y, next.y));
        }
        let other = here;
        here = to;
        to = other;
    }
    for (var i = lane; i < n; i += WORKGROUP) {
        if (cycles[here + i].y != i) {
            product.significand = minus(T(), product.significand);
        }
    }
    // The NaN of any element has reached the last pivot.
    let last = work[(matrix * params.ld + step_of[pivots_at + n - 1u]) * params.pitch + n - 1u];
    if (zero_pivot[matrix] != 0u || holds_nan(last)) {
        product = Product(select(T(), last, holds_nan(last)), 0);
    }
    store_determinant(matrix, product, lane, params.zero);
}
