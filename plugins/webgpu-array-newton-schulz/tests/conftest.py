"""Nothing that was measured earlier on this machine has a say in which kernel is the default."""

import os


def pytest_configure() -> None:
    os.environ["WEBGPU_ARRAY_TUNING"] = ""
