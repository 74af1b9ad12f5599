"""docs/reference/conformance.md says how many published files there are, and is kept to it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.published import published

TABLE = Path(__file__).parents[3] / "docs" / "reference" / "conformance.md"
ROW = re.compile(r"^\| `([^`]+)` \| (\d+) \| (\d+) \|", re.MULTILINE)


def _rows() -> dict[str, tuple[int, int]]:
    return {folder: (int(files), int(read)) for folder, files, read in ROW.findall(TABLE.read_text(encoding="utf-8"))}


def test_the_table_counts_the_files_that_are_there() -> None:
    for folder, (files, read) in _rows().items():
        assert len([path for path in published(f"vectors/{folder}").iterdir() if path.is_file()]) == files, folder
        assert read <= files, folder


def test_the_table_has_every_folder_of_stages() -> None:
    root = published("vectors/w3c")
    folders = {
        path.relative_to(root.parent).as_posix()
        for suites in ("vc-di-eddsa", "vc-di-ecdsa")
        for path in (root / suites).rglob("*")
        if path.is_dir()
    }
    assert folders <= set(_rows())
