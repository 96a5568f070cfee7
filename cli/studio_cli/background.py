"""Processes that go on after the command that started them."""

import os
import signal
import subprocess
import time
from pathlib import Path

POLL_SECONDS = 0.1


def is_running(pid: int, module: str) -> bool:
    """Return whether a process still runs a module; the system may have reused the id."""
    listing = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return module.encode() in listing.read_bytes()
        except OSError:
            return False
    shown = subprocess.run(  # noqa: S603 - the argument is a number
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False
    )
    return module.encode() in shown.stdout


def stop(pid: int, module: str, seconds: float) -> None:
    """Let a process end by itself; kill its session after a number of seconds."""
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while is_running(pid, module) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    if is_running(pid, module):
        os.killpg(pid, signal.SIGKILL)
