"""The local console: pages and headers, the API behind it, and the code that signs in once."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from studio_cli.console_headers import page_headers
from studio_cli.console_server import ConsoleServer, ServedConsole
from studio_cli.console_session import OneTimeCodes
from studio_cli.files import write_private
from studio_cli.profiles import LOCAL, Profile
from tests.support.cli.stand_in import ScriptedResponse, StandIn
from tests.support.mock_aws.stack import ROOT

PAGE = "<!doctype html><title>Image Studio</title>"
TOKENS = {"AuthenticationResult": {"IdToken": "id", "AccessToken": "a", "RefreshToken": "r"}}


@pytest.fixture
def codes(project: Path, api: StandIn) -> OneTimeCodes:
    folder = project / ".local"
    write_private(folder / "demo-user.json", {"username": "demo", "password": "x"})
    profile = Profile(
        LOCAL, api.url, "us-east-1", "pool", "cli", "/keys", "bucket", api.url, "console"
    )
    return OneTimeCodes(folder, profile)


@pytest.fixture
def console(tmp_path: Path, api: StandIn, codes: OneTimeCodes) -> Iterator[httpx.Client]:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(PAGE)
    (dist / "assets" / "main.js").write_text("let a = 1;")
    (tmp_path / "secret.txt").write_text("outside")
    profile = Profile(
        LOCAL, api.url, "us-east-1", "pool", "cli", "/keys", "bucket", api.url, "console"
    )
    served = ServedConsole(dist, profile, page_headers(ROOT / "template.yaml", api.url), codes)
    server = ConsoleServer(0, served)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()
    server.api.close()


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/job_1?queue", "/en/workspace/SKU-1"])
def test_every_page_is_the_index_with_the_headers_of_the_template(
    console: httpx.Client, api: StandIn, path: str
) -> None:
    page = console.get(path)

    assert page.text == PAGE
    assert page.headers["cache-control"] == "no-cache"
    policy = page.headers["content-security-policy"]
    assert f"img-src 'self' blob: {api.url};" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "${" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"


def test_files_are_packed_and_kept_for_a_year(console: httpx.Client) -> None:
    with console.stream("GET", "/assets/main.js") as file:
        packed = b"".join(file.iter_raw())

    assert gzip.decompress(packed) == b"let a = 1;"
    assert file.headers["content-type"] in ("text/javascript", "application/javascript")
    assert "immutable" in file.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/gone.js", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt"]
)
def test_no_file_outside_of_the_console_is_sent(console: httpx.Client, path: str) -> None:
    request = console.build_request("GET", path)
    request.url = request.url.copy_with(raw_path=path.encode())

    answer = console.send(request)

    assert answer.status_code == 404
    assert "outside" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example:8080"}, {"Origin": "http://evil.example"}]
)
def test_another_host_or_origin_is_refused(
    console: httpx.Client, api: StandIn, headers: dict[str, str]
) -> None:
    assert console.get("/v1/me", headers=headers).status_code == 421
    assert api.requests == []


def test_the_api_answers_through_the_console_unchanged(console: httpx.Client, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse({"code": "no-room"}, status=402))

    answer = console.post(
        "/v1/jobs", json={"prompt": "a fox"}, headers={"Authorization": "Bearer t"}
    )

    assert (answer.status_code, answer.json()) == (402, {"code": "no-room"})
    assert "content-security-policy" not in answer.headers
    (request,) = api.requests
    assert request.document == {"prompt": "a fox"}
    assert request.headers["authorization"] == "Bearer t"


def test_the_configuration_names_the_console_s_own_client(
    console: httpx.Client, api: StandIn
) -> None:
    assert console.get("/config.json").json() == {
        "sign_in": "password",
        "client_id": "console",
        "cognito_url": f"{api.url}/",
        "login_url": "",
    }


def test_a_code_signs_in_once(console: httpx.Client, api: StandIn, codes: OneTimeCodes) -> None:
    api.on("POST", "/", ScriptedResponse(TOKENS))
    code = codes.new()

    wrong = console.post("/local/session", json={"code": "x" * len(code)})
    first = console.post("/local/session", json={"code": code})
    second = console.post("/local/session", json={"code": code})

    assert wrong.status_code == second.status_code == 403
    assert first.json() == {"id_token": "id", "refresh_token": "r"}
    assert first.headers["cache-control"] == "no-store"
    assert len(api.requests) == 1
    assert b'"ClientId": "console"' in api.requests[0].body


def test_an_old_code_does_not_sign_in(
    console: httpx.Client, project: Path, codes: OneTimeCodes
) -> None:
    code = codes.new()
    path = project / ".local" / "console-code.json"
    path.write_text(json.dumps({"code": code, "expires_at": time.time() - 1}))

    assert console.post("/local/session", json={"code": code}).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"code": 1}', b"\xff"])
def test_a_body_without_a_code_does_not_sign_in(console: httpx.Client, body: bytes) -> None:
    assert console.post("/local/session", content=body).status_code == 403
