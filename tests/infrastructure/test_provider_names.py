"""The rules of the studio know providers by the catalogue alone, never by name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from tests.support.mock_aws.stack import ROOT

STUDIO = ROOT / "layers" / "core" / "studio"
FILES = sorted([*(STUDIO / "domain").rglob("*.py"), *(STUDIO / "services").rglob("*.py")])


def catalogue_names() -> set[str]:
    """Return the ids of every provider and of every model, retired ones included."""
    cards = [provider_card(provider) for provider in provider_ids()]
    models = {model for card in cards for model in (*card.models, *card.retired)}
    return models | set(provider_ids())


def texts(source: str) -> Iterator[str]:
    """Yield every string of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named(source: str) -> set[str]:
    """Return the providers and models that a module's strings are equal to."""
    return set(texts(source)) & catalogue_names()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(STUDIO)))
def test_the_domain_and_the_services_name_no_provider(path: Path) -> None:
    assert named(path.read_text()) == set()


def test_a_named_provider_or_model_would_be_seen() -> None:
    assert named('own = candidate("builtin", None)') == {"builtin"}
    assert named('if spec.model == "files-1": pass') == {"files-1"}
