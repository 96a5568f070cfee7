"""source_type_of: which digital source type a picture has."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.catalogue.catalogue import own_provider, provider_card
from studio.domain.catalogue.entries import process_of
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.provenance import source_type_of
from tests.support.builders import a_spec

PHOTO = SourceRef(asset_id="ast_1")
GENERATED = replace(PHOTO, source_type="trainedAlgorithmicMedia")


@pytest.mark.parametrize(
    ("provider", "model", "process"),
    [
        ("openai", "gpt-image-2", "generative"),
        ("builtin", "preview-1", "algorithmic"),
        ("builtin", "classic-1", "algorithmic"),
        ("builtin", "files-1", "passthrough"),
        ("builtin", "no-longer-there", "generative"),
        ("no-longer-there", "preview-1", "generative"),
    ],
)
def test_the_catalogue_says_how_a_model_makes_its_result(
    provider: str, model: str, process: str
) -> None:
    assert process_of(provider, model) == process


def test_the_studios_own_provider_makes_files_without_a_change_of_the_image() -> None:
    models = provider_card(own_provider()).models.values()
    passes_on = [model for model in models if model.process == "passthrough"]
    assert {name for model in passes_on for name in model.operations} == {
        "social.optimize",
        "render",
    }


@pytest.mark.parametrize(
    ("model", "changes", "term"),
    [
        ("preview-1", {}, "algorithmicMedia"),
        ("preview-1", {"sources": (PHOTO,)}, "algorithmicallyEnhanced"),
        ("preview-1", {"sources": (GENERATED,)}, "trainedAlgorithmicMedia"),
        ("files-1", {"sources": (PHOTO,)}, None),
        ("files-1", {"sources": (GENERATED,)}, "trainedAlgorithmicMedia"),
    ],
)
def test_a_classical_operation_keeps_the_term_of_its_source(
    model: str, changes: dict[str, Any], term: str | None
) -> None:
    assert source_type_of(a_spec(provider="builtin", model=model, **changes)) == term
