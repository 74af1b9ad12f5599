"""One award at a time over HTTP: how long until it is accepted, and until its badge is signed.

Fifty clients, each on a connection of its own that stays open, send awards that are approved at once. At a pace, each
sends when its turn comes and counts from then, whether or not it was ready: who waits in the queue is counted too.
A pace of 25 is each client once in two seconds, which is the load that the promise is about. Without a pace, in the
closed loop, each sends as soon as it has its answer: the mean time is the number of clients divided by the awards a
second, so that it says how much the API takes and not how it feels.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select

from benchmarks.service.bulk import LEVELS
from benchmarks.service.places import Place, cpu_of, new_place, wait_for
from issuer_service.issuance.tables import Credential
from issuer_service.jobs.tables import Worker

__all__ = ["CLIENTS", "Single", "measure"]

CLIENTS: Final = 50
_WARM_SECONDS: Final = 3


@dataclass
class Single:
    """What came of it. Times are in seconds; `pace` is awards a second of all clients together."""

    pace: float | None
    sent: int = 0
    seconds: float = 0.0
    accepted_after: list[float] = field(default_factory=list)
    signed_after: list[float] = field(default_factory=list)
    cpu_of_api: float = 0.0
    cpu_of_worker: float = 0.0

    @property
    def per_second(self) -> float:
        """Awards that were accepted."""
        return self.sent / self.seconds


def percentile(values: Sequence[float], share: int) -> float:
    """So many per cent of the values are no more than this."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def measure(kind: str, paces: Sequence[float | None], seconds: float) -> list[Single]:
    """For each pace, with one API process and one worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with new_place(kind, base_url=f"http://127.0.0.1:{port}") as place:
        api = place.start("issuer_service", "serve", "--without-jobs")
        worker = place.start("issuer_service", "worker")
        wait_for(lambda: _answers(port) and _count(place, Worker) == 1)
        asyncio.run(_clients(place, port, Single(50), _WARM_SECONDS, "warm"))
        return [_measured(place, port, pace, seconds, (api.pid, worker.pid)) for pace in paces]


def _measured(place: Place, port: int, pace: float | None, seconds: float, pids: tuple[int, int]) -> Single:
    found = Single(pace)
    before = [cpu_of([pid]) for pid in pids]
    watch = _Signatures(place)
    watch.start()
    sent = asyncio.run(_clients(place, port, found, seconds, f"{pace}"))
    watch.stop_after(sent)
    found.cpu_of_api, found.cpu_of_worker = (cpu_of([pid]) - was for pid, was in zip(pids, before, strict=True))
    found.signed_after = [watch.seen[award] - began for award, began in sent.items()]
    return found


class _Signatures(threading.Thread):
    """Sees when badges are there, in the database, so that the API is not asked."""

    def __init__(self, place: Place) -> None:
        super().__init__(daemon=True)
        self.place = place
        self.seen: dict[str, float] = {}
        self._known = _count(place, Credential)
        self._wanted: dict[str, float] | None = None

    def run(self) -> None:
        while self._wanted is None or not self._wanted.keys() <= self.seen.keys():
            time.sleep(0.02)
            with self.place.here.reading() as session:
                query = select(Credential.award_id)
                if self.seen:
                    query = query.order_by(Credential.signed_at.desc()).limit(500)
                found = session.scalars(query).all()
            moment = time.perf_counter()
            for award in found:
                self.seen.setdefault(award, moment)

    def stop_after(self, wanted: dict[str, float]) -> None:
        """Wait until all of these were seen."""
        self._wanted = wanted
        self.join()


async def _clients(place: Place, port: int, found: Single, seconds: float, name: str) -> dict[str, float]:
    sent: dict[str, float] = {}
    began = time.perf_counter()
    until = began + seconds
    clients = [_client(place, port, found, sent=sent, until=until, name=f"{name}-{n}") for n in range(CLIENTS)]
    await asyncio.gather(*clients)
    found.seconds, found.sent = time.perf_counter() - began, len(sent)
    return sent


async def _client(place: Place, port: int, found: Single, *, sent: dict[str, float], until: float, name: str) -> None:
    chance = random.Random(name)  # noqa: S311  # when a client has its turn
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn, number = time.perf_counter(), 0
    while True:
        if found.pace is None:
            turn = time.perf_counter()
        else:
            turn += chance.expovariate(found.pace / CLIENTS)
        if turn >= until:
            break
        await asyncio.sleep(max(0.0, turn - time.perf_counter()))
        if reader.at_eof():
            # The server lets go of a connection that was not used for some seconds.
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number += 1
        award = await _send(reader, writer, _body(place, f"{name}-{number}"), place.setting.teacher_token)
        found.accepted_after.append(time.perf_counter() - turn)
        sent[award] = turn
    writer.close()


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, token: str) -> str:
    head = (
        "POST /v1/direct-awards HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    status = (await reader.readline()).split()[1]
    length = 0
    while (line := await reader.readline()) != b"\r\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    answer = json.loads(await reader.readexactly(length))
    if status != b"201":
        raise SystemExit(f"answered {status.decode()}: {answer}")
    award: str = answer["award_id"]
    return award


def _body(place: Place, reference: str) -> bytes:
    return json.dumps(
        {
            "reference": reference,
            "name": "Een Cursist",
            "email": f"{reference}@post.example",
            "achievement": place.setting.ulo_iri,
            "evidence": reference,
            "levels": LEVELS,
            "approve": True,
        }
    ).encode()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _count(place: Place, table: type) -> int:
    with place.here.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
