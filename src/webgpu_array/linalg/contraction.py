"""``einsum``: products and sums by named axes, carried out as products of matrices.

Source: the notation is NumPy's, https://numpy.org/doc/stable/reference/generated/numpy.einsum.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..dtypes import bool_
from ..ops.checks import check_tensor
from ..ops.elementwise import astype
from ..ops.manipulation import permute_dims, reshape
from ..ops.statistical import sum
from ..shapes import Strides
from ..tensor import Tensor
from .checks import check_numeric
from .products import matmul

_NOTATION = re.compile(r"[A-Za-z]*(\.{3})?[A-Za-z]*(,[A-Za-z]*(\.{3})?[A-Za-z]*)*(->[A-Za-z]*(\.{3})?[A-Za-z]*)?")

# An axis: a letter, or one under an ellipsis, counted from its end ("-1").
_Labels = tuple[str, ...]


def einsum(subscripts: str, /, *operands: Tensor) -> Tensor:
    """Sums of products of the operands' elements: ``einsum("bij,bjk->bik", x1, x2)`` multiplies matrices.

    Each operand has a letter for each axis, and axes of one letter run together; ``...`` stands for axes that broadcast.
    Letters that are missing after ``->`` are summed over; without ``->`` the result has those that occur once, in
    alphabetic order. Operands are multiplied from left to right. Raises ValueError for a notation that does not fit
    the operands, and for lengths that differ, TypeError for bool alone and dtypes that do not promote; bool beside a
    number is 0 and 1. Does not wait.
    """
    for x in operands:
        check_tensor("einsum", x, "operands")
    numeric = next((x.dtype for x in operands if x.dtype is not bool_), None)
    if numeric is not None:
        operands = tuple(astype(x, numeric) if x.dtype is bool_ else x for x in operands)
    for x in operands:
        check_numeric("einsum", x, "operands")
    inputs, output = _parsed(subscripts, operands)
    terms = [_without_repetition(subscripts, x, labels) for x, labels in zip(operands, inputs, strict=True)]
    x, labels = terms[0]
    for i, (other, theirs) in enumerate(terms[1:], 2):
        wanted = {*output, *(label for _, later in terms[i:] for label in later)}
        x, labels = _multiplied(subscripts, _reduced(x, labels, {*wanted, *theirs}), _reduced(other, theirs, {*wanted, *labels}), wanted)
    x, labels = _reduced(x, labels, set(output))
    return permute_dims(x, tuple(labels.index(label) for label in output))


def _parsed(subscripts: str, operands: Sequence[Tensor]) -> tuple[list[_Labels], _Labels]:
    """The labels of each operand's axes, and those of the result. Raises ValueError."""
    text = "".join(subscripts.split())
    if not _NOTATION.fullmatch(text):
        raise ValueError(f"einsum: {subscripts!r} is no notation; write letters, as in 'bij,bjk->bik'")
    left, arrow, right = text.partition("->")
    parts = left.split(",")
    if len(parts) != len(operands):
        raise ValueError(f"einsum: {subscripts!r} is for {len(parts)} operands, not {len(operands)}")
    inputs = []
    for part, x in zip(parts, operands, strict=True):
        n_named = len(part.replace("...", ""))
        if n_named > x.ndim or (n_named < x.ndim and "..." not in part):
            raise ValueError(f"einsum: {part!r} does not name the axes of an operand with shape {x.shape}")
        inputs.append(_labels(part, x.ndim - n_named))
    spread = tuple(sorted({label for labels in inputs for label in labels if len(label) > 1}, key=int))
    if arrow:
        output = _labels(right, len(spread) if "..." in right else 0)
    else:
        output = spread + tuple(sorted(letter for letter in set(left) - set(",.") if left.count(letter) == 1))
    known = {label for labels in inputs for label in labels}
    if len(set(output)) < len(output) or not known.issuperset(output):
        raise ValueError(f"einsum: the result of {subscripts!r} must name axes of the operands, each once")
    return inputs, output


def _labels(part: str, n_spread: int) -> _Labels:
    """The labels of a part of the notation, whose ellipsis stands for ``n_spread`` axes."""
    before, _, after = part.partition("...")
    return (*before, *(str(i) for i in range(-n_spread, 0)), *after)


def _without_repetition(subscripts: str, x: Tensor, labels: _Labels) -> tuple[Tensor, _Labels]:
    """The view of the diagonal where a label is there twice."""
    lengths: dict[str, int] = {}
    steps: dict[str, int] = {}
    for label, n, step in zip(labels, x.shape, x.strides, strict=True):
        if lengths.setdefault(label, n) != n:
            raise ValueError(f"einsum: {label!r} in {subscripts!r} has lengths {lengths[label]} and {n}")
        steps[label] = steps.get(label, 0) + step
    strides: Strides = tuple(steps.values())
    return x.view(tuple(lengths.values()), strides), tuple(lengths)


def _reduced(x: Tensor, labels: _Labels, wanted: set[str]) -> tuple[Tensor, _Labels]:
    """``x`` summed over the axes that nothing else has."""
    gone = tuple(i for i, label in enumerate(labels) if label not in wanted)
    return (sum(x, axis=gone, dtype=x.dtype) if gone else x), tuple(label for label in labels if label in wanted)


def _multiplied(
    subscripts: str, first: tuple[Tensor, _Labels], second: tuple[Tensor, _Labels], wanted: set[str]
) -> tuple[Tensor, _Labels]:
    """The product of two terms: what both have is a batch where it is wanted later, and summed over where not."""
    (x1, labels1), (x2, labels2) = first, second
    shared = [label for label in labels1 if label in labels2]
    batch = [label for label in shared if label in wanted]
    summed = [label for label in shared if label not in wanted]
    rows = [label for label in labels1 if label not in shared]
    columns = [label for label in labels2 if label not in shared]
    for label in shared:
        n1, n2 = x1.shape[labels1.index(label)], x2.shape[labels2.index(label)]
        if n1 != n2 and not (len(label) > 1 and label in batch and 1 in (n1, n2)):
            raise ValueError(f"einsum: {label!r} in {subscripts!r} has lengths {n1} and {n2}")
    left, lengths1 = _as_matrices(x1, labels1, batch, rows, summed)
    right, lengths2 = _as_matrices(x2, labels2, batch, summed, columns)
    product = matmul(left, right)
    n_batch = len(batch)
    shape = product.shape[:n_batch] + lengths1[n_batch : n_batch + len(rows)] + lengths2[n_batch + len(summed) :]
    return reshape(product, shape), (*batch, *rows, *columns)


def _as_matrices(
    x: Tensor, labels: _Labels, batch: list[str], rows: list[str], columns: list[str]
) -> tuple[Tensor, tuple[int, ...]]:
    """``x`` as matrices with a row for each position along ``rows``; and the lengths before axes were merged."""
    x = permute_dims(x, tuple(labels.index(label) for label in (*batch, *rows, *columns)))
    lengths, n_batch = x.shape, len(batch)
    middle = n_batch + len(rows)
    shape = (*lengths[:n_batch], math.prod(lengths[n_batch:middle]), math.prod(lengths[middle:]))
    return reshape(x, shape), lengths
