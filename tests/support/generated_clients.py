"""API clients that public generators make of the contract, with default settings.

`make test` installs the generators into ``.local/clients``, see ``requirements-clients.txt``.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.mock_aws.stack import ROOT

CONTRACT = ROOT / "layers" / "core" / "studio" / "api" / "openapi.json"
SOURCES = ROOT / "tests" / "clients"
INSTALLED = ROOT / ".local" / "clients"
PACKAGE = "studio_client"

_NODE = ROOT / ".local" / "node" / "bin" / "node"
_SECONDS = 100


@cache
def operations() -> dict[str, Any]:
    """Return the operations of the contract by name."""
    paths = json.loads(CONTRACT.read_text())["paths"]
    return {one["operationId"]: one for methods in paths.values() for one in methods.values()}


def python_client(folder: Path) -> str:
    """Write the Python client below a folder, and return what the generator says."""
    paths = os.pathsep.join((str(INSTALLED / "python"), *sys.path))
    tools = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    return _run(
        [*command, "--path", str(CONTRACT), "--output-path", str(folder / PACKAGE)],
        {**os.environ, "PYTHONPATH": paths, "PATH": tools},
    )


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Let the Python client below a folder be imported."""
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def client_of(url: str, token: str) -> Any:
    """Return the Python client of an API; it reads each answer or raises."""
    made = importlib.import_module(PACKAGE)
    return made.AuthenticatedClient(base_url=url, token=token, raise_on_unexpected_status=True)


def typescript_client(folder: Path) -> None:
    """Write the types of the TypeScript client, compile the round trip, and leave it to be run."""
    modules = INSTALLED / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"type": "module"}\n')
    for source in SOURCES.glob("*.ts"):
        (folder / source.name).write_text(source.read_text())
    generator = modules / "openapi-typescript" / "bin" / "cli.js"
    _run([str(_NODE), str(generator), str(CONTRACT), "--output", str(folder / "studio.ts")])
    compiler = modules / "typescript" / "bin" / "tsc"
    options = ["--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"]
    _run(
        [str(_NODE), str(compiler), *options, "--outDir", str(folder / "built"),
         str(folder / "round_trip.ts")]
    )  # fmt: skip


def run_typescript(folder: Path, url: str, token: str) -> str:
    """Run the compiled round trip against an API, and return what it prints."""
    return _run([str(_NODE), str(folder / "built" / "round_trip.js"), url, token])


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_SECONDS, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
