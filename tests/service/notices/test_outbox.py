"""The outbox: who may read what of it, what is not shown there, and what goes with a person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from issuer_service.notices.tables import Notice
from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership, Person
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.mail_server import TestMailServer
from tests.service.metroline.trying import Team
from tests.service.notices.posting import announced, notices, send, with_mail
from tests.service.pages.visitors import Visitor, teacher


def purposes(team: Team, role: Role, query: str = "") -> list[str]:
    """What somebody in that role finds in the outbox."""
    return [one["purpose"] for one in team.call("GET", f"notices{query}", role=role)["items"]]


@ON_ONE_DATABASE
def test_each_role_reads_what_its_other_scopes_let_it_see_the_newest_first(world: World, mail: TestMailServer) -> None:
    world.issue_badge()
    world.clock.advance(timedelta(minutes=1))
    mail.refusing = {"deelnemer0@post.example": "550 no such user"}
    with_mail(world, mail)
    team, *_ = announced(world)
    send(world)
    assert purposes(team, Role.ADMINISTRATOR) == ["run-announced", "run-announced", "badge-offered"]
    assert purposes(team, Role.BROKER) == ["run-announced", "run-announced"]
    assert purposes(team, Role.ADMINISTRATOR, f"?person_id={team.people[1]}&state=sent") == ["run-announced"]
    first = team.call("GET", "notices?limit=2", role=Role.ADMINISTRATOR)
    (last,) = team.call("GET", f"notices?limit=2&cursor={first['next']}", role=Role.ADMINISTRATOR)["items"]
    assert last["purpose"] == "badge-offered"
    # Whoever has a claim link has the badge.
    read = team.call("GET", f"notices/{last['id']}", role=Role.ADMINISTRATOR)
    assert "https://badges.example/claim/…" in read["body"]
    team.call("GET", f"notices/{last['id']}", expect=404)
    team.call("GET", "notices", role=Role.LD_DEVELOPER, expect=403)
    (failed,) = team.call("GET", "notices?state=given-up")["items"]
    assert failed["person"] == "deelnemer0"
    assert failed["last_outcome"] == "refused: 550 no such user"
    mail.refusing = {}
    team.call("POST", f"notices/{failed['id']}/sending")
    team.call("POST", f"notices/{failed['id']}/sending", expect=409)
    send(world)
    assert {one.recipients for one in mail.received} == {(f"deelnemer{n}@post.example",) for n in (0, 1)} | {
        ("michael@post.example",)
    }


@ON_ONE_DATABASE
def test_the_outbox_is_read_on_pages_and_what_was_given_up_is_tried_again_there(
    world: World, mail: TestMailServer
) -> None:
    announced(world)
    reader = teacher(world)
    page = reader.see("/desk/outbox")
    assert "Er is geen mailserver ingesteld" in page
    assert page.count("wacht") >= 2
    mail.refusing = {f"deelnemer{n}@post.example": "550 no such user" for n in (0, 1)}
    with_mail(world, mail)
    send(world)
    refused = notices(world, "run-")[0]
    assert "550 no such user" in reader.see("/desk/outbox?state=given-up")
    assert "<werken>" in reader.see(f"/desk/outbox/{refused.id}")
    after = reader.send(f"/desk/outbox/{refused.id}/sending")
    assert reader.at == f"/desk/outbox/{refused.id}"
    assert "Probeer opnieuw" not in after
    with world.installation.reading() as session:
        participant = session.scalars(select(Membership).where(Membership.role == str(Role.PARTICIPANT))).first()
        assert participant is not None
    Visitor(world, participant.person_id).see("/desk/outbox", expect=403)


def test_who_left_gets_none_and_of_who_was_erased_none_is_left(world: World, mail: TestMailServer) -> None:
    with_mail(world, mail)
    team, *_ = announced(world)
    left, erased = team.people[:2]
    with world.installation.transaction() as session:
        session.execute(
            update(Membership).where(Membership.person_id == left).values(ended_at=world.clock()),
        )
    world.clock.moment = world.clock().replace(hour=10)
    with world.installation.transaction() as session:
        session.execute(update(Notice).values(written_at=world.clock(), due_at=world.clock()))
    held = team.call("GET", f"people/{erased}/data", role=Role.ADMINISTRATOR)
    assert [row["purpose"] for row in held["held"]["notice"]] == ["run-announced"]
    team.call("POST", f"people/{erased}/erasure", role=Role.ADMINISTRATOR)
    send(world)
    assert mail.received == []
    (dropped,) = notices(world)
    assert (dropped.person_id, dropped.state, dropped.last_outcome) == (left, "dropped", "they left")
    with world.installation.reading() as session:
        assert session.get(Person, erased) is None
