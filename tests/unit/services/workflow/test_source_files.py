"""Which pictures of ours a model takes as they lie."""

from dataclasses import replace

import pytest

from studio.domain.catalogue.limits import SourceRules
from studio.domain.catalogue.orderable import resolve_model
from studio.domain.jobs.image_spec import SourceRef
from studio.services.orders.body import MAX_SIDE, MAX_SOURCES
from studio.services.workflow.source_files import fits, source_rules
from tests.support.builders import TODAY, a_spec

RULES = SourceRules(max=1, media_types=("image/png",), max_bytes=100, max_side=64)
FITTING = SourceRef("ast_1", None, "assets/acme/ast_1/image.png", "image/png", 100, 64, 10)


def test_an_image_at_every_limit_fits() -> None:
    assert fits(FITTING, RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "image/avif"},
        {"bytes": 101},
        {"width": 65},
        {"height": 65},
        {"bytes": None},
        {"width": None},
        {"media_type": None},
    ],
)
def test_an_image_beyond_any_limit_does_not(change: dict[str, str | int | None]) -> None:
    assert not fits(replace(FITTING, **change), RULES)  # type: ignore[arg-type]


@pytest.mark.parametrize("provider", ["builtin", "openai", "runware"])
def test_four_sources_of_any_model_fit_into_one_call(provider: str) -> None:
    model, _ = resolve_model(provider, None, day=TODAY)
    rules = source_rules(a_spec(provider=provider, model=model.id))
    assert rules.max == model.sources.max <= MAX_SOURCES
    assert 0 < rules.max_bytes <= model.sources.max_bytes
    assert MAX_SOURCES * rules.max_bytes <= 48 * 1024 * 1024
    assert rules.max_side is not None
    assert rules.max_side <= min(model.sources.max_side or MAX_SIDE, MAX_SIDE)


def test_a_side_without_a_limit_may_be_any() -> None:
    assert fits(replace(FITTING, width=9_000), replace(RULES, max_side=None))


@pytest.mark.parametrize("operation", ["render", "social.optimize"])
def test_what_is_passed_on_is_the_original_at_any_size(operation: str) -> None:
    spec = a_spec(provider="builtin", model="files-1", operation=operation)
    large = replace(FITTING, width=9_504, height=6_336, bytes=60 * 1024 * 1024)

    assert fits(large, source_rules(spec))
    assert not fits(large, source_rules(replace(spec, operation="edit.general", model="classic-1")))
