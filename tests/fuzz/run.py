"""Coverage-guided fuzzing of everything that reads bytes from strangers; run by `make fuzz-parsers SECONDS=1800`.

Each target gets its share of the time, in a process of its own with a limit on its memory. Anything but one of the
kit's errors ends it, as does an input that takes longer than two seconds. What it found stays in `.fuzz/`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MAX_SECONDS = 2.0
MAX_MEGABYTES = 200
MAX_INPUT_BYTES = 16 * 1024


def main() -> int:
    """Fuzz all targets one after another, or be the process that fuzzes one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=1800, help="for all targets together (default: 1800)")
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"), help="for the corpus and what was found")
    parser.add_argument("--target", help="only this one, in this process")
    arguments = parser.parse_args()
    if arguments.target:
        return _fuzz_one(arguments.target, arguments.seconds, arguments.folder)
    return _fuzz_all(arguments.seconds, arguments.folder)


def _fuzz_all(seconds: int, folder: Path) -> int:
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS

    corpus = folder / "seeds"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in seeds().items():
        (corpus / name).write_bytes(data)
    # Verifying is where the most code is.
    weights = {name: 3 if name.startswith("check") else 1 for name in TARGETS}
    failures = 0
    for name, weight in weights.items():
        share = max(1, seconds * weight // sum(weights.values()))
        options = ["--target", name, "--seconds", str(share), "--folder", str(folder)]
        command = [sys.executable, "-m", "tests.fuzz.run", *options]
        with (folder / f"{name}.log").open("wb") as log:
            code = subprocess.run(
                command, check=False, stderr=log, env={**os.environ, "PYTHONHASHSEED": "0"}
            ).returncode
        failures += code != 0
        print(f"{name}: {'ended with ' + str(code) if code else 'nothing found'}", flush=True)
    for name in weights:
        figures = folder / f"{name}.json"
        print(name, figures.read_text() if figures.exists() else "left no figures", flush=True)
    return 1 if failures else 0


def _fuzz_one(name: str, seconds: int, folder: Path) -> int:
    import atheris

    with atheris.instrument_imports(include=["openbadges_kit"]):
        from openbadges_kit.errors import OpenBadgesError
        from tests.fuzz.targets import TARGETS

    found = folder / "corpus" / name
    found.mkdir(parents=True, exist_ok=True)
    watch = _Watch(TARGETS[name], OpenBadgesError, folder, name)
    options = [
        sys.argv[0],
        str(found),
        str(folder / "seeds"),
        f"-max_total_time={seconds}",
        f"-max_len={MAX_INPUT_BYTES}",
        f"-artifact_prefix={folder / name}-",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]
    atheris.Setup(options, watch)
    atheris.Fuzz()
    return 0


class _Watch:
    """Calls the target, and keeps count, time and memory."""

    def __init__(self, target: Callable[[bytes], None], expected: type[Exception], folder: Path, name: str) -> None:
        self._target = target
        self._expected = expected
        self._figures_file = folder / f"{name}.json"
        self._slowest_file = folder / f"{name}-slowest.bin"
        self._executions = self._refused = 0
        self._slowest = 0.0
        self._memory_at_start = _megabytes()
        self._written = time.monotonic()

    def __call__(self, data: bytes) -> None:
        # What the processor takes: how long others make it wait says nothing about the input.
        before = time.process_time()
        try:
            self._target(data)
        except self._expected:
            self._refused += 1
        took = time.process_time() - before
        self._executions += 1
        if took > self._slowest:
            self._slowest = took
            self._slowest_file.write_bytes(data)
        if time.monotonic() - self._written > 1:
            self._write_figures()
        # The first seconds go into imports and caches.
        if took > MAX_SECONDS and self._executions > 1000:
            self._write_figures()
            raise RuntimeError(f"an input took {took:.2f} s")

    def _write_figures(self) -> None:
        self._written = time.monotonic()
        figures: dict[str, Any] = {
            "executions": self._executions,
            "refused": self._refused,
            "slowest input, seconds": round(self._slowest, 3),
            "memory at the start, MB": self._memory_at_start,
            "memory at the most, MB": _megabytes(),
        }
        self._figures_file.write_text(json.dumps(figures))


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
