// Which piece of the work an invocation does, when a grid of workgroups has been folded into
// two dimensions because one holds 65,535 at most.

// Linear number of a workgroup. The last row of the fold may hold workgroups beyond the work.
fn workgroup_number(workgroup: vec3<u32>, count: vec3<u32>) -> u32 {
    return workgroup.y * count.x + workgroup.x;
}
