"""SaveRecipe: recipes whose runs bring the files, and what is checked all the same."""

from typing import Any

import pytest

from studio.domain.operations.table import OPERATIONS
from studio.errors import InvalidRequestError
from studio.services.recipes.save_recipe import SavedRecipe, SaveRecipe
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.jobs import FakeJobStore
from tests.support.fakes.recipes import FakeRecipeStore
from tests.support.intake import OWN, IntakeBench

_INPUTS: dict[str, dict[str, Any]] = {
    "edit.outpaint": {"left": 64},
    "edit.search_replace": {"search_prompt": "the cup"},
    "edit.search_recolor": {"search_prompt": "the cup"},
}
_PROVIDERS = {
    "edit.search_replace": "stability",
    "transform.image_to_video": "wavespeed",
    "transform.avatar": "wavespeed",
    "transform.image_to_3d": "stability",
}
_NEEDING = [name for name, one in OPERATIONS.items() if "required" in one.files.values()]


def _body(name: str) -> dict[str, Any]:
    """Return an order of an operation without any file."""
    prompted = OPERATIONS[name].prompt == "required"
    return {
        "operation": name,
        **({"prompt": "a red cup"} if prompted else {}),
        **({"input": _INPUTS[name]} if name in _INPUTS else {}),
        **({"output": {"formats": ["essentials"]}} if name == "social.optimize" else {}),
        **({"provider": {"id": _PROVIDERS[name]}} if name in _PROVIDERS else {}),
    }


@pytest.fixture
def bench() -> IntakeBench:
    return IntakeBench()


def _save(bench: IntakeBench, body: dict[str, Any]) -> SavedRecipe:
    service = SaveRecipe(FakeRecipeStore(), FakeJobStore(bench.memory), bench.intake, lambda: START)
    return service.run(
        TENANT, "cut-out", title=None, job=body, from_job_id=None, saved_by="ann", replaces=None
    )


def _pointers(error: InvalidRequestError) -> list[tuple[str, str]]:
    return [(field.pointer, field.code) for field in error.fields]


@pytest.mark.parametrize("name", _NEEDING)
def test_a_recipe_is_saved_without_the_files_that_its_runs_bring(
    bench: IntakeBench, name: str
) -> None:
    body = _body(name)
    assert _save(bench, body).recipe.body == body
    items: dict[str, Any] = {"operation": name, "items": [{"prompt": "a"}, {"prompt": "b"}]}
    if OPERATIONS[name].prompt == "required":
        rest: dict[str, Any] = {
            member: body[member] for member in ("input", "provider") if member in body
        }
        assert _save(bench, {**items, **rest}).recipe.version == 1


@pytest.mark.parametrize("name", _NEEDING)
def test_a_run_without_the_files_is_refused_at_their_fields(bench: IntakeBench, name: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        bench.plan(_body(name))
    needed = [role for role, need in OPERATIONS[name].files.items() if need == "required"]
    fields = ["sources" if role == "image" else role for role in needed]
    assert _pointers(caught.value) == [(f"/{field}", "required") for field in fields]


def test_a_file_that_decides_may_come_with_the_run(bench: IntakeBench) -> None:
    relight = {"operation": "edit.replace_background_relight", "provider": {"id": "builtin"}}
    assert _save(bench, relight).warnings == ()
    _save(bench, relight | {"background": {"asset_id": OWN}})


def test_a_recipe_may_bring_some_of_its_files(bench: IntakeBench) -> None:
    inpaint = {"operation": "edit.inpaint", "prompt": "a cup", "provider": {"id": "builtin"}}
    for given in ({"sources": [{"asset_id": OWN}]}, {"mask": {"asset_id": OWN}}):
        assert _save(bench, inpaint | given).warnings == ()


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"operation": "edit.inpaint"}, "/job/prompt", "required"),
        ({"operation": "edit.outpaint"}, "/job/input", "required"),
        ({"operation": "edit.outpaint", "input": {"left": 9000}}, "/job/input/left",
         "out-of-range"),
        ({"operation": "edit.remove_background", "mask": {"url": "https://x.test/m.png"}},
         "/job/mask", "not-taken"),
        ({"operation": "social.optimize"}, "/job/output/formats", "required"),
        ({"operation": "render", "sources": [{"base64": "YQ=="}]}, "/job/sources/0/base64",
         "not-allowed"),
        ({"operation": "upscale.fast", "provider": {"id": "builtin"}, "size": "5x5"}, "/job/size",
         "string-pattern-mismatch"),
    ],
)  # fmt: skip
def test_everything_else_of_a_recipe_is_checked(
    bench: IntakeBench, body: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        _save(bench, body)
    assert _pointers(caught.value) == [(pointer, code)]
