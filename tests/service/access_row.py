"""A row of the access matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from issuer_service.people.roles import Role
from tests.service.two_providers import Things


@dataclass(frozen=True)
class Row:
    """Who may, and how it is called with the things of a provider. `own` is the status for who may, at home.

    `foreign` is the status for who may, on another's things; None where the operation names no thing.
    """

    may: frozenset[Role]
    own: int = 200
    foreign: int | None = None
    path: Callable[[Things], dict[str, str]] = field(default=lambda _: {})
    body: Callable[[Things, int], Any] | None = None
    # Roles that may, and are answered otherwise at home: it is not their case, or not their step.
    own_of: Mapping[Role, int] = field(default_factory=dict)
