"""G5: a cold import of each function compared with ``import boto3``, both from compiled files."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.layers import lay_out, runtime_python
from benchmarks.measure import Figure, ratio
from tests.support.template.functions import Function, functions

LIMIT, LIMIT_OF_THE_API = 1.6, 1.4
ROUNDS = 11

# -S and -I hide this machine's packages; the clock starts after the interpreter.
TIMED = """
import sys, time
sys.path[:0] = sys.argv[2:]
start = time.perf_counter()
__import__(sys.argv[1])
print(time.perf_counter() - start)
"""


def measure() -> list[Figure]:
    """Import each function in fresh interpreters, in turn with boto3."""
    python, found = runtime_python(), functions()
    with TemporaryDirectory() as folder:
        root = Path(folder)
        lay_out(root, found, python)
        return [_figure(root, function, python) for function in found]


def _figure(root: Path, function: Function, python: str) -> Figure:
    paths = [function.folder, *reversed(function.layers), "runtime"]

    def handler() -> float:
        return _import("handler", [str(root / path) for path in paths], python)

    def boto3() -> float:
        return _import("boto3", [str(root / "runtime")], python)

    # The first of each reads its files from disk.
    handler()
    boto3()
    measured = ratio(ROUNDS, handler, boto3)
    return Figure(
        goal="G5",
        what=f"cold import of {function.folder} / import boto3, {Path(python).name}",
        value=measured.median,
        limit=LIMIT_OF_THE_API if function.folder == "api" else LIMIT,
        note=measured.spread,
    )


def _import(module: str, paths: list[str], python: str) -> float:
    done = subprocess.run(
        [python, "-I", "-S", "-c", TIMED, module, *paths],
        check=True,
        capture_output=True,
        text=True,
        env={},
    )
    return float(done.stdout)
