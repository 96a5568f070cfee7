"""The local AWS: one MiniStack process that belongs to this working copy.

Its folder holds ``stack.json`` (process id and port), ``ministack.log`` and ``state/``. The state
keeps tables, files and users over a restart. The process listens on the loopback interface only
and enforces the IAM policies of the template.
"""

import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from studio_cli.background import is_running, stop
from studio_cli.errors import CliError
from studio_cli.files import read_object, write_private

HOST = "127.0.0.1"
MODULE = "ministack"
FIRST_PORT = 4566
PORTS_TRIED = 50
START_SECONDS = 60.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1

INHERITED = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {
        name
        for proxy in ("http_proxy", "https_proxy", "no_proxy")
        for name in (proxy, proxy.upper())
    }
)
"""The environment variables that a child process inherits.

Lambdas run as children of the local AWS. They must see neither the user's AWS credentials nor
provider keys nor the modules of PYTHONPATH.
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A running MiniStack process."""

    pid: int
    port: int

    @property
    def endpoint(self) -> str:
        """Base URL of every AWS service."""
        return f"http://{HOST}:{self.port}"


def clean_environment() -> dict[str, str]:
    """Return the environment of a child process: inherited variables, no proxy for localhost."""
    environment = {name: value for name, value in os.environ.items() if name in INHERITED}
    bypass = environment.get("no_proxy") or environment.get("NO_PROXY")
    environment["NO_PROXY"] = environment["no_proxy"] = ",".join(
        part for part in (bypass, HOST, "localhost") if part
    )
    return environment


def free_port(first: int) -> int:
    """Return the first free port of the loopback interface, from ``first`` upwards.

    Raises:
        CliError: Every port of the range is in use.
    """
    for port in range(first, first + PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CliError(f"No free port between {first} and {first + PORTS_TRIED - 1}.")


class LocalAws:
    """Starts, finds and stops the MiniStack of one folder.

    Args:
        folder: Where its state and its log are.
        first_port: The port to try first.
    """

    def __init__(self, folder: Path, first_port: int = FIRST_PORT) -> None:
        self._folder = folder
        self._first_port = first_port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The log file of the process."""
        return self._folder / "ministack.log"

    def running(self) -> Running | None:
        """Return the process that ``up`` started; None if it does not answer."""
        record = self._record()
        return (
            record
            if record and is_running(record.pid, MODULE) and _healthy(record.endpoint)
            else None
        )

    def up(self) -> Running:
        """Start the local AWS, or return the process that already runs.

        Raises:
            CliError: The process does not start.
        """
        if found := self.running():
            return found
        self.down()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        process = self._process = self._start(port := free_port(self._first_port))
        started = Running(process.pid, port)
        write_private(self._record_path, {**asdict(started), "endpoint": started.endpoint})
        deadline = time.monotonic() + START_SECONDS
        while not _healthy(started.endpoint):
            if process.poll() is not None or time.monotonic() > deadline:
                self.down()
                raise CliError(
                    f"The local AWS did not start:\n{_tail(self.log)}", f"see {self.log}"
                )
            time.sleep(POLL_SECONDS)
        return started

    def down(self) -> bool:
        """Stop the process that ``up`` started; return whether it was running."""
        record = self._record()
        alive = record is not None and is_running(record.pid, MODULE)
        if record and alive:
            stop(record.pid, MODULE, STOP_SECONDS)
        if self._process:
            self._process.wait()
            self._process = None
        self._record_path.unlink(missing_ok=True)
        return alive

    @property
    def _record_path(self) -> Path:
        return self._folder / "stack.json"

    def _record(self) -> Running | None:
        record = read_object(self._record_path)
        pid, port = record.get("pid"), record.get("port")
        return Running(pid, port) if isinstance(pid, int) and isinstance(port, int) else None

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        state = self._folder / "state"
        environment = clean_environment() | {
            "GATEWAY_PORT": str(port),
            "BIND_HOST": HOST,
            "MINISTACK_HOST": HOST,
            "IOT_MTLS_ENABLED": "0",
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
        }
        with self.log.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - a fixed command line
                [sys.executable, "-m", MODULE],
                env=environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _healthy(endpoint: str) -> bool:
    try:
        answer = httpx.get(f"{endpoint}/_ministack/health", timeout=5.0, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
