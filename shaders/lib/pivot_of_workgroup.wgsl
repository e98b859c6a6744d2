// pivot_of_subgroup for devices without subgroups of a known size: the names are the same. What the lanes propose goes
// through workgroup memory, and all others come along, to meet its barriers.
// Free names: T, LANES, pivot_key of T.

fn takes_part(own: bool) -> bool {
    return true;
}

struct Pivot {
    key: u32,
    row: Four,
}

// Two sets, used in turn, so that one barrier does for a step.
var<workgroup> proposed_keys: array<vec4<u32>, LANES / 2>;
var<workgroup> proposed_rows: array<Four, 2 * LANES>;

// `turn` is 0 and 1 by turns.
fn pivot_of_lanes(key: u32, row: Four, own: bool, lane: u32, turn: u32) -> Pivot {
    let first = turn * LANES;
    if (own) {
        proposed_keys[(first + lane) / 4][lane % 4] = key;
        proposed_rows[first + lane] = row;
    }
    workgroupBarrier();
    var most = proposed_keys[first / 4];
    for (var i = 1u; i < LANES / 4; i++) {
        most = max(most, proposed_keys[first / 4 + i]);
    }
    let largest = max(max(most[0], most[1]), max(most[2], most[3]));
    let source = pivot_row(largest) % LANES;
    return Pivot(largest, proposed_rows[first + source]);
}
