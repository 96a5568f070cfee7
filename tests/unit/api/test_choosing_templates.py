"""Walking over templates: a tenant may have more than are read at once."""

from studio.api.templates.choosing import all_templates, walk
from studio.domain.recipes.model import Recipe
from studio.domain.templates.builtin import builtin_templates
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.recipes import FakeRecipeStore

NAMES = [f"own-{number:03}" for number in range(230)]


def store() -> FakeRecipeStore:
    kept = FakeRecipeStore()
    for name in NAMES:
        kept.put(Recipe(TENANT, name, 0, None, {"category": "post"}, START, START, "ann"), None)
    return kept


def walked(after: str | None) -> list[str]:
    return [template.template_id for template, _ in walk(store(), TENANT, after)]


def test_all_of_a_tenants_own_come_before_the_studios() -> None:
    studio = list(builtin_templates())
    assert walked(None) == [*NAMES, *studio]
    assert walked("own-150") == [*NAMES[151:], *studio]
    assert walked(NAMES[-1]) == studio
    assert walked(studio[3]) == studio[4:]
    assert walked(studio[-1]) == []


def test_what_is_ranked_is_the_first_hundred_and_all_of_the_studios() -> None:
    known = all_templates(store(), TENANT)
    names = [template.template_id for template in known]
    assert names == [*NAMES[:100], *builtin_templates()]
    assert [saved is None for saved in known.values()] == [False] * 100 + [True] * 60
