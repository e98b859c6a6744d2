"""What came of the tests of one suite."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

ENDINGS = ("passed", "failed", "expected to fail", "skipped")


@dataclass(frozen=True)
class Result:
    """One run of a suite, as results/ keeps it."""

    suite: str
    facts: dict[str, str]
    """What was run, of which version, on which device, and when."""
    counts: dict[str, int]
    """How many tests ended how: of ``ENDINGS``."""
    reasons: list[tuple[str, str, int]]
    """Ending, reason, and number of tests, for those that did not pass."""


def summarized(report: Path, expected: dict[str, str]) -> tuple[dict[str, int], list[tuple[str, str, int]]]:
    """The counts and reasons of a JUnit ``report``, with what ``expected_failures`` says about names of tests."""
    counts: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
        if outcome is None:
            counts["passed"] += 1
            continue
        name = case.get("name", "")
        if outcome.tag != "skipped":
            ended, reason = "failed", f"{case.get('classname')}::{name}"
        elif outcome.get("type") == "pytest.xfail":
            ended = "expected to fail"
            ours = expected.get(name) or expected.get(name.partition("[")[0])
            reason = ours or f"by the suite itself: {outcome.get('message', '')}"
        else:
            ended, reason = "skipped", outcome.get("message", "")
        counts[ended] += 1
        reasons[ended, " ".join(reason.split())] += 1
    rows = sorted((ended, reason, n) for (ended, reason), n in reasons.items())
    return {ended: counts[ended] for ended in ENDINGS}, rows


def expected_failures(path: Path) -> dict[str, str]:
    """What is in a file of xfails/: names of tests, with or without parameters, each with the reason above it.

    A line is an id of pytest, or what comes before its ``[``, for every test of that name. What is returned for it is
    the id without parameters and the reason.
    """
    found = {}
    reason: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason.append(line.lstrip("# "))
        elif line:
            test = line.partition("[")[0]
            found[line[len(test.rpartition("::")[0]) + 2 :]] = f"{test}: {' '.join(reason)}"
        else:
            reason = []
    return found
