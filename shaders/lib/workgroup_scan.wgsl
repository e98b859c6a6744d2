// The inclusive scan of one value per invocation of a workgroup, in workgroup memory.
//
// Source: W. D. Hillis, G. L. Steele, Data parallel algorithms, Commun. ACM 29 (1986), page 1173: in log2(WORKGROUP)
// steps, each of which adds what stands 1, 2, 4, … places to the left, so that rounding errors grow as in a tree.
// T, combine() and WORKGROUP are declared by the kernel.

var<workgroup> scanned: array<T, WORKGROUP>;

// What the invocations up to `lane` hold, combined. Afterwards `scanned` holds it for every invocation.
// To be called in uniform control flow.
fn workgroup_scan(lane: u32, own: T) -> T {
    var value = own;
    scanned[lane] = value;
    workgroupBarrier();
    for (var width = 1u; width < WORKGROUP; width *= 2u) {
        if (lane >= width) {
            value = combine(scanned[lane - width], value);
        }
        workgroupBarrier();
        scanned[lane] = value;
        workgroupBarrier();
    }
    return value;
}
