"""Measures the goals and prints one table; a run of all of them is kept in README.md.

``python -m benchmarks`` measures everything, ``python -m benchmarks g4 g5`` some of it.
"""

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Figure

MODULES = {
    "g1": "g1_renditions",
    "g3": "g3_workflow",
    "g4": "g4_api",
    "g5": "g5_imports",
    "g6": "g6_sizes",
    "g7": "g7_g8_resources",
    "g9": "g9_uploads",
    "g10": "g10_smart_crop",
}
# Measured only by name: they take minutes, or have no goal.
LONG = {"batches": "batches", "adapters": "adapters"}
README = Path(__file__).parent / "README.md"
START, END = "<!-- table -->\n", "<!-- end of table -->\n"


def main() -> int:
    """Measure goals, print the table and return the exit code; a missed goal is no failure."""
    wanted = sys.argv[1:] or list(MODULES)
    unknown = set(wanted) - set(MODULES) - set(LONG)
    if unknown:
        print(f"no such goal: {', '.join(sorted(unknown))}; there are {', '.join(MODULES | LONG)}")
        return 2
    figures: list[Figure] = []
    with _silence():
        for goal in wanted:
            print(f"measuring {goal} ...", file=sys.stderr, flush=True)
            figures += import_module(f"benchmarks.{(MODULES | LONG)[goal]}").measure()
    table = "".join(f"{line}\n" for line in rows(figures))
    print(table)
    if wanted == list(MODULES):
        keep(table)
    return 0


def rows(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the lines of the table in Markdown."""
    yield "| goal | measured | figure | limit | verdict | how |"
    yield "| --- | --- | ---: | ---: | --- | --- |"
    for one in figures:
        limit = "" if one.limit is None else _number(one.limit, one.unit)
        cells = (one.goal, one.what, _number(one.value, one.unit), limit, one.verdict, one.note)
        yield f"| {' | '.join(cells)} |"


def keep(table: str) -> None:
    """Replace the table in README.md."""
    text = README.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    made = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}"
    made += f", {os.cpu_count()} cores, {platform.machine()}"
    README.write_text(f"{before}{START}{made}\n\n{table}{END}{after}", encoding="utf-8")


def _number(value: float, unit: str) -> str:
    digits = f"{value:g}" if value == int(value) else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()


@contextmanager
def _silence() -> Iterator[None]:
    """Discard the log lines of the functions; their cost is still measured."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


if __name__ == "__main__":
    sys.exit(main())
