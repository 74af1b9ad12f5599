"""Settings that hold for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Two cores that others use too make a deadline say something about the machine, not about the code.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Few examples, so that everybody runs the tests often, and in CI the same ones each time; `make properties` tries many.
settings.register_profile("check", parent=settings.get_profile("default"), max_examples=10)
settings.register_profile("ci", parent=settings.get_profile("check"), derandomize=True)
settings.register_profile("many", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("PROPERTIES") or ("ci" if os.environ.get("CI") else "check"))
