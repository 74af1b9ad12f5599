"""Contexts that published vectors use and the project does not bundle, because no badge needs them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.context_store import ContextStore

EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
CITIZENSHIP_V4RC1 = "https://w3id.org/citizenship/v4rc1"
_CITIZENSHIP_PACKAGE = "@digitalbazaar/citizenship-context@4.1.0"
_CITIZENSHIP_SHA256 = "a89b0bc00b1848ac3dfdf956c7dd5de8567e755351c07ec6a1c2b4a08b67953b"


def examples_store() -> ContextStore:
    """The bundled contexts with the W3C's examples vocabulary, whose whole content is this one line."""
    return ContextStore({EXAMPLES_V2: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}})


def citizenship_store() -> ContextStore:
    """The bundled contexts with the citizenship vocabulary; skips the test, or fails it in CI, without npm."""
    return ContextStore({CITIZENSHIP_V4RC1: _citizenship_context()})


@cache
def _citizenship_context() -> JsonObject:
    npm = shutil.which("npm")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm or "npm", "pack", _CITIZENSHIP_PACKAGE, "--silent", "--pack-destination", folder]
        packed = npm is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
        if not packed:
            message = f"npm cannot get {_CITIZENSHIP_PACKAGE}, whose context the employment vectors use"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        archive = next(Path(folder).iterdir()).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        member = package.extractfile("package/contexts/v4rc1.jsonld")
        assert member is not None
        data = member.read()
    assert hashlib.sha256(data).hexdigest() == _CITIZENSHIP_SHA256
    context: JsonObject = json.loads(data)
    return context
