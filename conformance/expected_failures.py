"""A plugin of pytest: ``--expected-failures FILE`` names tests that are expected to fail.

A line of FILE is an id, or what comes before its ``[``; lines that begin with # give the reason for those below them.
A test that passes although it is named there counts as failed.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--expected-failures", type=Path, metavar="FILE", help="tests that are expected to fail, by id")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    path = config.getoption("--expected-failures")
    if path is None:
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = {line for line in lines if line and not line.startswith("#")}
    for item in items:
        if item.nodeid in expected or item.nodeid.partition("[")[0] in expected:
            item.add_marker(pytest.mark.xfail(reason=f"see {path.name}", strict=True))
