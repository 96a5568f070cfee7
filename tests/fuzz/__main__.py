"""Damage pictures and open them until the time is over: ``python -m tests.fuzz --seconds 60``.

Any outcome but a picture or an ``ImageRejectedError`` is a find, and so are more than 5 seconds of
one core, more memory than the function has, and the death of the process. A file that ends in a
new way, or takes more than any before it, joins the seeds. Atheris was weighed and left out: the
wheels of Pillow hold codecs without its instrumentation, so it would be led by the lines of Python
alone, and where those refuse a file is followed here too.
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
    """Files opened, how they ended, and what was found."""

    out: Path
    mib: int
    files: int = 0
    finds: int = 0
    slowest: float = 0.0
    largest: int = 0
    ways: collections.Counter[str] = field(default_factory=collections.Counter)

    def judge(self, data: bytes, verdict: Verdict) -> bool:
        """Count a file and keep it if it is a find; tell whether it should become a seed."""
        self.files += 1
        self.ways[verdict.outcome] += 1
        harder = verdict.seconds > 1.3 * self.slowest or verdict.mib > 1.2 * self.largest
        self.slowest = max(self.slowest, verdict.seconds)
        self.largest = max(self.largest, verdict.mib)
        found = not verdict.sound or verdict.seconds > _MOST_CPU_SECONDS or verdict.mib > self.mib
        if found:
            self.finds += 1
            name = hashlib.sha256(data).hexdigest()[:12]
            (self.out / name).write_bytes(data)
            with (self.out / "finds.jsonl").open("a") as log:
                log.write(f"{json.dumps([name, verdict.outcome, verdict.seconds, verdict.mib])}\n")
        return (self.ways[verdict.outcome] == 1 or harder) and not found


def main() -> int:
    """Run a campaign and say what came of it; 1 when something was found."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--mib", type=int, default=1_600, help="what a file may take")
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
        f"{len(campaign.ways)} ways to end, {campaign.finds} finds; "
        f"slowest {campaign.slowest} s of CPU, largest {campaign.largest} MiB\n"
    )
    for way, count in campaign.ways.most_common():
        sys.stdout.write(f"{count:8} {way}\n")
    return int(campaign.finds > 0)


if __name__ == "__main__":
    sys.exit(main())
