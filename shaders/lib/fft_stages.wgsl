// Stages of Stockham's transform on LINES lines of LENGTH numbers in workgroup memory, for every radix.
//
// A stage reads one half of `lines`, from `source` on, and writes the other half. Elements LENGTH / radix apart
// make one small transform; `done` is the product of the radices of earlier stages. Wants `roots`, and of
// Params the field own; and from lib/fft_roots the direction. Numbers of rounds are constants, for compilers to unroll.

var<workgroup> lines: array<T, 2u * ROOM>;

const ROOT_HALF = F(0.70710678118654752440);
// sin(2π/3); cos and sin of 2π/5 and 4π/5.
const SIN_3 = F(0.86602540378443864676);
const COS_5 = F(0.30901699437494742410);
const SIN_5 = F(0.95105651629515357212);
const COS_5_TWICE = F(-0.80901699437494742410);
const SIN_5_TWICE = F(0.58778525229247312917);

// Where an element of a line is kept. A stage reads neighbours and writes elements some powers of two apart; that both
// go to different banks of the memory, each block of 16 is permuted by its number.
fn slot(line: u32, position: u32) -> u32 {
    let place = select(line * LENGTH + position, position * LINES + line, READS_LINES);
    return place ^ ((place >> 4u) & 15u);
}

// Line and first position of one of the small transforms, of which a line has `span`.
fn chosen(item: u32, span: u32) -> vec2<u32> {
    return select(vec2<u32>(item / span, item % span), vec2<u32>(item % LINES, item / LINES), READS_LINES);
}

// The element times exp(∓2πi k / LENGTH).
fn turned(value: T, k: u32) -> T {
    if (k == 0u) {
        return value;
    }
    return times(value, oriented(roots[params.own + k]));
}

// The element times ∓i.
fn quarter(value: T) -> T {
    return select(T(value.y, -value.x), T(-value.y, value.x), INVERSE);
}

fn four(a: T, b: T, c: T, d: T) -> array<T, 4> {
    let even = a + c;
    let odd = b + d;
    let difference = a - c;
    let turned = quarter(b - d);
    return array<T, 4>(even + odd, difference + turned, even - odd, difference - turned);
}

fn stage_2(lane: u32, source: u32, done: u32) {
    const span = LENGTH / 2u;
    for (var round = 0u; round < (span * LINES + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        if (span * LINES % WORKGROUP != 0u && item >= span * LINES) {
            continue;
        }
        let at = chosen(item, span);
        let k = at.y % done;
        let a = lines[source + slot(at.x, at.y)];
        let b = turned(lines[source + slot(at.x, at.y + span)], k * (span / done));
        let first = (at.y - k) * 2u + k;
        lines[ROOM - source + slot(at.x, first)] = a + b;
        lines[ROOM - source + slot(at.x, first + done)] = a - b;
    }
}

fn stage_3(lane: u32, source: u32, done: u32) {
    const span = LENGTH / 3u;
    for (var round = 0u; round < (span * LINES + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        if (span * LINES % WORKGROUP != 0u && item >= span * LINES) {
            continue;
        }
        let at = chosen(item, span);
        let k = at.y % done;
        let turn = k * (span / done);
        let a = lines[source + slot(at.x, at.y)];
        let b = turned(lines[source + slot(at.x, at.y + span)], turn);
        let c = turned(lines[source + slot(at.x, at.y + 2u * span)], 2u * turn);
        let middle = a - (b + c) * F(0.5);
        let side = quarter(b - c) * SIN_3;
        let first = (at.y - k) * 3u + k;
        lines[ROOM - source + slot(at.x, first)] = a + (b + c);
        lines[ROOM - source + slot(at.x, first + done)] = middle + side;
        lines[ROOM - source + slot(at.x, first + 2u * done)] = middle - side;
    }
}

fn stage_4(lane: u32, source: u32, done: u32) {
    const span = LENGTH / 4u;
    for (var round = 0u; round < (span * LINES + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        if (span * LINES % WORKGROUP != 0u && item >= span * LINES) {
            continue;
        }
        let at = chosen(item, span);
        let k = at.y % done;
        let turn = k * (span / done);
        let a = lines[source + slot(at.x, at.y)];
        let b = turned(lines[source + slot(at.x, at.y + span)], turn);
        let c = turned(lines[source + slot(at.x, at.y + 2u * span)], 2u * turn);
        let d = turned(lines[source + slot(at.x, at.y + 3u * span)], 3u * turn);
        let made = four(a, b, c, d);
        let first = (at.y - k) * 4u + k;
        lines[ROOM - source + slot(at.x, first)] = made[0];
        lines[ROOM - source + slot(at.x, first + done)] = made[1];
        lines[ROOM - source + slot(at.x, first + 2u * done)] = made[2];
        lines[ROOM - source + slot(at.x, first + 3u * done)] = made[3];
    }
}

fn stage_5(lane: u32, source: u32, done: u32) {
    const span = LENGTH / 5u;
    for (var round = 0u; round < (span * LINES + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        if (span * LINES % WORKGROUP != 0u && item >= span * LINES) {
            continue;
        }
        let at = chosen(item, span);
        let k = at.y % done;
        let turn = k * (span / done);
        let a = lines[source + slot(at.x, at.y)];
        let b = turned(lines[source + slot(at.x, at.y + span)], turn);
        let c = turned(lines[source + slot(at.x, at.y + 2u * span)], 2u * turn);
        let d = turned(lines[source + slot(at.x, at.y + 3u * span)], 3u * turn);
        let e = turned(lines[source + slot(at.x, at.y + 4u * span)], 4u * turn);
        let outer = b + e;
        let inner = c + d;
        let middle = a + outer * COS_5 + inner * COS_5_TWICE;
        let side = quarter((b - e) * SIN_5 + (c - d) * SIN_5_TWICE);
        let middle_twice = a + outer * COS_5_TWICE + inner * COS_5;
        let side_twice = quarter((b - e) * SIN_5_TWICE - (c - d) * SIN_5);
        let first = (at.y - k) * 5u + k;
        lines[ROOM - source + slot(at.x, first)] = a + outer + inner;
        lines[ROOM - source + slot(at.x, first + done)] = middle + side;
        lines[ROOM - source + slot(at.x, first + 2u * done)] = middle_twice + side_twice;
        lines[ROOM - source + slot(at.x, first + 3u * done)] = middle_twice - side_twice;
        lines[ROOM - source + slot(at.x, first + 4u * done)] = middle - side;
    }
}

fn stage_8(lane: u32, source: u32, done: u32) {
    const span = LENGTH / 8u;
    for (var round = 0u; round < (span * LINES + WORKGROUP - 1u) / WORKGROUP; round++) {
        let item = round * WORKGROUP + lane;
        if (span * LINES % WORKGROUP != 0u && item >= span * LINES) {
            continue;
        }
        let at = chosen(item, span);
        let k = at.y % done;
        let turn = k * (span / done);
        let even = four(
            lines[source + slot(at.x, at.y)],
            turned(lines[source + slot(at.x, at.y + 2u * span)], 2u * turn),
            turned(lines[source + slot(at.x, at.y + 4u * span)], 4u * turn),
            turned(lines[source + slot(at.x, at.y + 6u * span)], 6u * turn));
        let odd = four(
            turned(lines[source + slot(at.x, at.y + span)], turn),
            turned(lines[source + slot(at.x, at.y + 3u * span)], 3u * turn),
            turned(lines[source + slot(at.x, at.y + 5u * span)], 5u * turn),
            turned(lines[source + slot(at.x, at.y + 7u * span)], 7u * turn));
        let one = (odd[1] + quarter(odd[1])) * ROOT_HALF;
        let two = quarter(odd[2]);
        let three = (quarter(odd[3]) - odd[3]) * ROOT_HALF;
        let first = (at.y - k) * 8u + k;
        lines[ROOM - source + slot(at.x, first)] = even[0] + odd[0];
        lines[ROOM - source + slot(at.x, first + done)] = even[1] + one;
        lines[ROOM - source + slot(at.x, first + 2u * done)] = even[2] + two;
        lines[ROOM - source + slot(at.x, first + 3u * done)] = even[3] + three;
        lines[ROOM - source + slot(at.x, first + 4u * done)] = even[0] - odd[0];
        lines[ROOM - source + slot(at.x, first + 5u * done)] = even[1] - one;
        lines[ROOM - source + slot(at.x, first + 6u * done)] = even[2] - two;
        lines[ROOM - source + slot(at.x, first + 7u * done)] = even[3] - three;
    }
}
