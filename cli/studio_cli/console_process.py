"""The process of the console server, which belongs to this working copy like the local AWS."""

import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from studio_cli.aws_local import HOST, clean_environment, free_port
from studio_cli.background import POLL_SECONDS, is_running, stop
from studio_cli.errors import CliError
from studio_cli.files import read_object, write_private

MODULE = "studio_cli.console_server"
FIRST_PORT = 8080
START_SECONDS = 20.0
STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RunningConsole:
    """A running console server."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Address of the console."""
        return f"http://{HOST}:{self.port}"


class ConsoleProcess:
    """Starts, finds and stops the console server of one working copy.

    Args:
        root: The working copy; its folder ``.local`` keeps process id, port and log.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / ".local"
        self._record_path = self._folder / "console.json"

    def port(self) -> int:
        """Return the port of the last start; a free one if there was none."""
        kept = read_object(self._record_path).get("port")
        return kept if isinstance(kept, int) else free_port(FIRST_PORT)

    def running(self) -> RunningConsole | None:
        """Return the process that ``up`` started; None if it is gone."""
        record = read_object(self._record_path)
        pid, port = record.get("pid"), record.get("port")
        if isinstance(pid, int) and isinstance(port, int) and is_running(pid, MODULE):
            return RunningConsole(pid, port)
        return None

    def up(self, port: int) -> RunningConsole:
        """Start the console server at a port, anew if it runs.

        Raises:
            CliError: The process does not start.
        """
        self.down()
        log = self._folder / "console.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - a fixed command line
                [sys.executable, "-m", MODULE, str(port)],
                env=clean_environment() | {"PYTHONPATH": str(Path(__file__).parents[1])},
                cwd=self._root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = RunningConsole(process.pid, port)
        write_private(self._record_path, asdict(started))
        deadline = time.monotonic() + START_SECONDS
        while not _answers(started.url):
            if process.poll() is not None or time.monotonic() > deadline:
                self.down()
                raise CliError("The console server did not start.", f"see {log}")
            time.sleep(POLL_SECONDS)
        return started

    def down(self) -> bool:
        """Stop the server; return whether it was running. The port is kept for the next start."""
        found = self.running()
        if found:
            stop(found.pid, MODULE, STOP_SECONDS)
            write_private(self._record_path, {"port": found.port})
        return found is not None


def is_built(root: Path) -> bool:
    """Return whether ``make console`` has built the console of a working copy."""
    return (root / "web" / "dist" / "index.html").is_file()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/config.json", timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
