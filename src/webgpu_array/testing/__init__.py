"""The accuracy gate for inverse kernels, for this package's own and for those of plugins.

``check_kernel`` runs it for a registered kernel, ``check_inverter`` for any function on
NumPy arrays; ``families`` has the matrices. ``benchmark_kernel`` times a registered kernel beside the default. Needs NumPy; SciPy adds a second opinion.
"""

from .benchmark import Row, benchmark_kernel
from .families import FAMILIES, SIZES, Batch, Expect, Family, crowd, stack
from .gate import Figure, Report, check, check_inverter
from .on_device import check_kernel, inverter
from .reasons import why

__all__ = [
    "FAMILIES",
    "SIZES",
    "Batch",
    "Expect",
    "Family",
    "Figure",
    "Report",
    "Row",
    "benchmark_kernel",
    "check",
    "check_inverter",
    "check_kernel",
    "crowd",
    "inverter",
    "stack",
    "why",
]
