// What an inverse kernel says of a matrix: info and rcond of each, for inv_ex.

@group(0) @binding(100) var<storage, read_write> info: array<i32>;
@group(0) @binding(101) var<storage, read_write> rcond: array<F>;

// `zero_pivot`: 0, or the 1-based step of the first zero pivot. `condition`: 1 / (‖A‖₁ ‖A⁻¹‖₁), 0 for a singular
// matrix, NaN for one that holds NaN or Inf.
fn report(matrix: u32, zero_pivot: u32, condition: F) {
    info[matrix] = i32(zero_pivot);
    rcond[matrix] = condition;
}
