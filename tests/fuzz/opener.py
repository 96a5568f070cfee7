"""Opens files in another process, which may hang, use all memory or die."""

import json
import os
import selectors
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_MOST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a file in the worker, its CPU seconds and its peak memory in MiB."""

    outcome: str
    sound: bool
    seconds: float
    mib: int


class Opener:
    """A process that opens files, restarted after each death."""

    def __init__(self, mib: int) -> None:
        self._mib = mib
        self._process = self._started()

    def open(self, data: bytes, *, small: bool) -> Verdict:
        """Send a file to the process and return the verdict."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(bytes([small]) + len(data).to_bytes(4, "big") + data)
            process.stdin.flush()
            with selectors.DefaultSelector() as waiting:
                waiting.register(process.stdout, selectors.EVENT_READ)
                line = process.stdout.readline() if waiting.select(_MOST_SECONDS) else b"late"
        except BrokenPipeError:
            line = b""
        if line.endswith(b"\n"):
            return Verdict(*json.loads(line))
        self.end()
        self._process = self._started()
        what = "no answer" if line else f"died with {process.returncode}"
        return Verdict(what, False, float(_MOST_SECONDS), self._mib)

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join(str(_ROOT / folder) for folder in ("layers/imaging", "."))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", str(self._mib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            cwd=_ROOT,
        )
