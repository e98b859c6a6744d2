// Comparisons of elements by their keys: key_word(), KEY_WORDS and is_nan_key() come from kernels/sort_keys.py.

fn comes_before(a: S, b: S) -> bool {
    for (var word = KEY_WORDS; word > 0u; word--) {
        let key_a = key_word(a, word - 1u);
        let key_b = key_word(b, word - 1u);
        if (key_a != key_b) {
            return key_a < key_b;
        }
    }
    return false;
}

// A NaN differs from everything, from itself too.
fn differs(a: S, b: S) -> bool {
    for (var word = 0u; word < KEY_WORDS; word++) {
        if (key_word(a, word) != key_word(b, word)) {
            return true;
        }
    }
    return is_nan_key(a);
}
