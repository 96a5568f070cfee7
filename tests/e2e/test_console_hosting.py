"""The console as CloudFront of the local AWS serves it: files, headers, and the API beside them.

The data plane knows a distribution by the Host header, and takes a request for https if
``X-Forwarded-Proto`` says so. It neither caches nor compresses.
The local AWS answers ``/health`` itself under every host, so that path does not come to the API.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from studio_cli.console_headers import page_headers
from studio_cli.ops_console import config_of, put_console
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import REGION, ROOT, Stack

pytestmark = pytest.mark.local_aws

DIST = ROOT / "web" / "dist"
SCRIPT = next(path for path in sorted((DIST / "assets").iterdir()) if path.suffix == ".js")


@pytest.fixture(scope="module")
def uploaded(stack: Stack) -> dict[str, str]:
    """The outputs of the stack, after the console was uploaded to its bucket."""
    put_console(
        stack.client("s3"),
        stack.outputs["ConsoleBucketName"],
        DIST,
        config_of(stack.outputs, REGION),
    )
    return stack.outputs


@pytest.fixture(scope="module")
def edge(stack: Stack, uploaded: dict[str, str]) -> Iterator[httpx.Client]:
    """A client whose requests reach the distribution of the console by https."""
    host = urlsplit(uploaded["ConsoleUrl"]).hostname
    headers = {"host": str(host), "x-forwarded-proto": "https"}
    with httpx.Client(
        base_url=stack.endpoint, headers=headers, timeout=40, trust_env=False
    ) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/job_01?queue", "/en/settings/webhooks/x"])
def test_a_page_of_the_console_is_the_index(edge: httpx.Client, path: str) -> None:
    answer = edge.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html"
    assert answer.content == (DIST / "index.html").read_bytes()
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/none.js", "/missing.png"])
def test_a_missing_file_is_no_page(edge: httpx.Client, path: str) -> None:
    answer = edge.get(path)

    # Without the right to list, S3 does not tell whether a file exists.
    assert answer.status_code == 403
    assert b"<html" not in answer.content.lower()


def test_a_file_is_kept_for_a_year_and_the_configuration_is_asked_for_again(
    edge: httpx.Client, uploaded: dict[str, str]
) -> None:
    script = edge.get(f"/assets/{SCRIPT.name}")
    config = edge.get("/config.json")

    assert script.content == SCRIPT.read_bytes()
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"].endswith("javascript")
    assert config.headers["cache-control"] == "no-cache"
    assert config.json()["client_id"] == uploaded["ConsoleClientId"]


@pytest.mark.parametrize("path", ["/", "/jobs", f"/assets/{SCRIPT.name}", "/config.json"])
def test_pages_and_files_carry_the_headers_of_the_template(
    edge: httpx.Client, stack: Stack, path: str
) -> None:
    answer = edge.get(path)

    wanted = page_headers(ROOT / "template.yaml", stack.endpoint)
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert "max-age=63072000" in answer.headers["strict-transport-security"]


def test_the_bucket_answers_the_distribution_alone(stack: Stack, uploaded: dict[str, str]) -> None:
    bucket = uploaded["ConsoleBucketName"]
    for name in ("index.html", "config.json", f"assets/{SCRIPT.name}"):
        answer = httpx.get(f"{stack.endpoint}/{bucket}/{name}", trust_env=False)
        assert answer.status_code == 403, name


def test_plain_http_is_led_to_https_and_never_reaches_the_api(
    edge: httpx.Client, uploaded: dict[str, str]
) -> None:
    plain = {"x-forwarded-proto": "http"}

    page = edge.get("/jobs", headers=plain)
    assert page.status_code in {301, 307, 308}
    assert page.headers["location"] == f"{uploaded['ConsoleUrl']}/jobs"
    for path in ("/v1/me", "/problems/not-found"):
        assert edge.get(path, headers=plain).status_code == 403


def test_the_api_passes_through_unchanged(edge: httpx.Client, acme: Caller) -> None:
    bearer = {"authorization": f"Bearer {acme.token}"}

    refused = edge.get("/v1/me")
    assert (refused.status_code, refused.json()) == (401, {"message": "Unauthorized"})
    found = edge.get("/v1/me", headers=bearer)
    assert (found.status_code, found.json()) == (200, acme.get("/v1/me").json())
    same = edge.get("/v1/me", headers={**bearer, "if-none-match": found.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    missing = edge.get("/v1/jobs/job_none", headers=bearer)
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" not in missing.headers


def test_orders_and_queries_pass_through_with_their_headers(
    edge: httpx.Client, acme: Caller
) -> None:
    headers = {"authorization": f"Bearer {acme.token}", "idempotency-key": "from-the-edge-1"}
    body = {"operation": "generate", "prompt": "a kite"}

    first = edge.post("/v1/jobs", json=body, headers=headers)
    again = edge.post("/v1/jobs", json=body, headers=headers)

    assert first.status_code == 202
    assert again.json()["id"] == first.json()["id"]
    acme.finish(first.json()["id"])
    listed = edge.get("/v1/jobs?status=succeeded&status=failed&limit=1", headers=headers)
    assert [len(listed.json()["data"])] == [1]


def test_the_documents_of_problems_come_from_the_api(edge: httpx.Client, acme: Caller) -> None:
    document = edge.get("/problems/not-found")

    assert document.status_code == 200
    assert document.json() == acme.get("/problems/not-found").json()
