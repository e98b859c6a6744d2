// base^exponent for the integer types T that WGSL computes in, modulo 2^32 or 2^64.
//
// The standard leaves negative exponents open: 1 / base^-exponent is cut to an integer, 0 but for a
// base of 1 or -1 (and 0 for a base of 0, whose power no integer holds).
// Source: binary powering, D. E. Knuth, The Art of Computer Programming, volume 2, 4.6.3, algorithm A.

fn integer_power(base: T, exponent: T) -> T {
    if (exponent < T(0)) {
        let minus_one = ~T(0);
        let is_odd = (exponent & T(1)) == T(1);
        return select(T(0), select(T(1), base, is_odd), base == T(1) || base == minus_one);
    }
    var result = T(1);
    var factor = base;
    var rest = exponent;
    while (rest != T(0)) {
        if ((rest & T(1)) == T(1)) {
            result *= factor;
        }
        factor *= factor;
        rest >>= 1u;
    }
    return result;
}
