"""Weighs the built console: ``python -m tools.console_weight web/dist``.

The check fails if the first load or a page is heavier than its budget. Sizes are those of gzip.
"""

import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Required, TypedDict

KILOBYTE = 1024
FIRST_LOAD = {".js": 100 * KILOBYTE, ".css": 8 * KILOBYTE}
PAGE = {".js": 20 * KILOBYTE}


@dataclass(frozen=True, slots=True)
class Load:
    """The files that one step loads.

    Attributes:
        name: "first load", or the source file of a page.
        sizes: Bytes after gzip by the suffix of the files.
        budget: The most that each suffix may weigh, in bytes.
    """

    name: str
    sizes: dict[str, int]
    budget: dict[str, int]

    def faults(self) -> list[str]:
        """Return a sentence for each budget that is exceeded."""
        return [
            f"{self.name}: {self.sizes[suffix]} bytes of {suffix}, the budget is {limit}"
            for suffix, limit in self.budget.items()
            if self.sizes.get(suffix, 0) > limit
        ]


class Chunk(TypedDict, total=False):
    """An entry of Vite's manifest."""

    file: Required[str]
    css: list[str]
    imports: list[str]
    isEntry: bool
    isDynamicEntry: bool


def loads(dist: Path) -> list[Load]:
    """Return the first load and each page of a built console, by Vite's manifest."""
    manifest = json.loads((dist / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    entry = next(name for name, chunk in manifest.items() if chunk.get("isEntry"))
    first = _files(manifest, entry)
    pages = [name for name, chunk in manifest.items() if chunk.get("isDynamicEntry")]
    return [
        Load("first load", _sizes(dist, first), FIRST_LOAD),
        *(Load(page, _sizes(dist, _files(manifest, page) - first), PAGE) for page in pages),
    ]


def _files(manifest: dict[str, Chunk], name: str) -> set[str]:
    """Return the files of a chunk and of all chunks that it imports."""
    chunk = manifest[name]
    imported = [_files(manifest, one) for one in chunk.get("imports", [])]
    return {chunk["file"], *chunk.get("css", [])}.union(*imported)


def _sizes(dist: Path, files: set[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for file in files:
        packed = len(gzip.compress((dist / file).read_bytes()))
        suffix = Path(file).suffix
        sizes[suffix] = sizes.get(suffix, 0) + packed
    return sizes


def main(folder: str) -> int:
    """Print the weights and return an exit code."""
    found = loads(Path(folder))
    for load in found:
        shown = ", ".join(
            f"{size / KILOBYTE:.1f} KB {suffix}" for suffix, size in load.sizes.items()
        )
        print(f"{load.name}: {shown}")  # noqa: T201
    faults = [fault for load in found for fault in load.faults()]
    for fault in faults:
        print(fault)  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
