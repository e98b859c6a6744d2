// One pass of a radix sort, last part: moves the elements of a tile behind one another by their digit.
//
// x: (n_rows, n_cols) S; offsets: (n_rows, n_tiles, 256), where in the row the elements of each digit of
// the tile go. Contiguous. What is written is declared by kernels/sort_keys.py.
// Each group of 32 lanes takes a share of the tile, 32 elements at a time. Which of them have the same digit a
// lane reads from a mask of bits per digit, so that no subgroups are needed. The tile is put in order in workgroup
// memory first, so that neighbours write to neighbouring places.
// Constants: TILE (elements per tile, as those that were counted: a multiple of 512).
// S, key_word(), move_element(): declared by kernels/sort_keys.py.
// Source: N. Satish, M. Harris, M. Garland, Designing efficient sorting algorithms for manycore GPUs,
// IPDPS 2009 (the order within the tile before the scatter); the masks stand for a warp's match.
// uses: grid, workgroup_scan

struct Params {
    n_rows: u32,
    n_cols: u32,
    n_tiles: u32,  // per row
    word: u32,     // of the key, in which the digit is,
    shift: u32,    // from this bit on
}
@group(0) @binding(0) var<storage, read> offsets: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

const WORKGROUP = 128u;
const DIGITS = 256u;
const GROUP = 32u;
const N_GROUPS = WORKGROUP / GROUP;
const SHARE = TILE / N_GROUPS;
var<workgroup> masks: array<atomic<u32>, DIGITS * N_GROUPS>;   // (group, digit): a bit per lane that has the digit
var<workgroup> places: array<atomic<u32>, DIGITS * N_GROUPS>;  // (group, digit): in the tile, of the group's next one
var<workgroup> starts: array<u32, DIGITS>;                     // from the place in the tile to that in the row
var<workgroup> sources: array<u32, TILE>;                      // by place in the tile

alias T = u32;

fn combine(a: T, b: T) -> T {
    return a + b;
}

fn digit_of(element: S) -> u32 {
    return (key_word(element, params.word) >> params.shift) & (DIGITS - 1u);
}

// From how many elements of each digit a group has, to where they begin in the tile. Each lane has two digits.
fn begin_places(lane: u32, tile: u32) {
    let digit = 2u * lane;
    var total = vec2<u32>(0u);
    for (var group = 0u; group < N_GROUPS; group++) {
        let i = group * DIGITS + digit;
        total += vec2<u32>(atomicLoad(&places[i]), atomicLoad(&places[i + 1u]));
    }
    let first = workgroup_scan(lane, total.x + total.y) - total.x - total.y;
    var next = vec2<u32>(first, first + total.x);
    starts[digit] = offsets[tile * DIGITS + digit] - next.x;
    starts[digit + 1u] = offsets[tile * DIGITS + digit + 1u] - next.y;
    for (var group = 0u; group < N_GROUPS; group++) {
        let i = group * DIGITS + digit;
        let n = vec2<u32>(atomicLoad(&places[i]), atomicLoad(&places[i + 1u]));
        atomicStore(&places[i], next.x);
        atomicStore(&places[i + 1u], next.y);
        next += n;
    }
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let is_tile = number < params.n_rows * params.n_tiles;
    let tile = select(0u, number, is_tile);
    let row = tile / params.n_tiles;
    let first = (tile % params.n_tiles) * TILE;
    let n_here = select(0u, min(TILE, params.n_cols - first), is_tile);
    let n_last = max(n_here, 1u) - 1u;
    let base = row * params.n_cols + first;

    for (var i = lane; i < DIGITS * N_GROUPS; i += WORKGROUP) {
        atomicStore(&masks[i], 0u);
        atomicStore(&places[i], 0u);
    }
    workgroupBarrier();
    let group = lane / GROUP;
    let own_bit = lane % GROUP;
    let own = group * SHARE + own_bit;
    // Four loads are on their way at a time.
    for (var start = 0u; start < SHARE; start += 4u * GROUP) {
        let i = own + start + vec4<u32>(0u, 1u, 2u, 3u) * GROUP;
        let from_x = base + min(i, vec4<u32>(n_last));
        let digits = vec4<u32>(
            digit_of(x[from_x.x]), digit_of(x[from_x.y]), digit_of(x[from_x.z]), digit_of(x[from_x.w]));
        for (var k = 0u; k < 4u; k++) {
            if (i[k] < n_here) {
                atomicAdd(&places[group * DIGITS + digits[k]], 1u);
            }
        }
    }
    workgroupBarrier();
    begin_places(lane, tile);
    workgroupBarrier();

    // The next element is on its way while this one finds its place.
    var element = x[base + min(own, n_last)];
    for (var start = 0u; start < min(SHARE, n_here); start += GROUP) {
        let i = own + start;
        let is_inside = i < n_here;
        let slot = group * DIGITS + digit_of(element);
        element = x[base + min(i + GROUP, n_last)];
        if (is_inside) {
            atomicOr(&masks[slot], 1u << own_bit);
        }
        workgroupBarrier();
        var mask = 0u;
        var place = 0u;
        if (is_inside) {
            mask = atomicLoad(&masks[slot]);
            place = atomicLoad(&places[slot]) + countOneBits(mask & ((1u << own_bit) - 1u));
            sources[place] = i;
        }
        workgroupBarrier();
        // The last of those alike makes way for the next round.
        if (mask >> own_bit == 1u) {
            atomicStore(&places[slot], place + 1u);
            atomicStore(&masks[slot], 0u);
        }
        workgroupBarrier();
    }

    for (var i = lane; i < n_here; i += WORKGROUP) {
        let source = base + sources[i];
        let destination = row * params.n_cols + starts[digit_of(x[source])] + i;
        move_element(source, destination, first + sources[i]);
    }
}
