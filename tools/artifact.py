"""Checks the output of ``make build``: ``python -m tools.artifact .aws-sam/build python3.13``.

Lambda's folders are read-only, so Lambda compiles a module without its ``.pyc`` again at each cold
start. An ``.so`` for another processor or Python would fail only at the first call in production.
"""

import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from samcli.yamlhelper import yaml_parse

MEGABYTE = 1_000_000

# Unzipped size in MB. AWS allows 250 for a function with its layers; these are the project's goals.
LIMITS: Mapping[str, int] = {
    "ApiFunction": 30,
    "PostProcessFunction": 50,
    "all layers": 60,
}
# PEP 552: bit 0 means that the file is checked by hash, bit 1 that the source is checked.
_UNCHECKED_HASH = 0b01
# PEP 3149; a library of the stable ABI names no version.
_INTERPRETER = re.compile(r"\.cpython-(\d+)-")


def faults(build: Path, runtime: str, layers: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the faults of a build, a sentence for each.

    Args:
        build: The output of ``sam build``, a folder for each function and layer.
        runtime: Lambda's name of the runtime, such as ``python3.13``.
        layers: Names of the layers of each function.
    """
    version = runtime.removeprefix("python").replace(".", "")
    tag = f"cpython-{version}"
    for source in sorted(build.rglob("*.py")):
        compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        if not compiled.exists():
            yield f"{source.relative_to(build)} is not compiled for {runtime}"
        elif _flags(compiled) != _UNCHECKED_HASH:
            yield f"{compiled.relative_to(build)} is checked against its source at each import"
    for library in sorted(build.rglob("*.so")):
        if "x86_64" in library.name:
            yield f"{library.relative_to(build)} is built for another processor"
        made_for = _INTERPRETER.search(library.name)
        if made_for and made_for[1] != version:
            yield f"{library.relative_to(build)} is not built for {runtime}"
    for name, size in sizes(build, layers).items():
        if name in LIMITS and size > LIMITS[name]:
            yield f"{name} has {size:.1f} MB, more than {LIMITS[name]} MB"


def sizes(build: Path, layers: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Return MB of each function with its layers, and of all layers together."""
    found = {
        name: folder_size(build / name) + sum(folder_size(build / layer) for layer in own)
        for name, own in layers.items()
    }
    every = sorted({layer for own in layers.values() for layer in own})
    return {**found, "all layers": sum(folder_size(build / layer) for layer in every)}


def folder_size(folder: Path) -> float:
    """Return the MB of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def _flags(compiled: Path) -> int:
    with compiled.open("rb") as file:
        header = file.read(8)
    flags: int = struct.unpack("<4xI", header)[0]
    return flags


def layers_of_functions(built: Path) -> dict[str, list[str]]:
    """Return the layers of each function from the template that ``sam build`` wrote."""
    template = yaml_parse(built.read_text())
    shared = template["Globals"]["Function"].get("Layers", [])
    return {
        name: [layer["Ref"] for layer in (*shared, *resource["Properties"].get("Layers", []))]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def main() -> int:
    """Check a build, print its faults and sizes, and return the exit code."""
    build, runtime = Path(sys.argv[1]), sys.argv[2]
    layers = layers_of_functions(build / "template.yaml")
    found = list(faults(build, runtime, layers))
    lines = [f"wrong: {fault}" for fault in found]
    lines += [f"{name:24}{size:6.1f} MB" for name, size in sizes(build, layers).items()]
    sys.stdout.write("".join(f"  {line}\n" for line in lines))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
