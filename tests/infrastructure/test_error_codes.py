"""The code of an error class stands in the class only; other modules take it from there."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import studio.api.http.errors
import studio.errors
from studio.errors import StudioError
from studio_imaging.errors import RejectionCode
from tests.support.mock_aws.stack import ROOT

CORE = ROOT / "layers/core/studio"
CLASSES_OF = (studio.errors, studio.api.http.errors)
# Modules of the core name the codes of the imaging layer too, and one of them is also a class's.
OF_PIXELS = frozenset(get_args(RejectionCode))


@cache
def codes() -> frozenset[str]:
    """Return the codes of the classes; a code of one word is also a word of the language."""
    classes = (one for module in CLASSES_OF for one in vars(module).values())
    found = {
        one.code
        for one in classes
        if isinstance(one, type) and issubclass(one, StudioError) and hasattr(one, "code")
    }
    return frozenset(code for code in found if "-" in code) - OF_PIXELS


def literals(path: Path) -> Iterator[str]:
    """Yield every code that a module writes out, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and node.value in codes():
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"


def test_no_module_writes_out_the_code_of_an_error_class() -> None:
    homes = {Path(str(module.__file__)) for module in CLASSES_OF}
    assert all(list(literals(home)) for home in homes)

    found = [text for path in sorted(CORE.rglob("*.py")) for text in literals(path)]
    names = {str(home.relative_to(ROOT)) for home in homes}

    assert [text for text in found if text.partition(":")[0] not in names] == []
