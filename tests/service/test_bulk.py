"""Many awards at once: a verdict per row, nothing twice, and the rest goes on when one is amiss."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from issuer_service.bulk import service
from issuer_service.bulk.commandline import add_bulk_command, run_bulk_command
from issuer_service.bulk.tables import BulkRow, Recipient
from issuer_service.errors import Refused
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import BULK, JobState
from issuer_service.notices.tables import Notice
from issuer_service.people.tables import Person
from issuer_service.status_lists.tables import StatusEntry
from openbadges_kit import batch_of_documents
from openbadges_kit.documents import parse_json_object
from openbadges_kit.verification import verifier
from tests.service.conftest import LEVELS, World

KEY = {"Idempotency-Key": "a-key-of-our-own"}
LEVEL_COLUMNS = ",".join(f"level.{component}" for component in LEVELS)


def row(world: World, number: int, **changes: Any) -> dict[str, Any]:
    made = {
        "reference": f"s-{number}",
        "name": f"Cursist {number}",
        "email": f"cursist{number}@post.example",
        "achievement": world.setting.ulo_iri,
        "evidence": f"e-{number}",
        "levels": LEVELS,
    }
    return {**made, **changes}


def send(
    world: World,
    rows: Any,  # JSON, or CSV as text
    *,
    query: str = "",
    key: str = "a-key-of-our-own",
    expect: int = 202,
) -> Any:  # JSON
    csv = isinstance(rows, str)
    answer = world.http.post(
        f"/v1/bulk-runs{query}",
        content=rows.encode() if csv else json.dumps(rows).encode(),
        headers={
            "Authorization": f"Bearer {world.setting.teacher_token}",
            "Content-Type": "text/csv" if csv else "application/json",
            "Idempotency-Key": key,
        },
    )
    assert answer.status_code == expect, answer.text
    return answer.json()


def done(world: World, run: Any) -> Any:  # JSON
    world.jobs.do_all(world.handlers)
    return world.call("GET", f"/v1/bulk-runs/{run['id']}", expect=200)


def rows_of(world: World, run: Any, query: str = "") -> list[Any]:
    items: list[Any] = world.call("GET", f"/v1/bulk-runs/{run['id']}/rows{query}", expect=200)["items"]
    return items


def count(world: World, table: type) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


class TestARun:
    def test_every_row_becomes_a_badge_of_its_own_that_verifies(self, world: World) -> None:
        shown = done(world, send(world, [row(world, n) for n in range(30)], query="?approve=true"))
        assert (shown["rows"]["accepted"], shown["signed"], shown["finished"]) == (30, 30, True)
        with world.installation.reading() as session:
            documents = [parse_json_object(one) for one in session.scalars(select(Credential.document))]
        assert len({document["id"] for document in documents}) == 30
        assert len({document["credentialSubject"]["id"] for document in documents}) == 30
        assert len({document["credentialStatus"]["statusListIndex"] for document in documents}) == 30
        for document in documents[:3]:
            report = world.http.post("/v1/verifications", json={"badge": document}).json()
            assert report["verdict"] == "valid"
        assert count(world, Notice) == 30

    def test_awards_of_one_achievement_are_one_batch_and_their_list_is_verified_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[str] = []

        def counted(name: str, real: Any) -> Any:
            def counts(*arguments: Any, **options: Any) -> Any:
                calls.append(name)
                return real(*arguments, **options)

            return counts

        for module, name in ((batch_of_documents, "prepare"), (verifier, "_verified_list")):
            monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
        shown = done(world, send(world, [row(world, n) for n in range(6)], query="?approve=true"))
        assert shown["signed"] == 6
        # Once when they are accepted, and once for what came back from storage.
        assert calls == ["prepare", "prepare", "_verified_list"]

    def test_only_what_was_accepted_is_signed_and_the_rest_of_the_batch_goes_on(self, world: World) -> None:
        done(world, send(world, [row(world, n) for n in range(6)]))
        with world.installation.transaction() as session:
            awards = {award.id: award.document for award in session.scalars(select(Award))}
            changed = list(awards)[:4]
            for award_id, (old, new) in zip(
                changed,
                [
                    (b'{"@context":', b'{ "@context":'), (b"{", b""), (b'"validFrom":"2', b'"validFrom":"x'),
                    (b'"urn:uuid:', b'"urn:bsn 111222333:'),
                ],
                strict=True,
            ):  # fmt: skip
                session.get_one(Award, award_id).document = awards[award_id].replace(old, new, 1)
        world.call("POST", "/v1/award-approvals", {"award_ids": list(awards)}, expect=200)
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            signed = {one.award_id: one.document for one in session.scalars(select(Credential))}
            problems = {one.id for one in session.scalars(select(Award)) if one.problem}
        assert problems == set(changed)
        assert set(signed) == set(awards) - problems
        for award_id, document in signed.items():
            assert document.startswith(awards[award_id][:-1] + b',"proof":[{')

    def test_csv_says_the_same_as_json(self, world: World) -> None:
        lines = [
            f"s-{n},Cursist {n},cursist{n}@post.example,{world.setting.ulo_iri},e-{n},{','.join(LEVELS.values())}"
            for n in range(3)
        ]
        text = "\n".join([f"reference,name,email,achievement,evidence,{LEVEL_COLUMNS}", *lines])
        assert done(world, send(world, text))["rows"]["accepted"] == 3
        again = done(world, send(world, [row(world, n) for n in range(3)], key="another-key"))
        assert again["rows"]["accepted"] == 3
        assert count(world, Award) == 3

    def test_a_row_that_is_amiss_is_named_and_does_not_stop_the_others(self, world: World) -> None:
        wrong = {
            2: row(world, 2, email="geen adres"),
            3: row(world, 3, achievement="https://elsewhere.example/ulo/1"),
            4: row(world, 4, levels={**LEVELS, "VO001": "fantastisch"}),
            5: row(world, 5, email="dana@opleider.example"),
            6: row(world, 6, colour="blue"),
            7: row(world, 7, name="BSN 111222333"),
            8: row(world, 8, achievement=f"{world.setting.ulo_iri}9"),
        }
        run = send(world, [row(world, 1), *wrong.values(), row(world, 9)], query="?approve=true")
        shown = done(world, run)
        refused = {one["number"]: one["findings"] for one in rows_of(world, run, "?state=refused")}
        assert set(refused) == set(wrong) - {7}
        assert all(findings for findings in refused.values())
        assert "email" in refused[2][0]
        assert "themselves" in refused[5][0]
        assert shown["signed"] == shown["rows"]["accepted"] == 3
        assert shown["finished"]

    def test_the_same_key_is_the_same_run_and_for_other_rows_a_conflict(self, world: World) -> None:
        first = send(world, [row(world, 1)])
        assert send(world, [row(world, 1)])["id"] == first["id"]
        send(world, [row(world, 2)], expect=409)

    def test_the_same_award_asked_for_twice_in_one_run_is_accepted_once(self, world: World) -> None:
        done(world, send(world, [row(world, 1), row(world, 1)], query="?approve=true"))
        assert (count(world, Award), count(world, Credential), count(world, Recipient)) == (1, 1, 1)

    def test_chunks_done_twice_change_nothing(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "CHUNK", 20)
        run = send(world, [row(world, n) for n in range(24)], query="?approve=true")
        done(world, run)
        before = [count(world, table) for table in (Award, Credential, Person, StatusEntry, Notice)]
        assert before[:2] == [24, 24]
        world.jobs.repeat_everything(world.handlers)
        assert [count(world, table) for table in (Award, Credential, Person, StatusEntry, Notice)] == before

    def test_a_run_goes_on_after_its_worker_died_between_two_chunks(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "CHUNK", 20)
        run = send(world, [row(world, n) for n in range(24)])
        first, second = (key for key, (job, _) in world.jobs.taken.items() if job == BULK)
        world.jobs.states[second] = JobState.RUNNING
        assert done(world, run)["rows"] == {"waiting": 4, "sound": 0, "accepted": 20, "refused": 0}
        world.jobs.states[second] = JobState.WAITING
        assert done(world, run)["rows"]["accepted"] == 24
        assert first != second

    @pytest.mark.parametrize(
        ("content", "said"),
        [("", "no rows"), ([1], "array of objects"), ({"a": 1}, "array of objects"), ([], "no rows")],
    )
    def test_what_is_no_list_of_rows_is_refused(self, world: World, content: Any, said: str) -> None:
        assert said in send(world, content, expect=422)["detail"]

    def test_more_than_a_hundred_thousand_rows_are_refused(self, world: World) -> None:
        text = "reference\n" + "x\n" * 100_001
        assert "no more than 100000" in send(world, text, expect=422)["detail"]


class TestADryRun:
    def test_it_gives_a_verdict_per_row_and_gives_out_nothing(self, world: World) -> None:
        rows = [row(world, 1), row(world, 2, levels={}), row(world, 3)]
        run = send(world, rows, query="?dry_run=true&approve=true")
        shown = done(world, run)
        assert shown["rows"] == {"waiting": 0, "sound": 2, "accepted": 0, "refused": 1}
        assert shown["finished"]
        assert [one["state"] for one in rows_of(world, run)] == ["sound", "refused", "sound"]
        assert [count(world, table) for table in (Award, StatusEntry, Recipient)] == [0, 0, 0]


class TestManyBadges:
    def badges(self, world: World, number: int = 5) -> list[dict[str, str]]:
        done(world, send(world, [row(world, n) for n in range(number)], query="?approve=true", key="to-begin-with"))
        with world.installation.reading() as session:
            return [{"credential_id": one} for one in session.scalars(select(Credential.id).order_by(Credential.id))]

    def test_they_are_revoked_together_each_once(self, world: World) -> None:
        badges = self.badges(world)
        nowhere = {"credential_id": "00000000-0000-4000-8000-000000000000"}
        run = send(world, [*badges, nowhere], query="?kind=revoke&reason=vergissing")
        assert done(world, run)["rows"] == {"waiting": 0, "sound": 0, "accepted": 5, "refused": 1}
        with world.installation.reading() as session:
            assert session.scalar(select(func.count()).where(Credential.revoked_at.is_not(None))) == 5
            document = session.scalars(select(Credential.document)).first()
        report = world.http.post("/v1/verifications", json={"badge": json.loads(document or b"")}).json()
        assert report["verdict"] == "not-valid"

    def test_made_anew_each_has_a_new_one_with_the_same_claim_and_the_old_one_is_revoked(self, world: World) -> None:
        badges = self.badges(world)
        shown = done(world, send(world, badges, query="?kind=reissue&reason=sleutel"))
        assert (shown["rows"]["accepted"], shown["signed"], shown["finished"]) == (5, 5, True)
        world.jobs.repeat_everything(world.handlers)
        with world.installation.reading() as session:
            stored = session.scalars(select(Credential)).all()
        old = [parse_json_object(one.document) for one in stored if one.revoked_at is not None]
        new = [parse_json_object(one.document) for one in stored if one.revoked_at is None]
        assert (len(old), len(new)) == (5, 5)
        assert sorted(str(one["credentialSubject"]) for one in old) == sorted(str(n["credentialSubject"]) for n in new)
        assert world.http.post("/v1/verifications", json={"badge": new[0]}).json()["verdict"] == "valid"

    def test_a_reason_is_needed(self, world: World) -> None:
        assert "why" in send(world, self.badges(world, 1), query="?kind=revoke", expect=422)["detail"]


class Terminal(io.StringIO):
    """Somebody looks on."""

    def isatty(self) -> bool:
        return True


class TestTheCommand:
    def run(self, world: World, file: Path, *arguments: str, out: io.StringIO) -> int:
        parser = argparse.ArgumentParser()
        add_bulk_command(parser.add_subparsers())
        world.http.headers["Authorization"] = f"Bearer {world.setting.teacher_token}"
        return run_bulk_command(
            parser.parse_args(["bulk", str(file), *arguments]),
            client=world.http,
            out=out,
            sleep=lambda _: world.jobs.do_all(world.handlers),
        )

    def file(self, tmp_path: Path, *rows: dict[str, Any]) -> Path:
        path = tmp_path / "awards.json"
        path.write_text(json.dumps(rows))
        return path

    def test_at_a_terminal_a_bar_fills_until_every_badge_is_signed(self, world: World, tmp_path: Path) -> None:
        out = Terminal()
        file = self.file(tmp_path, *(row(world, n) for n in range(3)))
        assert self.run(world, file, "--approve", out=out) == 0
        lines = out.getvalue().split("\r")
        assert "  0%" in lines[1]
        assert "100%  3 of 3 rows, 0 refused, 3 signed" in lines[-1]
        assert "3 rows: 3 well, 0 refused, 3 badges signed" in lines[-1]

    def test_in_a_pipe_only_the_result_and_what_was_refused_is_printed(self, world: World, tmp_path: Path) -> None:
        out = io.StringIO()
        file = self.file(tmp_path, row(world, 1), row(world, 2, email="x"))
        assert self.run(world, file, "--dry-run", out=out) == 1
        first, second = out.getvalue().splitlines()
        assert first.startswith("row 2: email: ")
        assert second.startswith("2 rows: 1 well, 1 refused, 0 badges signed")

    def test_what_the_service_does_not_take_ends_with_its_reason(self, world: World, tmp_path: Path) -> None:
        file = self.file(tmp_path)
        with pytest.raises(Refused, match="there are no rows"):
            self.run(world, file, out=io.StringIO())


class TestADirectAward:
    def award(self, world: World, body: dict[str, Any], *, key: str = "first-key", expect: int = 201) -> Any:  # JSON
        headers = {"Authorization": f"Bearer {world.setting.teacher_token}", "Idempotency-Key": key}
        answer = world.http.post("/v1/direct-awards", json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        world.jobs.do_all(world.handlers)
        return answer.json()

    def test_approved_at_once_it_becomes_a_badge(self, world: World) -> None:
        made = self.award(world, row(world, 1, approve=True))
        assert world.call("GET", f"/v1/awards/{made['award_id']}", expect=200)["credential_id"]

    def test_sent_again_under_the_same_key_or_another_it_is_the_same_award(self, world: World) -> None:
        made = self.award(world, row(world, 1))
        assert self.award(world, row(world, 1)) == made
        assert self.award(world, row(world, 1), key="second-key")["award_id"] == made["award_id"]
        assert count(world, Award) == 1

    def test_a_level_that_the_rubric_does_not_have_is_refused(self, world: World) -> None:
        self.award(world, row(world, 1, levels={"VO001": "x"}), expect=422)
        assert count(world, BulkRow) == count(world, Award) == count(world, Recipient) == 0
