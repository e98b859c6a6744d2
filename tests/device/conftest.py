"""How many examples the property-based tests try: few, and the same ones each time; many with ``--slow``."""

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure(config: pytest.Config) -> None:
    # Devices compile a shader for each new combination of types, so an example may take long without a fault.
    slack = {"deadline": None, "report_multiple_bugs": False, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
    settings.register_profile("quick", max_examples=25, derandomize=True, database=None, **slack)
    settings.register_profile("slow", max_examples=500, database=None, **slack)
    settings.load_profile("slow" if config.getoption("--slow") else "quick")
