"""A table becomes images on the deployed stack: dry run, batch, cancel, redrive, no double pay."""

import csv
import io
from decimal import Decimal

import httpx

from tests.support.local_aws.batches import Document, checked, ended, submitted, until
from tests.support.local_aws.caller import Caller
from tests.support.local_aws.deployment import Stack


def lines(caller: Caller, batch_id: str) -> list[Document]:
    data: list[Document] = caller.get(f"/v1/batches/{batch_id}/jobs").json()["data"]
    return data


def test_a_table_with_faulty_rows_becomes_images(acme: Caller, other: Caller) -> None:
    table = (
        "Prompt;Breite;Höhe;Menge;Notiz\n"
        "a red mug;64;64;2;first\n"
        "=cmd();64;;1;half a size\n"
        "a blue mug;64;64;;second\n"
    )
    mapping = {"breite": "width", "Höhe": "height", "Menge": "variations"}
    value = checked(acme, table, mapping=mapping, name="Mugs", defaults={"quality": "draft"})
    assert value["counts"] == {"rows": 3, "valid": 2, "faulty": 1, "images": 3}
    assert (value["delimiter"], value["ignored_columns"]) == (";", ["Notiz"])
    (error,) = value["errors"]
    assert (error["row"], error["column"]) == (3, "Höhe")

    path = f"/v1/batch-imports/{value['id']}"
    (faulty,) = acme.get(f"{path}/rows?status=faulty").json()["data"]
    assert faulty["errors"] == [error]
    redirect = acme.get(f"{path}/errors.csv")
    assert redirect.status_code == 302
    text = httpx.get(redirect.headers["location"], trust_env=False).content.decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text), delimiter=";")
    assert (row[0], row[-2]) == ("'=cmd()", "3")

    headers = {"idempotency-key": f"submit-{value['id']}"}
    first = acme.post(f"{path}/submit", {"concurrency": 2}, headers=headers)
    again = acme.post(f"{path}/submit", {"concurrency": 2}, headers=headers)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    batch_id = first.json()["id"]
    second = acme.post(f"{path}/submit", {})
    assert (second.status_code, second.json()["code"]) == (409, "state-conflict")

    batch = ended(acme, batch_id)
    assert (batch["status"], batch["percent"]) == ("succeeded", 100)
    assert batch["images"]["succeeded"] == 3
    progress = acme.get(f"/v1/batches/{batch_id}/progress")
    assert progress.json()["jobs"]["succeeded"] == 2
    tag = {"if-none-match": progress.headers["etag"]}
    assert acme.get(f"/v1/batches/{batch_id}/progress", headers=tag).status_code == 304
    started = lines(acme, batch_id)
    assert [line["row"] for line in started] == [2, 4]
    for line in started:
        assert acme.get(f"/v1/jobs/{line['job_id']}").json()["batch_id"] == batch_id
        for item in acme.items(line["job_id"]):
            assert acme.get(f"/v1/assets/{item['asset_id']}").status_code == 200
    assert batch_id in [entry["id"] for entry in acme.get("/v1/batches").json()["data"]]

    for place in (path, f"{path}/rows", f"/v1/batches/{batch_id}", f"/v1/batches/{batch_id}/jobs"):
        assert other.get(place).status_code == 404, place
    assert other.post(f"{path}/submit", {}).status_code == 404
    assert other.post(f"/v1/batches/{batch_id}/cancel", {}).status_code == 404


def test_a_redrive_pays_only_for_the_row_that_failed(stack: Stack, acme: Caller) -> None:
    prompts = ["batch fine", "batch later [[moderated-once]]"]
    table = "prompt,size,provider\n" + "".join(f"{one},1024x1024,openai\n" for one in prompts)
    batch_id = submitted(acme, table)["id"]
    batch = ended(acme, batch_id)
    assert batch["status"] == "partially_succeeded"
    assert (batch["jobs"]["succeeded"], batch["jobs"]["failed"]) == (1, 1)
    answer = acme.post(f"/v1/batches/{batch_id}/redrive", {})
    assert (answer.status_code, answer.json()["run"]) == (202, 2)
    again = ended(acme, batch_id)
    assert (again["status"], again["jobs"]["succeeded"]) == ("succeeded", 2)
    paid = [sum(one.prompt == prompt for one in stack.openai.paid) for prompt in prompts]
    assert paid == [1, 1]
    sums = [acme.ledger(line["job_id"])["totals"]["settled"] for line in lines(acme, batch_id)]
    assert Decimal(again["cost"]["amount"]) == sum(Decimal(one) for one in sums) > 0
    refused = acme.post(f"/v1/batches/{batch_id}/redrive", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "state-conflict")


def test_cancelling_leaves_the_rest_unstarted(acme: Caller) -> None:
    table = "prompt,size,provider\n" + "a slow tea [[slow 2]],1024x1024,openai\n" * 6
    batch_id = submitted(acme, table)["id"]
    until(acme, f"/v1/batches/{batch_id}", "status", {"running"}, 60)
    assert acme.post(f"/v1/batches/{batch_id}/cancel", {}).json()["status"] == "cancelling"
    batch = ended(acme, batch_id)
    assert batch["status"] == "cancelled"
    assert batch["jobs"]["cancelled"] >= 4
    assert batch["jobs"]["waiting"] == batch["jobs"]["running"] == 0
    assert batch["percent"] == 100
    assert acme.post(f"/v1/batches/{batch_id}/cancel", {}).status_code == 409
