"""What the documents tell a reader to do does what they say, and their links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from openbadges_kit.cli import main

ROOT = Path(__file__).resolve().parent.parent
RUN = ("docs/tutorial/first-badge.md", "docs/how-to/library.md")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", RUN)
def test_the_blocks_of_a_page_run_from_top_to_bottom(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    blocks = _BLOCK.findall((ROOT / page).read_text())
    assert len(blocks) > 5
    for language, promise, text in blocks:
        if language == "python":
            exec(compile(text, page, "exec"), names)  # noqa: S102  # our own documents
        else:
            assert language == "sh"
            _run_commands(text, int(promise.removeprefix(" exits with ") or 0))
    capsys.readouterr()


def _run_commands(text: str, promised: int) -> None:
    for line in text.splitlines():
        command, *arguments = shlex.split(line)
        if command == "mkdir":
            Path(*arguments).mkdir()
        else:
            assert command == "openbadges"
            assert main(arguments) == promised, line


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    astray = []
    for link in _LINK.findall(page.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            astray.append(link)
    assert astray == []


def _anchors(page: Path) -> set[str]:
    """The names of a page's headings, as Markdown viewers make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = [path for path in PAGES if path.parent not in {ROOT, ROOT / "docs", ROOT / "docs" / "decisions"}]
    assert [str(page.name) for page in pages if str(page.relative_to(ROOT / "docs")) not in index] == []
