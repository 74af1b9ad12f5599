"""Every import contract breaks on an import that it forbids: a contract that cannot fail guards nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# By contract: a module, and the line that it must not contain.
FORBIDDEN = {
    "The kit's layers: imports go down": ("openbadges_kit/keys/jwk_probe.py", "import openbadges_kit.issuance"),
    "The kit has no web framework, no database and no HTTP client": (
        "openbadges_kit/schema/probe.py",
        "import sqlalchemy",
    ),
    "No check of the verifier knows another": (
        "openbadges_kit/verification/checks/trust.py",
        "import openbadges_kit.verification.checks.status",
    ),
    "The service's layers: imports go down": (
        "issuer_service/workflow/probe.py",
        "import issuer_service.issuance.accept",
    ),
    "The two workflows do not know each other": (
        "issuer_service/workflow/candidate/probe.py",
        "import issuer_service.workflow.metroline.runs",
    ),
    "Workflows and awarding rules know nothing of badges": (
        "issuer_service/awarding/rules.py",
        "import openbadges_kit.issuance",
    ),
    "Tables know no other slice; services do": ("issuer_service/people/tables.py", "import fastapi"),
    "No cycles between siblings": ("issuer_service/programme/tables.py", "import issuer_service.workflow.events"),
}


def test_each_contract_breaks_on_a_forbidden_import(tmp_path: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == set(FORBIDDEN)
    for package in ("openbadges_kit", "issuer_service"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in FORBIDDEN.values():
        path = tmp_path / file
        path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache", "--no-logo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    broken = set(re.findall(r"^(.+) BROKEN$", done.stdout, flags=re.MULTILINE))
    assert broken == set(FORBIDDEN), done.stdout
