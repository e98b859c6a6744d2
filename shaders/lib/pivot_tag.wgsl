// The end of a pivot key, which says whose it is. Of equal pivots the first row is taken.

const KEY_TAG = 0xffu;
const KEY_ROWS = 128u;  // rows that a key can name

// What goes into the key of `row`: 0, which loses against every other, unless there are more than `row` of them.
fn pivot_tag(row: u32, rows: u32) -> u32 {
    return select(0u, KEY_ROWS - row, row < rows);
}

// The row whose key it is.
fn pivot_row(key: u32) -> u32 {
    return KEY_ROWS - (key & KEY_TAG);
}
