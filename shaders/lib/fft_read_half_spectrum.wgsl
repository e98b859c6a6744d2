// From the first n + 1 elements of a Hermitian spectrum of 2n: the spectrum, of length n = `signal`, of the
// complex numbers x[2j] + i x[2j + 1]. Those of even and of odd j have the spectra s[k] + s*[n-k]
// and exp(πi k / n) (s[k] - s*[n-k]).
//
// Source: W. H. Press et al., "Numerical Recipes", 3rd ed. (2007), section 12.3.
// uses: fft_spectrum

fn element_at(start: u32, position: u32) -> T {
    let low = spectrum_at(start, position, position == 0u);
    let mirrored = spectrum_at(start, params.signal - position, position == 0u);
    let high = T(mirrored.x, -mirrored.y);
    let odd = times(low - high, root(position));
    return low + high + T(-odd.y, odd.x);
}
