"""People who are signed in on the pages: what they see is read as a screen reader reads it, and what they send."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import select

from issuer_service.clock import os_randomness
from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership
from issuer_service.programme.tables import Enrolment
from issuer_service.web.sessions import start_session
from tests.service.conftest import World
from tests.service.pages.screen_reader import findings, read

__all__ = ["HTML", "Visitor", "learner", "teacher"]

HTML: Final = {"Accept": "text/html"}


class Visitor:
    """Somebody who is signed in on the pages."""

    def __init__(self, world: World, person_id: str) -> None:
        self.world, self.person_id = world, person_id
        with world.installation.transaction() as session:
            member = session.scalars(select(Membership).where(Membership.person_id == person_id)).first()
            assert member is not None
            self._token = start_session(
                session, person_id, member.organisation_id, now=world.clock.moment, randomness=os_randomness
            )
        self._sign_in()
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', world.http.get("/work").text)
        assert found is not None
        self._csrf = found.group(1)

    def see(self, path: str, *, expect: int = 200) -> str:
        """A page, which is as it should be for who does not see it."""
        self._sign_in()
        answer = self.world.http.get(path, headers=HTML)
        assert answer.status_code == expect, answer.text
        assert findings(answer.text) == [], path
        return read(answer.text).text()

    def send(self, path: str, files: Any = None, *, expect: int = 200, csrf: bool = True, **fields: Any) -> str:
        """Send a form, follow where it leads, and read what stands there. The last address is kept in `at`."""
        self._sign_in()
        data = {**fields, **({"csrf": self._csrf} if csrf else {})}
        answer = self.world.http.post(path, data=data, files=files, headers=HTML)
        assert answer.status_code == expect, answer.text
        assert findings(answer.text) == [], path
        self.at = answer.url.path
        self.html = answer.text
        return read(answer.text).text()

    def _sign_in(self) -> None:
        self.world.http.cookies.set("__Host-session", self._token, domain="badges.example")


def teacher(world: World) -> Visitor:
    with world.installation.reading() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
    return Visitor(world, member.person_id)


def learner(world: World, number: int = 0) -> Visitor:
    with world.installation.reading() as session:
        return Visitor(world, session.get_one(Enrolment, world.setting.enrolments[number]).person_id)
