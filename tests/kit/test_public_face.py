"""What users import from the kit is what they were promised, and costs them nothing until they use it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import openbadges_kit

# A name that goes away or changes its meaning is a new major version.
PROMISED = [
    "Achievement", "AchievementCredential", "AchievementSubject", "Check", "CheckResult", "Component", "Criteria",
    "Fetch", "Finding", "IssuanceRefused", "Issued", "JsonObject", "KeyMaterialError", "MalformedDocument",
    "NotVerified", "OpenBadgesError", "Outcome", "Policy", "PreparedCredential", "PresentationReport", "Problem",
    "Profile", "ProofGenerationError", "Recipient", "Refused", "Report", "ResolutionError", "Resolver",
    "SigningKey", "Ulo", "Unreadable", "UnverifiedDocument", "Verdict", "VerificationMethod", "VerifiedDocument",
    "__version__", "achievement_from_ulo", "bake", "ecdsa_key", "ed25519_key", "issue", "issue_many",
    "issue_selectively_disclosable", "issue_vc_jwt", "issue_with_base_proof", "prepare", "unbake", "verify",
    "verify_many", "verify_presentation",
]  # fmt: skip
PACKAGE = Path(openbadges_kit.__file__).parent
MODULES = sorted(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "openbadges_kit."))


def test_the_face_is_what_was_promised() -> None:
    assert openbadges_kit.__all__ == PROMISED
    assert set(PROMISED) <= set(dir(openbadges_kit))


@pytest.mark.parametrize("name", PROMISED)
def test_a_name_is_the_one_of_its_module(name: str) -> None:
    value = getattr(openbadges_kit, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert name in importlib.import_module(value.__module__).__all__


def test_what_type_checkers_are_told_is_what_runs() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    told = {
        (alias.name, node.module.removeprefix("openbadges_kit."))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("openbadges_kit.")
        for alias in node.names
    }
    assert told == {(name, module) for module, names in openbadges_kit._MODULES.items() for name in names.split()}
    assert {name for name, _ in told} == set(PROMISED) - {"__version__"}


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="sign_anything"):
        getattr(openbadges_kit, "sign_anything")  # noqa: B009  # a type checker would not let it be written


def test_importing_the_kit_loads_nothing_and_verifying_no_data_model() -> None:
    program = (
        "import sys, openbadges_kit\n"
        "print(sorted(name for name in sys.modules if name.startswith('openbadges_kit.')))\n"
        "openbadges_kit.verify\n"
        "print('pydantic' in sys.modules, 'PIL' in sys.modules)\n"
    )
    environment = {"PYTHONPATH": str(PACKAGE.parent)}
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout.split("\n")[:2] == ["[]", "False False"]


def test_every_module_says_what_is_public_in_it() -> None:
    for name in MODULES:
        module = importlib.import_module(name)
        # Packages hold modules, and the vocabulary constants: all of them.
        if not hasattr(module, "__path__") and name not in {"openbadges_kit.__main__", "openbadges_kit.vocabulary"}:
            assert [one for one in module.__all__ if not hasattr(module, one)] == [], name


def test_type_checkers_are_told_that_there_are_types() -> None:
    assert (PACKAGE / "py.typed").exists()
