"""Who might go to which company: a proposal that nobody has a reason to undo, and the reason for each line of it.

Deferred acceptance (D. Gale and L. S. Shapley, College Admissions and the Stability of Marriage, 1962), candidates
proposing: of all stable proposals it is the best one for every candidate. It looks at what each side wishes and at
nothing else: no score, no profile. People decide; this only saves them from overlooking two who want each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Proposal", "blocking_pairs", "propose", "speed_dates"]

Wishes = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a candidate might go, or None. `because` has each company they asked, in their order, and the answer."""

    candidate: str
    company: str | None
    because: tuple[tuple[str, str], ...]


def propose(candidates: Wishes, companies: Wishes, places: Mapping[str, int]) -> tuple[Proposal, ...]:
    """A stable proposal. Each side names whom it wishes, the most wanted first; who is not named is not wished for.

    A company without a number of `places` has one. The order in which candidates are given changes nothing.
    """
    rank = {company: {one: place for place, one in enumerate(wished)} for company, wished in companies.items()}
    held: dict[str, list[str]] = {company: [] for company in companies}
    asked = dict.fromkeys(candidates, 0)
    todo = sorted(candidates, reverse=True)
    while todo:
        candidate = todo.pop()
        wished = candidates[candidate]
        while asked[candidate] < len(wished):
            company = wished[asked[candidate]]
            asked[candidate] += 1
            if candidate not in rank.get(company, {}):
                continue
            held[company] = sorted([*held[company], candidate], key=rank[company].__getitem__)
            if len(held[company]) <= places.get(company, 1):
                break
            left_over = held[company].pop()
            if left_over != candidate:
                todo.append(left_over)
                break
    got = {candidate: company for company, some in held.items() for candidate in some}
    return tuple(
        Proposal(one, got.get(one), _because(one, candidates[one], got.get(one), rank, held))
        for one in sorted(candidates)
    )


def blocking_pairs(
    candidates: Wishes, companies: Wishes, places: Mapping[str, int], matched: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Candidates and companies who would both rather have each other than what they have; none where it is stable."""
    held: dict[str, list[str]] = {company: [] for company in companies}
    for candidate, company in matched.items():
        held[company].append(candidate)
    found = []
    for candidate, wished in candidates.items():
        better = wished[: wished.index(matched[candidate])] if candidate in matched else wished
        for company in better:
            order = list(companies.get(company, ()))
            if candidate not in order or places.get(company, 1) == 0:
                continue
            worst = max((order.index(one) for one in held[company]), default=-1)
            if len(held[company]) < places.get(company, 1) or order.index(candidate) < worst:
                found.append((candidate, company))
    return found


def speed_dates(candidates: Sequence[str], companies: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Rounds in which every candidate talks with every company once, and nobody with two at a time."""
    rounds = max(len(candidates), len(companies))
    return tuple(
        tuple(
            (candidate, companies[(place + number) % rounds])
            for place, candidate in enumerate(candidates)
            if (place + number) % rounds < len(companies)
        )
        for number in range(rounds if candidates and companies else 0)
    )


def _because(
    candidate: str,
    wished: Sequence[str],
    got: str | None,
    rank: Mapping[str, Mapping[str, int]],
    held: Mapping[str, Sequence[str]],
) -> tuple[tuple[str, str], ...]:
    found = []
    for company in wished:
        if company == got:
            found.append((company, "both wish it"))
            break
        if candidate not in rank.get(company, {}):
            found.append((company, "the company does not wish it"))
        elif not held[company]:
            found.append((company, "it has no place"))
        else:
            found.append((company, "its places go to candidates whom it wishes more"))
    return tuple(found)
