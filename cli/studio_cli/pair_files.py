"""Files of pairs: sources and results under names that every system takes, each name once."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio_cli.client import StudioClient

# UTF-8 bytes of a name without its extension; file systems take 255 with it and a number.
_LONGEST_STEM = 180
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SavedPair:
    """Paths of the files of a pair; None for a file that does not exist."""

    source: Path | None
    result: Path | None


@dataclass
class _Names:
    """The names of one folder; they differ even without case and accents."""

    taken: set[str] = field(default_factory=set)

    def unique(self, name: str) -> str:
        """Return a safe form of a name, with a number if it is taken."""
        stem, extension = _parts(name)
        wanted, number = f"{stem}{extension}", 1
        while _folded(wanted) in self.taken:
            number += 1
            wanted = f"{stem}-{number}{extension}"
        self.taken.add(_folded(wanted))
        return wanted


def save_pairs(client: StudioClient, found: Sequence[dict[str, Any]], out: Path) -> list[SavedPair]:
    """Download the sources and results of pairs into a folder, and return their paths.

    A source with several results is downloaded once. Files of an earlier call are replaced.
    """
    out.mkdir(parents=True, exist_ok=True)
    names, sources, saved = _Names(), dict[str, Path](), list[SavedPair]()
    for pair in found:
        asset_id, result = pair["input_asset_id"], None
        if asset_id and asset_id not in sources:
            sources[asset_id] = out / names.unique(pair["input_name"])
            sources[asset_id].write_bytes(client.download(pair["input_url"]))
        source = sources.get(asset_id or "")
        if pair["output_url"]:
            made = Path(pair["output_name"])
            stem = f"{source.stem}-result" if source else made.stem
            result = out / names.unique(f"{stem}{made.suffix}")
            result.write_bytes(client.download(pair["output_url"]))
        saved.append(SavedPair(source, result))
    return saved


def _parts(name: str) -> tuple[str, str]:
    """Return a safe stem of a name, and its extension."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if unicodedata.category(one) in _UNSEEN else one for one in last)
    text = _FORBIDDEN.sub("-", _TURNING.sub("", visible))
    text = unicodedata.normalize("NFC", " ".join(text.split())).strip(" .")
    found = _EXTENSION.search(text)
    extension = found[0] if found else ""
    stem = text.removesuffix(extension).encode()[:_LONGEST_STEM].decode(errors="ignore")
    stem = stem.strip(" .-") or "image"
    # Windows reserves the names of devices with any extension.
    reserved = _DEVICES.fullmatch(stem.partition(".")[0].rstrip())
    return f"_{stem}" if reserved else stem, extension


def _folded(name: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
