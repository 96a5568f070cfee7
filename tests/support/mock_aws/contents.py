"""Contents over the API."""

from typing import Any

from tests.support.mock_aws.api_client import Api, ApiResponse, Document, based_on

FEATURED = {"type": "featured", "prompt": "a fox at night"}


def in_article(position: int, prompt: str | None = None, **members: Any) -> Document:
    """Return the body of an in-article image."""
    text = prompt or f"a den, view {position}"
    return {"type": "in_article", "position": position, "prompt": text, **members}


def saved(api: Api, *images: Document, tenant: str = "acme", **members: Any) -> Document:
    """Save a content and return it."""
    body = {"title": "Foxes", **members, "images": list(images)}
    answer = api.post("/v1/contents", body, key=None, tenant=tenant)
    assert answer.status == 201, answer.text
    assert answer.headers["location"] == f"/v1/contents/{answer.document['id']}"
    return answer.document


def five(api: Api, **members: Any) -> Document:
    """Save a content with a featured and five in-article images, all pending."""
    return saved(api, FEATURED, *(in_article(number) for number in range(1, 6)), **members)


def path_of(content: Document, image: int | None = None) -> str:
    """Return the path of a content, or of one of its images by its place."""
    path = f"/v1/contents/{content['id']}"
    return path if image is None else f"{path}/images/{content['images'][image]['id']}"


def change(api: Api, path: str, **members: Any) -> ApiResponse:
    """Change what is at a path, based on what is there now."""
    return api.request("PATCH", path, body=members, headers=based_on(api.get(path)))


def start(api: Api, content: Document, key: str = "key-1", **body: Any) -> ApiResponse:
    """Start a run of a content."""
    return api.post(f"{path_of(content)}/jobs", body, key=key)


def items_of(api: Api, job: Document) -> list[Document]:
    """Return the images of a job."""
    found: list[Document] = api.get(f"/v1/jobs/{job['id']}/items").document["data"]
    return found
