"""The process that opens damaged files: one from standard input, one line of JSON back.

It limits its own memory, so that a file that needs too much ends only this process.
"""

import json
import re
import resource
import sys
import time
import traceback
from pathlib import Path

from studio_imaging.c2pa import find_manifest
from studio_imaging.decode import decode
from studio_imaging.errors import ImageRejectedError
from studio_imaging.polyglot import refuse_polyglot
from studio_imaging.xmp import read_packet

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_DETAILS = re.compile(r"\d+|b'.*'")


def opened(data: bytes, target: tuple[int, int] | None) -> tuple[str, bool]:
    """Process an untrusted file; return the outcome and whether it is allowed."""
    try:
        find_manifest(data)
        read_packet(data)
        decoded = decode(data, target=target)
        refuse_polyglot(data)
    except ImageRejectedError as error:
        return f"{error.code} {_place(error.__cause__)}", True
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the failure
        return f"{type(error).__name__} {_place(error)}", False
    image = decoded.image
    turned = (decoded.source.width, decoded.source.height)
    sound = image.mode in {"RGB", "RGBA"} and not image.info
    sound = sound and (target is not None or image.size == turned)
    return f"decoded {decoded.source.format} {image.mode}", sound


def _place(error: BaseException | None) -> str:
    """Return where an error was raised and its message without details, to compare outcomes."""
    if error is None:
        return ""
    last = traceback.extract_tb(error.__traceback__)[-1]
    words = _DETAILS.sub("0", str(error))[:80]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {words}"


def _peak_mib() -> int:
    """Return the peak memory in MiB since the last reset (proc(5): VmHWM, clear_refs)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    """Answer until the input ends."""
    mib = int(sys.argv[1])
    # Libraries and thread stacks count as addresses too, although most are never used.
    resource.setrlimit(resource.RLIMIT_AS, ((mib + 1024) << 20, (mib + 1024) << 20))
    source, answers = sys.stdin.buffer, sys.stdout
    while head := source.read(5):
        data = source.read(int.from_bytes(head[1:], "big"))
        _RESET.write_text("5")
        start = time.process_time()
        outcome, sound = opened(data, (64, 64) if head[0] else None)
        seconds = time.process_time() - start
        answers.write(json.dumps([outcome, sound, round(seconds, 3), _peak_mib()]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
