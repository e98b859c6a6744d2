// How the LANES invocations of a group tell each other something: by subgroup operations. Invocations of a workgroup
// stand in subgroups of SUBGROUP in their order, and a group lies within one. lanes_workgroup has the same names.
// Free names: T, LANES, SUBGROUP (a multiple of LANES).

// The largest of one number per lane. Between two calls there must be a barrier.
fn largest_of_group(own: u32, invocation: u32) -> u32 {
    if (LANES == SUBGROUP) {
        return subgroupMax(own);
    }
    var largest = own;
    for (var distance = 1u; distance < LANES; distance *= 2u) {
        largest = max(largest, subgroupShuffleXor(largest, distance));
    }
    return largest;
}

struct Choice {
    key: u32,
    row: Four,
}

// The largest key, and what the lane has that offers it. The last five bits of a key are 31 - i, where i % LANES is the lane.
fn choose(own: Choice, invocation: u32) -> Choice {
    let key = largest_of_group(own.key, invocation);
    let lane = (31u - (key & 31u)) % LANES;
    let source = invocation % SUBGROUP / LANES * LANES + lane;
    return Choice(key, Four(
        subgroupShuffle(own.row[0], source),
        subgroupShuffle(own.row[1], source),
        subgroupShuffle(own.row[2], source),
        subgroupShuffle(own.row[3], source),
    ));
}
