"""Folders as on Lambda: the runtime, the layers and the functions, compiled."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from shutil import copytree, ignore_patterns, which

from tests.support.mock_aws.stack import ROOT, template
from tests.support.template.functions import Function

# The Lambda runtime includes boto3 and its dependencies.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")


def pins(layer: str) -> list[str]:
    """Return the requirements of a layer, as ``name==version``."""
    source = content(layer) / "requirements.txt"
    return re.findall(r"(?m)^\S+==\S+$", source.read_text())


def content(layer: str) -> Path:
    """Return the source folder of a layer."""
    return ROOT / str(template()["Resources"][layer]["Properties"]["ContentUri"])


def copy_code(source: Path, target: Path) -> None:
    """Copy the project's code, as ``sam build`` does."""
    copytree(source, target, ignore=ignore_patterns("__pycache__", "requirements.txt"),
             dirs_exist_ok=True)  # fmt: skip


def install(requirements: list[str], target: Path, *options: str, python: str) -> None:
    """Install pinned requirements without their dependencies into a folder.

    Args:
        requirements: Each ``name==version``.
        target: The folder.
        options: Further options of ``pip install``.
        python: The interpreter to install for.
    """
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "-qq", "--no-deps",
         "--disable-pip-version-check", "--no-compile", "--target", str(target),
         *options, *requirements],
        check=True,
    )  # fmt: skip


def compile_all(folder: Path, python: str) -> None:
    """Write ``.pyc`` files that Python does not compare with their sources."""
    subprocess.run(
        [python, "-m", "compileall", "-q", "-j", "0",
         "--invalidation-mode", "unchecked-hash", str(folder)],
        check=True,
    )  # fmt: skip


def lay_out(root: Path, functions: list[Function], python: str) -> None:
    """Fill a folder with ``runtime``, each layer and each function, for an interpreter."""
    install([f"{name}=={version(name)}" for name in RUNTIME], root / "runtime", python=python)
    for layer in sorted({layer for function in functions for layer in function.layers}):
        install(pins(layer), root / layer, python=python)
        copy_code(content(layer), root / layer)
    for function in functions:
        copy_code(function.path, root / function.folder)
    compile_all(root, python)


def runtime_python() -> str:
    """Return an interpreter of the functions' runtime, or this one where there is none."""
    name = str(template()["Globals"]["Function"]["Runtime"])
    found = which(name)
    # A version manager has a shim even for versions that are not installed.
    if (
        found
        and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0
    ):
        return found
    return sys.executable
