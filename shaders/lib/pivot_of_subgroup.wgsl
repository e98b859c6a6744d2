// The pivot of a panel's column, where LANES invocations that look for it are a subgroup: by subgroup operations.
// pivot_of_workgroup has the same names for every other device.
// Free names: T, LANES, pivot_key of T.

// Whether an invocation looks for pivots at all: only where it is one of those who are to.
fn takes_part(own: bool) -> bool {
    return own;
}

struct Pivot {
    key: u32,
    row: Four,
}

// Of the keys and rows that the lanes propose, the one with the largest key. Row r is proposed by lane r % LANES.
fn pivot_of_lanes(key: u32, row: Four, own: bool, lane: u32, turn: u32) -> Pivot {
    let largest = subgroupMax(key);
    let source = pivot_row(largest) % LANES;
    return Pivot(largest, Four(
        subgroupShuffle(row[0], source),
        subgroupShuffle(row[1], source),
        subgroupShuffle(row[2], source),
        subgroupShuffle(row[3], source),
    ));
}
