"""``webgpu-array kernels`` where a device is needed: check."""

from __future__ import annotations

from typing import Any

import pytest

from webgpu_array import cli
from webgpu_array.testing import on_device


@pytest.fixture
def small_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two orders instead of all."""
    monkeypatch.setattr(on_device, "SIZES", (2, 5))
    monkeypatch.setattr(on_device, "CROWD_SIZES", ())


@pytest.mark.usefixtures("small_gate")
def test_check_prints_the_worst_ratios(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kernels", "check", "gauss_jordan_thread", "--device", device.name]) == 0
    printed = capsys.readouterr().out
    for text in ("gauss_jordan_thread", "float32", "left residual", "right residual", "forward error", "passed"):
        assert text in printed
    assert "fail" not in printed


@pytest.mark.usefixtures("small_gate")
@pytest.mark.parametrize("options", [(), ("--all",)])
def test_check_says_what_failed_and_ends_with_status_1(
    options: tuple[str, ...], device: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = on_device.on_device

    def slightly_wrong(kernel: str, device: Any) -> on_device.Inverter:
        def invert(a: on_device.Array) -> on_device.Result:
            inverse, info, rcond = right(kernel, device)(a)
            return inverse * 1.001, info, rcond

        return invert

    monkeypatch.setattr(on_device, "on_device", slightly_wrong)
    assert cli.main(["kernels", "check", "gauss_jordan_thread", "--device", device.name, *options]) == 1
    printed = capsys.readouterr().out
    assert "failures" in printed
    assert "what it means" in printed
    assert "  left residual " in printed
    assert ("--all prints them" in printed) == (not options)


def test_check_names_the_kernels_there_are(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kernels", "check", "no_such", "--device", device.name]) == 1
    message = capsys.readouterr().err
    assert message.startswith("webgpu-array kernels: there is no inverse kernel called 'no_such'; there are: ")
    assert "gauss_jordan_thread" in message


@pytest.mark.usefixtures("small_gate")
def test_check_says_when_there_is_nothing_to_check(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kernels", "check", "lu_inverse", "--device", device.name]) == 1
    assert f"lu_inverse can invert none of the gate's matrices on {device.name}" in capsys.readouterr().err
