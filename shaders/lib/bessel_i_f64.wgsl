// The constants and polynomials of bessel_i.wgsl for f64. Written by docs/make_special_tables.py.
// uses: bessel_i, exponential_f64

// I0(x) in z = x² / 4, for |x| <= 12.
fn bessel_i0_series(z: f64) -> f64 {
    var sum = 3.947400639707844e-37lf;
    sum = sum * z + 2.2557347171186e-35lf;
    sum = sum * z + 2.957908973960563e-32lf;
    sum = sum * z + 7.502905374311013e-30lf;
    sum = sum * z + 2.3067997544570228e-27lf;
    sum = sum * z + 5.838462901553102e-25lf;
    sum = sum * z + 1.3160860004984094e-22lf;
    sum = sum * z + 2.578851578988751e-20lf;
    sum = sum * z + 4.3584051727336304e-18lf;
    sum = sum * z + 6.276078947328028e-16lf;
    sum = sum * z + 7.594058722070724e-14lf;
    sum = sum * z + 7.594058400083849e-12lf;
    sum = sum * z + 6.151187328838196e-10lf;
    sum = sum * z + 3.936759889027251e-08lf;
    sum = sum * z + 1.929012345683617e-06lf;
    sum = sum * z + 6.944444444443127e-05lf;
    sum = sum * z + 0.0017361111111111362lf;
    sum = sum * z + 0.02777777777777775lf;
    sum = sum * z + 0.25lf;
    sum = sum * z + 1.0lf;
    sum = sum * z + 1.0lf;
    return sum;
}

// 2 I1(x) / x in z = x² / 4, for |x| <= 12.
fn bessel_i1_series(z: f64) -> f64 {
    var sum = 7.897588362513972e-36lf;
    sum = sum * z + 4.291032250862471e-34lf;
    sum = sum * z + 5.320989688315497e-31lf;
    sum = sum * z + 1.2760550143114958e-28lf;
    sum = sum * z + 3.6903365417096494e-26lf;
    sum = sum * z + 8.75804146563707e-24lf;
    sum = sum * z + 1.842504650428687e-21lf;
    sum = sum * z + 3.352512322642427e-19lf;
    sum = sum * z + 5.2300848799143084e-17lf;
    sum = sum * z + 6.903687096223868e-15lf;
    sum = sum * z + 7.594058685003366e-13lf;
    sum = sum * z + 6.834652564172458e-11lf;
    sum = sum * z + 4.920949862731416e-09lf;
    sum = sum * z + 2.7557319223396893e-07lf;
    sum = sum * z + 1.1574074074092774e-05lf;
    sum = sum * z + 0.0003472222222221827lf;
    sum = sum * z + 0.006944444444444495lf;
    sum = sum * z + 0.0833333333333333lf;
    sum = sum * z + 0.5lf;
    sum = sum * z + 1.0lf;
    return sum;
}

// sqrt(x) e^-x I0(x) in z = 1 / x, for x >= 12.
fn bessel_i0_tail(z: f64) -> f64 {
    var sum = 164348444211.71198lf;
    sum = sum * z + -108520870910.19533lf;
    sum = sum * z + 32208091168.752403lf;
    sum = sum * z + -5706284968.012594lf;
    sum = sum * z + 675560999.1925102lf;
    sum = sum * z + -56601042.56048745lf;
    sum = sum * z + 3464143.223140837lf;
    sum = sum * z + -157331.24294312845lf;
    sum = sum * z + 5347.6795837398995lf;
    sum = sum * z + -132.3133703717709lf;
    sum = sum * z + 3.190373011022163lf;
    sum = sum * z + 0.19497979118420464lf;
    sum = sum * z + 0.09091347904468278lf;
    sum = sum * z + 0.0447403108699593lf;
    sum = sum * z + 0.029219412385815536lf;
    sum = sum * z + 0.0280506290768514lf;
    sum = sum * z + 0.04986778505018984lf;
    sum = sum * z + 0.3989422804014327lf;
    return sum;
}

// sqrt(x) e^-x I1(x) in z = 1 / x, for x >= 12.
fn bessel_i1_tail(z: f64) -> f64 {
    var sum = -171609175650.0724lf;
    sum = sum * z + 113521964574.05305lf;
    sum = sum * z + -33751396940.574497lf;
    sum = sum * z + 5989743809.744142lf;
    sum = sum * z + -710260500.2921178lf;
    sum = sum * z + 59599815.296872795lf;
    sum = sum * z + -3653031.387312556lf;
    sum = sum * z + 166136.98262513676lf;
    sum = sum * z + -5654.9486570535255lf;
    sum = sum * z + 139.8870622914849lf;
    sum = sum * z + -3.445859399180421lf;
    sum = sum * z + -0.2344756985026327lf;
    sum = sum * z + -0.11106661295142206lf;
    sum = sum * z + -0.05752368200027645lf;
    sum = sum * z + -0.040907174952540884lf;
    sum = sum * z + -0.046751048469790335lf;
    sum = sum * z + -0.1496033551505487lf;
    sum = sum * z + 0.3989422804014327lf;
    return sum;
}
