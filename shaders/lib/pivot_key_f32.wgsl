// The magnitude of a number as the leading bits of a word whose last eight are free for the number of its row, so that a
// search for a pivot is one for the largest word. Infinity is above every number, and NaN above that.
// Magnitudes that agree in 16 digits look alike: as good a pivot, to all that depends on it.
// uses: pivot_tag

fn pivot_key(x: f32) -> u32 {
    return (bitcast<u32>(x) << 1u) & ~KEY_TAG;
}
