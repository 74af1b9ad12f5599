"""`issuer-service bulk FILE`: send rows to a service, and watch what becomes of them.

It speaks to the service's API, from anywhere: a provider's own machine needs no database.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final, TextIO

import httpx2

from issuer_service.errors import Refused, Unavailable

__all__ = ["add_bulk_command", "progress_bar", "run_bulk_command"]

_URL_VARIABLE: Final = "ISSUER_SERVICE_BASE_URL"
_KEY_VARIABLE: Final = "ISSUER_SERVICE_API_KEY"
_BAR: Final = 40
_POLLING_SECONDS: Final = 0.5
# A service that restarts is asked again for this long.
_PATIENCE_SECONDS: Final = 120
_TYPES: Final = {".csv": "text/csv", ".json": "application/json"}
_PAGE: Final = 200
ALL_WELL, SOME_REFUSED = 0, 1


def add_bulk_command(commands: Any) -> None:  # argparse's sub-parsers
    """Add the command to a parser."""
    parser = commands.add_parser(
        "bulk",
        help="award, revoke or make anew many badges, a row each, over the API",
        description=f"The service's address is read from {_URL_VARIABLE} and the API key from {_KEY_VARIABLE}. "
        "Exit status: 0 all rows well, 1 some refused.",
    )
    parser.add_argument("file", type=Path, help="rows as .csv (with a header) or .json (an array of objects)")
    parser.add_argument("--kind", choices=("award", "revoke", "reissue"), default="award")
    parser.add_argument("--dry-run", action="store_true", help="say of each row what would become of it")
    parser.add_argument("--approve", action="store_true", help="approve what is accepted (for teachers)")
    parser.add_argument("--reason", default="", help="why badges are revoked or made anew")


def run_bulk_command(
    chosen: argparse.Namespace,
    *,
    client: httpx2.Client | None = None,
    out: TextIO = sys.stdout,
    sleep: Callable[[float], object] = time.sleep,
) -> int:
    """Send the file, wait until it is dealt with, and print what was refused.

    The same file sent again goes on with the same run. Raises Refused when the service does not take it, and
    Unavailable when it cannot be reached.
    """
    if chosen.file.suffix not in _TYPES:
        raise Refused(f"{chosen.file}: give a .csv or a .json file")
    content = chosen.file.read_bytes()
    query = {
        "kind": chosen.kind,
        "dry_run": str(chosen.dry_run).lower(),
        "approve": str(chosen.approve).lower(),
        "reason": chosen.reason,
    }
    key = hashlib.sha256(repr(sorted(query.items())).encode() + content).hexdigest()
    # Whoever gives a client goes on using it.
    with nullcontext(client) if client is not None else _client() as http:
        headers = {"Content-Type": _TYPES[chosen.file.suffix], "Idempotency-Key": key}
        run = _ask(http, sleep, "POST", "/v1/bulk-runs", params=query, headers=headers, content=content)
        while True:
            run = _ask(http, sleep, "GET", f"/v1/bulk-runs/{run['id']}")
            if out.isatty():
                print(f"\r{progress_bar(run)}", end="", file=out, flush=True)
            if run["finished"]:
                break
            sleep(_POLLING_SECONDS)
        if out.isatty():
            print(file=out)
        _print_refused(http, sleep, run["id"], out)
    rows = run["rows"]
    print(
        f"{run['row_count']} rows: {rows['sound'] + rows['accepted']} well, {rows['refused']} refused, "
        f"{run['signed']} badges signed (run {run['id']})",
        file=out,
    )
    return SOME_REFUSED if rows["refused"] else ALL_WELL


def progress_bar(run: dict[str, Any]) -> str:
    """How far a run is, as a line for a terminal: every row is dealt with, and every accepted one signed."""
    rows, total = run["rows"], run["row_count"]
    signing = run["approve"] and not run["dry_run"] and run["kind"] != "revoke"
    dealt = total - rows["waiting"]
    done, of = (dealt + run["signed"], total + total - rows["refused"]) if signing else (dealt, total)
    filled = _BAR * done // max(of, 1)
    bar = "█" * filled + "·" * (_BAR - filled)
    signed = f", {run['signed']} signed" if signing else ""
    return f"{bar} {100 * done // max(of, 1):>3}%  {dealt} of {total} rows, {rows['refused']} refused{signed}"


def _client() -> httpx2.Client:
    for variable in (_URL_VARIABLE, _KEY_VARIABLE):
        if not os.environ.get(variable):
            raise Refused(f"set {variable}")
    return httpx2.Client(
        base_url=os.environ[_URL_VARIABLE],
        headers={"Authorization": f"Bearer {os.environ[_KEY_VARIABLE]}"},
        timeout=60,
    )


def _ask(http: httpx2.Client, sleep: Callable[[float], object], method: str, path: str, **request: Any) -> Any:  # JSON
    """Ask, and ask again while the service is away: nothing that is sent here is done twice."""
    waited = 0.0
    while True:
        try:
            answer = http.request(method, path, **request)
        except httpx2.TransportError as error:
            if waited >= _PATIENCE_SECONDS:
                raise Unavailable(f"the service cannot be reached: {error}") from error
        else:
            if not answer.is_error:
                return answer.json()
            if not answer.is_server_error or waited >= _PATIENCE_SECONDS:
                raise Refused(_said(answer))
        sleep(_POLLING_SECONDS)
        waited += _POLLING_SECONDS


def _said(answer: httpx2.Response) -> str:
    try:
        problem = answer.json()
        return "; ".join([str(problem["detail"]), *(str(one["detail"]) for one in problem.get("findings", []))])
    except (ValueError, KeyError, TypeError):
        return f"the service answered {answer.status_code}"


def _print_refused(http: httpx2.Client, sleep: Callable[[float], object], run_id: str, out: TextIO) -> None:
    cursor: dict[str, str] = {}
    while True:
        query = {"state": "refused", "limit": str(_PAGE), **cursor}
        page = _ask(http, sleep, "GET", f"/v1/bulk-runs/{run_id}/rows", params=query)
        for row in page["items"]:
            print(f"row {row['number']}: {'; '.join(row['findings'])}", file=out)
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}
