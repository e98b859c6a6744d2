// What an inverse kernel says of a batch: whether anything in it is worth raising or warning of. A batch in which
// nothing is, nearly every one, then costs no memory traffic beside its matrices.
// Free names: F, real, and float_bits of F.

@group(0) @binding(100) var<storage, read_write> flagged: array<atomic<u32>>;

// As in inverse_report_each.wgsl.
fn report(matrix: u32, zero_pivot: u32, condition: F) {
    if (zero_pivot != 0u || magnitude_bits(condition) < EPSILON_BITS) {
        atomicStore(&flagged[0], 1u);
    }
}
