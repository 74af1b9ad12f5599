"""`python -m benchmarks.recognition`: how long it takes to lay what many people hold along one large rule.

Seconds of the processor, of one process; nothing is read from a database.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from datetime import date, timedelta

from issuer_service.recognition.evaluation import Held, evaluate
from issuer_service.recognition.proofs import Level, Proof
from issuer_service.recognition.rules import AllOf, AnyOf, Excluded, LevelAsked, Only, Rule, Shows, SomeOf, nodes

_SCALE = "https://skills.example/levels"
_TODAY = date(2026, 11, 22)
_OURS, _OTHERS, _STRANGER = "did:web:ours.example", "did:web:theirs.example", "did:web:stranger.example"
_OUTCOMES = [f"https://skills.example/ulo/{unit}/component/{number}" for unit in range(12) for number in range(3)]


def rule_of_fifty_nodes() -> Rule:
    """Of twelve units three components each: all, one or two of them, some within five years; and one exclusion."""
    groups: list[Rule] = []
    for unit in range(0, len(_OUTCOMES), 3):
        shown = tuple(
            Shows(outcome=one, level=LevelAsked(scale=_SCALE, rank=2) if number == 0 else None)
            for number, one in enumerate(_OUTCOMES[unit : unit + 3])
        )
        groups.append((AllOf(of=shown), AnyOf(of=shown), SomeOf(at_least=2, of=shown))[unit // 3 % 3])
    return Only(of=AllOf(of=(*groups, Excluded(outcome="https://skills.example/old"))), at_most_days_old=1825)


def proofs_of(chance: random.Random) -> list[Proof]:
    """What one person holds: all of them, or a dozen, some twice, of issuers that count and one that does not."""
    if chance.random() < 0.1:  # noqa: PLR2004
        return [Proof(f"urn:x:{one}", one, _OURS, _TODAY, Level(_SCALE, 5)) for one in _OUTCOMES]
    return [
        Proof(
            credential=f"urn:x:{number}",
            shows=chance.choice(_OUTCOMES),
            issuer=chance.choice((_OURS, _OURS, _OTHERS, _STRANGER)),
            awarded_on=_TODAY - timedelta(days=chance.randrange(3000)),
            level=Level(_SCALE, chance.randrange(1, 6)),
        )
        for number in range(chance.randrange(24))
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    rule, chance = rule_of_fifty_nodes(), random.Random(1)  # noqa: S311  # the same people every time
    held = [proofs_of(chance) for _ in range(people)]
    began = time.process_time()
    verdicts = Counter(
        str(evaluate(rule, Held(proofs), on=_TODAY, trusted=frozenset({_OURS, _OTHERS})).verdict) for proofs in held
    )
    spent = time.process_time() - began
    size = sum(1 for _ in nodes(rule))
    print(f"{people} people, a rule of {size} nodes: {spent:.1f} s, {dict(sorted(verdicts.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
