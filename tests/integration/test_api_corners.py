"""Bodies at the corners of every limit: none answers 5xx, and none is accepted and then stuck."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from studio.api.http.messages import Route
from studio.api.routes import all_routes
from tests.support.builders import a_picture, unique
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.corners import Values, near, of_name
from tests.support.mock_aws.endings import Endings, account
from tests.support.mock_aws.routes import PREFIXES, UNKNOWN, fill, name_of

WITH_BODY = [route for route in all_routes() if route.body is not None]
EXAMPLES = 6
BUILTIN = {"provider": {"id": "builtin"}}
PICTURE = {"base64": b64encode(a_picture()).decode()}
# Fetching from these fails at once and without a lookup.
ADDRESSES = ("https://127.0.0.1/a.png", "https://10.0.0.1/", "http://localhost:1/", "https://xn--/")
SOURCES = [PICTURE, *({"url": url} for url in ADDRESSES)]
JOBS: list[dict[str, Any]] = [
    {"operation": "generate", "prompt": "a fox", "size": "64x64", **BUILTIN},
    {"operation": "edit.general", "prompt": "blur", "sources": [PICTURE], **BUILTIN},
    {"operation": "render", "sources": [PICTURE]},
]
UNREACHABLE = JOBS[1] | {"sources": [{"url": ADDRESSES[0]}]}
SIZES = st.sampled_from(["64x64", "64x128"])
# Members whose largest values take long: what they hold is not less strange, only less.
SMALL: dict[str, Values] = {
    "size": SIZES,
    "width": st.just(64),
    "height": st.just(64),
    "aspect_ratio": st.sampled_from(["9999:1", "1:9999"]),
    "variations": st.sampled_from([1, 2]),
    "items": st.lists(
        st.fixed_dictionaries(
            {"prompt": st.sampled_from(["a", "\u200b", "0"])}, optional={"size": SIZES}
        ),
        min_size=1,
        max_size=2,
    ),
    "sources": st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2),
    "mask": st.sampled_from(SOURCES),
    "output": st.fixed_dictionaries(
        {},
        optional={
            "format": st.sampled_from(["webp", "png", "jpg"]),
            "quality": st.sampled_from([1, 100]),
        },
    ),
}
few = settings(
    max_examples=EXAMPLES,
    # To shrink a body takes minutes, because each one is run to its end.
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def endings(clients: None) -> Iterator[Endings]:
    with account() as found:
        yield found


@pytest.mark.parametrize("route", WITH_BODY, ids=name_of)
@settings(few, max_examples=15)
@given(data=st.data())
def test_a_body_within_the_limits_is_no_failure(
    api: Api, route: Route, data: st.DataObject
) -> None:
    body = data.draw(of_name(cast("str", route.body)))
    path = fill(route, {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()})
    text = json.dumps(body, ensure_ascii=False)
    headers = {"idempotency-key": "k", "if-match": "*"}
    answer = api.request(route.method, path, text=text, headers=headers)
    assert answer.status < 500, (text[:2_000], answer.text)


def job_bodies() -> Values:
    return st.sampled_from(JOBS).flatmap(lambda base: near(base, "JobBody", small=SMALL))


@few
@example(body=UNREACHABLE, again={})
@given(body=st.deferred(job_bodies), again=st.deferred(lambda: of_name("RedriveBody")))
def test_an_accepted_job_and_its_redrive_come_to_an_end(
    endings: Endings, body: dict[str, Any], again: dict[str, Any]
) -> None:
    answer = endings.post("/v1/jobs", body)
    if answer.status == 202:
        job = endings.job(answer.document["id"])
        if endings.post(f"/v1/jobs/{job['id']}/redrive", again).status == 202:
            endings.job(job["id"])


TABLES = st.sampled_from(
    [
        "prompt,size,provider\na,64x64,builtin\nb,9x9,builtin\n",
        "prompt,guidance,size\na,0E-500000,64x64\na,0.5,64x64\n",
        "prompt,source_url,operation\na,https://xn--/,edit.general\na,https://127.0.0.1/,edit.general\n",
        "prompt\n\u200b\n",
        "\x00",
    ]
)


@few
@given(
    table=st.deferred(
        lambda: near(
            {"csv": ""}, "BatchImportBody", small={"defaults": job_bodies(), "csv": TABLES}
        )
    ),
    csv=TABLES,
    submit=st.deferred(lambda: of_name("SubmitBody")),
)
def test_an_accepted_table_and_its_batch_come_to_an_end(
    endings: Endings, table: dict[str, Any], csv: str, submit: dict[str, Any]
) -> None:
    answer = endings.post("/v1/batch-imports", table if table["csv"] else table | {"csv": csv})
    if answer.status == 202:
        value = endings.batch_import(answer.document["id"])
        answer = endings.post(f"/v1/batch-imports/{value['id']}/submit", submit)
        if answer.status == 202:
            endings.batch(answer.document)


@few
@given(
    body=st.deferred(
        lambda: near({"rate": "1 day"}, "ScheduleBody", small={"changes": job_bodies()})
    ),
    recipe=st.sampled_from(JOBS[:1]),
)
def test_an_accepted_schedule_has_an_outcome_for_each_run(
    endings: Endings, body: dict[str, Any], recipe: dict[str, Any]
) -> None:
    name = unique("corner")
    api = endings.api
    assert api.request("PUT", f"/v1/recipes/{name}", body={"job": recipe}).status == 201
    body = body if body.get("import_id") else {**body, "recipe_id": name}
    answer = api.request("PUT", f"/v1/schedules/{name}", body=body)
    assert answer.status < 500, (body, answer.text)
    if answer.status == 201:
        endings.schedule(name)
        answer = endings.post(f"/v1/schedules/{name}/run", {})
        if answer.status == 202:
            endings.run(answer.document, name)


FILE = {"filename": "a.png", "media_type": "image/png", "bytes": 100, "folder": "SKU-1"}


@few
@given(
    body=st.deferred(lambda: near(FILE, "UploadBody", small={})),
    data=st.sampled_from([a_picture(), a_picture()[:99], b"", b"prompt\na\n", b"GIF89a"]),
)
def test_an_accepted_upload_is_registered_or_refused(
    endings: Endings, body: dict[str, Any], data: bytes
) -> None:
    answer = endings.post("/v1/uploads", body)
    if answer.status == 201:
        endings.upload(answer.document, data)


SEEN_IN = {
    "job succeeded": test_an_accepted_job_and_its_redrive_come_to_an_end,
    "job failed": test_an_accepted_job_and_its_redrive_come_to_an_end,
    "import validated": test_an_accepted_table_and_its_batch_come_to_an_end,
    "batch": test_an_accepted_table_and_its_batch_come_to_an_end,
    "run": test_an_accepted_schedule_has_an_outcome_for_each_run,
    "upload": test_an_accepted_upload_is_registered_or_refused,
}


def test_the_corners_that_are_accepted_are_enough(endings: Endings) -> None:
    """The tests before this one say nothing if nearly all of their bodies are refused.

    Another process may have run them; then they run here.
    """
    for kind, test in SEEN_IN.items():
        if not endings.has_seen(kind):
            test(endings)
        assert endings.has_seen(kind), endings.seen
