"""Qualification rules: what each kind of node asks for, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from issuer_service.errors import Refused
from issuer_service.recognition.evaluation import Held, Node, Verdict, WhyNot, evaluate, leaves, still_needed
from issuer_service.recognition.proofs import Level, Proof
from issuer_service.recognition.rules import CriteriaSet, Excluded, Rule, children, nodes, version_for

TODAY = date(2026, 11, 22)
OURS, ANOTHER, STRANGER = "did:web:ours.example", "did:web:another.example", "did:web:stranger.example"
TRUSTED = frozenset({OURS, ANOTHER})
A, B, C, D = (f"https://ours.example/ulo/warmtepompen/1.1/v1/{code}" for code in ("RO001", "VO001", "VO002", "KO001"))
SCHEME = "https://ours.example/regeling/werken-aan-warmtepompen"
RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


def proof(outcome: str, rank: int | None = None, **more: Any) -> Proof:
    level = None if rank is None else Level("skill", rank)
    return Proof(
        **{"credential": f"urn:{outcome}", "issuer": OURS, "awarded_on": TODAY, "level": level, **more}, shows=outcome
    )


def tree(rule: dict[str, Any], *proofs: Proof) -> Node:
    return evaluate(RULES.validate_python(rule), Held(proofs), on=TODAY, trusted=TRUSTED)


def shows(outcome: str, rank: int | None = None) -> dict[str, Any]:
    level = None if rank is None else {"scale": "skill", "rank": rank}
    return {"rule": "shows", "outcome": outcome, "level": level}


class TestEachKind:
    def test_an_outcome_is_proved_at_the_level_that_is_asked_for(self) -> None:
        """R11: criteria may ask for a level of knowledge and skills, from basic to expert."""
        assert tree(shows(A, 3), proof(A, 3)).by == (proof(A, 3),)
        low = tree(shows(A, 3), proof(A, 2))
        assert (low.verdict, low.short) == (Verdict.PARTLY, ((proof(A, 2), WhyNot.TOO_LOW),))
        assert tree(shows(A, 3), proof(B, 5)).verdict is Verdict.MISSING

    def test_a_level_of_another_scale_says_nothing(self) -> None:
        """R12: nothing converts one scale to another."""
        eqf = proof(A, level=Level("eqf", 8))
        assert tree(shows(A, 1), eqf).short == ((eqf, WhyNot.ANOTHER_SCALE),)

    @pytest.mark.parametrize(("held", "satisfied"), [([A], False), ([A, B], True), ([A, B, C], True)])
    def test_so_many_of_them(self, held: list[str], satisfied: bool) -> None:  # noqa: FBT001  # pytest gives it
        rule = {"rule": "some", "at_least": 2, "of": [shows(A), shows(B), shows(C)]}
        assert tree(rule, *map(proof, held)).satisfied is satisfied

    def test_all_and_any(self) -> None:
        both = {"rule": "all", "of": [shows(A), {"rule": "any", "of": [shows(B), shows(C)]}]}
        assert tree(both, proof(A), proof(C)).satisfied
        assert tree(both, proof(B), proof(C)).verdict is Verdict.PARTLY

    def test_hours_of_one_credential_count_once(self) -> None:
        rule = {"rule": "total", "unit": "hours", "at_least": "40"}
        of_two = [proof(one, credential="urn:one", hours=Decimal(30)) for one in (A, B)]
        assert tree(rule, *of_two).have == 30
        assert tree(rule, *of_two, proof(C, hours=Decimal(10))).satisfied

    def test_a_high_level_makes_up_for_a_low_one_above_the_floor(self) -> None:
        rule = {"rule": "compensated", "scale": "skill", "outcomes": [A, B], "together": 6, "floor": 2}
        assert tree(rule, proof(A, 4), proof(B, 2)).satisfied
        below_the_floor = tree(rule, proof(A, 5), proof(B, 1))
        assert below_the_floor.verdict is Verdict.PARTLY
        assert below_the_floor.have == 5

    def test_what_excludes_is_named(self) -> None:
        rule = {"rule": "all", "of": [shows(A), {"rule": "excluded", "outcome": B}]}
        assert tree(rule, proof(A)).satisfied
        excluded = tree(rule, proof(A), proof(B))
        assert not excluded.satisfied
        assert excluded.below[1].by == (proof(B),)

    def test_that_nothing_excludes_is_no_step_towards_it(self) -> None:
        assert tree({"rule": "all", "of": [shows(A), {"rule": "excluded", "outcome": B}]}).verdict is Verdict.MISSING

    def test_a_proof_of_an_issuer_who_is_not_trusted_does_not_count(self) -> None:
        foreign = proof(A, issuer=STRANGER)
        assert tree(shows(A), foreign).short == ((foreign, WhyNot.ISSUER),)
        # A node narrows who counts; it cannot let in who is not trusted.
        assert not tree({"rule": "only", "issuers": [STRANGER], "of": shows(A)}, foreign).satisfied
        assert not tree({"rule": "only", "issuers": [ANOTHER], "of": shows(A)}, proof(A)).satisfied

    def test_a_proof_counts_within_its_period(self) -> None:
        rule = {"rule": "only", "at_most_days_old": 365, "awarded_from": "2025-01-01", "of": shows(A)}
        old, early = (proof(A, awarded_on=day) for day in (TODAY - timedelta(days=366), date(2024, 1, 1)))
        assert tree(rule, proof(A, awarded_on=TODAY - timedelta(days=365))).satisfied
        assert tree(rule, old).below[0].short == ((old, WhyNot.TOO_OLD),)
        assert tree(rule, early).below[0].short == ((early, WhyNot.TOO_EARLY),)

    @pytest.mark.parametrize(
        ("designation", "scheme", "may"), [("VP", SCHEME, True), ("VOP", SCHEME, False), ("VP", A, False)]
    )
    def test_an_act_is_for_who_is_designated_in_its_scheme(
        self,
        designation: str,
        scheme: str,
        may: bool,  # noqa: FBT001  # pytest gives it
    ) -> None:
        """R10."""
        rule = {
            "rule": "act",
            "act": "Koudemiddel vullen",
            "scheme": SCHEME,
            "designations": ["VP", "WV"],
            "of": shows(A),
        }
        designated = proof(scheme, credential="urn:d", designation=designation)
        assert tree(rule, proof(A), designated).satisfied is may
        assert not tree(rule, designated).satisfied

    def test_a_designation_is_no_learning_outcome(self) -> None:
        assert tree(shows(SCHEME), proof(SCHEME, designation="VP")).verdict is Verdict.MISSING

    def test_what_is_needed_still_is_the_choice_with_the_least_work(self) -> None:
        rule = {"rule": "any", "of": [{"rule": "all", "of": [shows(A), shows(B)]}, shows(C)]}
        missing = [node.rule for node in still_needed(tree(rule))]
        assert missing == [RULES.validate_python(shows(C))]
        heavy = [node.rule for node in still_needed(tree(rule, proof(A)), {C: Decimal(30), B: Decimal(8)})]
        assert heavy == [RULES.validate_python(shows(B))]


class TestReading:
    @pytest.mark.parametrize(
        ("rule", "named"),
        [
            ({"rule": "some", "at_least": 3, "of": [shows(A)]}, "at_least is 3"),
            ({"rule": "all", "of": []}, "of"),
            ({"rule": "shows", "outcome": "RO001"}, "outcome"),
            ({"rule": "shows", "outcome": A, "hours": 3}, "hours"),
            ({"rule": "only", "of": shows(A)}, "say which proofs count"),
            ({"rule": "act", "act": "x", "scheme": SCHEME, "designations": ["BOSS"], "of": shows(A)}, "designations"),
            ({"rule": "unheard-of"}, "unheard-of"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_and_named(self, rule: dict[str, Any], named: str) -> None:
        with pytest.raises(ValidationError, match=named):
            RULES.validate_python(rule)

    def test_a_tree_that_nobody_could_read_is_refused(self) -> None:
        deep = shows(A)
        for _ in range(16):
            deep = {"rule": "all", "of": [deep]}
        with pytest.raises(ValidationError, match="split it"):
            criteria(rule=deep)


def criteria(**changed: Any) -> CriteriaSet:
    sound: dict[str, Any] = {
        "iri": SCHEME,
        "version": 1,
        "kind": "scheme",
        "title": {"nl": "Werken aan warmtepompen"},
        "rule": shows(A),
        "cohorts_from": "2026-01-01",
    }
    return CriteriaSet.model_validate({**sound, **changed})


class TestCohorts:
    first = criteria(cohorts_until="2026-08-31")
    second = criteria(version=2, cohorts_from="2026-09-01")

    def test_who_began_earlier_keeps_the_version_of_their_cohort(self) -> None:
        assert version_for([self.first, self.second], date(2026, 8, 31)) == self.first
        assert version_for([self.first, self.second], date(2026, 9, 1)) == self.second

    def test_which_applies_is_not_guessed(self) -> None:
        with pytest.raises(Refused, match="none applies"):
            version_for([self.first], date(2027, 1, 1))
        with pytest.raises(Refused, match="1, 1 applies"):
            version_for([self.first, self.first], date(2026, 2, 1))


# Few outcomes, issuers and days, so that rules and proofs meet.
outcomes = st.sampled_from([A, B, C, D])
days = st.sampled_from([TODAY, TODAY - timedelta(days=100), TODAY - timedelta(days=1000)])
held_proofs = st.builds(
    Proof,
    credential=st.sampled_from(["urn:1", "urn:2", "urn:3"]),
    shows=st.sampled_from([A, B, C, D, SCHEME]),
    issuer=st.sampled_from([OURS, ANOTHER, STRANGER]),
    awarded_on=days,
    level=st.none() | st.builds(Level, st.sampled_from(["skill", "eqf"]), st.integers(0, 5)),
    designation=st.sampled_from([None, None, "VOP", "VP"]),
    hours=st.sampled_from([Decimal(0), Decimal(20)]),
)


def _rules(*, exclusions: bool) -> st.SearchStrategy[dict[str, Any]]:
    excluded = st.builds(lambda one: {"rule": "excluded", "outcome": one}, outcomes)
    leaf = st.one_of(
        *([excluded] if exclusions else []),
        st.builds(shows, outcomes, st.none() | st.integers(0, 5)),
        st.just({"rule": "total", "unit": "hours", "at_least": "40"}),
        st.just({"rule": "compensated", "scale": "skill", "outcomes": [A, B], "together": 6, "floor": 2}),
    )

    def inner(rules: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        several = st.lists(rules, min_size=1, max_size=4)
        return st.one_of(
            st.builds(lambda of: {"rule": "all", "of": of}, several),
            st.builds(lambda of: {"rule": "any", "of": of}, several),
            st.builds(lambda of: {"rule": "some", "of": of, "at_least": (len(of) + 1) // 2}, several),
            st.builds(lambda of: {"rule": "only", "of": of, "at_most_days_old": 365}, rules),
            st.builds(lambda of: {"rule": "only", "of": of, "issuers": [ANOTHER]}, rules),
            st.builds(
                lambda of: {"rule": "act", "act": "x", "scheme": SCHEME, "designations": ["VP"], "of": of}, rules
            ),
        )

    return st.recursive(leaf, inner, max_leaves=12)


rules, rules_without_exclusions = _rules(exclusions=True), _rules(exclusions=False)
wallets = st.lists(held_proofs, max_size=8)


def verdicts(node: Node) -> Iterator[Verdict]:
    yield node.verdict
    for one in node.below:
        yield from verdicts(one)


class TestWhateverIsAskedAndHeld:
    @given(rules_without_exclusions, wallets, held_proofs)
    def test_another_proof_never_unsatisfies(self, rule: dict[str, Any], wallet: list[Proof], more: Proof) -> None:
        assert tree(rule, *wallet).satisfied <= tree(rule, *wallet, more).satisfied

    @given(rules, wallets, held_proofs)
    def test_only_what_excludes_unsatisfies(self, rule: dict[str, Any], wallet: list[Proof], more: Proof) -> None:
        excluding = {one.outcome for one in nodes(RULES.validate_python(rule)) if isinstance(one, Excluded)}
        if tree(rule, *wallet).satisfied and not tree(rule, *wallet, more).satisfied:
            assert more.shows in excluding

    @given(rules, st.permutations(range(6)), st.lists(held_proofs, min_size=6, max_size=6))
    def test_the_order_of_the_proofs_does_not_matter(
        self, rule: dict[str, Any], order: list[int], wallet: list[Proof]
    ) -> None:
        assert tree(rule, *wallet) == tree(rule, *(wallet[place] for place in order))

    @given(rules, wallets)
    def test_the_order_of_the_nodes_does_not_matter(self, rule: dict[str, Any], wallet: list[Proof]) -> None:
        assert tree(rule, *wallet).verdict is tree(turned_round(rule), *wallet).verdict

    @given(rules, wallets)
    def test_the_leaves_account_for_the_verdict(self, rule: dict[str, Any], wallet: list[Proof]) -> None:
        found = tree(rule, *wallet)
        assert found.satisfied is from_its_leaves(found, {id(leaf): leaf for leaf in leaves(found)})
        for leaf in leaves(found):
            counts = leaf.satisfied and not isinstance(leaf.rule, Excluded)
            assert counts <= bool(leaf.by), "a leaf is satisfied by something"
            assert all(one.issuer in TRUSTED for one in leaf.by)

    @given(rules, wallets)
    def test_what_is_still_needed_is_nothing_exactly_when_it_is_satisfied(
        self, rule: dict[str, Any], wallet: list[Proof]
    ) -> None:
        found = tree(rule, *wallet)
        assert (still_needed(found) == []) is found.satisfied
        assert all(not leaf.satisfied for leaf in still_needed(found))


def turned_round(rule: dict[str, Any]) -> dict[str, Any]:
    of = rule.get("of")
    if isinstance(of, list):
        return {**rule, "of": [turned_round(one) for one in reversed(of)]}
    return {**rule, "of": turned_round(of)} if isinstance(of, dict) else rule


def from_its_leaves(node: Node, told: dict[int, Node]) -> bool:
    """The verdict of the root, worked out again from nothing but those of its leaves."""
    below = [from_its_leaves(one, told) for one in node.below]
    match node.rule.rule:
        case "all" | "only":
            return all(below)
        case "any":
            return any(below)
        case "some":
            return sum(below) >= node.rule.at_least
        case "act":
            return all(below) and bool(told[id(node)].by)
        case _:
            assert children(node.rule) == ()
            return told[id(node)].satisfied
