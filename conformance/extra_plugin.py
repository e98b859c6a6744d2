"""Points array-api-extra's own tests at webgpu_array: a plugin of pytest.

The tests are parametrized by an enumeration of libraries in ``array_api_extra._lib._backends``. This module must be
imported before them: it puts one with a further member in its place.

    python -m pytest -p only_ours -p extra_plugin --pyargs array_api_extra
"""

from __future__ import annotations

from enum import Enum

from array_api_extra._lib import _backends
from only_ours import NAMESPACE


class _Methods:
    """What the tests ask of a library."""

    modname = _backends.Backend.modname
    like = _backends.Backend.like
    pytest_param = _backends.Backend.pytest_param


# An enumeration that has members cannot be extended.
_backends.Backend = Enum(  # type: ignore[misc]
    "Backend",
    {**{library.name: library.value for library in _backends.Backend}, NAMESPACE.upper(): NAMESPACE},
    type=_Methods,
)
