// The constants and polynomials of incomplete_gamma.wgsl for f64. Written by docs/make_special_tables.py.
// uses: incomplete_gamma, gamma_function_f64, error_function_f64

// c_0.
fn temme_0(eta: f64) -> f64 {
    var sum = -5.830772132550426e-11lf;
    sum = sum * eta + -2.5514193994946248e-11lf;
    sum = sum * eta + 9.14769958223679e-10lf;
    sum = sum * eta + -4.382036018453353e-09lf;
    sum = sum * eta + 1.0261809784240309e-08lf;
    sum = sum * eta + 6.707853543401498e-09lf;
    sum = sum * eta + -1.7665952736826078e-07lf;
    sum = sum * eta + 8.296711340953087e-07lf;
    sum = sum * eta + -1.85406221071516e-06lf;
    sum = sum * eta + -2.185448510679992e-06lf;
    sum = sum * eta + 3.919263178522438e-05lf;
    sum = sum * eta + -0.0001787551440329218lf;
    sum = sum * eta + 0.0003527336860670194lf;
    sum = sum * eta + 0.0011574074074074073lf;
    sum = sum * eta + -0.014814814814814815lf;
    sum = sum * eta + 0.08333333333333333lf;
    sum = sum * eta + -0.3333333333333333lf;
    return sum;
}

// c_1.
fn temme_1(eta: f64) -> f64 {
    var sum = 4.162792991842583e-10lf;
    sum = sum * eta + -1.0091543710600413e-09lf;
    sum = sum * eta + -1.7543241719747647e-11lf;
    sum = sum * eta + 1.1951628599778148e-08lf;
    sum = sum * eta + -5.752545603517705e-08lf;
    sum = sum * eta + 1.378633446915721e-07lf;
    sum = sum * eta + 4.647127802807434e-09lf;
    sum = sum * eta + -1.6120900894563446e-06lf;
    sum = sum * eta + 7.64916091608111e-06lf;
    sum = sum * eta + -1.8098550334489977e-05lf;
    sum = sum * eta + -4.018775720164609e-07lf;
    sum = sum * eta + 0.00020576131687242798lf;
    sum = sum * eta + -0.0009902263374485596lf;
    sum = sum * eta + 0.0026455026455026454lf;
    sum = sum * eta + -0.003472222222222222lf;
    sum = sum * eta + -0.001851851851851852lf;
    return sum;
}

// c_2.
fn temme_2(eta: f64) -> f64 {
    var sum = -1.3670488396617114e-09lf;
    sum = sum * eta + 6.228974084922022e-09lf;
    sum = sum * eta + -1.409252991086752e-08lf;
    sum = sum * eta + -2.0477098421990866e-10lf;
    sum = sum * eta + 1.4280614206064242e-07lf;
    sum = sum * eta + -6.298992138380055e-07lf;
    sum = sum * eta + 1.3721957309062934e-06lf;
    sum = sum * eta + 3.423578734096138e-08lf;
    sum = sum * eta + -1.2760635188618728e-05lf;
    sum = sum * eta + 5.2923448829120125e-05lf;
    sum = sum * eta + -0.0001073665322636516lf;
    sum = sum * eta + 2.0093878600823047e-06lf;
    sum = sum * eta + 0.0007716049382716049lf;
    sum = sum * eta + -0.0026813271604938273lf;
    sum = sum * eta + 0.004133597883597883lf;
    return sum;
}

// c_3.
fn temme_3(eta: f64) -> f64 {
    var sum = -1.9111168485973655e-08lf;
    sum = sum * eta + 8.099464905388083e-08lf;
    sum = sum * eta + -1.6958404091930278e-07lf;
    sum = sum * eta + -2.7861080291528143e-11lf;
    sum = sum * eta + 1.4230900732435883e-06lf;
    sum = sum * eta + -5.6749528269915965e-06lf;
    sum = sum * eta + 1.1082654115347302e-05lf;
    sum = sum * eta + -2.396505113867297e-07lf;
    sum = sum * eta + -7.561801671883977e-05lf;
    sum = sum * eta + 0.00026772063206283885lf;
    sum = sum * eta + -0.0004691894943952557lf;
    sum = sum * eta + 0.00022947209362139917lf;
    sum = sum * eta + 0.0006494341563786008lf;
    return sum;
}

// c_4.
fn temme_4(eta: f64) -> f64 {
    var sum = -2.292934834000805e-07lf;
    sum = sum * eta + 8.907507532205309e-07lf;
    sum = sum * eta + -1.6954149536558305e-06lf;
    sum = sum * eta + 2.507497226237533e-10lf;
    sum = sum * eta + 1.1375726970678419e-05lf;
    sum = sum * eta + -3.968365047179435e-05lf;
    sum = sum * eta + 6.641498215465122e-05lf;
    sum = sum * eta + -1.4638452578843418e-06lf;
    sum = sum * eta + -0.0002990724803031902lf;
    sum = sum * eta + 0.0007840392217200666lf;
    sum = sum * eta + -0.0008618882909167117lf;
    return sum;
}

// c_5.
fn temme_5(eta: f64) -> f64 {
    var sum = 3.4652846491085265e-07lf;
    sum = sum * eta + -3.252473551298454e-10lf;
    sum = sum * eta + -2.291481176508095e-06lf;
    sum = sum * eta + 8.018470256334202e-06lf;
    sum = sum * eta + -1.3594048189768693e-05lf;
    sum = sum * eta + 1.419062920643967e-07lf;
    sum = sum * eta + 6.797780477937208e-05lf;
    sum = sum * eta + -0.00019932570516188847lf;
    sum = sum * eta + 0.0002772753244959392lf;
    sum = sum * eta + -6.972813758365857e-05lf;
    sum = sum * eta + -0.00033679855336635813lf;
    return sum;
}

// c_6.
fn temme_6(eta: f64) -> f64 {
    var sum = -2.0291327396058603e-06lf;
    sum = sum * eta + 3.465155368803609e-06lf;
    sum = sum * eta + -3.0796134506033047e-09lf;
    sum = sum * eta + -1.8329116582843375e-05lf;
    sum = sum * eta + 5.61168275310625e-05lf;
    sum = sum * eta + -8.153969367561969e-05lf;
    sum = sum * eta + 7.902353232660328e-07lf;
    sum = sum * eta + 0.0002708782096718045lf;
    sum = sum * eta + -0.0005921664373536939lf;
    sum = sum * eta + 0.0005313079364639922lf;
    return sum;
}

// c_7.
fn temme_7(eta: f64) -> f64 {
    var sum = -1.8263488805711332e-05lf;
    sum = sum * eta + 2.7744451511563645e-05lf;
    sum = sum * eta + -1.2741009095484485e-07lf;
    sum = sum * eta + -0.00010976582244684731lf;
    sum = sum * eta + 0.0002812695154763237lf;
    sum = sum * eta + -0.00033493161081142234lf;
    sum = sum * eta + 5.171790908260592e-05lf;
    sum = sum * eta + 0.00034436760689237765lf;
    return sum;
}

// c_8.
fn temme_8(eta: f64) -> f64 {
    var sum = 4.629953263691304e-05lf;
    sum = sum * eta + -0.00012783517679769218lf;
    sum = sum * eta + 0.00016644846642067547lf;
    sum = sum * eta + -6.969091458420552e-07lf;
    sum = sum * eta + -0.000438297098541721lf;
    sum = sum * eta + 0.0008394987206720873lf;
    sum = sum * eta + -0.0006526239185953094lf;
    return sum;
}

// c_9.
fn temme_9(eta: f64) -> f64 {
    var sum = 0.00027750107634328704lf;
    sum = sum * eta + -0.0006401475260262758lf;
    sum = sum * eta + 0.0006782308837667328lf;
    sum = sum * eta + -7.204895416020011e-05lf;
    sum = sum * eta + -0.0005967612901927463lf;
    return sum;
}

// c_10.
fn temme_10(eta: f64) -> f64 {
    var sum = 0.0011089369134596636lf;
    sum = sum * eta + -0.0019144384985654776lf;
    sum = sum * eta + 0.0013324454494800656lf;
    return sum;
}

// c_11.
fn temme_11(eta: f64) -> f64 {
    var sum = -0.0020633421035543276lf;
    sum = sum * eta + 0.00016251626278391583lf;
    sum = sum * eta + 0.001579727660730835lf;
    return sum;
}

// c_12.
fn temme_12(eta: f64) -> f64 {
    var sum = -0.004072512119514016lf;
    return sum;
}

// The sum of c_k(eta) w^k for w = 1 / a.
fn temme_sum(eta: f64, w: f64) -> f64 {
    return temme_0(eta) + w * (temme_1(eta) + w * (temme_2(eta) + w * (temme_3(eta) + w * (temme_4(eta) + w * (temme_5(eta) + w * (temme_6(eta) + w * (temme_7(eta) + w * (temme_8(eta) + w * (temme_9(eta) + w * (temme_10(eta) + w * (temme_11(eta) + w * temme_12(eta))))))))))));
}
