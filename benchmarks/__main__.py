"""`make bench`: signs and verifies one credential with every implementation, side by side, in CPU time.

Rounds are interleaved and medians taken, so that a busy machine slows all of them alike. Before anything is timed,
all must have made the same proofValue and accept it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.chart import write_chart
from benchmarks.measures import Measured, measure
from benchmarks.processes import Importing, Pair, importing, two_processes
from benchmarks.subjects import Subject, reference
from openbadges_kit.jsonld.processor import to_quads


def report(measured: Measured, found: list[Subject], pair: Pair, taken: Importing) -> list[str]:
    """The table, and the ratios that are asked for."""
    medians = {name: statistics.median(values) for name, values in measured.items()}
    lines = [f"{'CPU per credential (median of rounds)':52} {'ms':>9} {'a second':>10} {'x floor':>8}"]
    for kind in ("sign", "verify", "batch issue", "batch verify", "whole", "compile"):
        floor = medians["verify: floor" if "verify" in kind else "sign: floor"]
        for name, seconds in sorted(medians.items(), key=lambda item: item[1]):
            if name.startswith(kind + ":"):
                lines.append(f"{name:52} {seconds * 1e3:9.3f} {1 / seconds:10.0f} {seconds / floor:8.1f}")
    lines += ["", *made_of(medians)]
    for act in ("sign", "verify"):
        known, unseen = (medians[f"{act}: openbadges_kit, {shape} shape"] for shape in ("known", "unseen"))
        floor = medians[f"{act}: floor"]
        peers = {subject.name: medians[f"{act}: {subject.name}"] for subject in found if subject.peer}
        best = min(peers, key=lambda name: peers[name])
        lines.append(
            f"{act}: known shape {peers[best] / known:.1f} x the best peer ({best}), {known / floor:.2f} x the floor; "
            f"unseen shape {peers[best] / unseen:.2f} x the best peer"
        )
    issued, verified = (
        medians["batch issue: openbadges_kit, every row checked"],
        medians["batch verify: openbadges_kit"],
    )
    lines += [
        f"batch issue: {1 / issued:.0f} a CPU second, {medians['sign: floor'] / issued:.0%} of the floor's rate",
        f"batch verify: {1 / verified:.0f} a CPU second, {medians['verify: floor'] / verified:.0%} of the floor's rate",
        f"two processes: {pair.two / pair.one:.2f} x one by the clock on the wall ({pair.one:.0f} and {pair.two:.0f} "
        f"badges a second, at a load of {pair.load:.1f} before), {pair.two_by_cpu / pair.one_by_cpu:.2f} x by CPU time",
        f"importing issue, prepare and verify: {taken.cpu * 1e3:.0f} ms of CPU, {taken.wall * 1e3:.0f} ms by the clock "
        f"on the wall and {taken.megabytes:.0f} MB more than Python itself, "
        f"{'with' if taken.loads_pyld else 'without'} PyLD",
    ]
    return lines


def made_of(medians: dict[str, float]) -> list[str]:
    """The whole calls in their parts; the rest is what stands between them: findings, the report, the other checks."""
    lines = []
    for act, whole in (("issue", "whole: prepare() and issue()"), ("verify", "whole: verify(), all offline checks")):
        lines.append(f"{whole.removeprefix('whole: ') + ', made of':52} {'ms':>9}")
        parts = {name: seconds for name, seconds in medians.items() if name.startswith(f"part: {act}: ")}
        for name, seconds in parts.items():
            lines.append(f"  {name.removeprefix(f'part: {act}: '):50} {seconds * 1e3:9.3f}")
        lines += [f"  {'the rest':50} {(medians[whole] - sum(parts.values())) * 1e3:9.3f}", ""]
    return lines


def main() -> int:
    """Measure, print, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=21)
    arguments.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    options = arguments.parse_args()
    quads = set(to_quads(reference()))
    blank = {term for quad in quads for term in (quad.subject, quad.object) if term.startswith("_:")}
    print(f"The reference credential: {len(quads)} quads, {len(blank)} blank nodes.")
    measured, found = measure(options.rounds)
    pair, taken = two_processes(4000), importing()
    lines = report(measured, found, pair, taken)
    print("\n".join(lines))
    options.out.mkdir(parents=True, exist_ok=True)
    result = {
        "unit": "CPU seconds per credential",
        "rounds": options.rounds,
        "medians": {name: statistics.median(values) for name, values in measured.items()},
        "two_processes": asdict(pair),
        "importing": asdict(taken),
        "measured": measured,
    }
    (options.out / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    write_chart(result["medians"], options.out / "results.svg")
    print(f"written: {options.out / 'results.json'}, {options.out / 'results.svg'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
