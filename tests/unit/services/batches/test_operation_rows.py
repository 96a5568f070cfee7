"""Each operation as a row of a table: checked, submitted, and made a job by the batch."""

from collections.abc import Mapping

import pytest

from studio.domain.batches.members import MEMBERS
from studio.domain.jobs.model import Item, Job
from studio.domain.operations.table import OPERATIONS
from studio.domain.recipes.model import Recipe
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.workflows.batches import BatchStudio, memory_batches

PHOTO, MASK = "https://example.com/photo.jpg", "https://example.com/mask.png"
OTHER, SPEECH = "https://example.com/other.jpg", "https://example.com/speech.mp3"
# A row of each operation, with every input that it has.
ROWS: Mapping[str, Mapping[str, str]] = {
    "generate": {
        "prompt": "a red mug", "source": PHOTO, "strength": "0,5",
        "style_preset": "cinematic", "variations": "2.0", "label": "hero", "size": "1024 x 1024",
        "provider": "stability",
    },
    "edit.remove_background": {"source": PHOTO, "format": "png", "provider": "builtin"},
    "edit.inpaint": {
        "prompt": "a plain label", "source": PHOTO, "mask": MASK, "grow_mask": "5.0",
        "style_preset": "photographic", "provider": "stability",
    },
    "edit.outpaint": {
        "source": PHOTO, "left": "100", "right": "1.200", "up": "0", "down": "50", "prompt": "sand",
        "creativity": "0,5", "style_preset": "photographic", "provider": "stability",
    },
    "edit.search_replace": {
        "prompt": "a cup", "source": PHOTO, "search_prompt": "the mug", "grow_mask": "3",
        "style_preset": "photographic", "provider": "stability",
    },
    "edit.search_recolor": {
        "prompt": "blue", "source": PHOTO, "search_prompt": "the mug", "grow_mask": "3",
        "style_preset": "photographic", "provider": "stability",
    },
    "edit.replace_background_relight": {
        "prompt": "a beach", "source": PHOTO, "background": OTHER, "lighting": OTHER,
        "foreground_prompt": "a mug", "light_direction": "left", "light_strength": "30%",
        "preserve_subject": "0.6", "background_depth": "0.5", "keep_background": "FALSCH",
        "provider": "stability",
    },
    "edit.general": {
        "prompt": "make it winter", "source": f"{PHOTO}; {OTHER}", "mask": MASK,
        "style_preset": "anime",
        "provider": "openai",
    },
    "upscale.fast": {"source": PHOTO, "preset": "web", "provider": "builtin"},
    "upscale.conservative": {
        "source": PHOTO, "preset": "print", "creativity": "0.35", "prompt": "a mug",
        "provider": "stability",
    },
    "upscale.creative": {
        "source": PHOTO, "preset": "social", "creativity": "0.3", "style_preset": "photographic",
        "prompt": "a mug", "provider": "stability",
    },
    "control.sketch": {
        "prompt": "a castle", "source": PHOTO, "control_strength": "70%", "style_preset": "anime",
        "provider": "stability",
    },
    "control.structure": {
        "prompt": "a castle", "source": PHOTO, "control_strength": "0.7", "style_preset": "anime",
        "provider": "stability",
    },
    "control.style": {
        "prompt": "a castle", "source": PHOTO, "control_strength": "0.7", "style_preset": "anime",
        "aspect_ratio": "16:09", "provider": "stability",
    },
    "control.style_transfer": {
        "source": PHOTO, "style_image": OTHER, "control_strength": "0.7", "prompt": "a castle",
        "composition_fidelity": "0.9", "change_strength": "0.9", "provider": "stability",
    },
    "transform.image_to_video": {
        "prompt": "waves", "source": PHOTO, "audio": SPEECH, "duration": "5.0",
        "resolution": "720p", "motion_preset": "zoom-in", "provider": "wavespeed",
    },
    "transform.avatar": {
        "source": PHOTO, "audio": SPEECH, "resolution": "720p", "prompt": "a calm room",
        "provider": "wavespeed",
    },
    "transform.image_to_3d": {
        "source": PHOTO, "texture_resolution": "1024.0", "foreground_ratio": "0,85",
        "remesh": "quad", "vertex_count": "-1", "provider": "stability",
    },
    "social.optimize": {
        "source": PHOTO, "formats": "essentials;;ig_reel_cover,", "safe_zones": "TRUE",
        "contact_sheet": "ja", "provider": "builtin",
    },
    "render": {
        "source": PHOTO, "size": "640x480", "format": "webp", "output_quality": "90%", "fit": "pad",
        "background_color": "#ffffff", "max_bytes": "500,000", "provider": "builtin",
        "renditions": "mobile=640x960; 1200x",
    },
}  # fmt: skip
ROLES = {"source": "image"}
# Inputs that no model takes: they are left out with a warning.
LEFT_OUT = {"edit.general": {"style_preset"}}


def table(rows: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table with the columns that its rows need."""
    columns = [name for name in MEMBERS if any(name in row for row in rows.values())]
    lines = [
        [operation, *(f'"{row.get(name, "")}"' for name in columns)]
        for operation, row in rows.items()
    ]
    return "\n".join(",".join(line) for line in [["operation", *columns], *lines])


def made(studio: BatchStudio, text: str) -> list[tuple[Job, tuple[Item, ...]]]:
    """Check a table, run its batch up to the jobs, and return the jobs with their images."""
    value = studio.checked(text)
    assert [(error.row, error.column, error.detail) for error in value.errors] == []
    batch = studio.submit(value)
    jobs = []
    for row in range(2, value.totals.rows + 2):
        step = studio.step(batch, row)
        assert (step["outcome"], row) == ("started", row)
        jobs.append(studio.base.raw.jobs.load(TENANT, step["job_id"]))
    return jobs


def test_there_is_a_row_of_each_operation_with_every_input_and_file() -> None:
    assert ROWS.keys() == OPERATIONS.keys()
    for operation in OPERATIONS.values():
        row = ROWS[operation.id]
        files = {ROLES.get(name, name) for name in row if MEMBERS[name].kind in ("file", "files")}
        assert operation.options.keys() <= row.keys(), operation.id
        assert {role for role, need in operation.files.items() if need == "required"} <= files


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_is_a_row(operation: str) -> None:
    studio = memory_batches()
    row = ROWS[operation]

    ((_, items),) = made(studio, table({operation: row}))

    spec = items[0].spec
    assert (spec.operation, spec.provider) == (operation, row["provider"])
    for name in row:
        if MEMBERS[name].kind in ("file", "files"):
            urls = [one.url for one in spec.sources if one.role == ROLES.get(name, name)]
            assert urls == row[name].split("; "), name
    assert (
        dict(spec.options).keys() | LEFT_OUT.get(operation, set())
        == OPERATIONS[operation].options.keys()
    )


def test_all_operations_are_rows_of_one_table() -> None:
    jobs = made(memory_batches(), table(ROWS))

    assert [items[0].spec.operation for _, items in jobs] == list(OPERATIONS)


def test_a_label_is_that_of_each_image_and_labels_are_those_of_the_job() -> None:
    studio = memory_batches()
    text = 'prompt,Label,labels,variations\nfox,hero shot,"campaign=spring;sku=7",2\n'

    ((job, items),) = made(studio, text)

    assert [item.spec.label for item in items] == ["hero shot", "hero shot"]
    assert dict(job.labels) == {"campaign": "spring", "sku": "7"}


@pytest.mark.parametrize("kind", ["url", "asset_id"])
def test_a_file_of_a_row_replaces_that_of_its_recipe_and_of_the_defaults(kind: str) -> None:
    studio = memory_batches()
    held = {"url": OTHER, "asset_id": "ast_01KB9S4C5QXR0T8W2YH6M3N7PZ"}[kind]
    body = {
        "operation": "edit.inpaint", "prompt": "a label", "provider": {"id": "stability"},
        "sources": [{"url": PHOTO}], "mask": {kind: held},
    }  # fmt: skip
    studio.recipes.put(Recipe(TENANT, "label", 0, None, body, START, START, "user-1"), None)

    by_recipe = studio.checked(f"recipe_id,mask\nlabel,{MASK}\n")
    by_defaults = studio.checked(f"mask\n{MASK}\n", defaults=body)

    assert [value.errors for value in (by_recipe, by_defaults)] == [(), ()]
