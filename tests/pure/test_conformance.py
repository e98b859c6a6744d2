"""The page of conformance is what was stored, and the runner counts what pytest reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFORMANCE = Path(__file__).parents[2] / "conformance"

REPORT = """<testsuites><testsuite>
<testcase classname="a.test_b" name="test_good"/>
<testcase classname="a.test_b" name="test_bad[1]"><failure message="no"/></testcase>
<testcase classname="a.test_b" name="test_known[x-1]"><skipped type="pytest.xfail" message="see a.txt"/></testcase>
<testcase classname="a.test_b" name="test_skipped"><skipped type="pytest.skip" message="no
 torch"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    monkeypatch.syspath_prepend(str(CONFORMANCE))
    for name in ("outcomes", "page"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import outcomes
    import page

    return outcomes, page


def test_the_page_shows_what_is_kept(modules) -> None:
    _, page = modules
    assert page.PAGE.read_text() == "\n".join(page.written(page.kept())) + "\n"


def test_no_failure_is_kept(modules) -> None:
    _, page = modules
    kept = page.kept()
    assert {result.suite for result in kept} >= {"array-api-tests"}
    assert [result.suite for result in kept if result.counts["failed"]] == []
    # A reason for all that did not pass.
    for result in kept:
        assert all(reason for _, reason, _ in result.reasons)
        assert sum(n for *_, n in result.reasons) == sum(result.counts.values()) - result.counts["passed"]


def test_outcomes_are_counted_with_their_reasons(modules, tmp_path: Path) -> None:
    outcomes, _ = modules
    (tmp_path / "report.xml").write_text(REPORT)
    (tmp_path / "xfails.txt").write_text("# The file.\n\n# It cannot\n# be done.\na/test_b.py::test_known[x-1]\n")
    counts, reasons = outcomes.summarized(tmp_path / "report.xml", outcomes.expected_failures(tmp_path / "xfails.txt"))
    assert counts == {"passed": 1, "failed": 1, "expected to fail": 1, "skipped": 1}
    assert reasons == [
        ("expected to fail", "a/test_b.py::test_known: It cannot be done.", 1),
        ("failed", "a.test_b::test_bad[1]", 1),
        ("skipped", "no torch", 1),
    ]


def test_every_suite_has_a_file_of_expected_failures() -> None:
    done = subprocess.run([sys.executable, CONFORMANCE / "run", "--help"], capture_output=True, text=True, check=True)
    for path in (CONFORMANCE / "xfails").glob("*.txt"):
        assert path.stem in done.stdout


def test_an_unknown_suite_is_refused_by_name() -> None:
    done = subprocess.run([sys.executable, CONFORMANCE / "run", "numpy"], capture_output=True, text=True)
    assert done.returncode == 2
    assert (
        "no suite is called numpy; there are: array-api-tests, array-api-compat, array-api-extra, scikit-learn, scipy"
        in done.stderr
    )


def test_what_is_missing_is_said_before_any_suite_is_run() -> None:
    done = subprocess.run([sys.executable, CONFORMANCE / "run", "array-api-extra", "array-api-tests"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "array-api-tests is in no package; clone data-apis/array-api-tests and name it with --checkout" in done.stderr
    assert not done.stdout
