"""Recipes on the deployed stack: saved, run, changed under a running job, taken away."""

from tests.support.local_aws.caller import Caller

PATH = "/v1/recipes/banner"
JOB = {"operation": "generate", "prompt": "a banner for monday", "size": "200x100"}


def test_a_recipe_is_saved_and_run(acme: Caller, other: Caller) -> None:
    made = acme.put(PATH, {"title": "Banner", "job": JOB})
    assert (made.status_code, made.json()["version"]) == (201, 1)
    tag = acme.get(PATH).headers["etag"]

    job = acme.post("/v1/jobs", {"recipe_id": "banner", "prompt": "a banner for tuesday"}).json()
    changed = acme.put(PATH, {"job": JOB | {"size": "100x100"}}, headers={"if-match": tag})
    assert changed.json()["version"] == 2
    assert acme.put(PATH, {"job": JOB}, headers={"if-match": tag}).status_code == 412

    assert acme.finish(job["id"])["recipe"] == {"id": "banner", "version": 1}
    (item,) = acme.items(job["id"])
    assert (item["prompt"], item["size"]) == ("a banner for tuesday", "200x100")

    saved = acme.put("/v1/recipes/again", {"from_job_id": job["id"]})
    assert saved.json()["job"]["items"][0]["prompt"] == "a banner for tuesday"
    names = [recipe["id"] for recipe in acme.get("/v1/recipes").json()["data"]]
    assert {"again", "banner"} <= set(names)

    assert other.get(PATH).status_code == 404
    assert other.delete(PATH, headers={"if-match": "*"}).status_code == 404
    refused = other.post("/v1/jobs", {"recipe_id": "banner"})
    assert refused.json()["errors"][0]["pointer"] == "/recipe_id"
    assert acme.delete(PATH, headers={"if-match": "*"}).status_code == 204
    assert acme.get(PATH).status_code == 404
