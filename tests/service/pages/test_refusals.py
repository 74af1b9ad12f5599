"""Whatever a page can refuse is said in Dutch to who reads Dutch: every place where something is refused is seen."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import issuer_service
from issuer_service.errors import Conflict, Refused
from issuer_service.pages.metroline_words import finding_in_words, refused_in_words
from issuer_service.pages.refusals import said
from tests.service.conftest import World

ROOT: Final = Path(issuer_service.__file__).parent
RAISED: Final = frozenset(
    {
        *("Conflict", "NotAllowed", "NotFound", "NotKnown", "Refused", "TooLarge", "TooMany", "Unavailable"),
        *("KeyUnreachable", "MapUnfit", "Refusal", "RunRefused", "StepRefused"),
    }
)
"""By their name: also what is told a page by another kind of refusal."""
SHOWN: Final = (
    *("workflow", "assessing", "assessment", "recognition", "people", "programme", "pages", "notices/outbox.py"),
    *("awarding", "issuance/accept.py", "issuance/approve.py", "issuance/refuse.py", "signing_keys/service.py"),
    *("web/sessions.py", "web/sign_in.py", "web/rate_limits.py"),
)
"""Where what pages do is done."""
NOT_SHOWN: Final = {
    "people/keys.py": "keys are made over the API and on the command line",
    "people/consent.py": "consents are given and taken back over the API",
    "workflow/definitions/endpoints.py": "definitions are published over the API",
    "workflow/definitions/moving.py": "cases are moved to another version over the API",
    "workflow/cases/endpoints.py": "a cursor is the API's",
    "workflow/metroline/map_endpoints.py": "the map as a file, over the API; as a page it is in `maps.py`",
}
SAID_ELSEWHERE: Final = {
    "tuple((guard.because.en for guard in refusing))": "a guard brings along its own Dutch",
    "tuple(found)": "what is amiss with a field is said at the field, by its type",
    "str(error)": "of another refusal, which is here by itself",
    "str(refused)": "of another refusal, which is here by itself",
    "str(unfit)": "of another refusal, which is here by itself",
    "'; '.join(taken.why)": "of another refusal, which is here by itself",
    "reason": "`why_not` in `issuance/approve.py`, which is here by itself",
    "not_theirs": "`why_not` in `issuance/approve.py`, which is here by itself",
    "f'{error}{which}'": "another refusal and the case that it is about: below, among what is composed",
}
"""Where what is raised is no sentence of its own."""
COMPOSED: Final = (
    "they are on this path already: case {0}",
    "already enrolled in this programme: case {0}",
    "what: {0} cannot be done here; what can: {1}",
    "nobody approves their own badge",
    "this programme wants four eyes: somebody else than the assessor approves",
    "Not Found",
    "Method Not Allowed",
    "the request does not have the expected form",
    "the database is busy or away for a moment: try again",
    "something went wrong on our side; it was logged, and nothing was changed",
)


def template(node: ast.expr, known: dict[str, list[ast.expr]]) -> list[str]:
    """The sentences that an expression can be, with `{0}` where something stands in them; none for what is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            found, count = "", 0
            for part in parts:
                found += str(part.value) if isinstance(part, ast.Constant) else f"{{{count}}}"
                count += not isinstance(part, ast.Constant)
            return [found] if re.search(r"[a-z]", re.sub(r"\{\d\}", "", found)) else []
        case ast.IfExp(body=one, orelse=other):
            return [*template(one, known), *template(other, known)]
        case ast.Name(id=name):
            return [text for value in known.get(name, []) for text in template(value, {})]
        case ast.Tuple(elts=[one]):
            return template(one, known)
        case _:
            return []


def given_names(tree: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
            case _:
                pass
    return found


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Every place where something is refused, with the sentence; and those where it cannot be seen which."""
    return tuple(_places())


def _places() -> Iterator[tuple[str, str]]:
    for file in sorted(ROOT.rglob("*.py")):
        name = str(file.relative_to(ROOT))
        if not name.startswith(SHOWN) or name in NOT_SHOWN:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = given_names(tree)
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=kind), args=[first, *_]) if kind in RAISED:
                    found = template(first, known)
                    if found:
                        yield from ((f"{name}:{node.lineno}", text) for text in found)
                    elif ast.unparse(first) not in SAID_ELSEWHERE and "_not_here" not in ast.unparse(first):
                        yield f"{name}:{node.lineno}", f"? {ast.unparse(first)}"
                case _:
                    pass


def filled(text: str) -> str:
    return re.sub(r"\{\d\}", "7", text)


def test_whatever_a_page_can_refuse_is_said_in_dutch() -> None:
    found = [*places(), *(("composed", text) for text in COMPOSED)]
    assert len(found) > 150, "the places are found at all"
    assert [(where, text) for where, text in found if finding_in_words(filled(text), "nl").lang != "nl"] == []


def test_no_sentence_is_there_for_nothing_and_each_has_in_dutch_what_it_has_in_english() -> None:
    texts = set(COMPOSED)
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                texts.update(template(node, {}))
    sentences = json.loads((ROOT / "pages" / "refusals.json").read_bytes())["sentences"]
    assert sorted(set(sentences) - texts) == []
    for english, dutch in sentences.items():
        assert set(re.findall(r"\{(\d)", dutch)) <= set(re.findall(r"\{(\d)", english)), english


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("this is for: teacher, coach", "dit is voor: docent, coach"),
        ("this run is cancelled", "deze uitvoering is geannuleerd"),
        (
            "a run that is draft goes to cancelled, scheduled",
            "een uitvoering die concept is, gaat naar: geannuleerd, gepland",
        ),
        (
            "from closed one goes to nowhere: it is closed",
            "van afgesloten ga je naar: nergens heen: de lijn is gesloten",
        ),
        ("this ULO has no component {0.__class__}", "deze ULO heeft geen onderdeel {0.__class__}"),
    ],
)
def test_what_stands_in_a_sentence_is_said_in_dutch_where_there_is_a_word_for_it(english: str, dutch: str) -> None:
    assert str(said(english, "nl")) == dutch
    assert str(said(english, "en")) == english


def test_what_is_known_in_english_only_is_marked_so_beside_what_it_is_about() -> None:
    shown = refused_in_words(Refused("this canvas is not complete", findings=("some finding",)), "nl")
    assert [(str(one), one.lang) for one in shown] == [
        ("dit canvas is nog niet volledig", "nl"),
        ("some finding", "en"),
    ]
    only = refused_in_words(Conflict("registered for this line already"), "nl")
    assert [one.lang for one in only] == ["nl"]


def test_a_page_that_is_not_there_says_so_in_the_readers_language(world: World) -> None:
    for language, words in (("nl", "log eerst in"), ("en", "sign in first")):
        page = world.http.get(f"/desk/cases?lang={language}", headers={"Accept": "text/html"})
        assert f'<p lang="{language}" class="code">401 – {words}</p>' in page.text
