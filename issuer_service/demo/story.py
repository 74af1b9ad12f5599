"""The main job, step by step: a passed module becomes a signed, baked, verifiable badge, and is revoked.

Everything goes the way it goes in earnest: the teacher uses the API, durable jobs award and sign, the holder
downloads behind the claim link, and the verifier is the command line that anybody can install.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.api import create_app
from issuer_service.bootstrap import handlers, install
from issuer_service.catalogue.examples import add_examples
from issuer_service.delivery.service import ClaimLinks
from issuer_service.demo.adding_up import CRITERIA, publish_example_criteria, who_has
from issuer_service.demo.setting import Setting, set_up
from issuer_service.demo.telling import NOT_VALID, VALID, call, expect, publish_for_offline_use, step, verify, wait
from issuer_service.demo.workflows import add_others, prepare_workflows, tell_candidate_path, tell_metroline
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Credential
from issuer_service.jobs.dbos_engine import run_worker
from issuer_service.notices.tables import Notice
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, organisation_by_slug
from openbadges_kit.documents import parse_json_object

__all__ = ["tell"]

_LEVELS: Final = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}


def tell(installation: Installation, folder: Path) -> None:
    """Run the whole story in `folder`. Raises StoryFailed when a step does not go as told."""
    step(1, "An installation", f"SQLite in {folder.name}/service.sqlite; no server and no account are needed.")
    install(installation)
    with installation.transaction() as session:
        setting = set_up(session, installation)
        _add_examples(session, installation, setting)
    (folder / "teacher-token").write_text(setting.teacher_token + "\n")
    (folder / "teacher-token").chmod(0o600)
    step(
        2,
        "A catalogue, a provider, a programme",
        f"ULO 1.1 of the catalogue is published at {setting.ulo_iri}",
        f"Two example catalogues, made up and marked so, are at {installation.base_url}/catalogues",
        f"The provider signs as {setting.issuer_did}; its keys lie encrypted in the database.",
        "Two learners (cursisten) are enrolled in a programme of the working method 'mhw', with a teacher (docent).",
    )
    with run_worker(installation.engine, handlers(installation)), TestClient(create_app(installation)) as http:
        http.headers["Authorization"] = f"Bearer {setting.teacher_token}"
        first, second = (_module_passed(http, setting, enrolment) for enrolment in setting.enrolments)
        step(
            3,
            "The module is passed",
            "The teacher recorded, per component of the ULO, which level of the rubric was reached.",
            "All required levels were: the workflow said ModulePassed, the awarding rules asked for a badge,",
            "and everything that a verifier will check was checked before anything was signed.",
        )
        for award in (first, second):
            call(http, "POST", f"/v1/awards/{award}/approval")
        credential_id = wait(lambda: call(http, "GET", f"/v1/awards/{first}")["credential_id"])
        still_valid = wait(lambda: call(http, "GET", f"/v1/awards/{second}")["credential_id"])
        step(
            4,
            "The teacher approves, a durable job signs",
            f"The badge is urn:uuid:{credential_id}.",
            "Killed between approving and signing, the job would be done at the next start: one badge, never two.",
        )
        links = ClaimLinks(installation.settings.secret.get_secret_value(), base_url=installation.base_url)
        wait(lambda: _message_about(installation, credential_id))
        _collect(http, links.link_to(credential_id), folder)
        step(
            5,
            "The holder collects it",
            f"{links.link_to(credential_id)}",
            "badge.json  the signed Open Badge (Data Integrity, eddsa-rdfc-2022)",
            "badge.jwt   the same as a JWT, ES256, because 1EdTech's certification refuses EdDSA here",
            "badge.png   a picture with the signed badge in it",
            "The learner's name is in none of them.",
        )
        publish_for_offline_use(http, setting, folder, (folder / "badge.json").read_bytes())
        step(6, "Anybody verifies it, offline", "With the issuer's did.json and status list beside it:")
        expect(verify(folder), VALID)
        call(
            http,
            "POST",
            f"/v1/credentials/{credential_id}/revocation",
            {"reason": "Bij de verkeerde persoon vastgelegd"},
        )
        wait(lambda: _bits_changed(http, folder))
        publish_for_offline_use(http, setting, folder, (folder / "badge.json").read_bytes())
        step(
            7,
            "The provider revokes it",
            "The status list is signed and published anew. The same picture, verified again:",
        )
        expect(verify(folder), NOT_VALID)
        request_id = _add_up(http, installation, setting, still_valid)
        with prepare_workflows(installation, setting, folder) as troupe:
            certificate_id = tell_candidate_path(troupe, 9)
            line = tell_metroline(troupe, 10)
            add_others(troupe)
    step(
        11,
        "Look at it yourself",
        "make serve",
        f"  {installation.base_url}/                          where a visitor begins",
        f"  {installation.base_url}/skills                    what an occupation asks for, and what closes the gap",
        f"  {installation.base_url}/badges/{still_valid}  the second learner's badge, valid",
        f"  {installation.base_url}/badges/{credential_id}  this one, revoked",
        f"  {installation.base_url}/badges/{certificate_id}  the certificate",
        f"  {installation.base_url}/lines/{line.id}  the metroline",
        f"  {installation.base_url}/verify                    verify {folder.name}/badge.png",
        f"  {installation.base_url}/documentation             the API",
        "Its first page has six steps to try, and everybody to be: a teacher, a coach, a learner, a company, a broker.",
        "As Dana Docent:",
        f"  {installation.base_url}/work                      what waits for her",
        f"  {installation.base_url}/desk/recognition/{request_id}  the proof tree",
    )


def _add_up(http: TestClient, installation: Installation, setting: Setting, credential_id: str) -> str:
    publish_example_criteria(installation, setting)
    person_id, badge = who_has(installation, credential_id)
    body = {"criteria": CRITERIA, "began_on": installation.now().date().isoformat(), "person_id": person_id}
    request_id: str = call(http, "POST", "/v1/recognition-requests", body)["id"]
    found = call(http, "POST", f"/v1/recognition-requests/{request_id}/badges", {"badge": json.loads(badge)})
    before, after = (sum(one["verdict"] == "satisfied" for one in found[when]["below"]) for when in ("before", "after"))
    step(
        8,
        "Loose proofs add up",
        "The second learner hands the badge in for 'Vakmanschap warmtepompen', which asks for three outcomes.",
        f"It is verified, matched and weighed: {before} of them were proved, and now {after} are.",
    )
    return request_id


def _add_examples(session: Session, installation: Installation, setting: Setting) -> None:
    """The two example catalogues, which say of themselves that they are made up."""
    provider = organisation_by_slug(session, setting.issuer_slug)
    add_examples(
        session,
        caller=Caller.in_role("", provider.id, Role.CURATOR),
        base_url=installation.base_url,
        now=installation.now(),
        randomness=installation.randomness,
    )


def _module_passed(http: TestClient, setting: Setting, enrolment_id: str) -> str:
    before = {award["id"] for award in call(http, "GET", "/v1/awards")["items"]}
    body = {"enrolment_id": enrolment_id, "module_id": setting.module_id, "levels": _LEVELS}
    call(http, "POST", "/v1/module-results", body)
    waiting = wait(lambda: [a["id"] for a in call(http, "GET", "/v1/awards")["items"] if a["id"] not in before])
    award: str = waiting[0]
    return award


def _collect(http: TestClient, link: str, folder: Path) -> None:
    path = link.removeprefix(str(http.app.state.installation.base_url))  # type: ignore[attr-defined]  # FastAPI's
    for name in ("badge.json", "badge.jwt", "badge.png"):
        answer = http.get(f"{path}/{name}")
        answer.raise_for_status()
        (folder / name).write_bytes(answer.content)


def _bits_changed(http: TestClient, folder: Path) -> bool:
    badge = parse_json_object((folder / "badge.json").read_bytes())
    url = badge["credentialStatus"]["statusListCredential"]
    known = (folder / "documents" / f"{quote(url, safe='')}.json").read_bytes()
    published: bytes = http.get(url[url.index("/status/") :]).content
    return published != known


def _message_about(installation: Installation, credential_id: str) -> Notice | None:
    with installation.reading() as session:
        return session.scalar(
            select(Notice).join(Credential, Credential.id == Notice.about_id).where(Notice.about_id == credential_id)
        )
