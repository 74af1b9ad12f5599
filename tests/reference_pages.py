"""The pages of `docs/reference` that repeat what the code says, written from it: `python -m tests.reference_pages`.

A test holds the pages in the repository to these, so that none of them can drift.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic.fields import FieldInfo

import openbadges_kit
from issuer_service.settings import Settings
from openbadges_kit import errors
from openbadges_kit.cli import build_parser
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.problems import Problem, problem_type
from openbadges_kit.verification import sentences
from openbadges_kit.vocabulary import ProblemType

__all__ = ["FOLDER", "PAGES", "drawn_tree", "tree_of_errors"]

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "reference"
_WRITTEN: Final = "<!-- Written by `python -m tests.reference_pages` from the code; a test compares them. -->\n"

_ERRORS: Final = """# Errors

{written}
The kit raises one family of exceptions and reports findings of its own. An **exception** says that what was asked
could not be done; whatever bytes come in, nothing but this family comes out. A **finding** says what is wrong with a
document, and where: it stands in a report of `verify()`, or in the `findings` of the exception by which `prepare()`
refuses.

## Exceptions

Catch `OpenBadgesError` to catch them all. `problem_type` is the [URL](#types) by which the standards name the
condition.

```
{tree}
```

| error | meaning | `problem_type` |
|---|---|---|
{exceptions}

`MalformedDocument` has a `path`, `ContextNotBundled` a `url`, `UnmappedTerms` and `IssuanceRefused` their `findings`.

## Findings

A finding has a `code`, a `path` (JSON path), `details`, and a sentence in Dutch and in English; in braces below stand
the path and the details. A code never changes once it was released.

| code | in English | type |
|---|---|---|
{problems}

## Types

{types}
"""

_CLI: Final = """# The command line

{written}
{description} Installed as `openbadges`; `python -m openbadges_kit` is the same.

{epilog} With `--json` every command answers with one JSON object on standard output, a failure too: `{{"error": …}}`.

{commands}
"""

_LIBRARY: Final = """# The library

{written}
What `from openbadges_kit import …` gives. These names are promised: none goes away or changes its meaning within a
major version. What is more special stands in the modules, each with an `__all__` of its own; those may move between
minor versions, and the changelog then says so.

The kit has no clock, no network and no database: `now`, keys and `fetch` are arguments. Importing it does nothing.

{groups}
## Beside these

| for | module |
|---|---|
| a DID of a key, and its URL | `openbadges_kit.did.did_key`, `did_jwk`: `did_of()`, `verification_method_of()` |
| the data model: results, evidence, endorsements, CLR | `openbadges_kit.model` |
| status lists | `openbadges_kit.status.bitstring`, `token_status_list`, `free_index` |
| what a holder shows | `openbadges_kit.proof`: `presentation`, `sd_jwt_holding`, `key_binding`, `selective` |
| frameworks, levels, EU micro-credentials | `openbadges_kit.skills` |
| pictures and QR codes | `openbadges_kit.rendering` |
| keys in an HSM | `openbadges_kit.keys.pkcs11_key` |
"""

_SETTINGS: Final = """# The settings of the service

{written}
All come from the environment, and all are in one class, `issuer_service/settings.py`. What is missing or wrong is named
when a command starts; `issuer-service doctor` says whether what was given works.

| variable | meaning | left out |
|---|---|---|
{settings}

Lists and networks are written as JSON. A secret never stands in a log, an answer or the database.
"""

_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Build": "AchievementCredential AchievementSubject Achievement Criteria Profile Ulo Component "
        "achievement_from_ulo",
        "Sign": "prepare PreparedCredential issue issue_many Issued Refused issue_vc_jwt issue_selectively_disclosable "
        "issue_with_base_proof",
        "Keys": "SigningKey ed25519_key ecdsa_key VerificationMethod",
        "Verify": "verify verify_many verify_presentation Policy Recipient Resolver Fetch",
        "Reports": "Report PresentationReport Verdict Check Outcome CheckResult Finding Problem Unreadable",
        "Pictures": "bake unbake",
        "Documents": "JsonObject UnverifiedDocument VerifiedDocument __version__",
        "Errors": "OpenBadgesError MalformedDocument IssuanceRefused NotVerified ProofGenerationError KeyMaterialError "
        "ResolutionError",
    }
)
# What has no docstring of its own.
_SAID_HERE: Final = MappingProxyType(
    {
        "Fetch": "Gives the bytes behind an https URL, or raises ResolutionError. It bounds size, time and address.",
        "JsonObject": "A JSON object: a dictionary.",
        "UnverifiedDocument": "A document that was received, and nothing more.",
        "VerifiedDocument": "A document that a report vouches for: what `Report.verified_document()` gives.",
        "__version__": "The version, as a text.",
    }
)


def drawn_tree() -> list[tuple[int, str]]:
    """The errors that the drawing in `errors.py` has, each with its depth."""
    lines = _drawing().split("\n")
    return [
        (len(line.split("── ")[0] + "── ") // 4 if "── " in line else 0, line.split("── ")[-1].split()[0])
        for line in lines
    ]


def tree_of_errors(error: type[OpenBadgesError] = OpenBadgesError, depth: int = 0) -> list[tuple[int, str]]:
    """The errors that there are, each with its depth; a private class between two counts for nothing."""
    private = error.__name__.startswith("_")
    below = [child for child in error.__subclasses__() if child.__module__ == errors.__name__]
    found = [] if private else [(depth, error.__name__)]
    return found + [one for child in below for one in tree_of_errors(child, depth if private else depth + 1)]


def _drawing() -> str:
    return str(errors.__doc__).partition("\n\n")[2].strip()


def _errors_page() -> str:
    exceptions = [
        f"| `{name}` | {_first_paragraph(getattr(errors, name))} | `{_short(getattr(errors, name).problem_type)}` |"
        for _, name in drawn_tree()
    ]
    problems = [f"| `{code}` | {sentences.PROBLEMS[code][1]} | `{_short(problem_type(code))}` |" for code in Problem]
    types = [f"- `{_short(url)}`: <{url}>" for url in ProblemType]
    return _ERRORS.format(
        written=_WRITTEN,
        tree=_drawing(),
        exceptions="\n".join(exceptions),
        problems="\n".join(problems),
        types="\n".join(types),
    )


def _short(url: ProblemType) -> str:
    return url.rpartition("#")[2]


def _cli_page() -> str:
    parser = build_parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return _CLI.format(
        written=_WRITTEN,
        description=parser.description,
        epilog=parser.epilog,
        commands="\n\n".join(_command(name, one) for name, one in commands.choices.items()),
    )


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    arguments = [action for action in parser._actions if action.help is not argparse.SUPPRESS and action.dest != "help"]
    usage = " ".join(
        ["openbadges", name, *(_in_usage(action) for action in arguments if _is_needed(action)), "[options]"]
    )
    lines = [f"## {name}", "", f"`{usage}`", "", str(parser.description), "", "| argument | meaning |", "|---|---|"]
    lines += [f"| `{_in_table(action)}` | {_as_text(action.help)} |" for action in arguments]
    return "\n".join(lines)


def _as_text(told: str | None) -> str:
    # Markdown takes what stands in angle brackets for HTML.
    return str(told).replace("<", "&lt;").replace("|", "\\|")


def _is_needed(action: argparse.Action) -> bool:
    return not action.option_strings or action.required


def _in_usage(action: argparse.Action) -> str:
    name = _values(action) + (" …" if action.nargs == "+" else "")
    return f"{action.option_strings[-1]} {name}" if action.option_strings else name


def _in_table(action: argparse.Action) -> str:
    return " ".join(filter(None, [", ".join(action.option_strings), _values(action)]))


def _values(action: argparse.Action) -> str:
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    if action.metavar is None and action.choices is not None:
        return "{" + ",".join(action.choices) + "}"
    return "" if action.nargs == 0 else str(action.metavar)


def _library_page() -> str:
    groups = [
        "\n".join(
            [f"## {title}", "", "| name | meaning |", "|---|---|", *(_name_row(name) for name in names.split()), ""]
        )
        for title, names in _GROUPS.items()
    ]
    return _LIBRARY.format(written=_WRITTEN, groups="\n".join(groups))


def _name_row(name: str) -> str:
    value = getattr(openbadges_kit, name)
    meaning = _SAID_HERE[name] if name in _SAID_HERE else _first_paragraph(value)
    shown = f"{name}({', '.join(_parameters(value))})" if inspect.isfunction(value) else name
    return f"| `{shown}` | {meaning} |"


def _parameters(function: Any) -> Iterator[str]:
    after_star = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not after_star:
            after_star = True
            yield "*"
        yield parameter.name + ("" if parameter.default is parameter.empty else "=…")


def _first_paragraph(value: object) -> str:
    return " ".join(str(inspect.getdoc(value)).partition("\n\n")[0].split()).replace("|", "\\|")


def _settings_page() -> str:
    rows = [
        f"| `ISSUER_SERVICE_{name.upper()}` | {_as_text(field.description)} | {_default(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return _SETTINGS.format(written=_WRITTEN, settings="\n".join(rows))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    if field.default is None or field.default == ():
        return "–"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


PAGES: Final = MappingProxyType(
    {"errors.md": _errors_page, "cli.md": _cli_page, "library.md": _library_page, "settings.md": _settings_page}
)


if __name__ == "__main__":
    for page, render in PAGES.items():
        (FOLDER / page).write_text(render())
