// Candidates for the extreme of a row, with the column that each is in. The largest key wins, or a NaN;
// of equal ones the first.

struct Candidate {
    key: vec4<u32>,
    column: u32,
}

// What every element wins against.
fn no_candidate() -> Candidate {
    return Candidate(vec4<u32>(0u), 0xffffffffu);
}

fn candidate(element: S, column: u32) -> Candidate {
    var key = vec4<u32>(0u);
    for (var word = 0u; word < KEY_WORDS; word++) {
        key[word] = select(key_word(element, word), 0xffffffffu, is_nan_key(element));
    }
    return Candidate(key, column);
}

fn better(a: Candidate, b: Candidate) -> Candidate {
    var key_a = a.key;
    var key_b = b.key;
    var is_a = a.column <= b.column;
    for (var word = 0u; word < KEY_WORDS; word++) {
        if (key_a[word] != key_b[word]) {
            is_a = key_a[word] > key_b[word];
        }
    }
    if (is_a) {
        return a;
    }
    return b;
}
