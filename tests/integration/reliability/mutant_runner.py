"""A process of its own that runs the stores' contract tests against copies of the core layer.

It reads a JSON object from its input, the folder of each copy with the keyword of the tests to
run, and prints one with pytest's exit codes. boto3, moto and Pillow are loaded once; each copy
is then tested in a fork that has not imported ``studio`` yet.
"""

import gc
import json
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.worlds.stack import ROOT, clients, mock_stack, template

_AT_ONCE = 2
_UNUSED_PLUGINS = ("cacheprovider", "hypothesispytest", "pytest_cov", "xdist")
_TESTS = (
    "test_job_store_moves.py",
    "test_job_store_runs.py",
    "test_ledger_store.py",
    "test_job_store.py",
    "test_restraint_store.py",
    "test_blob_store.py",
    "test_recipe_store.py",
    "test_schedule_store.py",
    "test_folder_store.py",
    "test_webhook_store.py",
    "test_batch_store.py",
    "test_download_store.py",
    "test_rendition_store.py",
)


def main() -> None:
    """Test every folder and print the exit codes."""
    Image.init()
    template()
    clients()
    with mock_stack():
        pass
    assert not any(name.split(".")[0] == "studio" for name in sys.modules)
    # What is loaded so far is garbage to nobody; each child would go through it several times.
    gc.freeze()
    running: dict[int, str] = {}
    codes: dict[str, int] = {}
    for folder, keyword in json.load(sys.stdin).items():
        if len(running) == _AT_ONCE:
            _collect(running, codes)
        running[_fork(folder, keyword)] = folder
    while running:
        _collect(running, codes)
    print(json.dumps(codes))  # noqa: T201 - this is how the result gets back


def _fork(folder: str, keyword: str) -> int:
    child = os.fork()
    if child:
        return child
    # What the child prints is nobody's business; what it exits with is.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    paths = f"{ROOT} {folder} {ROOT / 'layers' / 'imaging'}"
    tests = [str(Path("tests") / "contracts" / name) for name in _TESTS]
    plugins = [word for plugin in _UNUSED_PLUGINS for word in ("-p", f"no:{plugin}")]
    chosen = ["-k", f"aws and ({keyword})" if keyword else "aws"]
    options = ["-x", "-q", "--assert=plain", *plugins, "-o", f"pythonpath={paths}"]
    code = pytest.main([*options, *chosen, *tests])
    os._exit(int(code))


def _collect(running: dict[int, str], codes: dict[str, int]) -> None:
    child, status = os.wait()
    codes[running.pop(child)] = os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
