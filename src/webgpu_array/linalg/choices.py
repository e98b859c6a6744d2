"""Why inverses are computed by the kernel that computes them."""

from __future__ import annotations

from ..plans.linalg import Inverse
from ..tensor import Tensor
from ..tuner.explain import explain as explain_plan
from ..tuner.explanation import Explanation
from .checks import batch_of, check_matrices, check_square


def explain(x: Tensor, /, *, kernel: str | None = None) -> Explanation:
    """Which kernel ``inv(x)`` uses, and why: every candidate with its times, and what keeps it from being used.

    x: (..., n, n) floating-point, real or complex; its values do not matter. ``kernel`` names one, as for ``inv``. Printing the result shows a
    table; ``as_dict()`` is for programs, ``picture("file.png")`` draws what was measured over n and batch (needs Matplotlib).

    Raises as ``inv`` does for a wrong dtype, shape or kernel, and ValueError where ``x`` holds no numbers. Nothing is measured. Does not wait.
    """
    check_matrices("explain", x)
    check_square("explain", x)
    if not x.size:
        raise ValueError(f"explain: x has shape {x.shape} and holds no numbers; there is nothing to compute")
    _, batch = batch_of(x)
    return explain_plan(Inverse(x.dtype, x.shape[-1], batch), x.device, kernel)
