"""Places in status lists are given out once, and how a badge stands is told in both forms within a minute."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from issuer_service.catalogue.tables import UloVersion
from issuer_service.issuance.accept import accept
from issuer_service.issuance.approve import approve
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.tables import Award, Credential, StatusChange
from issuer_service.jobs.port import PUBLISH_STATUS_LIST
from issuer_service.notices.tables import Notice
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Membership, Organisation
from issuer_service.programme.tables import Enrolment
from issuer_service.status_lists.allocation import Place, allocate, allocate_some
from issuer_service.status_lists.tables import StatusEntry, StatusList
from tests.service.conftest import LEVELS, World

pytestmark = pytest.mark.both_databases

AT_ONCE = 8


def organisation_of(world: World) -> str:
    with world.installation.reading() as session:
        return session.scalars(select(Organisation.id)).one()


def suspendable_badge(world: World) -> str:
    here = world.installation
    with here.transaction() as session:
        enrolment = session.get_one(Enrolment, world.setting.enrolments[0])
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        request = IssuanceRequest(
            organisation_id=teacher.organisation_id,
            person_id=enrolment.person_id,
            subject_id=enrolment.subject_id,
            ulo_version_id=session.scalars(select(UloVersion.id)).one(),
            evidence_id="suspendable",
            assessor_id=teacher.person_id,
            awarded_at=here.now(),
            four_eyes=False,
            levels=LEVELS,
            suspendable=True,
        )
        award = accept(session, request, base_url=here.base_url, now=here.now(), randomness=here.randomness)
        caller = Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER)
        approve(session, award.id, caller=caller, now=here.now())
    world.jobs.do_all(world.handlers)
    with here.reading() as session:
        return session.scalars(select(Credential.id).join(Award).where(Award.evidence_id == "suspendable")).one()


def verdicts(world: World, credential_id: str) -> tuple[str, str]:
    with world.installation.reading() as session:
        credential = session.get_one(Credential, credential_id)
    answers = [
        world.http.post("/v1/verifications?lang=en", json={"badge": form})
        for form in (credential.document.decode(), credential.jwt)
    ]
    first, second = (answer.json()["summary"] + " " + str(answer.json()) for answer in answers)
    return first, second


def change(world: World, credential_id: str, what: str, *, expect: int = 200) -> Any:  # JSON
    answer = world.call("POST", f"/v1/credentials/{credential_id}/{what}", {"reason": "onderzoek"}, expect=expect)
    world.jobs.do_all(world.handlers)
    return answer


class TestAllocation:
    def test_asked_for_by_many_at_once_no_place_is_given_out_twice(self, world: World) -> None:
        here, organisation = world.installation, organisation_of(world)

        def take(_: int) -> list[Place]:
            with here.transaction() as session:
                return allocate_some(session, organisation, 100, now=here.now(), randomness=here.randomness)

        with ThreadPoolExecutor(AT_ONCE) as threads:
            given = [place for some in threads.map(take, range(AT_ONCE * 3)) for place in some]
        assert Counter(given).most_common(1)[0][1] == 1
        with here.reading() as session:
            assert session.scalar(select(func.count()).select_from(StatusEntry)) == len(given)
            assert session.scalar(select(func.count()).select_from(StatusList)) == 1
        assert len(given) > AT_ONCE * 3 * 100 * 0.95

    def test_the_next_list_is_opened_before_this_one_is_full(self, world: World) -> None:
        here, organisation = world.installation, organisation_of(world)
        with here.transaction() as session:
            first = allocate(session, organisation, now=here.now(), randomness=here.randomness)
            # A short one fills as a long one does.
            session.execute(update(StatusList).values(entries=1024))
            taken = [n for n in range(1024) if n % 4 and n != first.position]
            rows = [{"status_list_id": first.status_list_id, "position": n} for n in taken]
            session.execute(insert(StatusEntry), rows)
        with here.transaction() as session:
            places = [allocate(session, organisation, now=here.now(), randomness=here.randomness) for _ in range(30)]
        assert {place.status_list_id for place in places} - {first.status_list_id}
        with here.reading() as session:
            assert sorted(session.scalars(select(StatusList.number))) == [1, 2]

    def test_a_list_has_the_length_that_hides_its_members(self, world: World) -> None:
        world.issue_badge()
        with world.installation.reading() as session:
            assert session.scalars(select(StatusList.entries)).one() >= 131_072


class TestSuspension:
    def test_a_suspended_badge_does_not_verify_and_reinstated_it_does_in_both_forms(self, world: World) -> None:
        badge = suspendable_badge(world)
        assert all("This badge is valid." in text for text in verdicts(world, badge))
        assert change(world, badge, "suspension")["standing"] == "suspended"
        assert all("'suspended'" in text and "not-valid" in text for text in verdicts(world, badge))
        assert change(world, badge, "reinstatement")["standing"] == "valid"
        assert all("This badge is valid." in text for text in verdicts(world, badge))

    def test_revoked_it_stays_so(self, world: World) -> None:
        badge = suspendable_badge(world)
        change(world, badge, "suspension")
        change(world, badge, "revocation")
        problem = change(world, badge, "reinstatement", expect=422)
        assert "cannot be taken back" in problem["detail"]
        assert all("not-valid" in text for text in verdicts(world, badge))

    def test_a_badge_that_was_not_issued_as_suspendable_is_not_suspended(self, world: World) -> None:
        badge = world.issue_badge()
        assert "not issued as one that can be suspended" in change(world, badge, "suspension", expect=422)["detail"]
        assert all("This badge is valid." in text for text in verdicts(world, badge))

    def test_every_change_is_kept_with_its_actor_and_told_to_the_holder_once(self, world: World) -> None:
        badge = suspendable_badge(world)
        for what in ("suspension", "suspension", "reinstatement", "revocation"):
            change(world, badge, what)
        world.jobs.repeat_everything(world.handlers)
        with world.installation.reading() as session:
            changes = session.scalars(select(StatusChange).order_by(StatusChange.standing)).all()
            subjects = session.scalars(select(Notice.subject).where(Notice.purpose == "badge-status")).all()
            teacher = session.scalars(select(Membership.person_id).where(Membership.role == Role.TEACHER)).one()
        assert [one.standing for one in changes] == ["revoked", "suspended", "valid"]
        assert {one.changed_by for one in changes} == {teacher}
        assert {one.reason for one in changes} == {"onderzoek"}
        assert len(subjects) == 3


class TestPublishing:
    def test_changes_that_come_while_a_publication_waits_go_with_it(self, world: World) -> None:
        first, second = world.issue_badge(0), world.issue_badge(1)
        for badge in (first, second):
            world.call("POST", f"/v1/credentials/{badge}/revocation", {"reason": "x"}, expect=200)
        waiting = [job for job, _ in world.jobs.taken.values() if job == PUBLISH_STATUS_LIST]
        assert len(waiting) == 1
        world.jobs.do_all(world.handlers)
        for badge in (first, second):
            assert all("not-valid" in text for text in verdicts(world, badge))

    @pytest.mark.parametrize("form", ["", "/token"])
    def test_both_forms_are_cached_for_half_a_minute_and_fetched_again_only_when_changed(
        self, world: World, form: str
    ) -> None:
        badge = world.issue_badge()
        with world.installation.reading() as session:
            status_list = session.scalars(select(StatusList.id)).one()
        answer = world.http.get(f"/status/{status_list}{form}")
        assert answer.headers["Cache-Control"] == "public, max-age=30"
        etag = {"If-None-Match": answer.headers["ETag"]}
        assert world.http.get(f"/status/{status_list}{form}", headers=etag).status_code == 304
        change(world, badge, "revocation")
        assert world.http.get(f"/status/{status_list}{form}", headers=etag).status_code == 200

    def test_a_list_that_nobody_published_is_not_there(self, world: World) -> None:
        world.issue_badge()
        with world.installation.transaction() as session:
            session.execute(update(StatusList).values(published=None, published_token=None))
            status_list = session.scalars(select(StatusList.id)).one()
        assert world.http.get(f"/status/{status_list}").status_code == 404
        assert world.http.get(f"/status/{status_list}/token").status_code == 404
