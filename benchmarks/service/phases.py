"""Where a worker's time goes: a thread looks at the others a few hundred times a second.

What a thread has had of the processor since it was last looked at is put to what it is doing now. A worker that is
looked at is somewhat slower, so that what it costs in all is measured by another.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Final

from issuer_service.bootstrap import open_installation
from issuer_service.settings import Settings
from issuer_service.worker import work

__all__ = ["Sampler"]

_EVERY_SECONDS: Final = 0.003
# Beginnings of `module:function`. From the outermost call inwards, the first that fits one of these …
_WHAT: Final = (
    ("openbadges_kit.batch_of_documents:check", "prepare"),
    ("openbadges_kit.batch_of_documents:issue", "prepare again, sign"),
    ("openbadges_kit.issuance:prepare", "prepare"),
    ("openbadges_kit.batch_issuance:as_vc_jwt", "sign the JWT"),
    ("openbadges_kit.issuance:issue_vc_jwt", "sign the JWT"),
    ("openbadges_kit.issuance:issue", "prepare again, sign"),
    ("openbadges_kit.verification", "verify"),
    ("issuer_service.status_lists.allocation", "status places"),
    ("issuer_service.status_lists.service:publish", "status lists"),
    ("issuer_service.status_lists.service:signed_lists", "status lists"),
    ("issuer_service.audit", "audit"),
    ("issuer_service.delivery", "offers, messages"),
    ("issuer_service.webhooks", "webhooks"),
    ("issuer_service.jobs.dbos_engine:enqueue", "jobs"),
    ("issuer_service.jobs.keeper", "upkeep"),
    ("issuer_service.bulk.chunk:_accept", "store awards"),
    ("issuer_service.bulk.chunk:_settle", "store verdicts"),
    ("issuer_service.issuance.sign:_record", "store badges"),
)
# … and where none did, the first of these that is anywhere on the way.
_WHERE: Final = (
    ("issuer_service.persistence", "commit"),
    ("issuer_service.bulk", "rows to requests"),
    ("issuer_service.issuance", "read awards"),
    ("dbos", "jobs"),
)


class Sampler:
    """Adds up the processor's time of all threads of this process by what they do."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._had: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        own = threading.get_ident()
        while not self._over.wait(_EVERY_SECONDS):
            for thread, frame in sys._current_frames().items():
                if thread == own:
                    continue
                try:
                    had = time.clock_gettime(time.pthread_getcpuclockid(thread))
                except OSError:
                    continue
                since = had - self._had.get(thread, had)
                self._had[thread] = had
                if since > 0:
                    self.seconds[_phase(frame)] += since


def _phase(frame: FrameType | None) -> str:
    names: list[str] = []
    while frame is not None:
        names.insert(0, f"{frame.f_globals.get('__name__', '')}:{frame.f_code.co_name}")
        frame = frame.f_back
    for name in names:
        for beginning, phase in _WHAT:
            if name.startswith(beginning):
                return phase
    for beginning, phase in _WHERE:
        if any(name.startswith(beginning) for name in names):
            return phase
    return "other"


def main(report: str) -> None:
    """Work until SIGTERM, and write down where the time went since SIGUSR1."""
    # Otherwise the sampler comes to look mostly when others wait for the disk.
    sys.setswitchinterval(0.0005)
    sampler = Sampler()
    signal.signal(signal.SIGUSR1, lambda *_: sampler.seconds.clear())
    sampler.start()
    work(open_installation(Settings()))
    sampler.stop()
    Path(report).write_text(json.dumps(sampler.seconds))


if __name__ == "__main__":
    main(sys.argv[1])
