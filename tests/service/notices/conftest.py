"""A mail server for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.mail_server import TestMailServer, mail_server_running


@pytest.fixture
def mail() -> Iterator[TestMailServer]:
    with mail_server_running() as server:
        yield server
