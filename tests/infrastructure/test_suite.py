"""The rules of the test suite: a test module imports no other test module."""

import ast
from collections.abc import Iterator

from tests.support.mock_aws.stack import ROOT


def imported(source: str) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def of_test_modules(source: str) -> list[str]:
    """Return the imports of a module that lead into a test module."""
    return [
        name for name in imported(source) if name.startswith(("tests.", ".")) and ".test_" in name
    ]


def test_no_module_imports_a_test_module() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    found = {str(path.relative_to(ROOT)): of_test_modules(path.read_text()) for path in files}

    assert len(found) > 300
    assert {path: names for path, names in found.items() if names} == {}


def test_an_import_of_a_test_module_would_be_seen() -> None:
    whole = "from tests.e2e.test_generate import check_ledger"
    module = "from tests.e2e import test_generate as main_job"

    assert of_test_modules(whole) == ["tests.e2e.test_generate.check_ledger"]
    assert of_test_modules(module) == ["tests.e2e.test_generate"]
    assert of_test_modules("from tests.support.local_aws.ledger import check_ledger") == []
