"""The examples of the documentation run, and print what the documentation says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
from sklearn import config_context

ROOT = Path(__file__).parents[2]

_EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("file", ["README.md", "docs/torch-js.md", "docs/estimators/example.md", "docs/consumers.md"])
def test_examples_print_what_the_page_says(file: str, device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if file == "docs/consumers.md":
        for module in ("xarray", "dask.array", "einops"):
            pytest.importorskip(module, reason=f"{module} is not installed; the extra 'arrays' has it")
    # Examples do not name a device, so this one is made the default.
    from webgpu_array.gpu import device as devices

    devices.default_device.cache_clear()
    monkeypatch.setenv("WEBGPU_ARRAY_DEVICE", device.name)
    text = (ROOT / file).read_text()
    examples = _EXAMPLE.findall(text)
    assert len(examples) == text.count("```python")
    names: dict[str, Any] = {}
    try:
        with config_context():  # examples may change scikit-learn's
            for code, expected in examples:
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    exec(compile(code, file, "exec"), names)
                assert printed.getvalue() == expected.replace("vulkan:0", device.name), code
    finally:
        devices.default_device.cache_clear()
