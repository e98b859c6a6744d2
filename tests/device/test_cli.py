"""The command line on every device: inv against NumPy, info, doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from webgpu_array import cli
from webgpu_array.cli import doctor, terminal
from webgpu_array.gpu.device import default_device


def _matrices(*shape: int, dtype: str = "float32") -> np.ndarray:
    random = np.random.default_rng(7).standard_normal(shape)
    return (random + 4 * np.eye(shape[-1])).astype(dtype)


def _inv(tmp_path: Path, host: np.ndarray, device: Any, *options: str) -> int:
    np.save(tmp_path / "in.npy", host)
    paths = [str(tmp_path / "in.npy"), "-o", str(tmp_path / "out.npy")]
    return cli.main(["inv", *paths, "--device", device.name, *options])


def _check(tmp_path: Path, host: np.ndarray) -> None:
    found = np.load(tmp_path / "out.npy")
    expected = np.linalg.inv(host.astype(np.float64))
    assert found.dtype == host.dtype.newbyteorder("=")
    assert found.shape == host.shape
    assert np.allclose(found, expected, rtol=0, atol=500 * np.finfo(found.dtype).eps)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.npy", "out.npy"]


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (40, 40), (6, 5, 5), (2, 3, 4, 4)])
def test_inv_writes_what_numpy_computes(shape: tuple[int, ...], device: Any, tmp_path: Path) -> None:
    host = _matrices(*shape)
    assert _inv(tmp_path, host, device) == 0
    _check(tmp_path, host)


@pytest.mark.usefixtures("needs_float64")
def test_inv_keeps_float64(device: Any, tmp_path: Path) -> None:
    host = _matrices(5, 5, dtype="float64")
    assert _inv(tmp_path, host, device) == 0
    _check(tmp_path, host)


def test_inv_reads_big_endian_and_column_major_files(device: Any, tmp_path: Path) -> None:
    host = np.asfortranarray(_matrices(5, 5)).astype(">f4", order="F")
    assert host.flags.f_contiguous
    assert host.dtype.str == ">f4"
    assert _inv(tmp_path, host, device) == 0
    _check(tmp_path, host)


def test_inv_converts_when_asked(device: Any, tmp_path: Path) -> None:
    assert _inv(tmp_path, np.array([[4, 7], [2, 6]]), device, "--dtype", "float32") == 0
    found = np.load(tmp_path / "out.npy")
    assert found.dtype == np.float32
    assert np.allclose(found, [[0.6, -0.7], [-0.2, 0.4]], atol=1e-6)


def test_inv_refuses_float64_where_the_device_has_none(
    device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(device, "features", device.features - {"shader-f64"})
    assert _inv(tmp_path, _matrices(3, 3, dtype="float64"), device) == 1
    assert capsys.readouterr().err == (
        f"webgpu-array inv: {tmp_path}/in.npy: holds float64, which {device.name} does not compute in; "
        "pass --dtype float32, or another --device\n"
    )
    assert not (tmp_path / "out.npy").exists()


def test_inv_shows_adapter_kernel_rcond_and_time(
    device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    host = _matrices(6, 5, 5)
    assert _inv(tmp_path, host, device) == 0
    rows = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert rows["adapter"].startswith(f"{device.name}  {device.adapter.description} (")
    assert ("SOFTWARE" in rows["adapter"]) == (device.kind == "software")
    assert rows["kernel"].strip() in _inverse_kernels(capsys)
    smallest = 1 / np.linalg.cond(host.astype(np.float64), 1).max()
    rcond, rest = rows["rcond"].split(None, 1)
    assert float(rcond) == pytest.approx(smallest, rel=0.01)
    assert rest.strip() == "(smallest of 6)"
    assert rows["time"].strip().endswith(" (read back)")
    assert rows["written"].strip() == str(tmp_path / "out.npy")


def _inverse_kernels(capsys: pytest.CaptureFixture[str]) -> list[str]:
    cli.main(["kernels"])
    lines = capsys.readouterr().out.splitlines()
    return [line.split("│")[2].strip() for line in lines if line.startswith("│ inverse ")]


def test_inv_of_a_singular_matrix_says_which_and_writes_nothing(
    device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = _matrices(2, 3, 4, 4)
    host[1, 2] = 1
    host[1, 0, 2] = 0
    assert _inv(tmp_path, host, device) == 1
    line = capsys.readouterr().err
    assert line.startswith(f"webgpu-array inv: {tmp_path}/in.npy: matrix (1, 0) is singular, zero pivot at step ")
    assert line.endswith(" (2 of 6 matrices are); nothing was written\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.npy"]


def test_inv_of_one_singular_matrix(device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _inv(tmp_path, np.ones((2, 2), np.float32), device) == 1
    text = f"webgpu-array inv: {tmp_path}/in.npy: the matrix is singular, zero pivot at step 2; nothing was written\n"
    assert capsys.readouterr().err == text


def test_inv_of_an_ill_conditioned_matrix_warns_and_writes(
    device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = np.stack([np.eye(2), np.diag([1.0, 2.0**-30])]).astype(np.float32)
    assert _inv(tmp_path, host, device) == 0
    assert capsys.readouterr().err == (
        f"webgpu-array inv: warning: {tmp_path}/in.npy: ill-conditioned: 1 of 2 matrices (rcond 9.31e-10 is below "
        "the epsilon of float32); the inverse may hold no correct digits\n"
    )
    assert np.array_equal(np.load(tmp_path / "out.npy")[1], np.diag([1.0, 2.0**30]))


def test_inv_of_nan_warns_and_keeps_the_other_matrices(
    device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = np.stack([np.eye(2), np.full((2, 2), np.nan), np.eye(2)]).astype(np.float32)
    assert _inv(tmp_path, host, device) == 0
    assert capsys.readouterr().err == (
        f"webgpu-array inv: warning: {tmp_path}/in.npy: NaN or Inf in 1 of 3 matrices; "
        "the inverse of such a matrix is NaN\n"
    )
    found = np.load(tmp_path / "out.npy")
    assert np.isnan(found[1]).all()
    assert np.array_equal(found[[0, 2]], host[[0, 2]])


def test_inv_overwrites_with_force(device: Any, tmp_path: Path) -> None:
    (tmp_path / "out.npy").write_bytes(b"old")
    assert _inv(tmp_path, _matrices(3, 3), device, "--force") == 0
    _check(tmp_path, _matrices(3, 3))


def test_inv_leaves_nothing_when_the_disk_is_full(
    device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert _inv(tmp_path, _matrices(3, 3), device) == 1
    text = f"webgpu-array inv: {tmp_path}/out.npy: cannot be written: No space left on device\n"
    assert capsys.readouterr().err == text
    assert [path.name for path in tmp_path.iterdir()] == ["in.npy"]


def test_inv_uses_the_kernel_that_is_asked_for(
    device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _inv(tmp_path, _matrices(3, 3), device, "--kernel", "gauss_jordan_lanes") == 0
    assert "gauss_jordan_lanes" in capsys.readouterr().out
    _check(tmp_path, _matrices(3, 3))


def test_inv_names_the_kernels_there_are(device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _inv(tmp_path, _matrices(3, 3), device, "--kernel", "magic") == 1
    line = capsys.readouterr().err
    there_are = ", ".join(_inverse_kernels(capsys))
    assert line == f"webgpu-array inv: there is no inverse kernel called 'magic'; there are: {there_are}\n"


def test_inv_names_the_devices_there_are(device: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "in.npy", _matrices(3, 3))
    assert cli.main(["inv", str(tmp_path / "in.npy"), "-o", str(tmp_path / "out.npy"), "--device", "vulkan:99"]) == 1
    line = capsys.readouterr().err
    assert line.startswith("webgpu-array inv: device 'vulkan:99' does not exist here; devices on this machine: ")
    assert f"{device.name} ({device.kind})" in line


def test_info_prints_every_device_as_json(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["info", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (found,) = [entry for entry in printed["devices"] if entry["name"] == device.name]
    assert found["default"] == (device is default_device())
    assert found["kind"] == device.kind
    assert found["limits"] == device.limits
    assert ("float64" in found["dtypes"]) == ("shader-f64" in found["features"])
    assert set(printed["versions"]) == {"webgpu-array", "wgpu", "wgpu-native", "numpy", "python"}


def test_info_says_loudly_what_is_software(
    device: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert cli.main(["info"]) == 0
    printed = capsys.readouterr().out
    assert device.adapter.description in printed
    text = f"{device.name} is SOFTWARE: it computes on the CPU, and is slow.\n"
    assert (text in printed) == (device.kind == "software")


def test_doctor_finds_no_problem(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("everything works\n")
    assert any(line.split() == f"ok {device.name} inverts a matrix in float32 rightly".split() for line in printed.splitlines())


def test_doctor_notices_a_wrong_result(
    device: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "inv", lambda x: x)
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "float32: the inverse of [[4, 7], [2, 6]] came out as [[4.0, 7.0], [2.0, 6.0]], not " in printed
    assert "fix: update the driver; if that does not help, choose another device with WEBGPU_ARRAY_DEVICE" in printed


def test_doctor_names_a_driver_file_that_is_missing(
    device: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VK_DRIVER_FILES", "/missing.json")
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "VK_DRIVER_FILES=/missing.json names no file" in printed
    assert "fix: unset VK_DRIVER_FILES" in printed


def test_doctor_without_adapters_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "devices", lambda: ())
    assert cli.main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.split() == ["problem", "adapters", "none", "found"])
    assert lines[at + 1].strip() == "fix: apt-get install mesa-vulkan-drivers libvulkan1"


def test_doctor_reports_a_budget_that_is_no_number(
    own_device: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "devices", lambda: (own_device,))
    monkeypatch.setenv("WEBGPU_ARRAY_MEMORY_BUDGET", "lots")
    assert cli.main(["doctor"]) == 1
    assert "fix: unset WEBGPU_ARRAY_MEMORY_BUDGET" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["inv", "demo"])
def test_budget_that_is_no_number_is_one_line(
    command: str, own_device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "as_device", lambda name: own_device)
    monkeypatch.setenv("WEBGPU_ARRAY_MEMORY_BUDGET", "lots")
    np.save(tmp_path / "in.npy", _matrices(3, 3))
    arguments = [str(tmp_path / "in.npy")] if command == "inv" else []
    assert cli.main([command, *arguments, "-o", str(tmp_path / "out")]) == 1
    text = f"webgpu-array {command}: WEBGPU_ARRAY_MEMORY_BUDGET is 'lots'; set it to a number of bytes\n"
    assert capsys.readouterr().err == text


def test_inv_shows_the_name_of_its_output_with_brackets(
    device: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", _matrices(3, 3))
    assert cli.main(["inv", "in.npy", "-o", "out[bold].npy", "--device", device.name]) == 0
    assert "out[bold].npy" in capsys.readouterr().out


def test_kernels_prints_the_shaders_of_one(device: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kernels", "wgsl", "gauss_jordan_thread", "--shape", "3x10", "--device", device.name]) == 0
    printed = capsys.readouterr().out
    assert "const N: u32 = 3u;" in printed
    assert "// unroll" not in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wgsl", "no_such", "--shape", "3x10"], "there is no inverse kernel called 'no_such'"),
        (["wgsl", "gauss_jordan_thread", "--shape", "3"], "--shape must be an order and a batch such as 8x1000, not '3'"),
        (["wgsl", "gauss_jordan_thread", "--shape", "30x1"], "kernel gauss_jordan_thread cannot do"),
    ],
)
def test_kernels_says_why_there_are_no_shaders(
    device: Any, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["kernels", *arguments, "--device", device.name]) == 1
    assert message in capsys.readouterr().err
