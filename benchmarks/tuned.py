"""How good the choice of an inverse kernel is, untuned and tuned, over shapes that the tuner did not know.

    python benchmarks/tuned.py [--tune 300] [--cells 60] [--seed 1] [--device discrete] [--json FILE]

Takes random shapes, uniform in log n and log batch, within limits of order, work (n³ batch) and bytes that suit the kind of device, and times
every kernel in every configuration for each. Then the best of them, the default and the tuned choice take turns
once more. Printed are the share of shapes where the tuned choice takes at most 1.1 times what the best does, and the default at most 2 times, and
the worst shapes; by device time alone, and by what the tuner goes by, which adds what recording costs the host.

With --tune the tuner runs first, for so many seconds, with an empty store of its own. Without, the store that is there is used.

With --page the result is kept in docs/tuning/, by kind of device, and docs/tuning/measured.md is written anew from what is kept there.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telling import about, as_json, header, markdown_table, ms

from webgpu_array.gpu.device import Device, as_device
from webgpu_array.tuner.cases import plan_of
from webgpu_array.tuner.choice import choose, default
from webgpu_array.tuner.desk import Desk
from webgpu_array.tuner.grid import limits_for
from webgpu_array.tuner.measuring import Bench, Candidate, candidates
from webgpu_array.tuner.session import Session
from webgpu_array.tuner.store import Timing
from webgpu_array.tuner.supervisor import Supervisor

# Largest order, n³ batch, bytes.
LIMITS = {"software": (200, 2e8, 1 << 25), "discrete": (2048, 4e10, 1 << 29)}
OTHERWISE = (512, 4e9, 1 << 27)

KEPT = Path(__file__).resolve().parent.parent / "docs/tuning"

WITHIN = {"tuned": 1.1, "default": 2.0}


@dataclass
class Shape:
    """What was found for one shape: how many times as long as the best candidate the choices take."""

    n: int
    batch: int
    best: str
    best_ms: float
    tuned: str
    default: str
    why: str
    ratios: dict[str, float]
    device_ratios: dict[str, float]
    times: dict[str, float]  # ms of every candidate


def grid(asked: argparse.Namespace, itemsize: int) -> list[tuple[int, int]]:
    source = random.Random(asked.seed)
    found: dict[tuple[int, int], None] = {}
    while len(found) < asked.cells:
        n = round(2 ** source.uniform(0, 1) * 2 ** source.uniform(0, max(0.0, math.log2(asked.max_n) - 1)))
        most = min(asked.max_work / n**3, asked.max_bytes / (itemsize * n * n))
        if most >= 1:
            found[n, max(1, round(2 ** source.uniform(0, math.log2(most))))] = None
    # One order after the other, so that what is compiled serves again.
    return sorted(found)


def judge(n: int, batch: int, dtype: str, device: Device, bench: Bench) -> Shape | None:
    plan = plan_of("inverse", dtype, n, batch)
    picks = {"tuned": choose(plan, device), "default": default(plan, device)}
    chosen = {name: Candidate(pick.kernel.name, dict(pick.config)) for name, pick in picks.items()}
    rows = bench.times(plan, candidates(plan, device))
    if not rows:
        return None
    # Some may have won by a reading that was lucky: the first few meet again, with the choices, and that meeting counts: a device that changes
    # its clock makes times of one call comparable only with each other.
    fastest = [Candidate(row.kernel, row.config) for row in sorted(rows, key=lambda row: row.ms)[:2]]
    again: dict[Any, Candidate] = {candidate.key: candidate for candidate in [*chosen.values(), *fastest]}
    more = bench.times(plan, list(again.values()))
    seen = {Candidate(row.kernel, row.config).key: row for row in more}
    if any(candidate.key not in seen for candidate in chosen.values()):
        return None
    best = min(seen.values(), key=lambda row: row.ms)
    best_device_ms = min(_device_ms(row) for row in seen.values())
    return Shape(
        n,
        batch,
        str(Candidate(best.kernel, best.config)),
        best.ms,
        str(chosen["tuned"]),
        str(chosen["default"]),
        picks["tuned"].why,
        {name: seen[candidate.key].ms / best.ms for name, candidate in chosen.items()},
        {name: _device_ms(seen[candidate.key]) / best_device_ms for name, candidate in chosen.items()},
        {str(Candidate(row.kernel, row.config)): row.ms for row in rows},
    )


def _device_ms(row: Timing) -> float:
    return statistics.median(row.device_ms)


def summary(shapes: list[Shape]) -> dict[str, Any]:
    return {
        f"{name} within {bound:g}, {by}": sum(getattr(shape, field)[name] <= bound for shape in shapes) / len(shapes)
        for name, bound in WITHIN.items()
        for by, field in (("device and host", "ratios"), ("device alone", "device_ratios"))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tune", type=float, metavar="SECONDS")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for the judging; what is not judged by then is left out")
    parser.add_argument("--cells", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--device")
    parser.add_argument("--max-n", type=int)
    parser.add_argument("--max-work", type=float, help="n³ batch")
    parser.add_argument("--max-bytes", type=int)
    parser.add_argument("--tuned", type=float, metavar="SECONDS", help="for the page: how long the store that is there was tuned")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--page", action="store_true", help="keep the result in docs/tuning/ and write docs/tuning/measured.md")
    asked = parser.parse_args()
    device = as_device(asked.device)
    for name, limit in zip(("max_n", "max_work", "max_bytes"), LIMITS.get(device.kind, OTHERWISE), strict=True):
        if getattr(asked, name) is None:
            setattr(asked, name, limit)
    print(f"{device.adapter.description}, {asked.dtype}, seed {asked.seed}", flush=True)
    itemsize = {"float32": 4, "float64": 8, "complex64": 8, "complex128": 16}[asked.dtype]
    if asked.tune is not None:
        os.environ["WEBGPU_ARRAY_TUNING"] = str(Path(tempfile.mkdtemp()) / "tuning.json")
        asked.tuned = tune(asked.tune, asked.dtype, itemsize, device)
    shapes = []
    bench = Bench(device)
    end = time.monotonic() + asked.seconds
    # In random order, so that an early end leaves a fair sample.
    cells = grid(asked, itemsize)
    if asked.seconds < float("inf"):
        random.Random(asked.seed).shuffle(cells)
    for n, batch in cells:
        if time.monotonic() >= end:
            break
        shape = judge(n, batch, asked.dtype, device, bench)
        if shape is None:
            print(f"{n}x{batch}: not every choice could be timed", flush=True)
            continue
        shapes.append(shape)
        print(
            f"{n:5}x{batch:<8} best {shape.best_ms:9.4g} ms  tuned {shape.ratios['tuned']:5.2f}  default {shape.ratios['default']:5.2f}"
            f"  device alone: {shape.device_ratios['tuned']:5.2f} {shape.device_ratios['default']:5.2f}  {shape.best}",
            flush=True,
        )
    print(f"\n{len(shapes)} shapes")
    for name, share in summary(shapes).items():
        print(f"  {name}: {share:.1%}")
    for name in WITHIN:
        print(f"\nworst of the {name} choice")
        for shape in sorted(shapes, key=lambda shape: -shape.ratios[name])[:8]:
            print(f"  {shape.n}x{shape.batch}: {shape.ratios[name]:.2f}  {getattr(shape, name)}; best: {shape.best}" + (f"; {shape.why}" if name == "tuned" else ""))
    result = {**about(device, {}), "dtype": asked.dtype, "seed": asked.seed, "tuned_seconds": asked.tuned}
    result |= {"shares": summary(shapes), "shapes": [vars(shape) for shape in shapes]}
    if asked.json:
        asked.json.write_text(as_json(result), encoding="utf-8")
    if asked.page:
        for shape in result["shapes"]:
            del shape["times"]
        (KEPT / f"{device.kind}.json").write_text(as_json(result), encoding="utf-8")
        write_page()


def write_page() -> None:
    """Writes docs/tuning/measured.md from the results that are kept beside it."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(KEPT.glob("*.json"))]
    (KEPT / "measured.md").write_text(page(results), encoding="utf-8")


def page(results: list[dict[str, Any]]) -> str:
    """The page of all that is kept: for each device the shares, and the shapes where a choice is the farthest from the best."""
    lines = ["# How good the tuned choice is", "", "Made by `python benchmarks/tuned.py --page`, which says how it measures."]
    heads = ["n x batch", "best, ms", "tuned / best", "default / best", "best candidate"]
    for result in results:
        shapes, shares = result["shapes"], result["shares"]
        lines += ["", f"## {result['card']}, {result['dtype']}", "", *header(result), ""]
        lines += [f"- tuned for {result['tuned_seconds']:g} s, then judged by {len(shapes)} random shapes, seed {result['seed']}"]
        lines += [f"- {name}: {share:.1%}" for name, share in shares.items()]
        worst = sorted(shapes, key=lambda shape: -max(shape["ratios"][name] / bound for name, bound in WITHIN.items()))
        rows = [
            [f"{each['n']} x {each['batch']:,}", ms(each["best_ms"]), *(f"{each['ratios'][name]:.2f}" for name in WITHIN), each["best"]]
            for each in worst[:8]
        ]
        lines += ["", "The farthest from what was aimed at:", "", *markdown_table(heads, {"best candidate"}, rows)]
    return "\n".join(lines) + "\n"


def tune(seconds: float, dtype: str, itemsize: int, device: Device) -> float:
    """Tunes for ``seconds`` at the most. Returns how long it took."""
    supervisor = Supervisor(device.name, is_software=device.kind == "software")
    start = time.monotonic()
    try:
        session = Session(Desk(device, "inverse", dtype), supervisor, start + seconds)
        tally = session.tune(limits_for(device.kind, itemsize))
    finally:
        supervisor.close()
    took = round(time.monotonic() - start)
    print(
        f"tuned for {took} s: {tally.n_rows} candidates in {tally.n_cells} cells, "
        f"{'complete' if tally.is_complete else 'not complete'}; {os.environ['WEBGPU_ARRAY_TUNING']}"
    )
    for reasons in (tally.failed, tally.inaccurate):
        for kernel, reason in reasons.items():
            print(f"  {kernel}: {reason}")
    for problem in dict.fromkeys(tally.problems):
        print(f"  problem: {problem}")
    return took


if __name__ == "__main__":
    main()
