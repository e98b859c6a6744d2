"""Inverses of small matrices by Gauss-Jordan elimination: an invocation per matrix, all of it in registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..dtypes import DType, real_of
from ..plans.linalg import Inverse
from ..shader import Constant, Shader
from .gauss_jordan import gauss_jordan_shader
from .inverse_status import report_library
from .protocol import Capabilities, Config, Launch, Work

# The largest order that is faster in the registers of one invocation than in those of several, by bytes of an element, on an H100.
_LARGEST = {4: 7, 8: 6, 16: 4}

# On a CPU what is too much for the registers lies in its cache, at little cost. There the time to compile is the limit: six seconds at
# this order, once, since drivers keep what they compiled. Complex numbers take three times as long.
_LARGEST_ON_CPU, _LARGEST_COMPLEX_ON_CPU = 16, 8

# Matrices of a workgroup on a CPU: as many as its vectors have elements, or where there are many, more, for each workgroup costs something.
_VECTOR, _MANY_VECTORS, _MANY = 8, 64, 256


def largest_on_cpu(dtype: DType) -> int:
    """The largest order that one invocation does on a software adapter."""
    return _LARGEST_COMPLEX_ON_CPU if dtype.is_complex else _LARGEST_ON_CPU


def small_gauss_jordan_shader(layout: str, plan: Inverse, *libraries: str, **constants: Constant) -> Shader:
    """The shader of a layout that eliminates in registers, with the libraries of the plan's dtype."""
    # Of matrices of one or two pivots, a reciprocal that is 2 ulp off is too large a part of the error.
    precise = plan.n <= 2
    constants = {**constants, "N": plan.n, "KEY_SHIFT": 8 * real_of(plan.dtype).storage_bytes - 32}
    return gauss_jordan_shader(layout, plan, report_library(plan), *libraries, precise=precise, **constants)


def piece_of(dtype: DType, are_whole: bool) -> str:
    """The library of what is read and written as one: 16 bytes, if matrices or rows ``are_whole`` numbers of such pieces."""
    return "piece_one" if not are_whole else "piece_pair" if dtype.is_complex else "piece_four"


def piece_elements(dtype: DType) -> int:
    """Elements of a piece that is not one."""
    return 2 if dtype.is_complex else 4


@dataclass(frozen=True)
class GaussJordanThread:
    """n ≤ 7, on a software adapter 16: an invocation per matrix.

    ``staged``: whether matrices pass through workgroup memory. ``ordered``: whether rows and columns are put in order in
    registers, rather than by the addresses that they are written to.
    """

    name: str = "gauss_jordan_thread"
    operation: str = "inverse"
    version: int = 3
    api_version: int = 1

    def why_not(self, plan: Inverse, device: Capabilities) -> str | None:
        largest = largest_on_cpu(plan.dtype) if device.kind == "software" else _LARGEST[plan.dtype.storage_bytes]
        if plan.n <= largest:
            return None
        what = "takes long to compile for" if device.kind == "software" else "does not fit the registers of"
        return f"a {plan.dtype.name} matrix of order {plan.n} {what} one invocation"

    def configs(self, plan: Inverse, device: Capabilities) -> Sequence[Config]:
        # A matrix of order 2 is one vector: neighbours are side by side without further ado.
        direct = {"staged": 0, "ordered": int(plan.n <= 2)}
        if device.kind == "software":
            return [{"workgroup": _MANY_VECTORS if plan.batch >= _MANY else _VECTOR, **direct}]
        if plan.n <= 2:
            return [{"workgroup": workgroup, **direct} for workgroup in (256, 128)]
        sizes = (64, 32) if plan.n == 3 else (32, 64)
        most = device.limits["max-compute-workgroup-storage-size"] // ((plan.n**2 | 1) * plan.dtype.storage_bytes)
        return [{"workgroup": workgroup, "staged": 1, "ordered": 0} for workgroup in sizes if workgroup <= most]

    def launches(self, plan: Inverse, device: Capabilities, config: Config) -> Work:
        staged, ordered, workgroup = (config[key] for key in ("staged", "ordered", "workgroup"))
        # In pieces where every matrix is a number of them, or else where every workgroup's matrices are.
        in_pieces = plan.n % 2 == 0 or (staged == 1 and not ordered and plan.batch % piece_elements(plan.dtype) == 0)
        shader = small_gauss_jordan_shader(
            "thread",
            plan,
            "matrix_staged" if staged else "matrix_direct",
            "order_in_registers" if ordered else "order_by_address",
            piece_of(plan.dtype, in_pieces),
            WORKGROUP=workgroup,
        )
        return Work([Launch(shader, -(-plan.batch // workgroup), {"batch": plan.batch, "zero": 0})])
