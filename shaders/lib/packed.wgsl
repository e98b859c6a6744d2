// Vectors of four floats as two integers of 64 bits, as which a software adapter loads them in half the time.
//
// llvmpipe puts what it loads into a vector one element after the other, each through memory: that takes as long whatever the element's size.

alias Packed = vec2<u64>;

fn unpacked(x: Packed) -> vec4<f32> {
    return bitcast<vec4<f32>>(vec4<u32>(u32(x.x), u32(x.x >> 32u), u32(x.y), u32(x.y >> 32u)));
}

fn packed(x: vec4<f32>) -> Packed {
    let bits = bitcast<vec4<u32>>(x);
    return vec2<u64>(u64(bits.x) | u64(bits.y) << 32u, u64(bits.z) | u64(bits.w) << 32u);
}
