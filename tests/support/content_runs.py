"""The service that starts runs of contents, on the ports of a studio."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from studio.domain.settings.model import (
    IMAGE_GENERATION,
    IMAGE_TEMPLATE,
    ImageGenerationSettings,
    SavedSettings,
)
from studio.services.contents.read_run_settings import ReadRunSettings
from studio.services.contents.start_run import StartRun
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from studio.services.prompts.resolve_prompts import ResolvePrompts
from tests.support.builders import TENANT
from tests.support.fakes.edges import START, FakeKeyRegister
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.settings import FakeSettingsStore
from tests.support.intake import IntakeBench
from tests.support.workflows.jobs import Studio

TEMPLATE = "{image_prompt}, {image_type}"


def stored_settings(**changes: Any) -> FakeSettingsStore:
    """Return a store with settings of the tenant; the model has not ended."""
    settings = ImageGenerationSettings(**{"model": "gpt-image-2", **changes})
    document = settings.as_document()
    saved = SavedSettings(TENANT, IMAGE_GENERATION, 1, document, START, "user-1")
    return FakeSettingsStore({(TENANT, IMAGE_GENERATION): saved})


def start_run(
    studio: Studio,
    settings: FakeSettingsStore | None = None,
    template: str = TEMPLATE,
    without_key: Collection[str] = (),
) -> StartRun:
    """Return the service; ``without_key`` are providers that have none."""
    intake = replace(IntakeBench().intake, keys=FakeKeyRegister(without_key))
    ports, store = studio.ports, settings or stored_settings()
    words = SavedSettings(TENANT, IMAGE_TEMPLATE, 1, {"template": template}, START, "user-1")
    store.documents[TENANT, IMAGE_TEMPLATE] = words
    return StartRun(
        contents=ports.contents,
        settings=ReadRunSettings(ResolvePrompts(store, FakeRecipeStore())),
        intake=intake,
        create_job=CreateJob(
            ports.jobs, ports.workflow, studio.clock, studio.monthly_limit, lambda job: job.job_id
        ),
        now=studio.clock,
    )


def run_key(key: str = "run-1", body: str = "body-1") -> KeyUse:
    """Return the use of a key for a run."""
    return KeyUse("POST /v1/content-images/jobs user-1", key, body)
