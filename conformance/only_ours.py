"""A plugin of pytest: keeps the tests whose parameters name webgpu_array, and drops those of other libraries."""

from __future__ import annotations

import pytest

NAMESPACE = "webgpu_array"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [item for item in items if NAMESPACE not in item.name]
    items[:] = [item for item in items if NAMESPACE in item.name]
    config.hook.pytest_deselected(items=dropped)
