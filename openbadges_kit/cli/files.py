"""Files in and out: bounded reads, `-` for the standard streams, and folders that stand in for the network."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from openbadges_kit.baking.png import MAX_IMAGE_BYTES
from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ResolutionError

__all__ = ["UsageError", "blamed_on", "create_private", "documents_of", "fetch_from_folder", "read", "write"]

STANDARD_STREAM: Final = "-"


class UsageError(Exception):
    """The command cannot do what was asked, and says what to do about it."""


@contextmanager
def blamed_on(name: str) -> Iterator[None]:
    """Say of which file it is that something in it is wrong. Raises UsageError for what the kit raises inside."""
    try:
        yield
    except (MalformedDocument, KeyMaterialError) as error:
        path = error.path if isinstance(error, MalformedDocument) else "$"
        raise UsageError(f"{name}: {path + ': ' if path != '$' else ''}{error}") from error


def read(name: str) -> bytes:
    """The bytes of a file, or of standard input. Raises UsageError when they cannot be had or are too many."""
    try:
        if name == STANDARD_STREAM:
            data = sys.stdin.buffer.read(MAX_IMAGE_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_IMAGE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
    if len(data) > MAX_IMAGE_BYTES:
        raise UsageError(f"{name}: larger than {MAX_IMAGE_BYTES} bytes")
    return data


def write(name: str, data: bytes) -> None:
    """Write a file, or to standard output. Raises UsageError when it cannot be written."""
    if name == STANDARD_STREAM:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error


def create_private(name: str, data: bytes) -> None:
    """Write a new file that only its owner may read. Raises UsageError when there is one already."""
    try:
        # The mode is the file's from its first moment on; a chmod afterwards would leave a gap.
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{name} exists already and is not overwritten; give another name") from error
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def documents_of(folder: str | None) -> Mapping[str, JsonObject]:
    """The JSON documents of a folder by the DID or URL that their names encode; none without a folder."""
    documents = {}
    for url, path in _files_of(folder).items():
        with blamed_on(str(path)):
            documents[url] = parse_json_object(read(str(path)))
    return documents


def fetch_from_folder(folder: str | None, beyond: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """A fetch that answers from a folder, and asks `beyond` for what is not in it."""
    files = _files_of(folder)

    def fetch(url: str) -> bytes:
        if url not in files:
            return beyond(url)
        try:
            return read(str(files[url]))
        except UsageError as error:
            raise ResolutionError(str(error)) from error

    return fetch


def _files_of(folder: str | None) -> Mapping[str, Path]:
    if folder is None:
        return {}
    if not Path(folder).is_dir():
        raise UsageError(f"{folder}: not a folder")
    return {unquote(path.stem): path for path in sorted(Path(folder).glob("*.json"))}
