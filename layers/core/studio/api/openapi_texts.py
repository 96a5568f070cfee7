"""Words of the contract: tags, parameters, statuses and headers."""

from typing import Any, get_args

from studio.api.http.pagination import DEFAULT_LIMIT, MAX_LIMIT
from studio.api.jobs.responses import Level
from studio.domain.contents.model import SlotStatus
from studio.domain.contents.names import CONTENT_ID, SLOT_ID
from studio.domain.jobs.model import JobStatus
from studio.domain.operations.model import OperationId
from studio.domain.platforms.model import PlatformId
from studio.domain.templates.model import Category
from studio.ids import FOLDER_NAME, RECIPE_ID, TEMPLATE_ID

Schema = dict[str, Any]

TAGS: dict[str, tuple[str, str]] = {
    "jobs": ("Jobs", "Orders of images, their progress, logs and money"),
    "estimates": ("Jobs", ""),
    "assets": ("Assets", "Finished files, and other files made of them"),
    "uploads": ("Uploads", "Files of your own"),
    "folders": ("Folders", "Sources and results of a product, and its rule for new images"),
    "contents": ("Contents", "Articles, the images that they need, and the jobs that make these"),
    "content-images": ("Contents", ""),
    "batch-imports": ("Batches", "Tables of job bodies, and the jobs that they start"),
    "batches": ("Batches", ""),
    "schedules": ("Schedules", "Jobs and batches that run at a time or repeatedly"),
    "recipes": ("Recipes", "Saved job bodies in versions"),
    "personas": ("Personas", "The words of a brand, and what they add to a prompt"),
    "prompts": ("Prompts", "Groups of versioned templates, and the prompts that they make"),
    "prompt-groups": ("Prompts", ""),
    "prompt-templates": ("Prompts", ""),
    "settings": ("Settings", "What you and your account have stored as defaults and policies"),
    "integrations": ("Integrations", "Your own keys of providers"),
    "templates": ("Templates", "Settings for a purpose"),
    "downloads": ("Downloads", "Archives of many files"),
    "webhooks": ("Webhooks", "Signed events for your own services"),
    "operations": ("Catalogue", "What the studio can do: operations, providers and platforms"),
    "providers": ("Catalogue", ""),
    "platforms": ("Catalogue", ""),
    "health": ("Service", "The service itself"),
    "me": ("Service", ""),
    "openapi.json": ("Service", ""),
    "problems": ("Service", ""),
}
"""Tag of the routes below a path, with its description where it is first named."""

QUERY: dict[str, tuple[str, Schema]] = {
    "limit": (
        "Entries of a page",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "cursor": ("Where the page before ended, from its next_cursor", {"type": "string"}),
    "status": (
        "Only these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": list(get_args(JobStatus))}},
    ),
    "operation": (
        "Only of these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": list(get_args(OperationId))}},
    ),
    "batch_id": (
        "Only of this batch",
        {"type": "string", "pattern": "^bat_[0-9A-HJKMNP-TV-Z]{26}$"},
    ),
    "folder": ("Only of this folder", {"type": "string", "pattern": FOLDER_NAME.pattern}),
    "label": (
        "Only with one of these labels: name:value, or name for any value; may be repeated",
        {"type": "array", "items": {"type": "string", "minLength": 1}},
    ),
    "created_after": (
        "Only what was made at this time or later",
        {"type": "string", "format": "date-time"},
    ),
    "created_before": ("Only what was made earlier", {"type": "string", "format": "date-time"}),
    "external_ref": ("Only those with this name of the caller's own", {"type": "string"}),
    "image_id": (
        "Only these images; may be repeated",
        {"type": "array", "items": {"type": "string"}},
    ),
    "force": (
        "With the images that are not pending",
        {"type": "string", "enum": ["1"]},
    ),
    "level": (
        "Only these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": list(get_args(Level))}},
    ),
    "after": ("Only what came later than this", {"type": "string", "format": "date-time"}),
    "rendition": (
        "Another file of it: thumbnail, original (as the provider signed it), or a rendition",
        {"type": "string"},
    ),
    "version": ("An older version", {"type": "integer", "minimum": 1}),
    "platform": (
        "Only of these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": list(get_args(PlatformId))}},
    ),
    "category": (
        "Only of these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": list(get_args(Category))}},
    ),
    "aspect_ratio": (
        "Only these, such as 16:9; may be repeated",
        {"type": "array", "items": {"type": "string"}},
    ),
    "q": ("What to look for, in words", {"type": "string", "maxLength": 2000}),
    "use": (
        "What the image is for: a category, or words",
        {"type": "string", "maxLength": 2000},
    ),
    "prompt": ("What the image is to show", {"type": "string", "maxLength": 2000}),
    "download": ("Have the browser save the file", {"type": "string", "enum": ["1"]}),
}
"""Query parameters by name: what each one means, and its schema."""

# A parameter that means something else on one route, by the route's endpoint.
QUERY_OF: dict[tuple[str, str], tuple[str, Schema]] = {
    ("list_contents", "status"): (
        "Only those with an image in this state",
        {"type": "string", "enum": list(get_args(SlotStatus))},
    ),
    ("list_rows", "status"): ("Only these", {"type": "string", "enum": ["valid", "faulty"]}),
    ("list_uploads", "status"): (
        "Only the refused files",
        {"type": "string", "enum": ["quarantined"]},
    ),
    ("recommend_templates", "platform"): (
        "Where the image is shown",
        {"type": "string", "enum": list(get_args(PlatformId))},
    ),
}
PATH: dict[str, Schema] = {
    "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "job_id": {"type": "string", "pattern": "^job_[0-9A-HJKMNP-TV-Z]{26}$"},
    "asset_id": {"type": "string", "pattern": "^ast_[0-9A-HJKMNP-TV-Z]{26}$"},
    "item": {"type": "integer", "minimum": 1},
    "recipe_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "persona_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "template_id": {"type": "string", "pattern": TEMPLATE_ID.pattern},
    "schedule_id": {"type": "string", "pattern": RECIPE_ID.pattern},
    "upload_id": {"type": "string", "pattern": "^upl_[0-9A-HJKMNP-TV-Z]{26}$"},
    "group_id": {"type": "string", "pattern": "^pgr_[0-9A-HJKMNP-TV-Z]{26}$"},
    "prompt_template_id": {"type": "string", "pattern": "^ptm_[0-9A-HJKMNP-TV-Z]{52}$"},
    "sku": {"type": "string", "pattern": FOLDER_NAME.pattern},
    "webhook_id": {"type": "string", "pattern": "^whk_[0-9A-HJKMNP-TV-Z]{26}$"},
    "delivery_id": {"type": "string", "pattern": "^dlv_[0-9A-HJKMNP-TV-Z]{26}$"},
    "import_id": {"type": "string", "pattern": "^imp_[0-9A-HJKMNP-TV-Z]{26}$"},
    "download_id": {"type": "string", "pattern": "^dwn_[0-9A-HJKMNP-TV-Z]{26}$"},
    "content_id": {"type": "string", "pattern": CONTENT_ID.pattern},
    "image_id": {"type": "string", "pattern": SLOT_ID.pattern},
    "batch_id": {"type": "string", "pattern": "^bat_[0-9A-HJKMNP-TV-Z]{26}$"},
    "operation_id": {"type": "string", "enum": list(get_args(OperationId))},
    "provider_id": {"type": "string"},
    "platform_id": {"type": "string", "enum": list(get_args(PlatformId))},
    "format_id": {"type": "string"},
}
STATUS_TEXT: dict[int, str] = {
    200: "Done",
    201: "Made",
    204: "Done, and nothing to say",
    202: "Accepted: come back to Location after Retry-After seconds",
    302: "The file is at Location",
    304: "What If-None-Match names is still current",
}

HEADERS: dict[str, str] = {
    "ETag": "Version of the answer, for If-None-Match and, where the route takes it, If-Match",
    "Location": "Where the object is",
    "Retry-After": "Seconds to wait before the next request",
    "WWW-Authenticate": "Bearer, with the reason if the gateway refused the token",
    "Link": "The next page, as rel=next",
    "Cache-Control": "Who may keep the answer, and for how long",
}
"""Headers of answers by name."""
