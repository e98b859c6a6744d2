// One pass of a radix sort, last part: moves the elements of a tile behind one another by their digit.
//
// x: (n_rows, n_cols) S; counts, offsets: (n_rows, n_tiles, 256), how often each digit occurs in the tile,
// and where in the row its elements go. Contiguous. What is written is declared by kernels/sort_keys.py.
// WORKGROUP elements at a time learn which of them have the same digit, from a mask of bits per digit; so no
// subgroups are needed. The tile is then put in order in workgroup memory, so that neighbours write
// to neighbouring places.
// Constants: TILE (elements per tile, as those that counted). S, key_word(), move_element(): declared by
// kernels/sort_keys.py.
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
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> offsets: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

const WORKGROUP = 128u;
const DIGITS = 256u;
const MASK_WORDS = WORKGROUP / 32u;
var<workgroup> masks: array<atomic<u32>, DIGITS * MASK_WORDS>;  // (word, digit): a bit per lane that has the digit
var<workgroup> places: array<u32, DIGITS>;                      // in the tile, of the next element with the digit
var<workgroup> starts: array<u32, DIGITS>;                      // from the place in the tile to that in the row
var<workgroup> sources: array<u32, TILE>;                       // by place in the tile

alias T = u32;

fn combine(a: T, b: T) -> T {
    return a + b;
}

fn digit_of(element: S) -> u32 {
    return (key_word(element, params.word) >> params.shift) & (DIGITS - 1u);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let number = workgroup_number(workgroup, count);
    let row = number / params.n_tiles;
    let first = (number % params.n_tiles) * TILE;
    let n_here = select(0u, min(TILE, params.n_cols - first), row < params.n_rows);
    let n_last = max(n_here, 1u) - 1u;
    let base = min(row, params.n_rows - 1u) * params.n_cols + first;

    // Each lane has two digits.
    let pair = number * DIGITS + 2u * lane;
    var here = vec2<u32>(0u);
    var there = vec2<u32>(0u);
    if (row < params.n_rows) {
        here = vec2<u32>(counts[pair], counts[pair + 1u]);
        there = vec2<u32>(offsets[pair], offsets[pair + 1u]);
    }
    let place = workgroup_scan(lane, here.x + here.y) - here.x - here.y;
    places[2u * lane] = place;
    places[2u * lane + 1u] = place + here.x;
    starts[2u * lane] = there.x - place;
    starts[2u * lane + 1u] = there.y - place - here.x;
    for (var i = lane; i < DIGITS * MASK_WORDS; i += WORKGROUP) {
        atomicStore(&masks[i], 0u);
    }
    workgroupBarrier();

    let own_word = lane / 32u;
    let own_bit = 1u << (lane % 32u);
    // The next element is on its way while this one finds its place.
    var element = x[base + min(lane, n_last)];
    for (var start = 0u; start < n_here; start += WORKGROUP) {
        let is_inside = start + lane < n_here;
        let digit = digit_of(element);
        element = x[base + min(start + WORKGROUP + lane, n_last)];
        if (is_inside) {
            atomicOr(&masks[own_word * DIGITS + digit], own_bit);
        }
        workgroupBarrier();
        var n_below = 0u;
        var n_alike = 0u;
        if (is_inside) {
            for (var word = 0u; word < MASK_WORDS; word++) {
                let mask = atomicLoad(&masks[word * DIGITS + digit]);
                let below = select(select(0u, own_bit - 1u, word == own_word), 0xffffffffu, word < own_word);
                n_below += countOneBits(mask & below);
                n_alike += countOneBits(mask);
            }
            sources[places[digit] + n_below] = start + lane;
        }
        workgroupBarrier();
        // The last of those alike makes way for the next round.
        if (is_inside && n_below + 1u == n_alike) {
            places[digit] += n_alike;
            for (var word = 0u; word < MASK_WORDS; word++) {
                atomicStore(&masks[word * DIGITS + digit], 0u);
            }
        }
        workgroupBarrier();
    }

    for (var i = lane; i < n_here; i += WORKGROUP) {
        let source = base + sources[i];
        let destination = row * params.n_cols + starts[digit_of(x[source])] + i;
        move_element(source, destination, first + sources[i]);
    }
}
