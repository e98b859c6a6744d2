// What a chunk is reduced with: plain values.
//
// T, combine(): declared by kernels/reduce.py.

alias State = T;

fn lift(value: T) -> State {
    return value;
}

fn join(a: State, b: State) -> State {
    return combine(a, b);
}

fn settle(state: State) -> T {
    return state;
}
