// The states of neighbouring invocations, joined in a tree in workgroup memory.
//
// WORKGROUP, LANES (a power of two that divides it): declared by kernels/reduce.py.

var<workgroup> tree: array<State, WORKGROUP>;

// Joins the states of LANES neighbours; the first of them gets the result. To be called in uniform control flow.
fn joined(lane: u32, own: State) -> State {
    tree[lane] = own;
    workgroupBarrier();
    for (var width = LANES / 2u; width > 0u; width /= 2u) {
        if (lane % LANES < width) {
            tree[lane] = join(tree[lane], tree[lane + width]);
        }
        workgroupBarrier();
    }
    return tree[lane];
}
