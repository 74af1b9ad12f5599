"""The reference says what the code says: none of its pages can drift."""

from __future__ import annotations

import pytest

import openbadges_kit
from openbadges_kit.verification import sentences
from tests.reference_pages import FOLDER, PAGES, drawn_tree, tree_of_errors


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_what_the_code_says(page: str) -> None:
    written = (FOLDER / page).read_text()
    assert written == PAGES[page](), "write it anew: python -m tests.reference_pages"


def test_the_errors_that_are_drawn_are_the_errors_that_there_are() -> None:
    assert sorted(drawn_tree()) == sorted(tree_of_errors())
    assert len(drawn_tree()) > 10


def test_the_page_of_errors_has_every_problem_and_the_page_of_the_library_every_name() -> None:
    assert all(f"| `{code}` |" in (FOLDER / "errors.md").read_text() for code in sentences.PROBLEMS)
    library = (FOLDER / "library.md").read_text()
    assert [name for name in openbadges_kit.__all__ if f"| `{name}" not in library] == []
