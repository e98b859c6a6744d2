// One pass of Stockham's transform over the data: every line of LENGTH elements, which lie COLUMNS positions
// apart, is turned and transformed. After the pass, runs of DONE * LENGTH positions are transforms of their own.
//
// Each workgroup takes LINES lines at a time into workgroup memory; lib/fft_stages transforms them there.
//
// Bindings: out, x: (outer, positions, inner) with any steps, declared by lib/fft_write_* and lib/fft_read_*;
// roots: the table of fft_plans.RootsLayout; before, after: (positions) T, declared by kernels/fft.py where used.
// Constants: WORKGROUP (1 to the device's limit), LENGTH (a product of 2, 3 and 5), LINES (at least 1),
// SIZE = LENGTH * LINES, ROOM (SIZE rounded up to a multiple of 16), COLUMNS (positions / LENGTH), DONE (the product
// of the lengths of earlier passes), ONE_INNER (whether the inner axis has one element), OPERANDS (of the plan),
// INVERSE (the sign of the exponent), FIRST, LAST (whether x and out are the plan's, which may be views),
// READS_LINES, WRITES_LINES (whether neighbouring invocations take neighbouring lines, or else neighbours in one).
// factored(), finished(), transformed(): declared by kernels/fft.py.
//
// Source: C. Van Loan, "Computational Frameworks for the Fast Fourier Transform", SIAM (1992), section 1.7.
// uses: grid, number_complex, fft_roots, fft_stages

struct Params {
    operands: array<vec4<u32>, OPERANDS>,  // element offset of out, of x; bits of scale
    x_steps: vec4<u32>,                    // of the outer axis, of positions, of the inner axis; two's complement
    out_steps: vec4<u32>,
    lines: u32,
    inner: u32,
    signal: u32,                           // elements that x stands for
    length: u32,                           // elements that x has
    out_length: u32,
    turn: u32,                             // the order of the roots / (DONE * LENGTH)
    own: u32,                              // where in roots those of order LENGTH begin
    fine: u32,
    coarse: u32,
    shift: u32,
}
@group(0) @binding(2) var<storage, read> roots: array<T>;
@group(1) @binding(0) var<uniform> params: Params;

// A line's place: the index along the outer axis, the first position, the index along the inner axis.
fn located(line: u32) -> vec3<u32> {
    if (ONE_INNER) {
        return vec3<u32>(line / COLUMNS, line % COLUMNS, 0u);
    }
    let column = line / params.inner;
    return vec3<u32>(column / COLUMNS, column % COLUMNS, line % params.inner);
}

// A line of the workgroup and a position in it, for the invocations to share out.
fn shared_out(item: u32, by_lines: bool) -> vec2<u32> {
    return select(vec2<u32>(item / LENGTH, item % LENGTH), vec2<u32>(item % LINES, item / LINES), by_lines);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>,
        @builtin(num_workgroups) count: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let first = workgroup_number(workgroup, count) * LINES;
    let x_start = select(0u, params.operands[1].x, FIRST);
    let out_start = select(0u, params.operands[0].x, LAST);

    for (var round = 0u; round < (SIZE + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        let own = shared_out(item, READS_LINES);
        if ((SIZE % WORKGROUP == 0u || item < SIZE) && first + own.x < params.lines) {
            let at = located(first + own.x);
            let position = at.y + own.y * COLUMNS;
            let start = x_start + at.x * params.x_steps.x + at.z * params.x_steps.z;
            var value = factored(element_at(start, position), position);
            let angle = own.y * (at.y % DONE) * params.turn;
            if (angle > 0u) {
                value = times(value, root(angle));
            }
            lines[slot(own.x, own.y)] = value;
        }
    }
    workgroupBarrier();
    let result = transformed(lane);
    for (var round = 0u; round < (SIZE + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        let own = shared_out(item, WRITES_LINES);
        if ((SIZE % WORKGROUP == 0u || item < SIZE) && first + own.x < params.lines) {
            let at = located(first + own.x);
            let within = at.y % DONE;
            let position = (at.y - within) * LENGTH + within + own.y * DONE;
            let start = out_start + at.x * params.out_steps.x + at.z * params.out_steps.z;
            put(start, position, finished(lines[result + slot(own.x, own.y)], position));
        }
    }
}
