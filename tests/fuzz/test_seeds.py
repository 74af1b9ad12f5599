"""The short form of the fuzzing: every seed, and small changes of it, through every way in.

`make fuzz-parsers` is the long one.
"""

from __future__ import annotations

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbadges_kit.errors import OpenBadgesError
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

SEEDS = seeds()
MAX_BYTES = 200 * 1024 * 1024


@pytest.mark.parametrize("target", TARGETS)
class TestWhateverComesIn:
    """A result or one of the kit's errors comes out."""

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_seed_is_answered_in_bounded_memory(self, target: str, seed: str) -> None:
        tracemalloc.start()
        try:
            with suppress(OpenBadgesError):
                TARGETS[target](SEEDS[seed])
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MAX_BYTES

    @settings(max_examples=20)
    @given(
        seed=st.sampled_from(sorted(SEEDS)),
        position=st.integers(0, 4000),
        removed=st.integers(0, 8),
        added=st.binary(max_size=8)
        | st.sampled_from([b"[", b"]", b"{", b'"', b"null", b"1e999", b"-0", b"\\u0000", b"~"]),
    )
    def test_a_changed_seed_is_answered(
        self, target: str, seed: str, position: int, removed: int, added: bytes
    ) -> None:
        data = SEEDS[seed]
        position %= len(data) + 1
        with suppress(OpenBadgesError):
            TARGETS[target](data[:position] + added + data[position + removed :])
