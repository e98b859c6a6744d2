"""Points array-api-compat's own tests at webgpu_array: a plugin of pytest.

They are parametrized by a list of libraries, to which this module adds one before they are imported.

    python -m pytest -p only_ours -p compat_plugin --pyargs array_api_compat
"""

from __future__ import annotations

from array_api_compat.tests import _helpers
from only_ours import NAMESPACE

_helpers.all_libraries.append(NAMESPACE)
