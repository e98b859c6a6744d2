// Sorts short rows in workgroup memory: a bitonic network over the rows of a workgroup side by side.
//
// x: (n_rows, n_cols) S, contiguous. What is written is declared by kernels/sort_keys.py: values, indices.
// Keys go along with the column that they came from, which decides between equal ones: so the
// network is stable, and what pads a row to a power of two stays behind it.
// Constants: SIZE (keys per workgroup, a power of two from 64), WORKGROUP (invocations, up to half of SIZE),
// KEY_WORDS (words per key: 1, 2 or 4). S, key_word(), move_element(): declared by kernels/sort_keys.py.
// Source: K. E. Batcher, Sorting networks and their applications, AFIPS 1968; all comparisons in one
// direction as in D. E. Knuth, The Art of Computer Programming 3, exercise 5.3.4-53.
// uses: grid

struct Params {
    n_rows: u32,
    n_cols: u32,
    width: u32,  // the power of two from n_cols on, up to SIZE
}
@group(0) @binding(0) var<storage, read> x: array<S>;
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> keys: array<u32, SIZE * KEY_WORDS>;  // (word, place)
var<workgroup> columns: array<u32, SIZE>;

fn is_above(i: u32, j: u32) -> bool {
    for (var word = KEY_WORDS; word > 0u; word--) {
        let a = keys[(word - 1u) * SIZE + i];
        let b = keys[(word - 1u) * SIZE + j];
        if (a != b) {
            return a > b;
        }
    }
    return columns[i] > columns[j];
}

fn exchange(i: u32, j: u32) {
    for (var word = 0u; word < KEY_WORDS; word++) {
        let key = keys[word * SIZE + i];
        keys[word * SIZE + i] = keys[word * SIZE + j];
        keys[word * SIZE + j] = key;
    }
    let column = columns[i];
    columns[i] = columns[j];
    columns[j] = column;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let first_row = workgroup_number(workgroup, count) * (SIZE / params.width);
    for (var place = lane; place < SIZE; place += WORKGROUP) {
        let row = first_row + place / params.width;
        let column = place % params.width;
        let is_inside = row < params.n_rows && column < params.n_cols;
        for (var word = 0u; word < KEY_WORDS; word++) {
            var key = 0xffffffffu;
            if (is_inside) {
                key = key_word(x[row * params.n_cols + column], word);
            }
            keys[word * SIZE + place] = key;
        }
        columns[place] = column;
    }
    workgroupBarrier();

    for (var block = 2u; block <= params.width; block *= 2u) {
        for (var step = block / 2u; step > 0u; step /= 2u) {
            // Two sorted halves are merged: first each place with its mirror image.
            let partner = select(step, block - 1u, step == block / 2u);
            for (var pair = lane; pair < SIZE / 2u; pair += WORKGROUP) {
                let within = pair & (step - 1u);
                let i = 2u * pair - within;
                if (is_above(i, i ^ partner)) {
                    exchange(i, i ^ partner);
                }
            }
            workgroupBarrier();
        }
    }

    for (var place = lane; place < SIZE; place += WORKGROUP) {
        let row = first_row + place / params.width;
        let column = place % params.width;
        if (row < params.n_rows && column < params.n_cols) {
            let start = row * params.n_cols;
            move_element(start + columns[place], start + column, columns[place]);
        }
    }
}
