"""The process in which strangers' kernels run for the first time: ``python -m webgpu_array.tuner.worker DEVICE``.

It may hang or crash; ``supervisor.py`` sees to it. Requests come in on stdin and events go out on stdout, a line of JSON each:

    {"do": "gate", "kernel": …, "dtype": …}                               -> begin …, {"verdict": {…}}
    {"do": "times", "operation": …, "dtype": …, "n": …, "batch": …,
     "candidates": [[kernel, config], …], "verdicts": [{…}, …],
     "seconds": …, "best_ms": …}                                          -> begin …, failed …, {"timings": [{…}, …]}

Before anything that may never come back there is ``{"begin": [kernel, config, what]}``; other events: ``failed``, ``best``,
``thrown_out``. A request ends with its answer or with ``{"error": …, "no_room": …}``.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ..gpu.device import Device, as_device
from .cases import plan_of
from .fingerprint import fingerprint
from .gating import verdict
from .measuring import Bench, Candidate, Report
from .store import Store, Verdict

# Without requests for so many seconds the process ends: it holds memory of the device.
_IDLE_SECONDS = 120.0

Send = Callable[[dict[str, Any]], None]


class _Told(Report):
    """Reports as events."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def begin(self, candidate: Candidate, what: str) -> None:
        self._send({"begin": [candidate.kernel, dict(candidate.config), what]})

    def failed(self, candidate: Candidate, reason: str) -> None:
        self._send({"failed": [candidate.kernel, dict(candidate.config), reason]})

    def best(self, candidate: Candidate, ms: float) -> None:
        self._send({"best": [candidate.kernel, dict(candidate.config), ms]})

    def thrown_out(self, candidate: Candidate, n_readings: int) -> None:
        self._send({"thrown_out": [candidate.kernel, dict(candidate.config), n_readings]})


class Worker:
    """Answers requests on one device."""

    def __init__(self, device: Device, send: Send) -> None:
        self._device = device
        self._bench = Bench(device)
        self._send = send
        self._report = _Told(send)

    def answer(self, request: dict[str, Any]) -> None:
        """Sends events, the answer last. Never raises."""
        try:
            if request["do"] == "gate":
                found = verdict(request["kernel"], request["dtype"], self._device, self._trust, self._report)
                self._send({"verdict": asdict(found)})
            else:
                self._send({"timings": [asdict(row) for row in self._times(request)]})
        except Exception as error:
            self._send({"error": f"{type(error).__name__}: {error}", "no_room": isinstance(error, MemoryError)})

    def _times(self, request: dict[str, Any]) -> list[Any]:
        self._trust(*(Verdict(**row) for row in request["verdicts"]))
        plan = plan_of(*(request[name] for name in ("operation", "dtype", "n", "batch")))
        entering = [Candidate(kernel, config) for kernel, config in request["candidates"]]
        seconds, best_ms = request["seconds"], request["best_ms"]
        until = None if seconds is None else time.monotonic() + seconds
        return self._bench.times(
            plan, entering, self._report, until=until, best_ms=float("inf") if best_ms is None else best_ms
        )

    def _trust(self, *verdicts: Verdict) -> None:
        """Kernels run as they would after such verdicts. The store of this process is in memory only."""
        Store.load().add(fingerprint(self._device), verdicts=verdicts)


def main() -> None:
    # What else prints, kernels for example, must not come between the events.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    os.environ["WEBGPU_ARRAY_TUNING"] = ""
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()

    def send(event: dict[str, Any]) -> None:
        out.write(json.dumps(event) + "\n")
        out.flush()

    worker = Worker(as_device(sys.argv[1]), send)
    send({"ready": os.getpid()})
    while True:
        try:
            line = requests.get(timeout=_IDLE_SECONDS)
        except queue.Empty:
            os._exit(0)
        worker.answer(json.loads(line))


def _listen(requests: queue.SimpleQueue[str]) -> None:
    """Passes requests on. Without the process that sent them there is nobody to work for, whatever is going on."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
