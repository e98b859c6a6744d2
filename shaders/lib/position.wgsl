// Where the operands of an element stand, for operands that are visited with any steps.
//
// The shader's Params has `operands`, of four entries, `lengths: array<vec4<u32>, AXES>` (x: the length of an
// axis, outermost first), and `steps: array<vec4<u32>, AXES>` (elements between neighbours along the axis, of
// each operand).

// Steps are two's complement: unsigned arithmetic wraps to the right element.
fn position(i: u32) -> vec4<u32> {
    var at = vec4<u32>(params.operands[0].x, params.operands[1].x, params.operands[2].x, params.operands[3].x);
    var rest = i;
    // Divisions are what costs: one per axis but the outermost.
    for (var axis = AXES - 1u; axis > 0u; axis--) {
        let length = params.lengths[axis].x;
        let outer = rest / length;
        at += (rest - outer * length) * params.steps[axis];
        rest = outer;
    }
    return at + rest * params.steps[0];
}
