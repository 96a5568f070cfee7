"""request_of: what the provider of an item is asked."""

from dataclasses import replace

import pytest

from studio.domain.jobs.image_spec import FallbackRecord
from studio.services.workflow.provider_request import request_of
from tests.support.builders import a_job, an_item

TAKEN_OVER = FallbackRecord("openai", "gpt-image-1.5", "it was busy", 2)


@pytest.mark.parametrize(
    ("seed_generated", "attempt", "replaced", "marks"),
    [
        (True, 1, None, True),
        (True, 2, None, False),
        (True, 3, TAKEN_OVER, True),
        (True, 4, TAKEN_OVER, False),
        (False, 1, None, False),
    ],
)
def test_only_the_first_call_with_a_seed_of_the_studio_is_marked_by_it(
    seed_generated: bool, attempt: int, replaced: FallbackRecord | None, marks: bool
) -> None:
    item = an_item(a_job(), attempt=attempt)
    spec = replace(item.spec, seed=7, seed_generated=seed_generated, replaced=replaced)
    assert request_of(replace(item, spec=spec)).seed_generated is marks
