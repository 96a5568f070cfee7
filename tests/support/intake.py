"""The intake of orders with a recipe, a persona, a template and an image of the tenant."""

from typing import Any

import pytest

from studio.domain.orders.plan import Plan
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import JobRequest
from studio.domain.recipes.model import Recipe
from studio.domain.uploads.model import Upload
from studio.errors import FieldError, InvalidRequestError
from studio.services.orders.intake import JobRequestIntake
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.edges import START, FakeBlobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.fakes.stores import FakeAssetStore, Memory

BODY = {"operation": "generate", "prompt": "a"}
OWN = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V1"
UNKNOWN = "ast_01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
UPLOAD = Upload(
    TENANT, "upl_01KGA2Y3Z4M5N6P7Q8R9S0T1V3", "k", "SKU-1", "a.png", "image/png", 9, START,
    asset_id=OWN,
)  # fmt: skip


class IntakeBench:
    """The intake on stores in memory."""

    def __init__(self) -> None:
        self.memory = memory = Memory()
        self.asset = an_asset(an_item(a_job(), asset_id=OWN))
        memory.assets[TENANT, OWN] = self.asset
        self.blobs = FakeBlobStore()
        recipes = FakeRecipeStore()
        saved = {**BODY, "size": "64x64", "output": {"format": "png", "quality": 70}}
        recipes.put(Recipe(TENANT, "small", 0, None, saved, START, START, "ann"), None)
        personas = FakeRecipeStore()
        words = {"style": ["matte colours"]}
        personas.put(Recipe(TENANT, "our-brand", 0, None, words, START, START, "ann"), None)
        templates = FakeRecipeStore()
        settings = {
            "category": "post", "width": 1080, "height": 1350, "style": ["flat light"],
            "provider": "openai", "quality": "premium",
        }  # fmt: skip
        templates.put(Recipe(TENANT, "our-posts", 0, None, settings, START, START, "ann"), None)
        self.intake = JobRequestIntake(
            recipes.get,
            personas.get,
            templates.get,
            FakeAssetStore(memory),
            lambda: self.blobs,
            ("builtin",),
            lambda: START,
        )

    def plan(self, document: dict[str, Any]) -> Plan:
        """Return the plan of a body's order."""
        return plan_job(self.take(document))

    def take(self, document: dict[str, Any], tenant: str = TENANT, **known: Any) -> JobRequest:
        """Return the order of a body."""
        return self.intake.job_request(
            tenant, document, created_by="ann", seed_source="key", **known
        )


def refused(
    intake: IntakeBench, document: dict[str, Any], tenant: str = TENANT
) -> tuple[FieldError, ...]:
    """Check that a body is refused and nothing is kept; return the errors of its fields."""
    with pytest.raises(InvalidRequestError) as caught:
        intake.take(document, tenant)
    assert intake.blobs.blobs == {}
    return caught.value.fields
