"""How small matrices are shared out: each is that of a team of invocations, and there are teams enough for a workgroup."""

from __future__ import annotations

from collections.abc import Sequence

from .protocol import Capabilities, Config

# Workgroup memory that every device has, and invocations of a workgroup.
_WORKGROUP_BYTES = 16384
_INVOCATIONS = 64


def why_no_team(n: int, largest: int, nbytes: int) -> str | None:
    """Why a team cannot work on a matrix of order ``n`` that takes ``nbytes`` of workgroup memory; None if it can."""
    if n > largest:
        return f"n is above {largest}: larger matrices are spread over many workgroups"
    return "a matrix does not fit workgroup memory" if nbytes > _WORKGROUP_BYTES else None


def teams_of(n: int, nbytes: int, device: Capabilities) -> Sequence[Config]:
    """``lanes`` in a team, ``teams`` in a workgroup. Software adapters compute a matrix per lane of their vectors."""
    sizes = (1, 32) if device.kind == "software" else (n, n // 2)
    lanes = dict.fromkeys(_power_of_two(min(size, _INVOCATIONS)) for size in sizes)
    most = _WORKGROUP_BYTES // nbytes
    return [{"lanes": each, "teams": max(1, min(most, (8 if each == 1 else _INVOCATIONS) // each))} for each in lanes]


def _power_of_two(size: int) -> int:
    """The largest one up to ``size``, at least 1."""
    return 1 << max(size.bit_length() - 1, 0)
