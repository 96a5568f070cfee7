"""The table of queues that the web console's rules are tested with as well."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.domain.contents.names import slot_id
from studio.domain.contents.queue import queue_of
from studio.domain.settings.model import ImageGenerationSettings
from tests import support
from tests.support.contents import a_slot, an_article

CASES = json.loads((Path(support.__path__[0]) / "queue_cases.json").read_bytes())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_queue_of_a_run_is_that_of_the_table(case: dict[str, Any]) -> None:
    article = replace(an_article(), slots=tuple(a_slot(**slot) for slot in case["slots"]))
    name = article.content.content_id
    wanted = None if case["wanted"] is None else [slot_id(name, one) for one in case["wanted"]]

    queue = queue_of(
        replace(ImageGenerationSettings(), **case["settings"]),
        [article],
        wanted,
        force=case["force"],
    )

    made = [[item.slot.number, list(item.ref.devices)] for item in queue.items]
    assert made == case["items"]
    assert [[one.slot.number, one.reason] for one in queue.excluded] == case["excluded"]
