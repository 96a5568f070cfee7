"""Every route of the API, with a request that it takes."""

import re

from studio.api.http.messages import Route
from studio.api.routes import all_routes

ORDER = {"operation": "generate", "prompt": "a", "variations": 2, "provider": {"id": "openai"}}
TABLE = "prompt,size\na,1024x1024\nb,9x9\n"
BODIES = {
    "/v1/batch-imports": {"csv": TABLE},
    "/v1/jobs": ORDER,
    "/v1/estimates": {"jobs": [ORDER]},
    "/v1/recipes/{recipe_id}": {"job": ORDER},
    "/v1/personas/{persona_id}": {"mood": "calm"},
    "/v1/templates/{template_id}": {"category": "post"},
    "/v1/prompts/enhance": {"prompt": "a fox", "persona_id": "our-brand"},
    "/v1/webhooks": {"url": "http://localhost:8000/hook", "events": ["job.*"]},
    "/v1/webhooks/{webhook_id}": {"active": True},
    "/v1/schedules/{schedule_id}": {"recipe_id": "saved", "rate": "1 hour"},
    "/v1/assets/{asset_id}/renditions": {"width": 100},
    "/v1/uploads": {"filename": "a.jpg", "media_type": "image/jpeg", "bytes": 5},
    "/v1/contents": {"title": "Foxes"},
    "/v1/contents/{content_id}": {"title": "Foxes"},
    "/v1/contents/{content_id}/images": {"type": "in_article", "position": 5},
    "/v1/contents/{content_id}/images/{image_id}": {"alt_text": "A fox"},
    "/v1/contents/{content_id}/jobs": {},
    "/v1/folders/{sku}": {"title": "Shoes"},
    "/v1/folders/{sku}/rule": {"recipe_id": "saved"},
    "/v1/prompt-groups": {"title": "Blog"},
    "/v1/prompt-groups/active": {"group_id": None},
    "/v1/prompt-groups/{group_id}": {"title": "Shop"},
    "/v1/prompt-groups/{group_id}/templates": {"template": "{image_prompt}"},
    "/v1/prompt-templates/{prompt_template_id}": {"template": "{image_prompt}"},
    "/v1/prompts/image-template": {"template": "{image_prompt}"},
    "/v1/prompts/negative": {"negative_prompt": "text"},
    "/v1/prompts/render": {"image_prompt": "a fox"},
    "/v1/settings": {"quality": "draft"},
    "/v1/settings/image-generation": {"image_format": "png"},
    "/v1/settings/account": {"defaults": {"quality": "draft"}},
    "/v1/settings/providers": {"disabled": ["wavespeed"]},
    "/v1/integrations/{provider_id}": {"api_key": "a-key-of-openai"},
}
QUERIES = {"/v1/templates/search": "q=sale", "/v1/templates/recommendations": "use=sale"}
UNKNOWN = "01KGA2Y3Z4M5N6P7Q8R9S0T1V2"
PREFIXES = {
    "job_id": "job",
    "asset_id": "ast",
    "webhook_id": "whk",
    "delivery_id": "dlv",
    "import_id": "imp",
    "batch_id": "bat",
    "upload_id": "upl",
    "download_id": "dwn",
    "content_id": "cnt",
    "image_id": "img",
    "group_id": "pgr",
    "prompt_template_id": "ptm",
}

PRIVATE = [route for route in all_routes() if not route.public]
NAMED = (
    "{job_id}",
    "{asset_id}",
    "{webhook_id}",
    "{import_id}",
    "{batch_id}",
    "{download_id}",
    "{content_id}",
    "{group_id}",
    "{prompt_template_id}",
)
Ids = dict[str, str]
OF_ONE = [route for route in PRIVATE if any(name in route.path for name in NAMED)]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def fill(route: Route, ids: Ids) -> str:
    return route.path.format(**values_of(route, ids))


def values_of(route: Route, ids: Ids) -> dict[str, str]:
    """Return the variable parts of a route's path by name."""
    known = {"item": "1", "operation_id": "generate", "provider_id": "openai", "code": "busy"}
    named = {"recipe_id": "saved", "schedule_id": "hourly", "sku": "SKU-1"}
    named["persona_id"] = "our-brand"
    named["template_id"] = "our-posts"
    known |= {"platform_id": "instagram", "format_id": "ig_story"}
    every = {**named, **known, **ids}
    return {name: every[name] for name in re.findall(r"\{(\w+)\}", route.path)}
