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
from tests.service.pages.screen_reader import Part, findings, read

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
        self.at, self.html = path, answer.text
        return read(answer.text).text()

    def follow(self, text: str) -> str:
        """Click on the link on the page last seen that is called so, or begins so."""
        links = [one for one in read(self.html).all("a") if (one.text() or "").startswith(text)]
        assert links, f"no link {text!r} on {self.at}"
        return self.see(links[0].attributes["href"])

    def offered(self, name: str) -> list[str]:
        """The values of the boxes called so on the page last seen."""
        boxes = (one.attributes for one in read(self.html).all("input"))
        return [one["value"] for one in boxes if one.get("name") == name]

    def badges(self) -> list[str]:
        """The pages of the badges to which the page last seen leads, each as it reads."""
        links = [one.attributes["href"] for one in read(self.html).all("a")]
        return [self.see(one) for one in links if one.startswith("/badges/")]

    def fill(self, button: str, within: str = "", *, expect: int = 200, **fields: Any) -> str:
        """Fill in the form on the page last seen that has this button, and send it as a browser does.

        Of several the one below the heading, or with the summary, that reads `within`. A field that the form does not
        have fails the test; one that is not given is sent as it stands.
        """
        form = self._form(button, within)
        given = {name.replace("__", "."): value for name, value in fields.items()}
        data: dict[str, Any] = {}
        for part in form.all("input", "textarea", "select"):
            name, kind = part.attributes.get("name", ""), part.attributes.get("type", "")
            if kind in {"radio", "checkbox"}:
                if "checked" in part.attributes and name not in given:
                    data.setdefault(name, []).append(part.attributes.get("value", "on"))
                values = [one.attributes["value"] for one in form.all("input") if one.attributes.get("name") == name]
                wanted = given.get(name, [])
                assert set([wanted] if isinstance(wanted, str) else wanted) <= set(values), (name, values)
            elif part.name == "select":
                options = list(part.all("option"))
                chosen = [one.attributes["value"] for one in options if "selected" in one.attributes]
                data[name] = chosen[0] if chosen else options[0].attributes["value"] if options else ""
            else:
                data[name] = part.text() if part.name == "textarea" else part.attributes.get("value", "")
        names = {part.attributes.get("name") for part in form.all("input", "textarea", "select")}
        assert set(given) <= names, sorted(set(given) - {str(one) for one in names})
        pressed = next(one for one in form.all("button") if one.text() == button)
        if "name" in pressed.attributes:
            data[pressed.attributes["name"]] = pressed.attributes["value"]
        return self.send(form.attributes["action"], expect=expect, **{**data, **given})

    def _form(self, button: str, within: str) -> Part:
        page = read(self.html)
        found = [
            one
            for one in page.all("form")
            if any(each.text() == button for each in one.all("button")) and (not within or within in _heading(one))
        ]
        assert found, f"no form with the button {button!r} {within} on {self.at}"
        return found[0]

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


def _heading(form: Part) -> str:
    """What stands above a form, in the nearest part around it that has a heading or a summary."""
    above = form.above
    while above is not None:
        heads = [one for one in above.content if isinstance(one, Part) and one.name in {"summary", "h2", "h3"}]
        if heads:
            return heads[0].text()
        above = above.above
    return ""


def teacher(world: World) -> Visitor:
    with world.installation.reading() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
    return Visitor(world, member.person_id)


def learner(world: World, number: int = 0) -> Visitor:
    with world.installation.reading() as session:
        return Visitor(world, session.get_one(Enrolment, world.setting.enrolments[number]).person_id)
