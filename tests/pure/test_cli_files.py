"""Files that commands write: in full or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webgpu_array.cli.files import check_output, written_in_full
from webgpu_array.cli.terminal import CommandError


def test_written_in_full_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    with written_in_full(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_written_in_full_leaves_nothing_when_the_block_fails(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), written_in_full(tmp_path / "out") as file:
        file.write(b"half")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_written_in_full_gives_the_permissions_of_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with written_in_full(tmp_path / "out") as file:
        file.write(b"new")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_written_in_full_keeps_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder/target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with written_in_full(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_written_in_full_says_why_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # /dev/full fails as a full disk does: when the written bytes are flushed.
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 (written_in_full closes it)
    monkeypatch.setattr(Path, "open", lambda self, mode: full)
    with pytest.raises(CommandError) as caught, written_in_full(tmp_path / "out") as file:
        file.write(b"x" * 10_000_000)
    assert str(caught.value) == f"{tmp_path}/out: cannot be written: No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_check_output_refuses_an_existing_file_unless_told_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.touch()
    check_output(path, overwrite=True)
    with pytest.raises(CommandError) as caught:
        check_output(path, overwrite=False)
    assert str(caught.value) == f"{path}: exists already; pass --force to overwrite it"


def test_check_output_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        check_output(tmp_path, overwrite=True)
    assert str(caught.value) == f"{tmp_path}: is a folder; name a file in it"


def test_check_output_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CommandError) as caught:
        check_output(tmp_path / "pipe", overwrite=True)
    assert str(caught.value) == f"{tmp_path}/pipe: is not a regular file; name another output"


def test_check_output_refuses_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        check_output(tmp_path / "missing/out", overwrite=False)
    assert str(caught.value) == f"{tmp_path}/missing/out: there is no folder {tmp_path}/missing; make it first"
