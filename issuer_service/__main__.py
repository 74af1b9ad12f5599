"""`python -m issuer_service`: the same as the command `issuer-service`."""

from __future__ import annotations

from issuer_service.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
