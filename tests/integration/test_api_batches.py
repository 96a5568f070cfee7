"""Imports and batches over the API: dry run, files, submit, lists and what is refused."""

import csv
import io
from typing import Any

import pytest

from studio.adapters.clients import step_functions
from studio.domain.batches.members import MEMBERS
from tests.support.mock_aws.api_client import Api, executions
from tests.support.mock_aws.batch_imports import check, checked, end_batch, submitted
from tests.support.mock_aws.stack import BUCKET, CATALOG, RUN_BATCH_ARN, clients
from tests.support.tables import SIZE, table

UPLOAD = "upl_01KB9S4C5QXR0T8W2YH6M3N7PZ"


def test_an_import_is_accepted_checked_and_read(api: Api) -> None:
    answer = api.post(
        "/v1/batch-imports",
        {"csv": table("fox"), "name": "Mugs", "defaults": {"provider": {"id": "openai"}}},
    )
    assert (answer.status, answer.document["status"]) == (202, "validating")
    path = answer.headers["location"]
    assert api.get(f"{path}/rows").document["data"] == []
    assert api.post(f"{path}/submit", {}).code == "state-conflict"

    check(api)

    value = api.get(path).document
    assert (value["status"], value["name"], value["delimiter"]) == ("validated", "Mugs", ",")
    assert value["estimate"]["amount"] != "0.000000"
    assert [one["id"] for one in api.get("/v1/batch-imports").document["data"]] == [value["id"]]
    assert api.get(f"{path}/errors.csv").status == 404


def test_a_repeated_submit_starts_the_batch_that_the_first_did_not(api: Api) -> None:
    path = f"/v1/batch-imports/{checked(api, table('fox'))['id']}/submit"
    api.fail(step_functions(), "StartExecution", "ServiceUnavailable", times=1)
    first = api.post(path, {}, key="once")
    assert (first.status, executions(RUN_BATCH_ARN)) == (202, [])
    again = api.post(path, {}, key="once")
    assert (again.status, again.text) == (202, first.text)
    assert len(executions(RUN_BATCH_ARN)) == 1


@pytest.mark.parametrize("listed_first", [True, False])
def test_an_import_that_is_checked_no_more_is_invalid(api: Api, listed_first: bool) -> None:
    answer = api.post("/v1/batch-imports", {"csv": table("fox")})
    path = answer.headers["location"]
    clients().dynamodb.update_item(
        TableName=CATALOG,
        Key={"pk": {"S": "acme#IMPORTS"}, "sk": {"S": answer.document["id"]}},
        UpdateExpression="SET created_at = :long_ago",
        ExpressionAttributeValues={":long_ago": {"S": "2026-01-01T00:00:00.000Z"}},
    )
    if listed_first:
        (value,) = api.get("/v1/batch-imports").document["data"]
    else:
        value = api.get(path).document

    assert (value["status"], value["errors"][0]["code"]) == ("invalid", "check-failed")
    assert api.get(path).document == value


def test_rows_come_in_pages_and_by_status(api: Api) -> None:
    text = "prompt,size\n" + "".join(f"p{n},{SIZE if n % 3 else '9x9'}\n" for n in range(8))
    path = f"/v1/batch-imports/{checked(api, text)['id']}/rows"

    def read(query: str) -> list[int]:
        found: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = api.get(path, f"{query}&limit=2" + (f"&cursor={cursor}" if cursor else ""))
            found += [row["row"] for row in answer.document["data"]]
            cursor = answer.document["page"]["next_cursor"]
        return found

    assert read("status=faulty") == [2, 5, 8]
    assert read("status=valid") == [3, 4, 6, 7, 9]
    assert api.get(path, "status=odd").code == "malformed-request"
    assert api.get(path, "cursor=AAAA").code == "invalid-cursor"


def test_faulty_rows_are_behind_a_redirect(api: Api) -> None:
    value = checked(api, "prompt,size\n=cmd(),9x9\n")
    answer = api.get(value["links"]["errors"])
    assert answer.status == 302
    assert f"imports/acme/{value['id']}/errors.csv" in answer.headers["location"]


def test_the_template_is_a_table_that_can_be_imported(api: Api) -> None:
    answer = api.get("/v1/batch-imports/template.csv")
    assert answer.status == 200
    header, row = csv.reader(io.StringIO(answer.text, newline=""))
    assert len(header) == len(row)
    assert header == list(MEMBERS)
    assert checked(api, answer.text)["counts"] == {"rows": 1, "valid": 1, "faulty": 0, "images": 1}


def test_an_upload_is_named_by_its_id(api: Api) -> None:
    key = f"imports/acme/{UPLOAD}/mugs.csv"
    clients().s3.put_object(Bucket=BUCKET, Key=key, Body=table("fox").encode())

    answer = api.post("/v1/batch-imports", {"upload_id": UPLOAD})
    assert answer.status == 202
    check(api)
    assert api.get(answer.headers["location"]).document["counts"]["valid"] == 1
    rival = api.post("/v1/batch-imports", {"upload_id": UPLOAD}, tenant="rival")
    assert (rival.status, rival.pointers) == (422, ["/upload_id"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/csv"),
        ({"csv": "a", "upload_id": UPLOAD}, "/csv"),
        ({"csv": ""}, "/csv"),
        ({"csv": "a", "delimiter": "^"}, "/delimiter"),
        ({"csv": "a", "mapping": {"Text": "colour"}}, "/mapping/Text"),
        ({"csv": "a", "defaults": {"colour": "red"}}, "/defaults/colour"),
        ({"csv": "a", "defaults": {"prompt": "a" * 9_000}}, "/defaults"),
        ({"csv": "a", "defaults": {"sources": [{"base64": "AAAA"}]}}, "/defaults"),
        ({"csv": "a", "surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_import_names_its_field(api: Api, body: dict[str, Any], pointer: str) -> None:
    answer = api.post("/v1/batch-imports", body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert api.invoked == []


def test_a_mapping_to_no_column_names_the_nearest_one(api: Api) -> None:
    answer = api.post("/v1/batch-imports", {"csv": "a", "mapping": {"Text": "qualty"}})

    (error,) = answer.document["errors"]
    assert (error["pointer"], error["code"]) == ("/mapping/Text", "member-unknown")
    assert "did you mean quality?" in error["detail"]


def test_ignored_columns_are_answered_with_the_nearest_known_name(api: Api) -> None:
    table = f"Text,Quality level,note,Size\nfox,draft,x,{SIZE}\n"
    value = checked(api, table, mapping={"text": "PROMPT"})

    assert value["counts"]["valid"] == 1
    assert value["ignored_columns"] == ["Quality level", "note"]
    assert value["nearest_columns"] == {"Quality level": "quality"}
    assert value["mapping"] == {"text": "prompt"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_that_is_found_may_be_given(api: Api, delimiter: str) -> None:
    table = f"prompt{delimiter}size\nfox{delimiter}{SIZE}\n"

    assert checked(api, table, delimiter=delimiter)["counts"]["valid"] == 1


def test_the_encoding_of_a_table_is_answered(api: Api) -> None:
    value = checked(api, f"prompt,size\nKÃ¼che,{SIZE}\n")

    assert (value["encoding"], len(value["warnings"])) == ("utf-8", 1)
    assert "KÃ¼che" in value["warnings"][0]


def test_a_submit_is_one_batch_and_one_execution(api: Api) -> None:
    path = f"/v1/batch-imports/{checked(api, table('fox', 'owl'))['id']}/submit"
    body = {"name": "Mugs", "concurrency": 2, "notify": {"email": "ann@example.com"}}
    first = api.post(path, body)
    again = api.post(path, body)

    assert (first.status, again.status) == (202, 202)
    assert again.text == first.text
    assert again.headers["idempotency-replayed"] == "true"
    assert executions(RUN_BATCH_ARN) == [first.document["id"]]
    assert api.post(path, {**body, "concurrency": 1}).code == "idempotency-key-reused"
    assert api.post(path, body, key="other").code == "state-conflict"
    assert api.post(path, body, key=None).code == "idempotency-key-required"
    batch = api.get(first.headers["location"]).document
    assert (batch["status"], batch["jobs"]["waiting"], batch["images"]["total"]) == ("queued", 2, 2)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"concurrency": 0}, "/concurrency"),
        ({"concurrency": 11}, "/concurrency"),
        ({"max_cost": "0.000001"}, "/max_cost"),
        ({"max_cost": "much"}, "/max_cost"),
        ({"notify": {"email": "unknown"}}, "/notify/email"),
        ({"notify": {"email": "victim@bank.example"}}, "/notify/email"),
        ({"name": "two\nlines"}, "/name"),
    ],
)
def test_a_wrong_submit_names_its_field(api: Api, body: dict[str, Any], pointer: str) -> None:
    text = f"prompt,size,provider\nfox,{SIZE},openai\n"
    answer = api.post(f"/v1/batch-imports/{checked(api, text)['id']}/submit", body)
    assert (answer.status, answer.pointers) == (422, [pointer])
    assert executions(RUN_BATCH_ARN) == []


def test_progress_is_small_and_revalidated(api: Api) -> None:
    batch = submitted(api, table(*"abcdefgh"))
    path = batch["links"]["progress"]
    answer = api.get(path)
    assert len(answer.text) < 600
    assert answer.document["percent"] == 0
    assert api.get(path, headers={"if-none-match": answer.headers["etag"]}).status == 304
    assert api.calls == ["GetItem"]


def test_a_batch_is_cancelled_once_and_redriven_after_its_end(api: Api) -> None:
    batch = submitted(api, table("fox"))
    path = f"/v1/batches/{batch['id']}"
    assert api.post(f"{path}/redrive", {}).code == "state-conflict"
    assert api.post(f"{path}/cancel", {}).document["status"] == "cancelling"
    end_batch("acme", batch["id"])
    done = api.get(path).document
    assert (done["status"], done["percent"], done["jobs"]["cancelled"]) == ("cancelled", 100, 1)
    progress = api.get(f"{path}/progress").document
    assert (progress["percent"], progress["jobs"]) == (100, done["jobs"])
    assert api.post(f"{path}/redrive", {}).code == "state-conflict"

    second = submitted(api, table("fox"))
    end_batch("acme", second["id"])
    answer = api.post(f"/v1/batches/{second['id']}/redrive", {}, key="again")
    assert (answer.status, answer.document["run"]) == (202, 2)
    assert f"{second['id']}-run2" in executions(RUN_BATCH_ARN)
    ids = [one["id"] for one in api.get("/v1/batches").document["data"]]
    assert ids == [second["id"], batch["id"]]
