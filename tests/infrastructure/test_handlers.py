"""The contract of the handlers: each imports what it wires, and nothing else of the studio."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mock_aws.stack import ROOT
from tests.support.template.functions import Function, functions

FUNCTIONS = functions()
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: str(one.folder))

# What a handler builds, in its build() and nowhere else.
BUILT = {"studio.adapters", "studio.providers", "studio.wiring"}
# Services are built too; handlers also name the types of their input and result.
NAMED = {"studio.services", "studio.domain", "studio.errors", "studio_imaging.errors"}
GIVEN = {"aws_lambda_powertools", "studio.config", "studio.clock"}
STDLIB = {"functools", "json", "typing"}


def imported(handler: Path) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each import of a handler, at any depth of its code."""
    for node in ast.walk(ast.parse(handler.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_module = (ROOT / "layers/core" / Path(*full.split("."))).with_suffix(".py")
                yield (full if is_module.exists() else str(node.module)), alias.name


def belongs(module: str, packages: set[str]) -> bool:
    """Tell whether a module is one of some packages, or lies in one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def names_in(handler: Path, *, outside: str) -> set[str]:
    """Return the names that a handler uses outside one of its functions."""
    tree = ast.parse(handler.read_text())
    parts = [part for part in tree.body if getattr(part, "name", None) != outside]
    return {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}


@each_function
def test_a_handler_imports_what_it_may(function: Function) -> None:
    own = {"studio.api"} if function.folder == "api" else set()
    allowed = STDLIB | GIVEN | BUILT | NAMED | own
    modules = {module for module, _ in imported(function.path / "handler.py")}

    assert modules
    assert {module for module in modules if not belongs(module, allowed)} == set()


@each_function
def test_what_a_handler_wires_is_used_in_build_only(function: Function) -> None:
    handler = function.path / "handler.py"
    wired = {name for module, name in imported(handler) if belongs(module, BUILT)}

    assert wired & names_in(handler, outside="build") == set()


@each_function
def test_a_handler_is_wired_once(function: Function) -> None:
    body = ast.parse((function.path / "handler.py").read_text()).body
    defined = [node for node in body if isinstance(node, ast.FunctionDef)]

    assert [node.name for node in defined] == ["build", "lambda_handler"]
    assert [ast.unparse(one) for one in defined[0].decorator_list] == ["lru_cache"]


def test_only_the_settings_read_the_environment() -> None:
    sources = [
        *(ROOT / "functions").glob("*/handler.py"),
        *(ROOT / "layers").rglob("*.py"),
    ]
    readers = {path.relative_to(ROOT) for path in sources if reads_environment(path)}

    assert readers == {Path("layers/core/studio/config.py")}


def reads_environment(path: Path) -> bool:
    """Tell whether a module names ``os.environ`` or ``os.getenv``."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
        for node in ast.walk(ast.parse(path.read_text()))
    )
