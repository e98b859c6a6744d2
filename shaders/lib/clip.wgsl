// A value brought into a range. Free name: T, with its number library.

// `high` wins where the range is empty. A NaN stays.
fn clipped(x: T, low: T, high: T) -> T {
    let raised = select(x, low, is_below(x, low));
    return select(raised, high, is_below(high, raised));
}
