"""Notices from the step that causes them to a mail server, each once, whatever fails in between."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from issuer_service.jobs.port import REMIND
from issuer_service.notices.mail_server import mail_server
from issuer_service.notices.sending import SENT_WITHIN
from issuer_service.operations.state import notices_put_off
from issuer_service.outbound import PAUSES
from issuer_service.people.tables import Person
from tests.service.conftest import World
from tests.service.mail_server import TestMailServer, mail_server_running
from tests.service.notices.posting import (
    FROM,
    announced,
    by_recipient,
    calendar_of,
    notices,
    send,
    text_of,
    value,
    with_mail,
)


def test_an_announced_run_is_told_to_each_once_in_their_language_with_a_calendar_file(
    world: World, mail: TestMailServer
) -> None:
    with_mail(world, mail)
    _, run, _ = announced(world)
    for _ in range(2):
        send(world)
        world.handlers[REMIND]("")
    found = by_recipient(mail)
    assert {name: len(some) for name, some in found.items()} == {"deelnemer0": 1, "deelnemer1": 1}
    dutch, english = found["deelnemer0"][0], found["deelnemer1"][0]
    assert "vrijdag 11 december 2026, 10:00 tot 14:00 uur" in dutch["Subject"]
    assert "Friday 11 December 2026, 10:00 to 14:00" in english["Subject"]
    assert dutch["From"] == f"Voorbeeld Opleider <{FROM}>"
    assert dutch["To"] == "deelnemer0 <deelnemer0@post.example>"
    assert (dutch["Auto-Submitted"], dutch["Content-Language"]) == ("auto-generated", "nl")
    assert "Beste deelnemer0,\n" in text_of(dutch)
    assert "Waar: Campus\n\nVoorbereiding: Lees het blad\n\nMateriaal: Schoenen\n" in text_of(dutch)
    assert "&lt;werken&gt;" in text_of(dutch, "html")
    method, calendar = calendar_of(dutch)
    assert (method, value(calendar, "SEQUENCE"), value(calendar, "STATUS")) == ("PUBLISH", "0", "CONFIRMED")
    assert value(calendar, "UID") == f"run-{run}@badges.example"
    assert [one.state for one in notices(world, "run-")] == ["sent", "sent"]


def people(world: World) -> list[Person]:
    with world.installation.reading() as session:
        return list(session.scalars(select(Person)))


class TestWhateverFails:
    """A notice reaches whom it is for once, or is given up with a reason that somebody reads."""

    def test_while_the_server_is_down_it_waits_longer_each_time_and_goes_out_when_it_is_there(
        self, world: World
    ) -> None:
        with mail_server_running() as mail:
            pass
        with_mail(world, mail)
        announced(world)
        tried = []
        for pause in PAUSES[:3]:
            send(world)
            send(world)
            tried.append({(one.attempts, one.due_at - world.clock()) for one in notices(world)})
            world.clock.advance(pause)
        assert tried == [{(number, pause)} for number, pause in enumerate(PAUSES[:3], start=1)]
        assert all("refused" in str(one.last_outcome) for one in notices(world))
        with world.installation.reading() as session:
            assert notices_put_off(session) == 2
        with mail_server_running(mail):
            send(world)
            send(world)
        assert len(mail.received) == 2
        assert {(one.state, one.attempts) for one in notices(world)} == {("sent", 4)}

    def test_who_is_refused_is_given_up_and_nobody_else_waits_for_it(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        mail.refusing = {
            "deelnemer0@post.example": "550 no such user",
            "deelnemer1@post.example": "451 come back later",
        }
        team, *_ = announced(world)
        with world.installation.transaction() as session:
            session.execute(update(Person).where(Person.name == "deelnemer2").values(email="not an address"))
        team.register(team.call("GET", "metrolines")["items"][0]["id"], 2)
        send(world)
        by_person = {one.person_id: one for one in notices(world)}
        refused, later, nowhere = (by_person[person] for person in team.people)
        assert (refused.state, refused.last_outcome) == ("given-up", "refused: 550 no such user")
        assert (later.state, later.last_outcome) == ("waiting", "put off: 451 come back later")
        assert (nowhere.state, nowhere.last_outcome) == ("given-up", "refused: not an e-mail address")
        mail.refusing = {}
        world.clock.advance(PAUSES[0])
        send(world)
        assert [one.recipients for one in mail.received] == [("deelnemer1@post.example",)]

    def test_after_the_last_try_it_is_given_up(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        announced(world)
        mail.failing = {"END OF DATA": "452 the disk is full"}
        for pause in (*PAUSES, timedelta()):
            send(world)
            world.clock.advance(pause)
        found = notices(world)
        assert {(one.state, one.attempts) for one in found} == {("given-up", len(PAUSES) + 1)}
        assert {one.last_outcome for one in found} == {"put off: 452 the disk is full"}
        mail.failing = {}
        send(world)
        assert mail.received == []

    def test_a_conversation_that_breaks_off_anywhere_is_begun_again(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        announced(world)
        for command, pause in zip(("EHLO", "MAIL", "RCPT", "DATA"), PAUSES, strict=False):
            mail.failing = {command: ""}
            send(world)
            assert {one.state for one in notices(world)} == {"waiting"}, command
            world.clock.advance(pause)
        assert mail.received == []
        mail.failing = {}
        send(world)
        assert len(mail.received) == 2

    def test_a_mail_at_which_the_server_breaks_off_holds_no_other_up(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        announced(world)
        first, other = sorted(notices(world), key=lambda one: one.id)
        addresses = {one.id: one.email for one in people(world)}
        mail.refusing = {addresses[first.person_id]: ""}
        for pause in PAUSES:
            send(world)
            send(world)
            world.clock.advance(pause)
        send(world)
        assert [one.recipients for one in mail.received] == [(addresses[other.person_id],)]
        states = {one.id: one.state for one in notices(world)}
        assert states == {first.id: "given-up", other.id: "sent"}

    def test_what_is_of_no_use_any_more_is_not_sent(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        announced(world)
        world.issue_badge()
        world.clock.advance(timedelta(days=21))
        send(world)
        assert mail.received == []
        assert {one.last_outcome for one in notices(world, "run-")} == {"too late: what it is about was over"}
        assert {one.last_outcome for one in notices(world, "badge-")} == {f"not sent within {SENT_WITHIN.days} days"}

    def test_a_clock_that_was_set_back_keeps_nothing_waiting(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        world.clock.advance(timedelta(days=400))
        announced(world)
        world.clock.advance(timedelta(days=-400))
        send(world)
        assert len(mail.received) == 2

    def test_without_a_mail_server_it_stays_in_the_outbox(self, world: World) -> None:
        assert mail_server(world.installation.settings) is None
        announced(world)
        send(world)
        assert [(one.state, one.attempts) for one in notices(world)] == [("waiting", 0)] * 2
        assert all(one.body for one in notices(world))
