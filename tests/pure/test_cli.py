"""The command line where no device is needed: usage, files that cannot be inverted, texts."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from webgpu_array import cli
from webgpu_array.cli import demo, doctor, terminal


def _inv(path: Path, *options: str) -> int:
    return cli.main(["inv", str(path), "-o", str(path.with_name("out.npy")), *options])


def _refused(path: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str) -> None:
    assert _inv(path, *options) == 1
    printed = capsys.readouterr()
    assert printed.err == f"webgpu-array inv: {path}: {text}\n"
    assert printed.out == ""
    assert not path.with_name("out.npy").exists()


def _saved(tmp_path: Path, host: object) -> Path:
    np.save(tmp_path / "in.npy", host, allow_pickle=True)
    return tmp_path / "in.npy"


@pytest.mark.parametrize(
    ("host", "text"),
    [
        (np.ones((2, 3)), "has shape (2, 3); it must be square: (n, n) or (..., n, n)"),
        (np.ones(4), "has shape (4,); it must be square: (n, n) or (..., n, n)"),
        (np.float32(4), "has shape (); it must be square: (n, n) or (..., n, n)"),
        (np.ones((0, 2, 2)), "has shape (0, 2, 2), which holds no numbers to invert"),
        (np.eye(2, dtype=np.int64), "holds int64, not floats; pass --dtype float32 or float64 to convert"),
        (np.eye(2, dtype=np.float16), "holds float16; pass --dtype float32 or float64 to convert"),
        (np.eye(2, dtype=bool), "holds bool; only real numbers can be inverted"),
        (np.eye(2, dtype=np.complex64), "holds complex64; only real numbers can be inverted"),
        (np.array([["a", "b"], ["c", "d"]]), "holds str32; only real numbers can be inverted"),
        (np.array([[1, None], [2, 3]]), "holds Python objects; save numbers, as float32 or float64"),
    ],
)
def test_inv_refuses_an_array_with_one_line(
    host: object, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _refused(_saved(tmp_path, host), text, capsys)


def test_inv_converts_complex_numbers_not_even_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _saved(tmp_path, np.eye(2, dtype=np.complex64))
    _refused(path, "holds complex64; only real numbers can be inverted", capsys, "--dtype", "float32")


def test_inv_refuses_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _refused(tmp_path / "in.npy", "cannot be read: No such file or directory", capsys)


def test_inv_refuses_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.npy").mkdir()
    _refused(tmp_path / "in.npy", "cannot be read: Is a directory", capsys)


def test_inv_refuses_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.npy").touch()
    _refused(tmp_path / "in.npy", "is empty; it must hold one array written by numpy.save", capsys)


def test_inv_refuses_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "in.npz", a=np.eye(2))
    _refused(tmp_path / "in.npz", "is an archive of several arrays (.npz); save one with numpy.save", capsys)


def _npy_cut_off() -> bytes:
    file = io.BytesIO()
    np.save(file, np.eye(64))
    return file.getvalue()[:-8]


@pytest.mark.parametrize(
    "content",
    [b"1.0 2.0\n3.0 4.0\n", b"\x93NUMPY", b"\x93NUMPY\x01\x00v\x00{", b"\x93NUMPY\x01\x00\x02\x00{ ", b"PK\x03\x04 not a zip", _npy_cut_off()],
    ids=["text", "magic", "header", "open brace", "zip", "cut-off"],
)
def test_inv_refuses_what_is_no_npy_file(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.npy").write_bytes(content)
    assert _inv(tmp_path / "in.npy") == 1
    line = capsys.readouterr().err
    assert line.startswith(f"webgpu-array inv: {tmp_path}/in.npy: is not a complete .npy file (")
    assert line.count("\n") == 1


def test_inv_leaves_an_existing_output_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _saved(tmp_path, np.eye(2))
    path.with_name("out.npy").write_bytes(b"precious")
    assert _inv(path) == 1
    assert path.with_name("out.npy").read_bytes() == b"precious"
    text = f"webgpu-array inv: {tmp_path}/out.npy: exists already; pass --force to overwrite it\n"
    assert capsys.readouterr().err == text


def test_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([])
    assert caught.value.code == 2
    assert "the following arguments are required: command" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    for command in ("info", "doctor", "inv", "kernels", "demo"):
        assert f"\n    {command} " in printed


def test_kernels_lists_operation_name_version_and_owner(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kernels"]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert ["elementwise", "elementwise", "2", "webgpu-array"] in rows
    assert {row[0] for row in rows if row} >= {"elementwise", "inverse"}


def test_reader_that_stops_early_gets_no_traceback() -> None:
    command = f"{sys.executable} -m webgpu_array.cli kernels | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_demo_names_the_extra_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo.importlib.util, "find_spec", lambda module: None)
    assert cli.main(["demo"]) == 1
    text = "webgpu-array demo: needs scikit-learn and matplotlib; install with: pip install 'webgpu-array[demo]'\n"
    assert capsys.readouterr().err == text


@pytest.mark.parametrize("text", ["-1", "1.5", "many"])
def test_demo_refuses_a_seed_that_is_no_whole_number(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["demo", f"--seed={text}"])
    assert f"{text!r} is not a whole number of at least 0" in capsys.readouterr().err


def test_inv_refuses_numbers_that_overflow_when_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "holds numbers beyond the range of float32; pass --dtype float64"
    _refused(_saved(tmp_path, np.eye(2) * 1e300), text, capsys, "--dtype", "float32")


@pytest.mark.parametrize("text", ["39", "-1", "many"])
def test_demo_refuses_too_few_bootstraps(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["demo", f"--bootstraps={text}"])
    assert f"{text!r} is not a whole number of at least 40, which an interval needs" in capsys.readouterr().err


def test_icd_files_are_those_that_the_environment_names(tmp_path: Path) -> None:
    environment = {"VK_DRIVER_FILES": f"{tmp_path}/a.json:{tmp_path}/b.json", "VK_ICD_FILENAMES": "/ignored.json"}
    assert doctor.icd_files(environment) == [tmp_path / "a.json", tmp_path / "b.json"]
    assert doctor.icd_files({"VK_ICD_FILENAMES": "/other.json"}) == [Path("/other.json")]


@pytest.mark.parametrize(("nbytes", "text"), [(300, "300 B"), (1 << 27, "128 MiB"), (2**31 - 1, "2 GiB"), (3 << 40, "3 TiB")])
def test_bytes_text(nbytes: int, text: str) -> None:
    assert terminal.bytes_text(nbytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.5e-6, "2.5 µs"), (9.996e-4, "1 ms"), (0.0123, "12.3 ms"), (1.5, "1.5 s"), (321.0, "321 s")]
)
def test_time_text(seconds: float, text: str) -> None:
    assert terminal.time_text(seconds) == text
