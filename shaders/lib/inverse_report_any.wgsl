// What an inverse kernel says of a batch: whether anything in it is worth raising or warning of. A batch in which
// nothing is, nearly every one, then costs no memory traffic beside its matrices.
// Free names: F, real, and float_bits of F.

// 1 where there is anything; then, for a batch of one, the step of its zero pivot and the bits of its rcond as f32.
@group(0) @binding(100) var<storage, read_write> flagged: array<atomic<u32>>;

// As in inverse_report_each.wgsl.
fn report(matrix: u32, zero_pivot: u32, condition: F) {
    if (zero_pivot != 0u || magnitude_bits(condition) < EPSILON_BITS) {
        atomicStore(&flagged[0], 1u);
        atomicStore(&flagged[1], zero_pivot);
        atomicStore(&flagged[2], bitcast<u32>(f32(condition)));
    }
}
