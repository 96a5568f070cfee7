"""A template of a tenant over the API."""

from typing import Any

from tests.support.mock_aws.api_client import Api, ApiResponse

PATH = "/v1/templates/our-posts"
SETTINGS = {
    "description": "For the spring.", "category": "story", "platform": "instagram",
    "format_id": "ig_story", "style": ["flat light"], "avoid": ["props"],
    "keywords": ["spring"], "provider": "runware", "quality": "premium",
}  # fmt: skip
JOB = {"operation": "generate", "prompt": "a red fox"}


def save(api: Api, path: str = PATH, **options: Any) -> ApiResponse:
    """Save the template, or another one with ``body`` or ``path``."""
    body = options.pop("body", {"title": "Our posts", **SETTINGS})
    return api.request("PUT", path, body=body, **options)
