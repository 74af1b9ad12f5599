"""`Idempotency-Key`: a request that creates something may be sent again, and creates it once.

The answer is kept in the transaction of what it answers for: there is no answer without the thing, and no thing
without the answer. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from issuer_service.errors import Conflict, Refused
from issuer_service.people.service import Caller
from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Asked", "KeptAnswer", "RequestKey", "once"]

Answer = TypeVar("Answer", bound=BaseModel)

RequestKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="A text of your own making, another for every new thing; sent again, it creates nothing new.",
        examples=["5b1c1f5e-7d0a-4a3e-9f61-0c6c1f0f2d11"],
    ),
]


class KeptAnswer(Table):
    """What was answered to a request with an Idempotency-Key."""

    __tablename__ = "kept_answer"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    request_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: by whom, where, with which body, and under which key of their own, if any."""

    request_key: str | None
    caller: Caller
    path: str
    body: BaseModel

    @property
    def digest(self) -> str:
        """Tells one request from another."""
        return hashlib.sha256(f"{self.path}\n{self.body.model_dump_json()}".encode()).hexdigest()


def once(
    session: Session,
    asked: Asked,
    *,
    now: datetime,
    answer: type[Answer],
    make: Callable[[], Answer],
    secrets: frozenset[str] = frozenset(),
) -> Answer:
    """What `make` gives, or what it gave when this caller sent this key before.

    `secrets` are the answer's fields that are shown the first time only, and not kept. Raises Refused when the
    key was sent before with another request, and Conflict while that one is still being handled.
    """
    if asked.request_key is None:
        return make()
    caller = asked.caller
    known = session.get(KeptAnswer, (caller.organisation_id, caller.person_id, asked.request_key))
    if known is not None:
        if known.request_sha256 != asked.digest:
            raise Refused("this Idempotency-Key was sent with another request before", field="Idempotency-Key")
        return answer.model_validate_json(known.answer)
    kept = KeptAnswer(
        organisation_id=caller.organisation_id,
        person_id=caller.person_id,
        request_key=asked.request_key,
        request_sha256=asked.digest,
        answer="",
        answered_at=now,
    )
    session.add(kept)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("a request with this Idempotency-Key is being handled", field="Idempotency-Key") from error
    made = make()
    kept.answer = made.model_dump_json(exclude=set(secrets))
    return made
