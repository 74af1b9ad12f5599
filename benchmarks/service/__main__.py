"""`make bench-service`: awards in bulk and one at a time, on SQLite and on PostgreSQL, with one worker and with two.

Say `--quick` for a look; on a machine that others use, compare processor times and not seconds.
"""

from __future__ import annotations

import argparse
import os
import sys

from sqlalchemy.exc import OperationalError

from benchmarks.service import bulk, single
from benchmarks.service.places import KINDS


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the awards")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--only", choices=["bulk", "phases", "single"], help="one of the tables")
    chosen = parser.parse_args()
    scale = 10 if chosen.quick else 1
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} as it begins\n", flush=True)
    for name, table in (("bulk", _bulk), ("phases", _phases), ("single", _single)):
        if chosen.only in {None, name}:
            for kind in chosen.databases:
                try:
                    table(kind, scale)
                except OperationalError as error:
                    print(f"{kind}: not measured: {error.orig}", file=sys.stderr)
            print()
    return 0


def _bulk(kind: str, scale: int) -> None:
    print(f"A bulk run on {kind}: {'workers':>8} {'awards':>7} {'seconds':>8} {'awards/s':>9}", end="")
    print(f" {'CPU ms each: worker':>20} {'database':>9} {'processors busy':>16}", flush=True)
    for workers in (1, 2):
        run = bulk.measure(kind, 20_000 // scale, workers)
        worker, database = run.cpu_of_workers / run.awards * 1e3, run.cpu_of_database / run.awards * 1e3
        database = database if kind == "postgresql" else 0.0
        busy = (worker + database) * run.awards / 1e3 / run.seconds
        print(f"{'':16}{kind:>4.0}{workers:>12} {run.awards:>7} {run.seconds:>8.1f} {run.per_second:>9.0f}", end="")
        print(f" {worker:>20.2f} {database:>9.2f} {busy:>16.2f}", flush=True)


def _phases(kind: str, scale: int) -> None:
    awards = 10_000 // scale
    found = bulk.phases(kind, awards)
    whole = sum(found.values())
    print(f"Where a worker's time goes on {kind}: {whole / awards * 1e3:.2f} CPU ms each, looked at as it works")
    for phase, seconds in sorted(found.items(), key=lambda item: -item[1]):
        print(f"  {phase:<24}{seconds / awards * 1e3:>8.3f} ms {seconds / whole:>6.1%}")


def _single(kind: str, scale: int) -> None:
    print(f"One award at a time over HTTP on {kind}, {single.CLIENTS} clients, one API process and one worker")
    print(f"  {'awards/s':>22} {'accepted after: p50':>20} {'p95':>7} {'p99':>7}", end="")
    print(f" {'signed after: p50':>18} {'p95':>7} {'slowest':>8} {'CPU ms each: API':>17} {'worker':>7}", flush=True)
    for found in single.measure(kind, (25, 50, 100, None), 30 / scale + 2):
        pace = "closed loop" if found.pace is None else f"pace {found.pace:.0f}"
        accepted = [single.percentile(found.accepted_after, share) * 1e3 for share in (50, 95, 99)]
        signed = [single.percentile(found.signed_after, share) for share in (50, 95)]
        print(
            f"  {pace:>11} {found.per_second:>10.1f} {accepted[0]:>17.1f} ms {accepted[1]:>7.1f} {accepted[2]:>7.1f}",
            end="",
        )
        print(f" {signed[0]:>16.2f} s {signed[1]:>7.2f} {max(found.signed_after):>8.2f}", end="")
        cpu = found.cpu_of_api / found.sent * 1e3, found.cpu_of_worker / found.sent * 1e3
        print(f" {cpu[0]:>17.2f} {cpu[1]:>7.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
