"""Does memory stay flat over 100,000 badges in one process? `python -m benchmarks.memory`

Issues each badge and verifies its proof, and says what the process takes on the way.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.measures import METHOD, rows
from benchmarks.subjects import CREATED, KEY, reference
from openbadges_kit.batch_issuance import Issued, issue_many
from openbadges_kit.issuance import prepare
from openbadges_kit.proof.data_integrity import verify_proof

BADGES = 100_000
WARM = 1_000


def resident() -> float:
    """Megabytes of this process in memory, now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> int:
    """Print the growth; 1 when it is more than 30 MB."""
    prepared = prepare(reference(), verification_method=METHOD, created=CREATED)
    start = most = 0.0
    for one in issue_many(prepared, rows(0, BADGES), signing_key=KEY):
        if not isinstance(one, Issued):
            raise SystemExit(f"refused: {one.findings}")
        badge = json.loads(one.document)
        verify_proof(badge, proof=badge["proof"][0], public_key=KEY.public_key)
        if one.position == WARM:
            start = resident()
        if one.position % WARM == 0:
            most = max(most, resident())
    print(f"{BADGES} badges issued and verified: {start:.1f} MB after {WARM}, {most:.1f} MB at most")
    return int(most - start > 30)  # noqa: PLR2004  # megabytes


if __name__ == "__main__":
    sys.exit(main())
