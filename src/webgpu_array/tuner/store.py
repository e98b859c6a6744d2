"""Where measurements are kept between processes: one file that people can read, edit and ship.

The file is replaced as a whole, under a lock, after it was read again: readers never see half of it, and processes
that add at once lose nothing. What cannot be used is set aside under another name, never deleted.
"""

from __future__ import annotations

import os
import stat
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from ..errors import TuningWarning
from . import rows
from .fingerprint import Fingerprint
from .rows import Cell, Measured, Quarantine, Row, Timing, Verdict

__all__ = ["Cell", "Measured", "Quarantine", "Store", "Timing", "Verdict"]

# Seconds to wait for processes that are writing: each takes some hundredths.
_LOCK_TIMEOUT = 30.0

# How often what is stored has changed for this process: programs that were chosen before are chosen again.
changes = 0


class Store:
    """The rows of one file, or of this process alone where there is no file (``path`` is None)."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._warned: set[str] = set()
        self._stamp: tuple[int, ...] | None = None
        self._has_been_read = False
        self._devices: dict[str, Any] = {}
        self._is_frozen = False
        self._measured: dict[str, Measured] = {}
        # What could not be written, by fingerprint.
        self._own: dict[str, list[Row]] = {}

    @staticmethod
    def load() -> Store:
        """The user's store: WEBGPU_ARRAY_TUNING, a path, or a file in the user's cache directory; empty for none.

        Nothing is read before it is needed, and then again whenever the file has changed.
        """
        path = os.environ.get("WEBGPU_ARRAY_TUNING")
        return _at(_default_path() if path is None else path)

    @property
    def is_frozen(self) -> bool:
        """Whether the file was made by ``freeze``: nothing is measured then, and nothing written."""
        with self._lock:
            self._read()
            return self._is_frozen

    def measured(self, fingerprint: Fingerprint) -> Measured:
        """What is known of the device. Warns, once, of what is wrong with the file."""
        with self._lock:
            self._read()
            found = self._measured.get(fingerprint.hash)
            if found is None:
                found = self._measured[fingerprint.hash] = self._of(fingerprint)
            return found

    def priors(self, fingerprint: Fingerprint) -> tuple[Timing, ...]:
        """Timings of other devices, of the most alike first: what to measure first, never what to choose."""
        with self._lock:
            self._read()
            others = [(key, content) for key, content in self._devices.items() if key != fingerprint.hash]
        others.sort(key=lambda item: -_likeness(item[1].get("fingerprint"), fingerprint.facts))
        return tuple(row for key, content in others for row in rows.parse(key, content)[0].timings)

    def add(
        self,
        fingerprint: Fingerprint,
        *,
        verdicts: Iterable[Verdict] = (),
        timings: Iterable[Timing] = (),
        quarantined: Iterable[Quarantine] = (),
    ) -> None:
        """Adds rows, each in the place of the one with the same key. Where the file cannot be written, warns and keeps them in memory."""
        global changes
        new: list[Row] = [*verdicts, *timings, *quarantined]
        with self._lock:
            self._read()
            changes += 1
            if self._is_frozen:
                return
            self._measured.clear()
            if self.path is not None and self._update({fingerprint.hash: (fingerprint.facts, new)}):
                return
            self._own.setdefault(fingerprint.hash, []).extend(new)

    def export(self, path: str | os.PathLike[str]) -> int:
        """Writes all rows of all devices to ``path``, and says how many there are. Raises OSError."""
        return self._copy(path, frozen=False)

    def import_(self, path: str | os.PathLike[str]) -> int:
        """Takes the rows of an exported file, and says how many; of two rows with the same key the newer stays.

        Those of this very device, driver and version of wgpu-native are used like its own, others only as ``priors``.
        None are taken where there is no file to write them to, or a frozen one.
        Raises OSError, and ValueError for a file that is none. Warns of rows that are not what they should be.
        """
        global changes
        try:
            devices, _ = rows.devices_of(Path(path).read_bytes())
        except ValueError as error:
            raise ValueError(f"{path} cannot be imported: {error}") from error
        taken: dict[str, tuple[Mapping[str, Any], list[Row]]] = {}
        n_bad = 0
        for key, content in devices.items():
            found, bad = rows.parse(key, content)
            n_bad += bad
            if found != Measured():
                taken[key] = content["fingerprint"], list(found.rows())
        if n_bad:
            warnings.warn(f"{path}: {n_bad} rows are not what they should be, and were left out", TuningWarning, stacklevel=2)
        with self._lock:
            changes += 1
            self._measured.clear()
            if self.path is None or self.is_frozen or not self._update(taken, newest=True):
                return 0
        return sum(len(found) for _, found in taken.values())

    def freeze(self, path: str | os.PathLike[str]) -> int:
        """``export`` to a file that WEBGPU_ARRAY_TUNING can name for runs that must not differ: nothing is measured then, nothing written."""
        return self._copy(path, frozen=True)

    def _copy(self, path: str | os.PathLike[str], *, frozen: bool) -> int:
        with self._lock:
            self._read()
            devices = dict(self._devices)
        _write(Path(path), rows.as_text(devices, frozen=frozen))
        return sum(1 for key, content in devices.items() for _ in rows.parse(key, content)[0].rows())

    def _of(self, fingerprint: Fingerprint) -> Measured:
        key = fingerprint.hash
        found, n_bad = rows.parse(key, self._devices[key]) if key in self._devices else (Measured(), 0)
        if n_bad:
            found = self._without_bad_rows(fingerprint, found, n_bad)
        elif found == Measured():
            self._warn_of_other_driver(fingerprint)
        own = self._own.get(key)
        return rows.measured([*found.rows(), *own]) if own else found

    def _read(self, *, to_replace: bool = False) -> None:
        """Reads the file again where it is not the one that was read last. What cannot be read is no file, unless it is ``to_replace``.

        Raises OSError then: what it holds would be lost.
        """
        global changes
        if self.path is None:
            return
        try:
            state = self.path.stat()
            if not stat.S_ISREG(state.st_mode):
                raise OSError("it is no regular file; set WEBGPU_ARRAY_TUNING to the path of one, or to nothing for none")
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if stamp == self._stamp:
                return
            data = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._has_been_read = True
            if self._stamp is not None or self._devices:
                self._stamp, self._devices, self._is_frozen = None, {}, False
                self._measured.clear()
            return
        except OSError as error:
            if to_replace:
                raise
            self._warn("read", f"{self.path} cannot be read, so that nothing measured earlier is used: {error}")
            return
        if self._has_been_read:
            changes += 1
        self._stamp, self._has_been_read = stamp, True
        self._measured.clear()
        try:
            self._devices, self._is_frozen = rows.devices_of(data)
        except ValueError as error:
            self._devices, self._is_frozen = {}, False
            if not self._set_aside(str(error)) and to_replace:
                raise OSError(f"{error}, and it cannot be set aside") from error

    def _set_aside(self, why: str) -> bool:
        """Renames a file that cannot be used, unless another process has replaced it by now. Returns whether it is out of the way."""
        assert self.path is not None
        try:
            with self._file_lock():
                try:
                    self._devices, self._is_frozen = rows.devices_of(self.path.read_bytes())
                    return True
                except FileNotFoundError:
                    return True
                except ValueError:
                    aside = self._name_aside()
                    self.path.replace(aside)
                    self._stamp = None
        except OSError as error:
            self._warn("aside", f"{self.path} cannot be used: {why}. Nor can it be set aside: {error}")
            return False
        self._warn("aside", f"{self.path} cannot be used: {why}. It is now {aside.name}; `webgpu-array tune` measures anew")
        return True

    def _without_bad_rows(self, fingerprint: Fingerprint, found: Measured, n_bad: int) -> Measured:
        """Keeps a copy of the file as it was, and leaves rows that cannot be used out of it."""
        assert self.path is not None
        kept = "it stays as it is"
        if not self._is_frozen:
            with suppress(OSError), self._file_lock():
                data = self.path.read_bytes()
                aside = self._name_aside()
                _write(aside, data)
                with suppress(ValueError):
                    devices, _ = rows.devices_of(data)
                    found, _ = rows.parse(fingerprint.hash, devices.get(fingerprint.hash))
                    devices[fingerprint.hash] = rows.section(fingerprint.facts, found)
                    _write(self.path, rows.as_text(devices))
                kept = f"the file as it was is now {aside.name}"
        self._warn("rows", f"{self.path}: {n_bad} rows are not what they should be, and were left out; {kept}")
        return found

    def _warn_of_other_driver(self, fingerprint: Fingerprint) -> None:
        facts = fingerprint.facts
        for content in self._devices.values():
            other = content.get("fingerprint")
            if not isinstance(other, dict) or any(other.get(name) != facts[name] for name in ("kind", "backend", "device")):
                continue
            for name in ("driver", "wgpu-native"):
                if other.get(name) != facts[name]:
                    self._warn(
                        "driver",
                        f"{self.path}: {facts['device']} was measured with {name} {other.get(name)!r}, but has "
                        f"{facts[name]!r} now: the defaults are used; `webgpu-array tune` measures anew",
                    )
                    return

    def _update(self, new: Mapping[str, tuple[Mapping[str, Any], list[Row]]], *, newest: bool = False) -> bool:
        """Merges rows into the file. Returns whether it could; warns where not."""
        assert self.path is not None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._file_lock():
                self._stamp = None
                self._read(to_replace=True)
                devices = dict(self._devices)
                for key, (facts, added) in new.items():
                    there, n_bad = rows.parse(key, devices[key]) if key in devices else (Measured(), 0)
                    if n_bad:
                        _write(self._name_aside(), self.path.read_bytes())
                    merged = [*there.rows(), *self._own.get(key, ()), *added]
                    if newest:
                        merged.sort(key=lambda row: row.date)
                    devices[key] = rows.section(facts, rows.measured(merged))
                _write(self.path, rows.as_text(devices))
                for key in new:
                    self._own.pop(key, None)
        except OSError as error:
            self._warn("write", f"{self.path} cannot be written; what is measured is kept for this process only: {error}")
            return False
        return True

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        """Alone among processes. Raises OSError where that cannot be, or is not in time."""
        from filelock import FileLock

        lock = FileLock(f"{self.path}.lock", timeout=_LOCK_TIMEOUT, is_singleton=True)
        try:
            lock.acquire()
        except NotImplementedError as error:  # the file system has no locks
            raise OSError(str(error)) from error
        try:
            yield
        finally:
            lock.release()

    def _name_aside(self) -> Path:
        assert self.path is not None
        when = rows.now().replace(":", "")
        for i in range(1000):
            aside = self.path.with_name(f"{self.path.name}.bad-{when}" + (f"-{i}" if i else ""))
            if not aside.exists():
                break
        return aside

    def _warn(self, what: str, text: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            warnings.warn(f"tuning: {text}", TuningWarning, stacklevel=2)


@cache
def _default_path() -> str:
    return str(user_cache_path("webgpu-array", appauthor=False) / "tuning.json")


@cache
def _at(path: str) -> Store:
    if path in ("", os.devnull):
        return Store(None)
    try:
        return Store(Path(path).expanduser())
    except RuntimeError as error:
        text = f"tuning: {path} cannot be found, so that nothing is kept: {error} Set WEBGPU_ARRAY_TUNING to a path, or HOME"
        warnings.warn(text, TuningWarning, stacklevel=2)
        return Store(None)


def _write(path: Path, content: str | bytes) -> None:
    """Replaces ``path`` as a whole: whoever reads it sees the old text or the new one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _likeness(facts: Any, to: Mapping[str, Any]) -> int:
    if not isinstance(facts, dict):
        return 0
    return sum(weight for name, weight in (("device", 4), ("kind", 2), ("backend", 1)) if facts.get(name) == to.get(name))

