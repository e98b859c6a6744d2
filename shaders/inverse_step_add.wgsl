// Adds the correction to every inverse of which no column refuses it. One workgroup of WORKGROUP invocations per PIECE elements.
//
// inverse, correction: (batch, n, n); refused: (batch, n), of inverse_step_judge.
// Constants: T (real or complex), HERMITIAN (whether the correction's Hermitian part is added, so that the inverse stays exactly
// Hermitian), PIECE, WORKGROUP (1 to the device's limit).
// uses: grid

struct Params {
    batch: u32,
    n: u32,
}
@group(0) @binding(0) var<storage, read_write> inverse: array<T>;
@group(0) @binding(1) var<storage, read> correction: array<T>;
@group(0) @binding(2) var<storage, read> refused: array<u32>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> any_refused: atomic<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let n = params.n;
    let per_matrix = (n * n + PIECE - 1u) / PIECE;
    let number = workgroup_number(workgroup, count);
    let matrix = number / per_matrix;
    if (matrix >= params.batch) {
        return;
    }
    if (lane == 0u) {
        atomicStore(&any_refused, 0u);
    }
    workgroupBarrier();
    for (var column = lane; column < n; column += WORKGROUP) {
        if (refused[matrix * n + column] != 0u) {
            atomicStore(&any_refused, 1u);
        }
    }
    workgroupBarrier();
    if (atomicLoad(&any_refused) != 0u) {
        return;
    }
    let base = matrix * n * n;
    let first = number % per_matrix * PIECE;
    for (var i = first + lane; i < min(first + PIECE, n * n); i += WORKGROUP) {
        var step = correction[base + i];
        if (HERMITIAN) {
            step = times_real(plus(step, conjugate(correction[base + i % n * n + i / n])), F(0.5));
        }
        inverse[base + i] = plus(inverse[base + i], step);
    }
}
