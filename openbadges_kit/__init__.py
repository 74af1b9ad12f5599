"""Open Badges 3.0 for units of learning outcomes: build, sign, verify and bake.

The shortest complete use stands in `examples/issue_a_badge.py`. The kit has no clock, no network and no
database: time, keys and documents are arguments. Importing it does nothing.
"""

from __future__ import annotations

from openbadges_kit.errors import IssuanceRefused, MalformedDocument, NotVerified, OpenBadgesError

__all__ = ["IssuanceRefused", "MalformedDocument", "NotVerified", "OpenBadgesError", "__version__"]

__version__ = "0.1.0"
