"""A teacher may also say no: then there is no badge, whom it was for hears why, and whoever listens is told."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.bootstrap import LOST_AFTER, resume_lost_work
from issuer_service.clock import os_randomness
from issuer_service.errors import NotAllowed, Refused
from issuer_service.issuance.refuse import refuse
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import REFUSED
from issuer_service.notices.tables import Notice
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.webhooks.service import WebhookEvent, add_webhook
from issuer_service.webhooks.tables import WebhookDelivery
from tests.service.conftest import World

REASON = "Het remmen is niet beoordeeld"


def waiting(world: World) -> str:
    """An award that waits for approval."""
    world.pass_module()
    award_id: str = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
    return award_id


def say_no(world: World, award_id: str, expect: int = 200) -> Any:  # JSON
    answer = world.call("POST", f"/v1/awards/{award_id}/refusal", {"reason": f" {REASON} "}, expect=expect)
    world.jobs.do_all(world.handlers)
    return answer


def messages(world: World) -> list[Notice]:
    with world.installation.reading() as session:
        found = select(Notice).where(Notice.purpose == "award-refused")
        return list(session.scalars(found))


def test_a_refused_award_says_why_waits_no_more_and_becomes_no_badge(world: World) -> None:
    award_id = waiting(world)
    refused = say_no(world, award_id)
    assert refused["refusal_reason"] == REASON
    assert world.call("GET", f"/v1/awards/{award_id}", expect=200) == refused
    assert world.call("GET", "/v1/awards", expect=200)["items"] == []
    world.call("POST", f"/v1/awards/{award_id}/approval", expect=409)
    together = world.call("POST", "/v1/award-approvals", {"award_ids": [award_id]}, expect=200)
    assert together["approved"] == []
    assert "refused" in together["refused"][award_id]
    world.jobs.repeat_everything(world.handlers)
    with world.installation.reading() as session:
        assert session.scalars(select(Credential)).all() == []
        assert session.get_one(Award, award_id).approved_at is None


def test_what_is_approved_is_refused_no_more(world: World) -> None:
    award_id = waiting(world)
    world.call("POST", f"/v1/awards/{award_id}/approval", expect=200)
    say_no(world, award_id, expect=409)
    assert messages(world) == []


def test_refusing_twice_changes_nothing(world: World) -> None:
    award_id = waiting(world)
    first = say_no(world, award_id)
    world.clock.advance(timedelta(hours=1))
    again = world.call("POST", f"/v1/awards/{award_id}/refusal", {"reason": "iets anders"}, expect=200)
    assert again == first
    assert len(messages(world)) == 1


def test_whom_it_was_for_is_told_once_and_why(world: World) -> None:
    say_no(world, waiting(world))
    world.jobs.repeat_everything(world.handlers)
    (message,) = messages(world)
    assert REASON in message.body
    assert message.subject.startswith(("Geen badge", "No badge"))


def test_the_trail_tells_who_refused_and_not_in_which_words(world: World) -> None:
    award_id = waiting(world)
    say_no(world, award_id)
    with world.installation.reading() as session:
        refused = select(AuditEntry).where(AuditEntry.event == str(AuditEvent.AWARDS_REFUSED))
        (entry,) = session.scalars(refused)
    assert entry.about == award_id
    assert entry.actor_id is not None
    assert REASON not in entry.details


def test_a_webhook_is_told_once_with_ids_and_neither_name_nor_reason(world: World) -> None:
    with world.installation.transaction() as session:
        provider = session.scalars(select(Organisation)).one()
        add_webhook(
            session,
            organisation_id=provider.id,
            url="https://lms.example/hook",
            events=[WebhookEvent.AWARD_REFUSED],
            now=world.clock.moment,
            randomness=os_randomness,
        )
    award_id = waiting(world)
    world.call("POST", f"/v1/awards/{award_id}/refusal", {"reason": REASON}, expect=200)
    for _ in range(2):
        world.handlers[REFUSED](award_id)
    with world.installation.reading() as session:
        (delivery,) = session.scalars(select(WebhookDelivery))
    assert delivery.event == "award.refused"
    assert award_id.encode() in delivery.body
    assert REASON.encode() not in delivery.body


def test_a_refusal_whose_job_was_lost_is_told_all_the_same(world: World) -> None:
    award_id = waiting(world)
    world.call("POST", f"/v1/awards/{award_id}/refusal", {"reason": REASON}, expect=200)
    world.jobs.taken.clear()
    world.jobs.states.clear()
    world.clock.advance(LOST_AFTER + timedelta(seconds=1))
    assert resume_lost_work(world.installation) == 1
    world.jobs.do_all(world.handlers)
    assert len(messages(world)) == 1
    assert resume_lost_work(world.installation) == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_says_why(world: World, reason: str) -> None:
    world.call("POST", f"/v1/awards/{waiting(world)}/refusal", {"reason": reason}, expect=422)


def test_nobody_refuses_their_own_badge_and_only_a_teacher_refuses(world: World) -> None:
    award_id = waiting(world)
    with world.installation.transaction() as session:
        award = session.get_one(Award, award_id)
        own = Caller.in_role(award.person_id, award.organisation_id, Role.TEACHER)
        administrator = Caller.in_role(award.assessor_id, award.organisation_id, Role.ADMINISTRATOR)
        for caller in (own, administrator):
            with pytest.raises(NotAllowed):
                refuse(session, award_id, caller=caller, reason=REASON, jobs=world.jobs, now=world.clock.moment)
        teacher = Caller.in_role(award.assessor_id, award.organisation_id, Role.TEACHER)
        with pytest.raises(Refused):
            refuse(session, award_id, caller=teacher, reason=" ", jobs=world.jobs, now=world.clock.moment)


def test_a_new_result_asks_for_an_award_of_its_own(world: World) -> None:
    award_id = waiting(world)
    say_no(world, award_id)
    world.pass_module()
    (anew,) = world.call("GET", "/v1/awards", expect=200)["items"]
    assert anew["id"] != award_id


def test_an_approval_that_comes_while_it_is_refused_waits_and_is_too_late(world: World) -> None:
    award_id = waiting(world)
    here, answers = world.installation, []

    def approve_meanwhile() -> None:
        headers = {"Authorization": f"Bearer {world.setting.teacher_token}"}
        answers.append(world.http.post(f"/v1/awards/{award_id}/approval", headers=headers).status_code)

    colleague = threading.Thread(target=approve_meanwhile)
    with here.transaction() as session:
        award = session.get_one(Award, award_id)
        teacher = Caller.in_role(award.assessor_id, award.organisation_id, Role.TEACHER)
        refuse(session, award_id, caller=teacher, reason=REASON, jobs=world.jobs, now=world.clock.moment)
        colleague.start()
        # Long enough to get as far as the lock; without one it would be done by now.
        colleague.join(0.2)
        assert answers == []
    colleague.join(10)
    assert answers == [409]
