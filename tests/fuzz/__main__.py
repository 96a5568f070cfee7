"""Damages pictures and opens them for a set time: ``python -m tests.fuzz --seconds 60``.

A failure is a file with another outcome than an image or an ``ImageRejectedError``. So is a file
that takes more than 5 seconds of one core, takes more memory than the function has, or ends the
worker.
A file with a new outcome joins the seeds. So does one with more time or memory than all before.

Atheris is not used. The codecs in Pillow's wheels have no instrumentation for it, so only lines of
Python would guide it. This fuzzer also follows where Python refuses a file.
"""

import argparse
import collections
import hashlib
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutate import mutant
from tests.fuzz.opener import Opener, Verdict
from tests.fuzz.seeds import seeds

_MOST_CPU_SECONDS = 5.0
_MOST_SEEDS = 4_000


@dataclass(slots=True)
class Campaign:
    """Counts of files and outcomes, and the failures."""

    out: Path
    mib: int
    files: int = 0
    failures: int = 0
    slowest: float = 0.0
    largest: int = 0
    ways: collections.Counter[str] = field(default_factory=collections.Counter)

    def judge(self, data: bytes, verdict: Verdict) -> bool:
        """Count a file and keep it if it is a failure; return whether it should become a seed."""
        self.files += 1
        self.ways[verdict.outcome] += 1
        harder = verdict.seconds > 1.3 * self.slowest or verdict.mib > 1.2 * self.largest
        self.slowest = max(self.slowest, verdict.seconds)
        self.largest = max(self.largest, verdict.mib)
        failed = not verdict.sound or verdict.seconds > _MOST_CPU_SECONDS or verdict.mib > self.mib
        if failed:
            self.failures += 1
            name = hashlib.sha256(data).hexdigest()[:12]
            (self.out / name).write_bytes(data)
            with (self.out / "failures.jsonl").open("a") as log:
                log.write(f"{json.dumps([name, verdict.outcome, verdict.seconds, verdict.mib])}\n")
        return (self.ways[verdict.outcome] == 1 or harder) and not failed


def main() -> int:
    """Run a campaign, print its result and return 1 if there is a failure."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--mib", type=int, default=1_600, help="memory limit in MiB")
    asked.add_argument("--out", type=Path, default=Path("out/fuzz"))
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)  # noqa: S311 - to be repeated, not secret
    sound, corpus = seeds(), seeds()
    campaign, opener = Campaign(options.out, options.mib), Opener(options.mib)
    start = time.monotonic()
    while time.monotonic() - start < options.seconds:
        data = mutant(rng, sound if rng.random() < 0.5 else corpus)
        is_seed = campaign.judge(data, opener.open(data, small=rng.random() < 0.25))
        if is_seed and len(corpus) < _MOST_SEEDS:
            corpus.append(data)
    opener.end()
    took = time.monotonic() - start
    sys.stdout.write(
        f"{campaign.files} files in {took:.0f} s ({campaign.files / took:.0f} a second), "
        f"{len(campaign.ways)} ways to end, {campaign.failures} failures; "
        f"slowest {campaign.slowest} s of CPU, largest {campaign.largest} MiB\n"
    )
    for way, count in campaign.ways.most_common():
        sys.stdout.write(f"{count:8} {way}\n")
    return int(campaign.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
