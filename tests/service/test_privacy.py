"""What is held on people is known, can be asked for, goes when it has had its time, and goes when they ask."""

from __future__ import annotations

import argparse
import io
import json
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import String, Text, cast, select

from issuer_service.audit.verification import verify_trail
from issuer_service.bulk.tables import BulkRow, Recipient
from issuer_service.delivery.service import ClaimLinks
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import EXPIRE, RECONCILE, REVERIFY
from issuer_service.notices.tables import Notice
from issuer_service.people.consent import AgeGroup
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_person
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.persistence.columns import Table
from issuer_service.persistence.database import transaction
from issuer_service.privacy.commandline import add_privacy_command, run_privacy_command
from issuer_service.privacy.due import DataClass
from issuer_service.privacy.export import tables_exported
from issuer_service.privacy.register import IMPERSONAL, REGISTER, as_table
from issuer_service.privacy.retention import DEFAULT_DAYS
from issuer_service.programme.tables import Enrolment
from issuer_service.verifying.service import verify_badge
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.two_providers import new_award

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "privacy.md"
NAME, EMAIL = "Michael Monteur", "michael@post.example"


class Office:
    """The privacy officer of the provider, who calls."""

    def __init__(self, world: World, role: Role = Role.PRIVACY_OFFICER) -> None:
        self.world, self.serial = world, count()
        here = world.installation
        with here.transaction() as session:
            organisation = session.scalars(select(Organisation.id)).one()
            member = add_person(
                session,
                name="Frits Gegevens",
                email=f"{role}@opleider.example",
                organisation_id=organisation,
                role=role,
                randomness=here.randomness,
            )
            self.key = make_key(session, member, now=here.now(), randomness=here.randomness).secret

    def call(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:  # JSON
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"of-the-test-{next(self.serial)}"}
        answer = self.world.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json()


def learner_of(world: World) -> tuple[str, str]:
    """The person, and who they are in their badges."""
    with world.installation.reading() as session:
        enrolment = session.get_one(Enrolment, world.setting.enrolments[0])
        return enrolment.person_id, enrolment.subject_id


def everything(world: World) -> dict[str, str]:
    """What stands in the database, by table, as a text."""
    found = {}
    with transaction(world.installation.engine) as session:
        for table in Table.metadata.sorted_tables:
            rows = [tuple(row) for row in session.execute(select(table))]
            found[table.name] = repr(rows)
    return found


def where(world: World, *words: str) -> set[str]:
    """The tables in which one of these words stands."""
    return {table for table, text in everything(world).items() if any(word in text for word in words)}


def privacy(world: World, *arguments: str) -> str:
    """What `issuer-service privacy …` prints."""
    parser = argparse.ArgumentParser()
    add_privacy_command(parser.add_subparsers(dest="command"))
    out = io.StringIO()
    run_privacy_command(parser.parse_args(["privacy", *arguments]), world.installation, out=out)
    return out.getvalue()


class TestTheRegister:
    def test_every_column_of_every_table_is_a_persons_or_is_not(self) -> None:
        personal = {held.table: set(held.columns) for held in REGISTER}
        assert len(personal) == len(REGISTER)
        for table in Table.metadata.sorted_tables:
            columns = set(table.columns.keys())
            mine, others = personal.get(table.name, set()), set(IMPERSONAL.get(table.name, frozenset()))
            assert mine | others == columns, (
                f"{table.name}: say in privacy/register.py what {columns - mine - others} is"
            )
            assert not mine & others, table.name
        assert set(personal) | set(IMPERSONAL) == {table.name for table in Table.metadata.sorted_tables}

    def test_whatever_names_a_person_is_personal(self) -> None:
        for held in REGISTER:
            personal = set(held.columns)
            for one in Table.metadata.tables[held.table].columns:
                if any(key.target_fullname == "person.id" for key in one.foreign_keys):
                    assert one.name in personal, (held.table, one.name)
        for name, columns in IMPERSONAL.items():
            for column in columns:
                keys = Table.metadata.tables[name].columns[column].foreign_keys
                assert all(key.target_fullname != "person.id" for key in keys), (name, column)

    def test_the_privacy_page_shows_it_and_the_times(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        assert as_table() in page
        for data_class in DataClass:
            assert f"| `{data_class}` | {DEFAULT_DAYS[data_class]} |" in page

    def test_an_export_has_every_table_that_is_in_it(self) -> None:
        assert {held.table for held in REGISTER} - {"erasure"} == tables_exported()


def test_one_gets_what_is_held_on_oneself_and_nobody_elses(world: World) -> None:
    credential_id = world.first_badge()
    person_id, subject_id = learner_of(world)
    held = Office(world).call("GET", f"/v1/people/{person_id}/data")["held"]
    assert [one["name"] for one in held["person"]] == [NAME]
    assert [one["id"] for one in held["credential"]] == [credential_id]
    assert held["credential"][0]["document"]["credentialSubject"]["id"] == f"urn:uuid:{subject_id}"
    assert held["module_result"][0]["levels"]["RO001"] == "zelfstandig"
    assert NAME in held["notice"][0]["body"]
    assert "Sophie" not in json.dumps(held)
    assert "Dana" not in json.dumps(held)
    said = json.loads(privacy(world, "export", "--organisation", "voorbeeld-opleider", "--person", person_id))
    assert set(said) >= set(held)


class TestErasure:
    def test_the_rehearsal_says_what_happens_and_does_nothing(self, world: World) -> None:
        world.first_badge()
        office, (person_id, _) = Office(world), learner_of(world)
        office.call("GET", "/v1/me")  # that a key was used is noted the first time
        before = everything(world)
        rehearsed = office.call("GET", f"/v1/people/{person_id}/erasure")
        said = privacy(world, "erase", "--organisation", "voorbeeld-opleider", "--person", person_id)
        assert everything(world) == before
        done = office.call("POST", f"/v1/people/{person_id}/erasure")
        assert rehearsed["erased_at"] is None
        assert rehearsed["steps"] == done["steps"]
        assert said.splitlines()[:-1] == [f"{s['table']}: {s['rows']} ({s['action']})" for s in done["steps"]]
        # A second time changes nothing, and gives what the first time did.
        before = everything(world)
        assert office.call("POST", f"/v1/people/{person_id}/erasure") == done
        assert office.call("GET", f"/v1/people/{person_id}/erasure") == done
        assert everything(world) == before

    def test_nothing_is_left_of_who_was_erased_and_their_badge_goes_on_being_verifiable(self, world: World) -> None:
        """A badge was collected, kept elsewhere by its holder, and came in by a bulk run as well."""
        credential_id = world.first_badge()
        here, office = world.installation, Office(world, Role.ADMINISTRATOR)
        person_id, subject_id = learner_of(world)
        row = {**new_award(1), "reference": "s-20481", "name": NAME, "email": EMAIL}
        office.call("POST", "/v1/bulk-runs", [row, {**row, "achievement": "geen"}], expect=202)
        world.jobs.do_all(world.handlers)
        with here.reading() as session:
            kept = session.get_one(Credential, credential_id).document
            result = session.scalars(select(Award.evidence_id).where(Award.credential_id == credential_id)).one()
        office.call("POST", f"/v1/people/{person_id}/consents", {"purpose": "grade", "wording": "w-1"}, expect=201)
        with here.reading() as session:
            others = list(session.scalars(select(Person.id).where(Person.email == EMAIL, Person.id != person_id)))
        for one in (person_id, *others):
            office.call("POST", f"/v1/people/{one}/erasure")

        # By id, what was done stays told: in the trail and in the list of erasures. Nothing else knows them.
        assert where(world, NAME, EMAIL, subject_id, "s-20481") == set()
        assert where(world, person_id) == {"audit_entry", "erasure"}
        assert where(world, result) == {"audit_entry"}
        with here.reading() as session:
            assert all(chain.holds for chain in verify_trail(session, here.trail))

        # The copy that they kept is verified as before, by the list that goes on saying how it stands.
        assert verify_badge(kept, here=here).verified
        page = world.http.get(f"/badges/{credential_id}?lang=en").text
        assert "was not revoked" in page
        assert "content was erased" in page
        links = ClaimLinks(here.settings.secret.get_secret_value(), base_url=here.base_url)
        assert world.http.get(links.link_to(credential_id).removeprefix(here.base_url)).status_code == 404
        office.call("POST", f"/v1/credentials/{credential_id}/revocation", {"reason": "fout"})
        # What comes back every night and every half minute passes it over.
        world.clock.advance(timedelta(minutes=5))
        for job in (RECONCILE, REVERIFY, EXPIRE):
            world.handlers[job]("")
        world.jobs.do_all(world.handlers)
        assert not verify_badge(kept, here=here).verified
        assert office.call("GET", f"/v1/credentials/{credential_id}")["standing"] == "revoked"

    def test_who_is_erased_before_the_badge_was_signed_never_gets_one(self, world: World) -> None:
        world.pass_module()
        office, (person_id, _) = Office(world), learner_of(world)
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        administrator = Office(world, Role.ADMINISTRATOR)
        run = administrator.call("POST", "/v1/bulk-runs", [new_award(1)], expect=202)["id"]
        world.jobs.do_all(world.handlers)
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        with world.installation.reading() as session:
            recipient = session.scalars(select(Recipient.person_id)).one()
        for one in (person_id, recipient):
            office.call("POST", f"/v1/people/{one}/erasure")
        world.jobs.do_all(world.handlers)
        (row,) = administrator.call("GET", f"/v1/bulk-runs/{run}/rows")["items"]
        assert (row["state"], row["findings"]) == ("refused", ["erased"])
        with world.installation.reading() as session:
            assert session.scalars(select(Credential.id)).all() == []
            assert session.get(Award, award) is None

    def test_who_approved_for_others_leaves_an_id_and_the_last_administrator_stays(self, world: World) -> None:
        credential_id = world.first_badge()
        office = Office(world, Role.ADMINISTRATOR)
        me = office.call("GET", "/v1/me")["person_id"]
        teacher = world.call("GET", "/v1/me", expect=200)["person_id"]
        steps = office.call("POST", f"/v1/people/{teacher}/erasure")["steps"]
        assert [step["action"] for step in steps if step["table"] == "person"] != ["removed"]
        assert where(world, "Dana", "dana@opleider.example") == set()
        with world.installation.reading() as session:
            award = session.scalars(select(Award).where(Award.credential_id == credential_id)).one()
            assert (award.approved_by, session.get_one(Person, teacher).name) == (teacher, "")
        assert world.http.get("/v1/me", headers={"Authorization": f"Bearer {world.setting.teacher_token}"}).is_error
        office.call("POST", f"/v1/people/{me}/erasure", expect=409)


@ON_ONE_DATABASE
class TestConsent:
    def test_it_is_given_in_words_per_recipient_and_taken_back(self, world: World) -> None:
        office, (person_id, _) = Office(world, Role.ADMINISTRATOR), learner_of(world)
        path = f"/v1/people/{person_id}/consents"
        register = {"purpose": "registry", "recipient": "register.example", "wording": "r-1"}
        given = office.call("POST", path, register, expect=201)
        assert office.call("POST", path, register, expect=201)["id"] == given["id"]
        newer = office.call("POST", path, {**register, "wording": "r-2"}, expect=201)
        other = office.call("POST", path, {**register, "recipient": "other.example"}, expect=201)
        office.call("POST", path, {"purpose": "registry", "wording": "r-1"}, expect=422)
        office.call("POST", path, {**register, "purpose": "grade"}, expect=422)
        office.call("POST", f"{path}/{newer['id']}/withdrawal")
        standing = {one["id"]: one["withdrawn_at"] is None for one in office.call("GET", path)["items"]}
        assert standing == {given["id"]: False, newer["id"]: False, other["id"]: True}

    def test_the_levels_stand_on_the_page_while_its_holder_agrees(self, world: World) -> None:
        credential_id = world.first_badge()
        office, (person_id, _) = Office(world, Role.ADMINISTRATOR), learner_of(world)
        path = f"/v1/people/{person_id}/consents"

        def shown() -> bool:
            return "Behaald niveau" in world.http.get(f"/badges/{credential_id}").text

        assert not shown()
        consent = office.call("POST", path, {"purpose": "grade", "wording": "p-1"}, expect=201)
        assert shown()
        office.call("POST", f"{path}/{consent['id']}/withdrawal")
        assert not shown()

    def test_who_is_not_of_age_has_no_page_until_they_or_a_parent_agree(self, world: World) -> None:
        credential_id = world.first_badge()
        office, (person_id, _) = Office(world, Role.ADMINISTRATOR), learner_of(world)
        consent = {"purpose": "public-page", "wording": "p-1"}
        path = f"/v1/people/{person_id}/consents"

        def shown() -> bool:
            return "Warmtepomp" in world.http.get(f"/badges/{credential_id}").text

        office.call("PATCH", f"/v1/people/{person_id}", {"age_group": AgeGroup.UNDER_16})
        assert not shown()
        assert world.http.get(f"/badges/{credential_id}/picture.png").status_code == 404
        office.call("POST", path, consent, expect=422)
        given = office.call("POST", path, {**consent, "given_by": "guardian"}, expect=201)["id"]
        assert shown()
        office.call("POST", f"{path}/{given}/withdrawal")
        office.call("PATCH", f"/v1/people/{person_id}", {"age_group": AgeGroup.UNDER_18})
        assert not shown()
        office.call("POST", path, consent, expect=201)
        assert shown()
        office.call("PATCH", f"/v1/people/{person_id}", {"age_group": "of-age"})
        assert office.call("GET", f"/v1/people/{person_id}")["age_group"] is None


class TestRetention:
    def test_what_has_had_its_time_is_listed_and_then_taken(self, world: World) -> None:
        claimed, unclaimed = world.first_badge(), world.issue_badge(1)
        office = Office(world, Role.ADMINISTRATOR)
        here = world.installation
        links = ClaimLinks(here.settings.secret.get_secret_value(), base_url=here.base_url)
        assert world.http.get(links.link_to(claimed).removeprefix(here.base_url) + "/badge.json").status_code == 200
        office.call("POST", "/v1/bulk-runs", [new_award(1)], expect=202)
        candidate = {"name": "Kim Kandidaat", "email": "kim@post.example", "role": "candidate"}
        kim = office.call("POST", "/v1/people", candidate, expect=201)["id"]
        candidate = {"name": "Bo Blijver", "email": "bo@post.example", "role": "candidate"}
        bo = office.call("POST", "/v1/people", candidate, expect=201)["id"]
        permission = {"purpose": "keep-candidacy", "wording": "k-1"}
        office.call("POST", f"/v1/people/{bo}/consents", permission, expect=201)
        for one in (kim, bo):
            office.call("POST", f"/v1/people/{one}/candidacy-end")
        world.jobs.do_all(world.handlers)

        def due() -> dict[str, list[str]]:
            return {
                one["data_class"]: one["ids"] for one in office.call("GET", "/v1/retention/due")["due"] if one["count"]
            }

        assert due() == {}
        world.clock.advance(timedelta(days=29))
        assert due()["candidates"] == [kim]
        assert "kept-answers" in due()
        world.clock.advance(timedelta(days=60))
        world.handlers[EXPIRE]("")
        assert due() == {}
        assert where(world, "kim@post.example", kim) == {"audit_entry", "erasure"}
        with here.reading() as session:
            contents = session.scalars(select(cast(BulkRow.content, Text))).all()
            assert contents == ["{}"]
        office.call("PUT", "/v1/retention", {"days": {"messages": None}})
        world.clock.advance(timedelta(days=24))
        assert "unclaimed-badges: 2" not in privacy(world, "retention")
        said = privacy(world, "retention", "--yes")
        assert "unclaimed-badges: 1" in said
        with here.reading() as session:
            assert session.get_one(Credential, unclaimed).erased_at is not None
            assert session.get_one(Credential, claimed).erased_at is None
            # For ever, since they said so.
            assert session.scalars(select(Notice.id).where(cast(Notice.body, String) != "")).all()
        world.clock.advance(timedelta(days=366))
        world.handlers[EXPIRE]("")
        with here.reading() as session:
            assert session.get(Person, bo) is None
            assert session.scalars(select(Membership.id).where(Membership.person_id == bo)).all() == []

    @ON_ONE_DATABASE
    def test_whose_badge_lies_ready_is_reminded_twice_and_told_when_it_goes(self, world: World) -> None:
        unclaimed = world.first_badge()

        def reminders() -> list[str]:
            world.handlers[EXPIRE]("")
            world.handlers[EXPIRE]("")
            with world.installation.reading() as session:
                reminded = Notice.purpose.startswith("badge-reminder")
                return list(session.scalars(select(Notice.body).where(reminded)))

        assert reminders() == []
        for days, sent in ((41, 0), (1, 1), (19, 1), (1, 2), (40, 2)):
            world.clock.advance(timedelta(days=days))
            found = reminders()
            assert len(found) == sent
            assert all("vóór 12-03-2027" in one and f"/claim/{unclaimed}." in one for one in found)

    @ON_ONE_DATABASE
    def test_a_number_that_is_none_of_days_is_refused(self, world: World) -> None:
        office = Office(world)
        office.call("PUT", "/v1/retention", {"days": {"messages": 0}}, expect=422)
        assert office.call("GET", "/v1/retention")["days"]["messages"] == DEFAULT_DAYS[DataClass.MESSAGES]
