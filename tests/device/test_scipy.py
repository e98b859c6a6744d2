"""docs/scipy.md says where functions of SciPy compute: of some of each kind, it is still so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"

ON_THE_DEVICE = [
    ("fft", "rfft"), ("signal", "fftconvolve"), ("signal.windows", "hann"), ("special", "logsumexp"), ("special", "erf"), ("stats", "zscore"),
    ("integrate", "trapezoid"), ("cluster", "vq.whiten"), ("spatial.transform", "Rotation.apply"),
]  # fmt: skip
ON_THE_HOST = [("fft", "dct"), ("special", "j0"), ("ndimage", "gaussian_filter"), ("cluster", "hierarchy.linkage")]
NUMPY = [("linalg", "inv"), ("linalg", "eigh"), ("signal", "welch"), ("spatial", "distance.cdist")]
RAISES = [("special", "hyp2f1"), ("stats", "anderson")]


@pytest.fixture(scope="module")
def maker() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        import make_scipy
        import scipy_calls

        yield SimpleNamespace(**vars(make_scipy), calls=scipy_calls.CALLS)


def test_the_page_has_every_function(maker: Any) -> None:
    page = (DOCS / "scipy.md").read_text()
    for module, calls in maker.calls.items():
        section = page.partition(f"## scipy.{module}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == list(calls)
    assert maker.WRONG not in page


@pytest.mark.any_limits
@pytest.mark.parametrize(
    ("kind", "functions"),
    [("DEVICE", ON_THE_DEVICE), ("HOST", ON_THE_HOST), ("NUMPY", NUMPY), ("RAISES", RAISES)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_functions_compute_where_the_page_says(device: Any, maker: Any, kind: str, functions: list[tuple[str, str]]) -> None:
    page = (DOCS / "scipy.md").read_text()
    for module, name in functions:
        found = maker.outcome(maker.calls[module][name], device)
        assert (name, found.where) == (name, getattr(maker, kind)), found
        assert f"\n| `{name}` | {found.where} |" in page.partition(f"## scipy.{module}\n")[2].partition("\n## ")[0]
