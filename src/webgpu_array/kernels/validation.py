"""What may be wrong with a kernel from outside, said in words: when it is registered, and when it answers.

Each function returns None, or what is wrong and what to do.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from ..errors import KernelError
from .protocol import API_VERSION, Work

# The methods of a kernel, with the arguments that they are given, in this order.
METHODS = {
    "why_not": ("plan", "device"),
    "configs": ("plan", "device"),
    "launches": ("plan", "device", "config"),
    "why_slow": ("plan", "device"),
}
_OPTIONAL = frozenset({"why_slow"})


def fault_of_kernel(kernel: Any) -> str | None:
    """What keeps ``kernel`` from being one."""
    if isinstance(kernel, type):
        return f"it is the class {kernel.__name__}, and an instance is needed; add parentheses: {kernel.__name__}()"
    for name in ("name", "operation"):
        value = getattr(kernel, name, None)
        if not isinstance(value, str) or not value:
            return f"its attribute {name} is {_described(kernel, name)}; it must be a text that is not empty"
    if not _is_whole(getattr(kernel, "version", None)):
        return f"its attribute version is {_described(kernel, 'version')}; it must be an int, and grow when results or speed may change"
    wanted = [name for name in METHODS if name not in _OPTIONAL or hasattr(kernel, name)]
    return _fault_of_api_version(kernel) or next(filter(None, (_fault_of_method(kernel, name) for name in wanted)), None)


def objection_of(kernel: Any, plan: Any, device: Any) -> str | None:
    """Why ``kernel`` cannot do ``plan``, as it says itself; None where it can. Raises KernelError for an answer that is none."""
    return _reason_of(kernel, "why_not", plan, device)


def slowness_of(kernel: Any, plan: Any, device: Any) -> str | None:
    """Why ``kernel`` is not to be the default for ``plan``, which it can do; None where it may be. Raises as ``objection_of`` does."""
    return _reason_of(kernel, "why_slow", plan, device) if hasattr(kernel, "why_slow") else None


def _reason_of(kernel: Any, method: str, plan: Any, device: Any) -> str | None:
    reason = getattr(kernel, method)(plan, device)
    if reason is None or isinstance(reason, str):
        return reason
    raise KernelError(f"kernel {kernel.name}: {method} returned {reason!r}; it must return None, or a text that says {method.replace('_', ' ')}")


def fault_of_work(work: Any) -> str | None:
    """What keeps the answer of ``launches`` from being run."""
    if not isinstance(work, Work):
        return f"launches returned {type(work).__name__}, not Work"
    if not work.launches:
        return "launches returned Work without a launch"
    for launch in work.launches:
        if not _is_whole(launch.groups) or launch.groups < 1:
            return f"a launch of {launch.shader.file} has {launch.groups!r} workgroups; it must be an int of 1 or more"
    for name, nbytes in work.scratch.items():
        if not _is_whole(nbytes) or nbytes < 1:
            return f"scratch {name!r} has {nbytes!r} bytes; it must be an int of 1 or more"
    return None


def _fault_of_api_version(kernel: Any) -> str | None:
    stated: Any = getattr(kernel, "api_version", None)
    if stated == API_VERSION and _is_whole(stated):
        return None
    if not _is_whole(stated):
        return (
            f"its attribute api_version is {_described(kernel, 'api_version')}; "
            f"state the version of the interface that it is written for: api_version: int = {API_VERSION}"
        )
    remedy = "upgrade webgpu-array" if stated > API_VERSION else "upgrade the plugin, or ask its author to adapt it"
    return f"it is written for version {stated} of the interface, and this webgpu-array has version {API_VERSION}; {remedy}"


def _fault_of_method(kernel: Any, name: str) -> str | None:
    given = METHODS[name]
    call = f"{name}({', '.join(given)})"
    method = getattr(kernel, name, None)
    if not callable(method):
        return f"it has no method {name}; write {call}"
    code = getattr(method, "__code__", None)
    if code is not None and code.co_varnames[1 : code.co_argcount] == given and not code.co_kwonlyargcount:
        return None  # nearly always; the rest takes a hundred times as long, for every kernel of every program
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):  # it is not written in Python
        return None
    accepted, is_open = _positional(parameters)
    surplus = [p.name for p in accepted[len(given) :] if p.default is p.empty]
    surplus += [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if surplus:
        return f"its method {name} wants the argument {surplus[0]}, which it is not given; write {call}"
    if len(accepted) < len(given) and not is_open:
        return f"its method {name} lacks the argument {given[len(accepted)]}; write {call}"
    # A known name at another place: the arguments would arrive in the wrong order.
    for place, parameter in enumerate(accepted[: len(given)]):
        if parameter.name in given and given[place] != parameter.name:
            return f"its method {name} has the argument {parameter.name} in place {place + 1}; write {call}"
    return None


def _positional(parameters: Any) -> tuple[Sequence[inspect.Parameter], bool]:
    """The parameters that take positional arguments, and whether there may be any number."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in parameters if p.kind in kinds], any(p.kind is p.VAR_POSITIONAL for p in parameters)


def _described(kernel: Any, name: str) -> str:
    return repr(getattr(kernel, name)) if hasattr(kernel, name) else "missing"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
