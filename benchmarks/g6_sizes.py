"""G6: the size of functions with their layers, unzipped and compiled for Lambda's processor."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.layers import compile_all, content, copy_code, install, pins
from benchmarks.measure import Figure
from tests.support.mock_aws.stack import template
from tests.support.template.functions import functions
from tools.artifact import LIMITS, sizes

# Amazon Linux 2023 has glibc 2.34.
PLATFORMS = ("manylinux_2_34_aarch64", "manylinux_2_28_aarch64", "manylinux2014_aarch64")


def measure() -> list[Figure]:
    """Install each layer as ``sam build`` does, and measure its size with the code."""
    found = functions()
    layers = {f"{one.name}Function": one.layers for one in found}
    runtime = str(template()["Globals"]["Function"]["Runtime"]).removeprefix("python")
    options = ["--only-binary=:all:", "--implementation", "cp", "--python-version", runtime]
    for platform in PLATFORMS:
        options += ["--platform", platform]
    with TemporaryDirectory() as folder:
        build = Path(folder)
        for layer in {layer for own in layers.values() for layer in own}:
            install(pins(layer), build / layer, *options, python=sys.executable)
            copy_code(content(layer), build / layer)
        for function in found:
            copy_code(function.path, build / f"{function.name}Function")
        compile_all(build, sys.executable)
        weighed = sizes(build, layers)
    return [
        Figure("G6", f"{name} unzipped, with its layers and .pyc", size, LIMITS[name], "MB")
        for name, size in weighed.items()
        if name in LIMITS
    ]
