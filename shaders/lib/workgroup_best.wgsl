// The largest key of a workgroup and the four elements that come with it, through workgroup memory.
//
// Subgroup operations gain nothing here, where the barriers are, and need lanes that are together, which a search in the
// middle of a long elimination cannot be sure of.
// Free names: T, INVOCATIONS (a multiple of SEARCHERS).

struct Best {
    key: u32,
    four: vec4<T>,
}

const SEARCHERS = 16u;

var<workgroup> all_keys: array<u32, INVOCATIONS>;
var<workgroup> found_keys: array<u32, SEARCHERS>;
// Two, so that the next search may end before everybody has read this one's.
var<workgroup> found_four: array<vec4<T>, 2>;

// Keys must differ unless they are 0. `parity` alternates between calls.
fn workgroup_best(key: u32, four: vec4<T>, parity: u32, lane: u32) -> Best {
    all_keys[lane] = key;
    workgroupBarrier();
    if (lane < SEARCHERS) {
        var largest = 0u;
        // unroll
        for (var i = 0u; i < INVOCATIONS; i += SEARCHERS) {
            largest = max(largest, all_keys[i + lane]);
        }
        found_keys[lane] = largest;
    }
    workgroupBarrier();
    var best = 0u;
    // unroll
    for (var i = 0u; i < SEARCHERS; i++) {
        best = max(best, found_keys[i]);
    }
    if (key == best && key != 0u) {
        found_four[parity] = four;
    }
    workgroupBarrier();
    return Best(best, found_four[parity]);
}
