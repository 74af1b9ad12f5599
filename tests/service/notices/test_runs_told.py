"""What becomes of a run is told to whom it was told before, and moves what stands in their calendar."""

from __future__ import annotations

from datetime import timedelta

from issuer_service.jobs.port import REMIND
from tests.service.conftest import World
from tests.service.mail_server import TestMailServer
from tests.service.metroline.trying import Team
from tests.service.notices.posting import (
    announced,
    by_recipient,
    calendar_of,
    notices,
    send,
    text_of,
    value,
    with_mail,
)


def subjects(mail: TestMailServer, name: str) -> list[str]:
    """The first word of each mail to somebody, without the name of the station."""
    return [str(one["Subject"]).partition(":")[0] for one in by_recipient(mail).get(name, [])]


def test_a_run_that_is_put_off_moves_in_the_calendar_and_one_that_is_cancelled_leaves_it(
    world: World, mail: TestMailServer
) -> None:
    with_mail(world, mail)
    team, run, _ = announced(world)
    send(world)
    later = (world.clock() + timedelta(days=40)).isoformat()
    team.call("POST", f"station-runs/{run}/rescheduling", {"starts_at": later})
    team.call("PATCH", f"station-runs/{run}", {"location": "Kade 1"})
    send(world)
    team.call("POST", f"station-runs/{run}/state", {"state": "announced"})
    send(world)
    team.call("POST", f"station-runs/{run}/state", {"state": "cancelled"})
    send(world)
    found = by_recipient(mail)["deelnemer0"]
    calendars = [calendar_of(one) for one in found]
    assert [method for method, _ in calendars] == ["PUBLISH", "PUBLISH", "CANCEL"]
    # Where it is was told in the same mail as when: the first change was overtaken by the second before it went out.
    assert [value(text, "SEQUENCE") for _, text in calendars] == ["0", "2", "3"]
    assert len({value(text, "UID") for _, text in calendars}) == 1
    assert [value(text, "STATUS") for _, text in calendars] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert value(calendars[1][1], "DTSTART") == "20261230T090000Z"
    assert "Waar: Kade 1" in text_of(found[1])
    assert subjects(mail, "deelnemer0")[1:] == ["Gewijzigd", "Gaat niet door"]
    assert subjects(mail, "deelnemer1")[1:] == ["Changed", "Cancelled"]
    assert sorted(one.state for one in notices(world, "run-")) == ["dropped"] * 2 + ["sent"] * 6


def test_a_run_that_nobody_was_told_of_is_cancelled_without_a_word(world: World, mail: TestMailServer) -> None:
    with_mail(world, mail)
    team = Team(world)
    station = team.station("Meten", ["RO001"])
    team.register(team.line([station]))
    run = team.run(station, upto="scheduled")
    team.call("POST", f"station-runs/{run}/state", {"state": "cancelled"})
    assert notices(world) == []


def test_who_was_there_left_or_need_not_come_is_not_told_and_who_is_new_is(world: World, mail: TestMailServer) -> None:
    with_mail(world, mail)
    team = Team(world)
    station = team.station("Meten", ["RO001"])
    line = team.line([station])
    was_there, left = team.register(line, 0), team.register(line, 1)
    first = team.run(station)
    team.hold(first)
    team.call("POST", f"station-runs/{first}/attendances", {"participation_id": was_there, "attended": True})
    team.call("POST", f"participations/{left}/dropping-out", {})
    send(world)
    mail.received.clear()
    team.run(station)
    send(world)
    assert mail.received == []
    team.register(line, 2)
    send(world)
    assert subjects(mail, "deelnemer2") == ["Meten"]


class TestReminders:
    """Once, within two days of a run, whatever the clock and the jobs do."""

    def test_each_is_reminded_once_and_the_run_is_marked(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        team, run, _ = announced(world)
        send(world)
        mail.received.clear()
        for step in (timedelta(days=18), timedelta(days=1, seconds=1), timedelta(hours=1), timedelta(days=-1)):
            world.clock.advance(step)
            world.handlers[REMIND]("")
            send(world)
        assert subjects(mail, "deelnemer0") == ["Binnenkort"]
        assert subjects(mail, "deelnemer1") == ["Soon"]
        assert team.call("GET", f"station-runs/{run}")["state"] == "reminded"

    def test_a_missed_day_is_made_up_for_and_a_run_that_began_is_not_reminded_of(
        self, world: World, mail: TestMailServer
    ) -> None:
        with_mail(world, mail)
        team, run, _ = announced(world)
        send(world)
        mail.received.clear()
        team.call("PATCH", f"station-runs/{run}", {"checked": ["materials", "aids", "rooms"]})
        team.call("POST", f"station-runs/{run}/state", {"state": "prepared"})
        world.clock.advance(timedelta(days=20, hours=23))
        world.handlers[REMIND]("")
        send(world)
        assert subjects(mail, "deelnemer0") == ["Binnenkort"]
        assert team.call("GET", f"station-runs/{run}")["state"] == "prepared"
        missed = team.run(team.station("Rekenen", ["RO001"]))
        world.clock.advance(timedelta(days=21))
        world.handlers[REMIND]("")
        assert [one for one in notices(world, "run-reminder") if one.about_id == missed] == []

    def test_who_registers_shortly_before_is_told_and_not_reminded_in_the_same_hour(
        self, world: World, mail: TestMailServer
    ) -> None:
        with_mail(world, mail)
        team, *_ = announced(world)
        world.clock.advance(timedelta(days=20))
        team.register(team.call("GET", "metrolines")["items"][0]["id"], 2)
        world.handlers[REMIND]("")
        send(world)
        assert [one.partition(":")[0] for one in subjects(mail, "deelnemer2")] == [
            "Meten; rekenen, en 'veilig' <werken>"
        ]

    def test_reminding_by_hand_is_the_reminder(self, world: World, mail: TestMailServer) -> None:
        with_mail(world, mail)
        team, run, _ = announced(world)
        world.clock.advance(timedelta(days=20))
        team.call("POST", f"station-runs/{run}/state", {"state": "reminded"})
        world.handlers[REMIND]("")
        assert len(notices(world, "run-reminder")) == 2
