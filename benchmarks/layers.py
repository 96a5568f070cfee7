"""Folders laid out as on Lambda: what the runtime brings, what the layers bring, compiled."""

import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns

from tests.infrastructure.template import Function
from tests.stack import ROOT, template

# boto3 and what it needs come with the runtime.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")


def pins(layer: str) -> list[str]:
    """Return the requirements of a layer, as ``name==version``."""
    source = content(layer) / "requirements.txt"
    return re.findall(r"(?m)^\S+==\S+$", source.read_text())


def content(layer: str) -> Path:
    """Return the source folder of a layer."""
    return ROOT / str(template()["Resources"][layer]["Properties"]["ContentUri"])


def copy_code(source: Path, target: Path) -> None:
    """Copy code of ours, as ``sam build`` does."""
    copytree(source, target, ignore=ignore_patterns("__pycache__", "requirements.txt"),
             dirs_exist_ok=True)  # fmt: skip


def copy_installed(names: list[str] | tuple[str, ...], target: Path) -> None:
    """Copy distributions of this environment into a folder of their own."""
    for name in names:
        for file in distribution(name.partition("==")[0]).files or []:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                copy2(Path(str(file.locate())), target / file)


def compile_all(folder: Path) -> None:
    """Write ``.pyc`` files that are taken without a look at their sources."""
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "-j", "0",
         "--invalidation-mode", "unchecked-hash", str(folder)],
        check=True,
    )  # fmt: skip


def lay_out(root: Path, functions: list[Function]) -> None:
    """Fill a folder with ``runtime``, each layer and each function, as this machine runs them."""
    copy_installed(RUNTIME, root / "runtime")
    for layer in sorted({layer for function in functions for layer in function.layers}):
        copy_installed(pins(layer), root / layer)
        copy_code(content(layer), root / layer)
    for function in functions:
        copy_code(function.path, root / function.folder)
    compile_all(root)
