"""The table of subjects: which route answers a method and a path, and what is loaded for it."""

import re
import subprocess
import sys

import pytest

from studio.api.http.errors import MethodNotAllowedError
from studio.api.http.messages import Route
from studio.api.routes import all_routes, find_route
from studio.errors import NotFoundError
from tests.support.mock_aws.stack import ROOT


@pytest.mark.parametrize(
    ("path", "route", "params"),
    [
        ("/health", "/health", {}),
        ("/v1/jobs", "/v1/jobs", {}),
        ("/v1/jobs/x", "/v1/jobs/{job_id}", {"job_id": "x"}),
        ("/v1/jobs/x/items/1", "/v1/jobs/{job_id}/items/{item}", {"job_id": "x", "item": "1"}),
        ("/v1/folders/ä b%#", "/v1/folders/{sku}", {"sku": "ä b%#"}),
        ("/v1/assets/x/renditions", "/v1/assets/{asset_id}/renditions", {"asset_id": "x"}),
        ("/v1/templates/search", "/v1/templates/search", {}),
        ("/v1/templates/summer", "/v1/templates/{template_id}", {"template_id": "summer"}),
        ("/v1/batch-imports/template.csv", "/v1/batch-imports/template.csv", {}),
        (
            "/v1/batch-imports/template-csv",
            "/v1/batch-imports/{import_id}",
            {"import_id": "template-csv"},
        ),
    ],
)
def test_a_path_is_matched_part_by_part(path: str, route: str, params: dict[str, str]) -> None:
    found, parts = find_route("GET", path)

    assert (found.path, parts) == (route, params)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "/v1",
        "/v1/",
        "/v1/health",
        "/jobs",
        "/v1/jobs/",
        "/v1//jobs",
        "/v1/jobs/x/y",
        "/v1/jobs/x/items/",
        "/v1/openapi-json",
        "/v2/jobs",
        "v1/jobs",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_path_is_not_found(method: str, path: str) -> None:
    with pytest.raises(NotFoundError, match="there is nothing at this path"):
        find_route(method, path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/jobs", ["POST", "GET", "HEAD"]),
        ("HEAD", "/v1/estimates", ["POST"]),
        ("OPTIONS", "/health", ["GET", "HEAD"]),
        ("GET", "/v1/jobs/x/cancel", ["POST"]),
        ("POST", "/v1/folders/x/rule", ["GET", "HEAD", "PUT", "DELETE"]),
    ],
)
def test_a_method_that_a_path_lacks_is_refused(method: str, path: str, allowed: list[str]) -> None:
    with pytest.raises(MethodNotAllowedError) as refused:
        find_route(method, path)

    assert list(refused.value.allowed) == allowed


@pytest.mark.parametrize("route", all_routes(), ids=lambda one: f"{one.method} {one.path}")
def test_every_route_is_found_by_its_own_path(route: Route) -> None:
    found, params = find_route(route.method, re.sub(r"\{(\w+)\}", r"a-\1", route.path))

    assert found is route
    assert params == {name: f"a-{name}" for name in re.findall(r"\{(\w+)\}", route.path)}


def test_a_subject_is_loaded_when_a_path_of_it_is_first_requested() -> None:
    code = """
import sys
from studio.api.routes import find_route

def loaded():
    names = (name.removeprefix("studio.api.") for name in sys.modules)
    return sorted({name.partition(".")[0] for name in names if name.endswith("routes")})

print(loaded())
find_route("GET", "/v1/folders")
print(loaded())
"""
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.splitlines() == ["['routes']", "['folders', 'routes']"]
