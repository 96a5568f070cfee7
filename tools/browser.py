"""Finds Chromium for the browser tests, or installs it: ``python -m tools.browser``."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 400
DOWNLOAD_SECONDS = 300


def find() -> str | None:
    """Return the path of a browser: that of the variable CHROME, or one on PATH, or None."""
    given = os.environ.get("CHROME")
    if given:
        return given
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _downloaded()


def _downloaded() -> str | None:
    """Return the browser that Playwright has downloaded, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def ways() -> Iterator[tuple[list[str], int]]:
    """Yield the commands that may install a browser, each with its time limit in seconds."""
    administrator = _administrator()
    if administrator is not None and shutil.which("apt-get"):
        install = [*administrator, "apt-get", "install", "--yes", "--quiet", "chromium"]
        yield install, INSTALL_SECONDS
        yield [*administrator, "apt-get", "update", "--quiet"], INSTALL_SECONDS
        yield install, INSTALL_SECONDS
    yield [sys.executable, "-m", "playwright", "install", "chromium"], DOWNLOAD_SECONDS


def _administrator() -> list[str] | None:
    """Return the prefix of a command that needs root; None if there is no way to it."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)  # noqa: S603
    return [sudo, "-n"] if allowed.returncode == 0 else None


def main() -> int:
    """Install a browser if there is none; return an exit code."""
    for command, seconds in ways():
        if find():
            return 0
        print(f"No Chromium found. Trying: {' '.join(command)}")  # noqa: T201
        try:
            subprocess.run(  # noqa: S603 - fixed command lines
                command, capture_output=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            continue
    if find():
        return 0
    print(  # noqa: T201
        "The browser tests need Chromium. Install it, or set CHROME to the path of a Chromium."
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
