// The sum of what the invocations before one hold, within a workgroup of LANES (a power of two).

var<workgroup> partial_sums: array<u32, LANES>;

// Every invocation of the workgroup must call it. Source: W. D. Hillis, G. L. Steele,
// Data parallel algorithms, Comm. ACM 29 (1986), p. 1173.
fn exclusive_scan(lane: u32, value: u32) -> u32 {
    partial_sums[lane] = value;
    workgroupBarrier();
    for (var step = 1u; step < LANES; step *= 2u) {
        var sum = partial_sums[lane];
        if (lane >= step) {
            sum += partial_sums[lane - step];
        }
        workgroupBarrier();
        partial_sums[lane] = sum;
        workgroupBarrier();
    }
    return partial_sums[lane] - value;
}

// The sum of what all hold: to be called after exclusive_scan, with a barrier before the next one.
fn scanned_total() -> u32 {
    return partial_sums[LANES - 1u];
}
