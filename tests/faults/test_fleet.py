"""Three workers and an API process on PostgreSQL, as processes: a fourth worker joins and one dies, and nobody notices.

The main job goes over HTTP while a bulk run is on, so that each of its steps is done by whichever worker comes first.
"""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from issuer_service.delivery.service import ClaimLinks
from tests.faults.cluster import private_cluster
from tests.faults.storm import FULL, SECRET, Storm
from tests.service.conftest import LEVELS

pytestmark = pytest.mark.storm

AWARDS = 20_000 if FULL else 750
PATIENCE_SECONDS = 1800 if FULL else 240


class Fleet(Storm):
    """The processes, and a client of their API."""

    @property
    def links(self) -> ClaimLinks:
        return ClaimLinks(SECRET, base_url=self.here.base_url)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        address = self.here.base_url.rpartition("/")[2]
        connection = HTTPConnection(address, timeout=60)
        try:
            sent = {"Authorization": f"Bearer {self.setting.teacher_token}", "Content-Type": "application/json"}
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {**sent, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def said(self, method: str, path: str, body: Any = None, **headers: str) -> Any:  # JSON
        status, content = self.call(method, path, body, **headers)
        assert 200 <= status < 300, content
        return json.loads(content)

    def serves(self) -> bool:
        try:
            return self.call("GET", "/openapi.json")[0] == 200
        except OSError:
            return False

    def waiting(self) -> Any:  # JSON
        return self.said("GET", "/v1/awards")["items"]

    def badge_of(self, award: str) -> str | None:
        badge: str | None = self.said("GET", f"/v1/awards/{award}")["credential_id"]
        return badge

    def verdict(self, badge: bytes) -> str:
        verdict: str = self.said("POST", "/v1/verifications", {"badge": json.loads(badge)})["verdict"]
        return verdict

    def is_offered(self, link: str) -> bool:
        return self.call("GET", f"{link}/badge.json")[0] == 200


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with private_cluster() as cluster:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        fleet = Fleet.over(cluster.url, tmp_path, base_url=address)
        try:
            yield fleet
        finally:
            fleet.end()


def test_a_fourth_worker_joins_and_one_dies_and_the_main_job_goes_on_over_http(fleet: Fleet) -> None:
    fleet.start_server()
    for _ in range(3):
        fleet.start_worker()
    fleet.wait_until(fleet.serves, seconds=PATIENCE_SECONDS, what="an answer of the API")
    fleet.wait_until(lambda: len(fleet.executors()) == 3, seconds=PATIENCE_SECONDS, what="three workers")
    headers = {"Idempotency-Key": "a-fleet-of-workers"}
    run = fleet.said("POST", "/v1/bulk-runs?approve=true", fleet.rows(AWARDS), **headers)["id"]
    fleet.wait_until(lambda: fleet.signed() >= AWARDS // 4, seconds=PATIENCE_SECONDS, what="a quarter of the badges")
    fleet.kill(fleet.workers[0])
    fleet.start_worker()
    badge = the_main_job(fleet)
    fleet.wait_until(lambda: fleet.has_begun(fleet.workers[-1]), seconds=PATIENCE_SECONDS, what="a fourth worker")
    fleet.wait_until_all_is_done(run, seconds=PATIENCE_SECONDS)
    assert fleet.said("GET", f"/v1/bulk-runs/{run}")["finished"]
    assert fleet.verdict(badge) == "not-valid"
    assert fleet.stop() == [0, 0, 0]
    assert fleet.server is not None
    fleet.server.send_signal(signal.SIGINT)
    assert fleet.server.wait(timeout=60) == 0
    fleet.check(AWARDS + 1, by_run=AWARDS)


def the_main_job(fleet: Fleet) -> bytes:
    """A passed module becomes a badge that is approved, signed, collected, verified and revoked. Gives the badge."""
    levels = {"enrolment_id": fleet.setting.enrolments[0], "module_id": fleet.setting.module_id, "levels": LEVELS}
    fleet.said("POST", "/v1/module-results", levels)
    fleet.wait_until(lambda: len(fleet.waiting()) == 1, seconds=PATIENCE_SECONDS, what="an award to approve")
    award = fleet.waiting()[0]["id"]
    fleet.said("POST", f"/v1/awards/{award}/approval")
    fleet.wait_until(lambda: fleet.badge_of(award) is not None, seconds=PATIENCE_SECONDS, what="the signed badge")
    credential_id = fleet.badge_of(award) or ""
    link = fleet.links.link_to(credential_id).removeprefix(fleet.here.base_url)
    fleet.wait_until(lambda: fleet.is_offered(link), seconds=PATIENCE_SECONDS, what="the offer")
    badge = fleet.call("GET", f"{link}/badge.json")[1]
    assert fleet.verdict(badge) == "valid"
    fleet.said("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "Bij de verkeerde persoon vastgelegd"})
    fleet.wait_until(lambda: fleet.verdict(badge) == "not-valid", seconds=PATIENCE_SECONDS, what="the revocation")
    return badge
