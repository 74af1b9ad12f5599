"""A document that is another one but for a few texts is canonicalised without its shape being taken: the same bytes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld import canonical_form, compiled_shape, shape_cache, templated_shape
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.compiled_shape import _merged
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.recognised import between_leaves, encoded, find_texts
from openbadges_kit.jsonld.shape import leaf_places, shape_of
from tests.kit.differential import NAMED
from tests.kit.shapes import GENERAL, assert_both_refuse, assert_same, changed, learned, own, reference

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # PyLD warns of terms that begin with "@"

SUBJECT = "credentialSubject.id"


def badge(number: int) -> JsonObject:
    return changed(reference() | {"id": f"urn:x:{number}"}, SUBJECT, f"urn:y:{number}")


def practised(*documents: JsonObject) -> ContextStore:
    """A store that knows the shape, and a template of these documents."""
    store, _ = learned(documents[0])
    # Those that are recognised do not count for the next template.
    for document in documents * 8:
        canonical_nquads(document, store)
    return store


def recognised(store: ContextStore, document: JsonObject) -> bytes | None:
    assert store.shapes is not None
    return store.shapes.recognise(document, "sha256")


class Text(str):
    __slots__ = ()


def test_another_badge_of_the_achievement_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    store = practised(badge(1), badge(2))
    expected = canonical_nquads(badge(3), GENERAL)
    monkeypatch.setattr(canonical_form, "shape_of", None)
    assert canonical_nquads(badge(3), store) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credentialSubject.achievement.creditsAvailable", 1), ("credentialSubject.achievement.creditsAvailable", 0.25),
        ("name", "Een andere naam"), ("type", ["VerifiableCredential", "AchievementCredential"]), ("name", Text("a")),
        ("credentialSubject.achievement.tag", ["fiets"]),
        ("credentialSubject.achievement.tag", ("fiets", "versnelling")),
        ("id", ["urn:x:3"]), ("id", None), ("id", 3), ("id", True), ("id", Text("urn:x:3")), ("id", "relatief"),
        ("id", "_:b1"), ("id", "urn:y:3"), ("id", "https://skills.example.org/catalogue"), ("id", "urn:x\u2028"),
        ("id", ""), ("id", "urn:\ud800"), ("@context", ["https://www.w3.org/ns/credentials/v2"]), ("id", object()),
    ],
    # Not the address of the object: who collects the tests again must find the same names.
    ids=lambda value: "an object" if type(value) is object else repr(value)[:30],
)  # fmt: skip
def test_what_is_another_document_or_an_unfit_text_is_not_recognised(path: str, value: Any) -> None:
    store = practised(badge(1), badge(2))
    document = badge(3)
    *steps, last = path.split(".")
    target: Any = document
    for step in steps:
        target = target[step]
    target[last] = value
    assert recognised(store, badge(3)) is not None
    assert recognised(store, document) is None


@pytest.mark.parametrize("pair", [(1, True), (1, 1.0), (0, False), (0.0, -0.0), (10**20, 1e20), ("1", 1)], ids=repr)
def test_numbers_and_what_looks_like_them_are_other_documents(pair: tuple[Any, Any]) -> None:
    one, other = pair
    store = practised(own(id="urn:x:1", known=one), own(id="urn:x:2", known=one))
    assert recognised(store, own(id="urn:x:3", known=one)) is not None
    assert recognised(store, own(id="urn:x:3", known=other)) is None
    assert_same(own(id="urn:x:3", known=other), store)


def test_members_in_another_order_are_another_document() -> None:
    store = practised(badge(1), badge(2))
    turned = badge(3)
    turned["credentialSubject"] = dict(reversed(turned["credentialSubject"].items()))
    assert recognised(store, turned) is None
    assert_same(turned, store)


def test_a_text_cannot_pass_for_what_stands_behind_it() -> None:
    first, second = own(id="urn:x:1", note="a", known="z"), own(id="urn:x:2", note="b", known="z")
    between = between_leaves(first, ["urn:x:1", "naam", "a", "z"], [0, 2])
    assert between is not None
    data = encoded(second)
    assert data is not None
    assert find_texts(data, between) == ["urn:x:2", "b"]
    inner = b"".join(between).decode("latin-1")
    store = practised(first, second)
    for text in (inner, "b\x01u", "\0", "b" + between[2].decode("latin-1"), "x" * 70_000, "<0|1>"):
        document = own(id="urn:x:3", note=text, known="z")
        assert_same(document, store)
        whole = encoded(document)
        assert whole is not None
        assert find_texts(whole, between) == ["urn:x:3", text]
        assert find_texts(whole[:-1], between) is None
        assert find_texts(whole + b"0", between) is None


def test_texts_that_look_like_marks_are_texts() -> None:
    store = practised(own(id="urn:x:1", note="<0|1>", known="<0|0>"), own(id="urn:x:2", note="<0|2>", known="<0|0>"))
    document = own(id="urn:x:3", note="<1|0>", known="<0|0>")
    assert recognised(store, document) is not None
    assert_same(document, store)


def test_a_lone_surrogate_is_refused_as_by_the_general_path() -> None:
    store = practised(own(id="urn:x:1", note="a"), own(id="urn:x:2", note="b"))
    assert_both_refuse(own(id="urn:x:3", note="\ud800"), store)


def test_what_is_no_plain_json_is_not_recognised() -> None:
    store = practised(badge(1), badge(2))
    endless = badge(3)
    endless["credentialSubject"] = endless
    hostile: list[Any] = [endless, badge(3) | {"name": object()}, [], {}, dict.fromkeys(badge(3))]
    for document in hostile:
        assert recognised(store, document) is None


def test_leaves_are_found_by_their_places_in_the_order_of_the_walk() -> None:
    document = badge(1) | {"@index": "a", "@id": "urn:x", "deep": [["a"], {"type": "b", "c": "d"}, 1, None]}
    leaves = []
    for place in leaf_places(document):
        value: Any = document
        for step in place:
            value = value[step]
        leaves.append(value)
    del document["deep"][3]
    shape = shape_of(document)
    assert shape is not None
    assert leaves == shape.leaves


@given(names=st.lists(st.text(max_size=3), max_size=6, unique=True), data=st.data())
def test_texts_are_found_between_whatever_stands_around_them(names: list[str], data: st.DataObject) -> None:
    texts = st.text(st.characters(), max_size=6)
    made: JsonObject = {f"n{name}": data.draw(texts) for name in names}
    shape = shape_of(made)
    assert shape is not None
    varying = [leaf for leaf in range(len(names)) if data.draw(st.booleans())]
    between = between_leaves(made, shape.leaves, varying)
    assert between is not None
    other = {
        name: data.draw(texts) if leaf in varying else text for leaf, (name, text) in enumerate(copy.copy(made).items())
    }
    whole = encoded(other)
    assert whole is not None
    assert find_texts(whole, between) == [text for leaf, text in enumerate(other.values()) if leaf in varying]


class TestWhatIsKept:
    """Bounded, and gone with the shape it belongs to."""

    def test_achievements_with_members_of_the_same_names_are_told_apart(self) -> None:
        store = ContextStore(NAMED)
        kinds = [changed(badge(1), "credentialSubject.achievement.name", f"Badge {n}") for n in range(3)]
        kinds = [kind | {"name": f"Badge {n}"} for n, kind in enumerate(kinds)]
        for kind in kinds:
            kind["credentialSubject"]["achievement"]["tag"] *= 1 + kinds.index(kind)
            learned(kind, store)
        for number in range(1, 9):
            for kind in kinds:
                canonical_nquads(kind | {"id": f"urn:x:{number}"}, store)
        for kind in kinds * 2:
            document = kind | {"id": "urn:x:99"}
            assert recognised(store, document) == canonical_nquads(document, GENERAL)

    def test_no_more_candidates_and_names_than_there_is_room_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shape_cache, "MAX_CANDIDATES", 1)
        monkeypatch.setattr(shape_cache, "MAX_NAMES", 1)
        store = practised(own(id="urn:x:1"), own(id="urn:x:2"))
        for members in ({"known": "a"}, {"known": ["a"]}):
            learned(own(id="urn:x:1", **members), store)
            for number in range(12):
                canonical_nquads(own(id=f"urn:x:{number}", **members), store)
        assert recognised(store, own(id="urn:x:9")) is None
        assert recognised(store, own(id="urn:x:9", known="a")) is None
        assert recognised(store, own(id="urn:x:9", known=["a"])) is not None

    def test_a_shape_that_made_room_is_not_recognised_any_more(self) -> None:
        store = practised(own(id="urn:x:1"), own(id="urn:x:2"))
        assert store.shapes is not None
        store.shapes._max_characters = 0
        learned(own(id="urn:x:1", known="a"), store)
        assert recognised(store, own(id="urn:x:3")) is None
        assert_same(own(id="urn:x:3"), store)

    def test_no_template_is_made_of_long_texts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(templated_shape, "MAX_CHARACTERS", 50)
        store = practised(own(id="urn:x:1", note="a" * 60), own(id="urn:x:2", note="a" * 60))
        assert recognised(store, own(id="urn:x:3", note="a" * 60)) is None
        assert_same(own(id="urn:x:3", note="a" * 60), store)


class TestLines:
    """Lines about one blank node stand together, and those without a text of the badge are sorted once."""

    @given(
        layout=st.lists(st.binary(max_size=2).filter(lambda line: b"\n" not in line), unique=True),
        lines=st.lists(st.binary(max_size=2).filter(lambda line: b"\n" not in line)),
    )
    def test_merging_is_sorting(self, layout: list[bytes], lines: list[bytes]) -> None:
        both = sorted([*layout, *lines])
        expected = b"\n".join([*both, b""]) if len(set(both)) == len(both) else None
        assert _merged(sorted(layout), lines) == expected

    def test_more_labels_than_lines_are_kept_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiled_shape, "MAX_LABELS", 1)
        store = practised(badge(1), badge(2))
        for number in range(12):
            assert_same(badge(number), store)

    def test_a_line_that_falls_together_with_another_is_one_line(self) -> None:
        store = practised(own(id="urn:x:1", set=["a", "b"], known="z"), own(id="urn:x:2", set=["a", "b"], known="z"))
        for texts in (["a", "a"], ["b", "b"], ["a", "b"]):
            assert_same(own(id="urn:x:3", set=texts, known="z"), store)
