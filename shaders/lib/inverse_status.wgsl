// The status record of a batch of inverses, and how two records become one.

const NONE = 0xffffffffu;

struct Status {
    singular: u32,  // index of the first singular matrix, or NONE
    info: u32,      // its info
    worst: u32,     // index of the matrix of the smallest rcond, NONE where every rcond is NaN
    rcond: u32,     // bits of that rcond as f32; NaN, whose bits exceed every number's, counts as no rcond
}

fn merge(x1: Status, x2: Status) -> Status {
    var merged = x1;
    if (x2.singular < x1.singular) {
        merged.singular = x2.singular;
        merged.info = x2.info;
    }
    if (x2.rcond < x1.rcond || (x2.rcond == x1.rcond && x2.worst < x1.worst)) {
        merged.worst = x2.worst;
        merged.rcond = x2.rcond;
    }
    return merged;
}

const NOTHING = Status(NONE, 0u, NONE, 0x7f800000u);

var<workgroup> found: array<Status, WORKGROUP>;

// The records of all invocations as one, in the first.
fn merge_workgroup(own: Status, lane: u32) {
    found[lane] = own;
    workgroupBarrier();
    for (var distance = WORKGROUP / 2u; distance > 0u; distance /= 2u) {
        if (lane < distance) {
            found[lane] = merge(found[lane], found[lane + distance]);
        }
        workgroupBarrier();
    }
}
