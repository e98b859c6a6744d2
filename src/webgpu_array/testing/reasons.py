"""What failures of the gate mean, for the author of the kernel: which check, which families, and what usually is the cause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

# Families named of each check, the most frequent first.
_MOST_FAMILIES = 5

_FAILURE = re.compile(r"(?P<what>.*?): (?P<family>[^:]*), n = (?P<n>\d+), (?P<dtype>\w+), matrix \d+(, κ₁ = .*)?", re.DOTALL)

# Per check: how its failures begin or what they hold, and what the cause usually is.
_CAUSES = (
    (
        "left residual",
        "X A is farther from the identity than rounding explains; pivots are too small, or some row or column is left out",
    ),
    (
        "forward error",
        "X is farther from the true inverse than the matrix's condition explains; pivots are too small, or 1 / x is rounded badly (n = 1)",
    ),
    (
        "right residual",
        "A X is farther from the identity than rounding explains, and than LAPACK's; the order in which rows are eliminated matters",
    ),
    (
        "reports a zero pivot that is not there",
        "a regular matrix was called singular; the pivot must be the largest element of its column, not the one on the diagonal",
    ),
    ("is no step of the elimination", "info must be 0, or the 1-based step of the first zero pivot"),
    (
        "the step of the first zero pivot",
        "info must be the 1-based step at which elimination with partial pivoting has no pivot left, the first column that depends on those before it, "
        "whatever is exchanged; later steps must not overwrite it",
    ),
    ("hide that the matrix is singular", "rcond must be 1 / (‖A‖₁ ‖X‖₁) with the norms of all of A and X"),
    (
        "the inverse is not NaN throughout",
        "a matrix that is singular, or holds NaN or Inf, must become NaN in every element; tests for NaN must look at bits",
    ),
    ("of a singular matrix is not 0", "rcond of a singular matrix must be 0"),
    ("is not NaN", "rcond of a matrix that holds NaN or Inf must be NaN, make_nan(params.zero)"),
    ("rcond is NaN, though", "rcond is NaN where the inverse is not; take both norms as magnitude_bits of column sums"),
    ("the inverse is not finite", "something was divided by zero, or overflowed, though the inverse exists and is representable"),
    ("neither finite nor flagged", "the inverse overflowed, and neither info nor rcond says so"),
    ("times the true", "rcond must be 1 / (‖A‖₁ ‖X‖₁): column sums of magnitudes, the largest of them"),
    (
        "the same batch again gives other bits",
        "invocations read what others write without a barrier between, or something is read before it was ever written",
    ),
    ("alone, matrix", "the result depends on the neighbours in the batch: an index runs beyond its own matrix"),
    ("not float32 of shape", "the result has another type or shape"),
    ("not float64 of shape", "the result has another type or shape"),
)

# What the families that failed have in common: the cause, if they did and the others of their kind did as well.
_PATTERNS = (
    (
        frozenset(("zero leading pivot", "near permutation")),
        "Where the largest element of a column is not on the diagonal, the kernel fails: it does not exchange rows, or not for every step",
    ),
    (frozenset(("near overflow", "near underflow")), "Large and small matrices fail: a product or a square leaves the range of the type"),
    (frozenset(("NaN", "Inf", "-Inf")), "Matrices that are not finite are not recognised: compilers fold x != x, so look at bits"),
)


@dataclass(slots=True)
class _Group:
    """The failures of one check."""

    families: Counter[str] = field(default_factory=Counter)
    orders: set[int] = field(default_factory=set)
    dtypes: set[str] = field(default_factory=set)
    first: str = ""


def why(failures: Iterable[str]) -> tuple[str, ...]:
    """Sentences on ``failures`` of the gate: what the families have in common first, then one per check."""
    groups: dict[str, _Group] = {}
    failed: set[str] = set()
    for failure in failures:
        found = _FAILURE.fullmatch(failure)
        check = next((text for text, _ in _CAUSES if text in failure), None)
        if found is None or check is None:
            continue
        group = groups.setdefault(check, _Group(first=failure))
        group.families[found["family"]] += 1
        group.orders.add(int(found["n"]))
        group.dtypes.add(found["dtype"])
        failed.add(found["family"])
    patterns = [f"{text}." for families, text in _PATTERNS if families <= failed]
    return (*patterns, *(_sentence(cause, groups[check]) for check, cause in _CAUSES if check in groups))


def _sentence(cause: str, group: _Group) -> str:
    families = [name for name, _ in group.families.most_common(_MOST_FAMILIES)]
    more = len(group.families) - len(families)
    named = ", ".join(families) + (f" and {more} more families" if more else "")
    n = f"n = {min(group.orders)}" + (f" to {max(group.orders)}" if len(group.orders) > 1 else "")
    total = group.families.total()
    return f"{total:,} failure{'s' if total > 1 else ''}, {named} ({n}, {', '.join(sorted(group.dtypes))}): {cause}. First: {group.first}"
