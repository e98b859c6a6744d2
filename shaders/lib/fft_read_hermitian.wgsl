// The `signal` elements of a Hermitian spectrum of which x holds the first half: the others mirror these.
// uses: fft_spectrum

fn element_at(start: u32, position: u32) -> T {
    if (position >= params.signal) {
        return T(0, 0);
    }
    let mirrored = params.signal - position;
    if (position <= mirrored) {
        return spectrum_at(start, position, position == 0u || position == mirrored);
    }
    let value = spectrum_at(start, mirrored, false);
    return T(value.x, -value.y);
}
