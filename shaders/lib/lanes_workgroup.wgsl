// lanes_subgroup through workgroup memory: for devices without subgroups, or of which the size of one is unknown, and
// wherever several subgroup operations take longer than two barriers.
// All invocations of the workgroup must make every call.
// Free names: T, LANES, MATRICES, how many groups there are.

var<workgroup> offered: array<u32, LANES * MATRICES>;
var<workgroup> chosen: array<Four, MATRICES>;

fn largest_of_group(own: u32, invocation: u32) -> u32 {
    offered[invocation] = own;
    workgroupBarrier();
    var largest = 0u;
    for (var lane = 0u; lane < LANES; lane++) {
        largest = max(largest, offered[invocation / LANES * LANES + lane]);
    }
    return largest;
}

struct Choice {
    key: u32,
    row: Four,
}

fn choose(own: Choice, invocation: u32) -> Choice {
    let key = largest_of_group(own.key, invocation);
    if (own.key == key && invocation % LANES == (31u - (key & 31u)) % LANES) {
        chosen[invocation / LANES] = own.row;
    }
    workgroupBarrier();
    return Choice(key, chosen[invocation / LANES]);
}
