"""Looks after the process in which kernels are tried: one that hangs, or takes the process with it, is named and left out.

See ``worker.py`` for what is said between the two.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Protocol

from .measuring import Candidate
from .store import Timing, Verdict

# Seconds for one step of a candidate: a compilation, a batch of the gate, a reading.
_PATIENCE, _PATIENCE_SOFTWARE = 30.0, 120.0

# A process that was started takes so long to import everything and to open a device.
_START_SECONDS = 60.0

# How much longer than the budget the last step may take.
_GRACE = 5.0

_SIGKILL = 9

# So many candidates may hang or crash before the rest is given up: something else is wrong then.
_MOST_DEATHS = 8


@dataclass
class Outcome:
    """What came of a request. ``failed``: reasons by kernel. ``error``: why there is no answer; ``no_room``: for lack of memory.

    ``cut_short`` is the step, and the candidate, that was under way when the budget ended.
    """

    timings: list[Timing] = field(default_factory=list)
    verdict: Verdict | None = None
    failed: dict[str, str] = field(default_factory=dict)
    n_thrown_out: int = 0
    error: str | None = None
    no_room: bool = False
    out_of_time: bool = False
    cut_short: str = ""


class Listener(Protocol):
    """Is told what goes on: ``doing`` with a candidate and what it does, or ``best`` with the fastest by now."""

    def doing(self, candidate: Candidate, what: str) -> None: ...
    def best(self, candidate: Candidate, ms: float) -> None: ...


class _Died(Exception):
    """The process is gone, or was killed. ``is_fault``: because of the candidate that was running; ``is_late``: for the budget."""

    def __init__(self, reason: str, is_fault: bool, is_late: bool = False) -> None:
        super().__init__(reason)
        self.is_fault = is_fault
        self.is_late = is_late


class Supervisor:
    """Measures kernels on a device, by its name, in another process, which starts when it is needed first."""

    def __init__(self, device: str, *, is_software: bool = False, patience: float | None = None, listener: Listener | None = None) -> None:
        self._device = device
        self._patience = patience or (_PATIENCE_SOFTWARE if is_software else _PATIENCE)
        self.listener = listener
        self._process: subprocess.Popen[str] | None = None
        self._events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._errors: IO[bytes] | None = None
        self._running: Candidate | None = None
        self._what = ""
        # Kernels that were running when a budget ended: the next time they come last.
        self._suspects: set[str] = set()

    def gate(self, kernel: str, dtype: str, until: float | None = None) -> Outcome:
        """The verdict of the gate on ``kernel``. ``until`` is by ``time.monotonic()``."""
        return self._ask({"do": "gate", "kernel": kernel, "dtype": dtype}, Outcome(), until)

    def times(
        self,
        plan: Any,
        candidates: Sequence[Candidate],
        verdicts: Sequence[Verdict] = (),
        until: float | None = None,
        best_ms: float | None = None,
    ) -> Outcome:
        """The times of ``candidates`` for ``plan``. Those that hang or crash are left out, and the rest is asked for again."""
        outcome = Outcome()
        waiting = sorted(candidates, key=lambda candidate: candidate.kernel in self._suspects)
        for _ in range(_MOST_DEATHS):
            request = {
                "do": "times",
                "operation": plan.operation,
                "dtype": plan.dtype.name,
                "n": plan.n,
                "batch": plan.batch,
                "candidates": [[candidate.kernel, dict(candidate.config)] for candidate in waiting],
                "verdicts": [asdict(verdict) for verdict in verdicts],
                "seconds": None if until is None else max(0.0, until - time.monotonic()),
                "best_ms": best_ms,
            }
            n_failed = len(outcome.failed)
            outcome.error = None
            self._ask(request, outcome, until)
            waiting = [candidate for candidate in waiting if candidate.kernel not in outcome.failed]
            if outcome.error is None or outcome.out_of_time or outcome.no_room or len(outcome.failed) == n_failed or not waiting:
                break
        return outcome

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                # What was not sent yet cannot be sent any more.
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _ask(self, request: dict[str, Any], outcome: Outcome, until: float | None) -> Outcome:
        self._running, self._what = None, ""
        try:
            self._send(request, until)
            while self._take(self._next(until), outcome):
                pass
        except _Died as death:
            self.close()
            outcome.error = str(death)
            outcome.out_of_time = death.is_late
            if death.is_late and self._running is not None:
                self._suspects.add(self._running.kernel)
                outcome.cut_short = f"{self._what}, {self._running}"
            if death.is_fault and self._running is not None:
                outcome.failed[self._running.kernel] = f"{death} ({self._what}, {self._running})"
        except BaseException:
            # Half an answer is on its way: the next request must not get the rest.
            self.close()
            raise
        return outcome

    def _take(self, event: dict[str, Any], outcome: Outcome) -> bool:
        """Whether more events follow."""
        for kind, value in event.items():
            if kind in ("begin", "best"):
                kernel, config, what = value
                candidate = Candidate(kernel, config)
                if kind == "begin":
                    self._running, self._what = candidate, what
                    if self.listener:
                        self.listener.doing(candidate, what)
                elif self.listener:
                    self.listener.best(candidate, what)
            elif kind == "failed":
                outcome.failed[value[0]] = f"{value[2]} ({Candidate(value[0], value[1])})" if value[1] else value[2]
            elif kind == "thrown_out":
                outcome.n_thrown_out += value[2]
            elif kind == "verdict":
                outcome.verdict = Verdict(**value)
                return False
            elif kind == "timings":
                outcome.timings = [Timing(**{**row, "device_ms": tuple(row["device_ms"])}) for row in value]
                outcome.timings = [row for row in outcome.timings if row.kernel not in outcome.failed]
                return False
            elif kind == "error":
                outcome.error, outcome.no_room = value, bool(event.get("no_room"))
                return False
        return True

    def _send(self, request: dict[str, Any], until: float | None) -> None:
        text = json.dumps(request) + "\n"
        for _ in range(2):
            process = self._process or self._start(until)
            try:
                assert process.stdin is not None
                process.stdin.write(text)
                process.stdin.flush()
                return
            except OSError:
                # It ended while it had nothing to do.
                self.close()
        raise _Died("the process that measures ends at once", False)

    def _next(self, until: float | None) -> dict[str, Any]:
        patience, is_fault = self._patience, True
        if until is not None and (left := until - time.monotonic() + _GRACE) < patience:
            patience, is_fault = max(0.0, left), False
        try:
            line = self._events.get(timeout=patience)
        except queue.Empty:
            if is_fault:
                raise _Died(f"it did not come back within {patience:.3g} s", self._running is not None) from None
            raise _Died("the budget has ended", False, True) from None
        if line is None:
            assert self._process is not None
            status = self._process.wait()
            # From outside comes what no kernel does: a system that has run out of memory.
            if self._running is None or status == -_SIGKILL:
                raise _Died(f"the process that measures ended with status {status}: {self._last_words()}", False)
            raise _Died(f"it ended the process with status {status}: {self._last_words()}", True)
        event: dict[str, Any] = json.loads(line)
        return event

    def _start(self, until: float | None) -> subprocess.Popen[str]:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **os.environ,
            # What can be imported here can be there, plugins above all.
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "WEBGPU_ARRAY_TUNING": "",
            "PYTHONIOENCODING": "utf-8",
        }
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "webgpu_array.tuner.worker", self._device],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
            env=environment,
            # Ctrl-C is for this process, which ends the other when it is in the middle of something.
            start_new_session=True,
        )
        atexit.register(self.close)
        self._events = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process.stdout, self._events), daemon=True).start()
        timeout = _START_SECONDS if until is None else max(0.0, min(_START_SECONDS, until - time.monotonic() + _GRACE))
        try:
            line = self._events.get(timeout=timeout)
        except queue.Empty:
            raise _Died("the process that measures did not start in time", False) from None
        if line is None:
            raise _Died(f"the process that measures could not start: {self._last_words()}", False)
        return process

    def _last_words(self) -> str:
        """The end of what the process wrote to stderr."""
        if self._errors is None:
            return ""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 2000))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _listen(pipe: Any, events: queue.SimpleQueue[str | None]) -> None:
    """Passes events on, and None at the end."""
    try:
        for line in pipe:
            events.put(line)
    except (OSError, ValueError):
        pass
    events.put(None)


