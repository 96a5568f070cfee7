"""Bodies of jobs with one wrong field each, and the problem that names it."""

from typing import Any

GOOD = {"operation": "generate", "prompt": "A paper boat on a pond"}
DEAR = {**GOOD, "provider": {"id": "openai"}}


def items(*entries: object) -> dict[str, object]:
    """Return the body of a job with one image for each entry."""
    return {"operation": "generate", "items": list(entries)}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a body that lacks a member."""
    return {key: value for key, value in body.items() if key != name}


FIELDS: list[tuple[str, dict[str, Any], str, str]] = [
    # name, body, problem code, pointer
    ("no operation", without(GOOD, "operation"), "validation-failed", "/operation"),
    (
        "other operation",
        GOOD | {"operation": "transform.avatar"},
        "operation-unsupported",
        "/operation",
    ),
    ("operation of wrong type", GOOD | {"operation": 5}, "operation-unsupported", "/operation"),
    ("unknown field", GOOD | {"colour": "red"}, "validation-failed", "/colour"),
    ("field to escape", GOOD | {"a/b~c": 1}, "validation-failed", "/a~1b~0c"),
    ("no prompt", without(GOOD, "prompt"), "validation-failed", "/prompt"),
    ("empty prompt", GOOD | {"prompt": ""}, "validation-failed", "/prompt"),
    ("blank prompt", GOOD | {"prompt": " \t\n"}, "validation-failed", "/prompt"),
    ("prompt of wrong type", GOOD | {"prompt": ["a"]}, "validation-failed", "/prompt"),
    ("prompt too long", GOOD | {"prompt": "x" * 32_001}, "validation-failed", "/prompt"),
    ("too long for the model", GOOD | {"prompt": "x" * 4_001}, "validation-failed", "/prompt"),
    ("0 variations", GOOD | {"variations": 0}, "validation-failed", "/variations"),
    ("11 variations", GOOD | {"variations": 11}, "validation-failed", "/variations"),
    ("variations as text", GOOD | {"variations": "3"}, "validation-failed", "/variations"),
    ("variations as float", GOOD | {"variations": 3.0}, "validation-failed", "/variations"),
    ("variations as bool", GOOD | {"variations": True}, "validation-failed", "/variations"),
    ("no items", items(), "validation-failed", "/items"),
    ("51 items", items(*[{"prompt": "a"}] * 51), "validation-failed", "/items"),
    ("items of wrong type", GOOD | {"items": "a"}, "validation-failed", "/items"),
    ("item of wrong type", items("a"), "validation-failed", "/items/0"),
    *(
        (
            f"source at {url}",
            GOOD | {"sources": [{"url": "https://example.org/a.jpg"}, {"url": url}]},
            "validation-failed",
            "/sources/1/url",
        )
        for url in ("notaurl", "ftp://example.org/a.jpg", "https://", "https://[", "//a.test/b")
    ),
    ("prompt and items", GOOD | {"items": [{"prompt": "a"}]}, "validation-failed", "/items"),
    (
        "variations of items",
        items({"prompt": "a"}) | {"variations": 2},
        "validation-failed",
        "/variations",
    ),
    (
        "empty prompt of an item",
        items({"prompt": "a"}, {"prompt": ""}),
        "validation-failed",
        "/items/1/prompt",
    ),
    (
        "unknown field of an item",
        items({"prompt": "a", "width": 64}),
        "validation-failed",
        "/items/0/width",
    ),
    (
        "label too long",
        items({"prompt": "a", "label": "x" * 121}),
        "validation-failed",
        "/items/0/label",
    ),
    (
        "type too long",
        items({"prompt": "a", "type": "x" * 41}),
        "validation-failed",
        "/items/0/type",
    ),
    (
        "title too long",
        items({"prompt": "a", "title": "x" * 301}),
        "validation-failed",
        "/items/0/title",
    ),
    (
        "position below 0",
        items({"prompt": "a", "position": -1}),
        "validation-failed",
        "/items/0/position",
    ),
    (
        "item too long for the model",
        items({}, {"prompt": "x" * 4_001}),
        "validation-failed",
        "/items/1/prompt",
    ),
    ("size that is none", GOOD | {"size": "big"}, "validation-failed", "/size"),
    ("size too small", GOOD | {"size": "63x64"}, "validation-failed", "/size"),
    ("size too large", GOOD | {"size": "64x4097"}, "validation-failed", "/size"),
    (
        "size of an item",
        items({"prompt": "a", "size": "0x0"}),
        "validation-failed",
        "/items/0/size",
    ),
    ("width alone", GOOD | {"width": 512}, "validation-failed", "/height"),
    ("height alone", GOOD | {"height": 512}, "validation-failed", "/width"),
    ("width too small", GOOD | {"width": 63, "height": 64}, "validation-failed", "/width"),
    (
        "size and sides",
        GOOD | {"size": "64x64", "width": 64, "height": 64},
        "validation-failed",
        "/width",
    ),
    (
        "size and ratio",
        GOOD | {"size": "64x64", "aspect_ratio": "1:1"},
        "validation-failed",
        "/aspect_ratio",
    ),
    ("ratio that is none", GOOD | {"aspect_ratio": "16/9"}, "validation-failed", "/aspect_ratio"),
    ("ratio too long", GOOD | {"aspect_ratio": "300:1"}, "validation-failed", "/aspect_ratio"),
    ("size the model lacks", DEAR | {"size": "4096x64"}, "validation-failed", "/size"),
    ("sides the model lacks", DEAR | {"width": 4096, "height": 64}, "validation-failed", "/width"),
    ("ratio the model lacks", DEAR | {"aspect_ratio": "9:1"}, "validation-failed", "/aspect_ratio"),
    ("unknown provider", GOOD | {"provider": {"id": "acme"}}, "provider-unknown", "/provider/id"),
    (
        "unknown model",
        GOOD | {"provider": {"id": "openai", "model": "dall-e-9"}},
        "model-unknown",
        "/provider/model",
    ),
    (
        "unknown model, variations",
        GOOD | {"variations": 2, "provider": {"id": "openai", "model": "dall-e-9"}},
        "model-unknown",
        "/provider/model",
    ),
    (
        "manual without id",
        GOOD | {"provider": {"mode": "manual"}},
        "validation-failed",
        "/provider/id",
    ),
    ("model without id", GOOD | {"provider": {"model": "x"}}, "validation-failed", "/provider/id"),
    (
        "auto with id",
        GOOD | {"provider": {"mode": "auto", "id": "openai"}},
        "validation-failed",
        "/provider/mode",
    ),
    ("fallback", GOOD | {"provider": {"fallback": []}}, "validation-failed", "/provider/fallback"),
    ("unknown quality", GOOD | {"quality": "best"}, "validation-failed", "/quality"),
    ("unknown format", GOOD | {"output": {"format": "gif"}}, "validation-failed", "/output/format"),
    (
        "encoder quality 0",
        GOOD | {"output": {"quality": 0}},
        "validation-failed",
        "/output/quality",
    ),
    (
        "encoder quality 101",
        GOOD | {"output": {"quality": 101}},
        "validation-failed",
        "/output/quality",
    ),
    ("seed below 0", GOOD | {"seed": -1}, "validation-failed", "/seed"),
    ("seed above all", GOOD | {"seed": 4_294_967_295}, "validation-failed", "/seed"),
    (
        "last seed above all",
        GOOD | {"seed": 4_294_967_294, "variations": 2},
        "validation-failed",
        "/seed",
    ),
    ("0 steps", GOOD | {"steps": 0}, "validation-failed", "/steps"),
    (
        "steps above the model's",
        GOOD | {"steps": 101, "provider": {"id": "runware"}},
        "validation-failed",
        "/steps",
    ),
    ("guidance as word", GOOD | {"guidance": "strong"}, "validation-failed", "/guidance"),
    ("guidance infinite", GOOD | {"guidance": "Infinity"}, "validation-failed", "/guidance"),
    ("guidance below 0", GOOD | {"guidance": -0.5}, "validation-failed", "/guidance"),
    ("max_cost as number", GOOD | {"max_cost": 0.5}, "validation-failed", "/max_cost"),
    ("max_cost as word", GOOD | {"max_cost": "lots"}, "validation-failed", "/max_cost"),
    ("max_cost below 0", GOOD | {"max_cost": "-1"}, "validation-failed", "/max_cost"),
    ("max_cost too fine", GOOD | {"max_cost": "0.0000001"}, "validation-failed", "/max_cost"),
    ("max_cost beyond numbers", GOOD | {"max_cost": "9" * 40}, "validation-failed", "/max_cost"),
    ("max_cost in other digits", GOOD | {"max_cost": "\u0661"}, "validation-failed", "/max_cost"),
    ("max_cost below the estimate", DEAR | {"max_cost": "0.01"}, "max-cost-exceeded", "/max_cost"),
    ("name too long", GOOD | {"name": "x" * 201}, "validation-failed", "/name"),
    ("labels of wrong type", GOOD | {"labels": ["a"]}, "validation-failed", "/labels"),
    (
        "11 labels",
        GOOD | {"labels": {str(n): "" for n in range(11)}},
        "validation-failed",
        "/labels",
    ),
    ("label without key", GOOD | {"labels": {"": "x"}}, "validation-failed", "/labels/"),
    ("label of wrong type", GOOD | {"labels": {"a": 1}}, "validation-failed", "/labels/a"),
]
