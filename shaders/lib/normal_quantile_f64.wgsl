// The constants and polynomials of normal_quantile.wgsl for f64. Written by docs/make_special_tables.py.
// uses: normal_quantile, logarithm_f64

const TAIL_CENTRE: f64 = 3.0lf;
// erfinv(y) / y - 1 in z = y², for |y| <= 1/2.
fn erfinv_series(z: f64) -> f64 {
    var sum = 0.11314166859159029lf;
    sum = sum * z + -0.07607360776328573lf;
    sum = sum * z + 0.07345020539520401lf;
    sum = sum * z + 0.008446011584224939lf;
    sum = sum * z + 0.03159332043375326lf;
    sum = sum * z + 0.031145242581416724lf;
    sum = sum * z + 0.036522988083139016lf;
    sum = sum * z + 0.042832578482160585lf;
    sum = sum * z + 0.05173148498700453lf;
    sum = sum * z + 0.06495961132717862lf;
    sum = sum * z + 0.08655212936268364lf;
    sum = sum * z + 0.1275561753044084lf;
    sum = sum * z + 0.23201366653465907lf;
    sum = sum * z + -0.11377307454724199lf;
    return sum;
}

// z / r for the upper tail e^(-r²) of z, in t = (r - TAIL_CENTRE) / (r + TAIL_CENTRE).
fn tail_ratio(z: f64) -> f64 {
    var sum = -0.1962655782393386lf;
    sum = sum * z + 1.1985543637701024lf;
    sum = sum * z + -3.135834617801006lf;
    sum = sum * z + 4.477580665424273lf;
    sum = sum * z + -3.647046598872848lf;
    sum = sum * z + 1.7033264587505417lf;
    sum = sum * z + -0.9766572912229513lf;
    sum = sum * z + 1.699411898677878lf;
    sum = sum * z + -2.361470203541084lf;
    sum = sum * z + 2.3046122528466553lf;
    sum = sum * z + -2.0440664620739137lf;
    sum = sum * z + 1.9718483506557167lf;
    sum = sum * z + -2.000928014857717lf;
    sum = sum * z + 2.0024678635755344lf;
    sum = sum * z + -1.9766774116061916lf;
    sum = sum * z + 1.950463166645734lf;
    sum = sum * z + -1.9269605587501728lf;
    sum = sum * z + 1.9020189722298013lf;
    sum = sum * z + -1.8746799466059536lf;
    sum = sum * z + 1.8449002702363602lf;
    sum = sum * z + -1.8125123265521252lf;
    sum = sum * z + 1.776815586734025lf;
    sum = sum * z + -1.7373433836698895lf;
    sum = sum * z + 1.6929206198794795lf;
    sum = sum * z + -1.6427088183572853lf;
    sum = sum * z + 1.5844718060592562lf;
    sum = sum * z + -1.5164065400847584lf;
    sum = sum * z + 1.432892786595545lf;
    sum = sum * z + -1.3281152346184362lf;
    sum = sum * z + 1.1838897676012432lf;
    sum = sum * z + -0.9832054573176396lf;
    sum = sum * z + 0.6270768956458084lf;
    sum = sum * z + 1.2218458440968671lf;
    return sum;
}
