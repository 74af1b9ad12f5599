"""`python -m openbadges_kit`: the same as the console script `openbadges`."""

from __future__ import annotations

import sys

from openbadges_kit.cli import main

if __name__ == "__main__":
    sys.exit(main())
