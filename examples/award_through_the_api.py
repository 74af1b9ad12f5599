"""A provider's own system hands over results: one when it is there, a whole file at once, and what comes back.

In earnest `http` is `httpx2.Client(base_url="https://badges.example")` with a key that an administrator made; all
that is done with it here is HTTP. The worker runs elsewhere then.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from issuer_service.api import create_app
from issuer_service.bootstrap import handlers, install, open_installation
from issuer_service.demo.setting import Setting, set_up
from issuer_service.jobs.dbos_engine import run_worker
from issuer_service.settings import Settings

LEVELS = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}


def main() -> None:
    """Award one badge, then three with a CSV file of which a row is amiss."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'service.sqlite'}",
            base_url="https://badges.example",
            secret=SecretStr("an example, and no secret"),
        )
        here = open_installation(settings)
        install(here)
        with here.transaction() as session:
            setting = set_up(session, here)
        with run_worker(here.engine, handlers(here)), TestClient(create_app(here)) as http:
            http.headers["Authorization"] = f"Bearer {setting.teacher_token}"
            award_one(http, setting)
            award_many(http, setting)
        here.engine.dispose()


def award_one(http: TestClient, setting: Setting) -> None:
    """Hand over a result. It is safe to send it again when the answer got lost: it is the same award."""
    result = {
        "reference": "s-20481",
        "name": "Sam Sterk",
        "email": "sam@post.example",
        "achievement": setting.ulo_iri,
        "evidence": "portfolio-7731",
        "levels": LEVELS,
        "approve": True,
    }
    award = answer(http.post("/v1/direct-awards", json=result))
    again = answer(http.post("/v1/direct-awards", json=result))
    print("Sent twice, awarded once:", award["award_id"] == again["award_id"])
    while not (badge := answer(http.get(f"/v1/awards/{award['award_id']}"))["credential_id"]):
        time.sleep(0.1)
    print("Signed:", f"https://badges.example/badges/{badge}")

    wrong = http.post("/v1/direct-awards", json=result | {"evidence": "portfolio-7732", "levels": {"RO001": "reuze"}})
    print("Refused:", wrong.json()["detail"])


def award_many(http: TestClient, setting: Setting) -> None:
    """First ask what would become of each row; then do it, and see how far it is."""
    judged = ",".join(LEVELS.values())
    emails = ["s-1@post.example", "s-2@post.example", "geen adres"]
    rows = [f"s-{n},Cursist {n},{email},{setting.ulo_iri},eindtoets,{judged}" for n, email in enumerate(emails, 1)]
    columns = ["reference", "name", "email", "achievement", "evidence", *(f"level.{component}" for component in LEVELS)]
    file = "\n".join([",".join(columns), *rows])
    print("Asked first:", run_to_its_end(http, file, dry_run=True)["rows"])
    run = run_to_its_end(http, file, dry_run=False)
    print("Done:", run["rows"])
    for row in answer(http.get(f"/v1/bulk-runs/{run['id']}/rows", params={"state": "refused"}))["items"]:
        print("Row", row["number"], "-", *row["findings"])


def run_to_its_end(http: TestClient, file: str, *, dry_run: bool) -> dict[str, Any]:
    """Send a file, and ask until all of its rows were dealt with."""
    run = answer(
        http.post(
            "/v1/bulk-runs",
            params={"dry_run": dry_run, "approve": True},
            content=file,
            headers={"Content-Type": "text/csv", "Idempotency-Key": f"eindtoets-2026-11-dry-run-{dry_run}"},
        )
    )
    while not run["finished"]:
        time.sleep(0.1)
        run = answer(http.get(f"/v1/bulk-runs/{run['id']}"))
    return run


def answer(response: Response) -> dict[str, Any]:
    """What was answered. A refusal says which field is amiss, and how to mend it."""
    if response.is_error:
        raise SystemExit(response.text)
    document: dict[str, Any] = response.json()
    return document


if __name__ == "__main__":
    main()
