"""RecipeStore: versions that never mean two things, changes that never overwrite each other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from studio.adapters.dynamodb.recipes import DynamoRecipeStore
from studio.domain.recipes.model import Kind, Recipe
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.recipes import RecipeStore
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.mock_aws.conflicting_dynamodb import dynamodb_of
from tests.support.mock_aws.stack import CATALOG, clients, mock_stack

BODY = {"operation": "generate", "prompt": "Über füchse", "output": {"quality": 80}}


@pytest.fixture(params=["memory", *(f"aws-{kind}" for kind in get_args(Kind)), "conflicts-recipe"])
def recipes(request: pytest.FixtureRequest) -> Iterator[RecipeStore]:
    if request.param == "memory":
        yield FakeRecipeStore()
        return
    with mock_stack():
        backend, _, kind = request.param.partition("-")
        client, retry = dynamodb_of(backend)
        yield DynamoRecipeStore(client, CATALOG, kind, retry)


def a_recipe(recipe_id: str = "on-white", tenant: str = TENANT) -> Recipe:
    return Recipe(tenant, recipe_id, 0, "On white", BODY, START, START, "user-1")


def test_a_recipe_is_read_as_it_was_written(recipes: RecipeStore) -> None:
    written = recipes.put(a_recipe(), None)
    assert written == replace(a_recipe(), version=1)
    assert recipes.get(TENANT, "on-white") == written
    untitled = recipes.put(replace(a_recipe("plain"), title=None), None)
    assert recipes.get(TENANT, "plain") == untitled


def test_each_change_of_a_recipe_is_a_version_that_stays(recipes: RecipeStore) -> None:
    first = recipes.put(a_recipe(), None)
    later = replace(first, body={"prompt": "b"}, updated_at=START + timedelta(hours=1))
    second = recipes.put(later, first.version)
    assert second.version == 2
    assert recipes.get(TENANT, "on-white") == second
    assert recipes.get(TENANT, "on-white", 1) == first
    with pytest.raises(NotFoundError):
        recipes.get(TENANT, "on-white", 3)


def test_a_recipe_that_changed_meanwhile_is_not_overwritten(recipes: RecipeStore) -> None:
    first = recipes.put(a_recipe(), None)
    second = recipes.put(first, first.version)
    for stale in (None, first.version, 3):
        with pytest.raises(PreconditionFailedError):
            recipes.put(replace(first, title="other"), stale)
    with pytest.raises(PreconditionFailedError):
        recipes.delete(TENANT, "on-white", first.version)
    assert recipes.get(TENANT, "on-white") == second


def test_a_deleted_recipe_is_gone_and_its_versions_count_on(recipes: RecipeStore) -> None:
    first = recipes.put(a_recipe(), None)
    recipes.delete(TENANT, "on-white", 1)
    with pytest.raises(NotFoundError):
        recipes.get(TENANT, "on-white")
    assert recipes.get(TENANT, "on-white", 1) == first
    assert list(recipes.page(TENANT, 10, None).recipes) == []
    with pytest.raises(PreconditionFailedError):
        recipes.delete(TENANT, "on-white", 1)
    with pytest.raises(PreconditionFailedError):
        recipes.put(first, 1)
    assert recipes.put(a_recipe(), None).version == 2


def test_a_recipe_that_never_was_cannot_be_replaced_or_deleted(recipes: RecipeStore) -> None:
    with pytest.raises(PreconditionFailedError):
        recipes.put(a_recipe(), 1)
    with pytest.raises(PreconditionFailedError):
        recipes.delete(TENANT, "on-white", 1)
    with pytest.raises(NotFoundError):
        recipes.get(TENANT, "on-white", 1)


@pytest.mark.parametrize("deleted_before", [False, True])
@pytest.mark.parametrize("deleted_again", [False, True])
def test_two_that_find_a_recipes_name_free_both_count_on_aws(
    deleted_before: bool, deleted_again: bool
) -> None:
    """On AWS alone: the fake cannot be caught between its read and its write."""
    with mock_stack():
        recipes = DynamoRecipeStore(clients().dynamodb, CATALOG)
        if deleted_before:
            recipes.put(a_recipe(), None)
            recipes.delete(TENANT, "on-white", 1)
        first = 2 if deleted_before else 1
        rivals = [replace(a_recipe(), title="rival")]

        def intrude(**_: object) -> None:
            if rivals:
                assert recipes.put(rivals.pop(), None).version == first
                if deleted_again:
                    recipes.delete(TENANT, "on-white", first)

        events = clients().dynamodb.meta.events
        events.register("after-call.dynamodb.GetItem", intrude)
        try:
            if deleted_again:
                assert recipes.put(a_recipe(), None).version == first + 1
            else:
                with pytest.raises(PreconditionFailedError):
                    recipes.put(a_recipe(), None)
        finally:
            events.unregister("after-call.dynamodb.GetItem", intrude)
        assert recipes.get(TENANT, "on-white", first).title == "rival"


def test_recipes_are_listed_by_name_without_those_of_others(recipes: RecipeStore) -> None:
    for name in ("d", "b", "a", "c", "e"):
        recipes.put(a_recipe(name), None)
    recipes.put(a_recipe("a", tenant="rival"), None)
    recipes.delete(TENANT, "b", 1)
    first = recipes.page(TENANT, 2, None)
    assert [recipe.recipe_id for recipe in first.recipes] == ["a", "c"]
    assert first.next_after == "c"
    rest = recipes.page(TENANT, 2, first.next_after)
    assert [recipe.recipe_id for recipe in rest.recipes] == ["d", "e"]
    assert rest.next_after is None


def test_recipes_are_listed_by_how_their_names_begin(recipes: RecipeStore) -> None:
    for name in ("a-1", "a-2", "a-3", "b-1"):
        recipes.put(a_recipe(name), None)
    first = recipes.page(TENANT, 2, None, prefix="a-")
    rest = recipes.page(TENANT, 2, first.next_after, prefix="a-")
    assert [recipe.recipe_id for recipe in first.recipes] == ["a-1", "a-2"]
    assert ([recipe.recipe_id for recipe in rest.recipes], rest.next_after) == (["a-3"], None)


def test_the_recipes_of_a_range_of_names_are_the_first_of_them(recipes: RecipeStore) -> None:
    for name in ("a", "b", "c-2", "c-1", "d"):
        recipes.put(a_recipe(name), None)
    recipes.put(a_recipe("b-2", tenant="rival"), None)
    recipes.delete(TENANT, "c-1", 1)
    found = recipes.between(TENANT, "b", "c-2", 9)
    assert [one.recipe_id for one in found] == ["b", "c-2"]
    assert [one.recipe_id for one in recipes.between(TENANT, "a", "d", 2)] == ["a", "b"]
    assert list(recipes.between(TENANT, "x", "y", 9)) == []


def test_the_versions_of_a_recipe_are_listed_newest_first(recipes: RecipeStore) -> None:
    saved = [recipes.put(a_recipe(), None)]
    for version in (1, 2):
        saved.append(recipes.put(replace(a_recipe(), title=str(version)), version))
    recipes.put(a_recipe("other"), None)
    assert list(recipes.versions(TENANT, "on-white", 2, None)) == [saved[2], saved[1]]
    assert list(recipes.versions(TENANT, "on-white", 2, 2)) == [saved[0]]
    assert list(recipes.versions("rival", "on-white", 2, None)) == []
    recipes.delete(TENANT, "on-white", 3)
    assert len(recipes.versions(TENANT, "on-white", 9, None)) == 3


def test_a_recipe_of_another_tenant_is_not_there(recipes: RecipeStore) -> None:
    recipes.put(a_recipe(), None)
    for version in (None, 1):
        with pytest.raises(NotFoundError):
            recipes.get("rival", "on-white", version)
    with pytest.raises(PreconditionFailedError):
        recipes.delete("rival", "on-white", 1)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_things_of_two_kinds_and_one_name_are_two_things_on_aws(kind: Kind) -> None:
    """On AWS alone: in memory each kind has a store of its own anyway."""
    with mock_stack():
        stores = {
            one: DynamoRecipeStore(clients().dynamodb, CATALOG, one) for one in get_args(Kind)
        }
        own = stores.pop(kind)
        first = own.put(a_recipe(), None)
        own.put(first, 1)
        for other in stores.values():
            for version in (None, 1):
                with pytest.raises(NotFoundError, match=other.kind):
                    other.get(TENANT, "on-white", version)
            assert list(other.page(TENANT, 10, None).recipes) == []
            assert other.put(replace(a_recipe(), title="other"), None).version == 1
        assert (own.get(TENANT, "on-white", 1), own.get(TENANT, "on-white").version) == (first, 2)
        with pytest.raises(PreconditionFailedError, match=f"the {kind} on-white"):
            own.delete(TENANT, "on-white", 1)
