// The largest key of a workgroup, through workgroup memory.
//
// Subgroup operations gain nothing here, where the barriers are, and need lanes that are together, which a search in the
// middle of a long elimination cannot be sure of.
// Free names: INVOCATIONS (a multiple of 4 SEARCHERS).

const SEARCHERS = 16u;

var<workgroup> all_keys: array<vec4<u32>, INVOCATIONS / 4u>;
var<workgroup> found_keys: array<vec4<u32>, SEARCHERS / 4u>;

// Between two calls there must be a barrier.
fn workgroup_largest(key: u32, lane: u32) -> u32 {
    all_keys[lane / 4u][lane % 4u] = key;
    workgroupBarrier();
    if (lane < SEARCHERS) {
        var four = vec4<u32>();
        // unroll
        for (var i = 0u; i < INVOCATIONS / 4u; i += SEARCHERS) {
            four = max(four, all_keys[i + lane]);
        }
        found_keys[lane / 4u][lane % 4u] = max(max(four.x, four.y), max(four.z, four.w));
    }
    workgroupBarrier();
    var four = vec4<u32>();
    // unroll
    for (var i = 0u; i < SEARCHERS / 4u; i++) {
        four = max(four, found_keys[i]);
    }
    return max(max(four.x, four.y), max(four.z, four.w));
}
