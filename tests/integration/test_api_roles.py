"""Who may do what: each route with each role, before anything of the account is read."""

import pytest

from studio.api.http.messages import Route
from studio.roles import ROLES, UserRole
from tests.support.mock_aws.api_client import Api, ApiResponse, stored
from tests.support.mock_aws.routes import BODIES, PREFIXES, PRIVATE, QUERIES, UNKNOWN, fill, name_of

# Requests that change nothing although it is no GET.
VIEWERS = {
    "POST /v1/downloads",
    "POST /v1/estimates",
    "POST /v1/prompts/enhance",
    "POST /v1/prompts/render",
}
MANAGERS = {
    "DELETE /v1/folders/{sku}/rule",
    "DELETE /v1/webhooks/{webhook_id}",
    "PATCH /v1/webhooks/{webhook_id}",
    "POST /v1/webhooks",
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    "POST /v1/webhooks/{webhook_id}/rotate-secret",
    "POST /v1/webhooks/{webhook_id}/test",
    "PUT /v1/folders/{sku}/rule",
    "PUT /v1/prompts/image-template",
    "PUT /v1/prompts/negative",
    "PUT /v1/settings/account",
    "PUT /v1/settings/image-generation",
}
ADMINS = {
    "DELETE /v1/integrations/{provider_id}",
    "POST /v1/integrations/{provider_id}/test",
    "PUT /v1/integrations/{provider_id}",
    "PUT /v1/settings/providers",
}
FOLDER = "/v1/folders/SKU-1"


def needed(route: Route) -> UserRole:
    """Return the role that a route is to need."""
    name = name_of(route)
    if route.method == "GET" or name in VIEWERS:
        return "viewer"
    if name in ADMINS:
        return "admin"
    return "manager" if name in MANAGERS else "creator"


def of_role(role: str | None, tenant: str = "acme") -> dict[str, str]:
    """Return the claims of a user in the group of a role, or in none."""
    groups = {"cognito:groups": f"[{role}]"} if role else {}
    return {"sub": "ann", "custom:tenant": tenant, **groups}


def knock(api: Api, route: Route, claims: dict[str, str]) -> ApiResponse:
    return api.request(
        route.method,
        fill(route, {name: f"{prefix}_{UNKNOWN}" for name, prefix in PREFIXES.items()}),
        body=BODIES.get(route.path),
        query=QUERIES.get(route.path, ""),
        headers={"idempotency-key": route.endpoint.__name__},
        claims=claims,
    )


def is_refused(answer: ApiResponse) -> bool:
    return answer.status == 403 and answer.code == "forbidden"


@pytest.mark.parametrize("role", [*ROLES, None])
def test_a_route_answers_its_role_and_higher_ones_only(api: Api, role: UserRole | None) -> None:
    own: UserRole = role or "creator"
    for route in PRIVATE:
        before = stored()
        answer = knock(api, route, of_role(role))
        allowed = ROLES.index(needed(route)) <= ROLES.index(own)
        assert is_refused(answer) != allowed, (name_of(route), answer.text)
        if not allowed:
            text = f"this request needs the role {needed(route)}; your role is {own}"
            assert answer.document["detail"] == text
            assert api.calls == []
            assert stored() == before


def test_the_caller_sees_the_role_and_the_groups_that_count(api: Api) -> None:
    for groups, role, known in [
        ("[viewer]", "viewer", ["viewer"]),
        ("[admin marketing creator]", "admin", ["creator", "admin"]),
        ("[marketing]", "creator", []),
    ]:
        claims = {**of_role(None), "cognito:groups": groups}
        document = api.get("/v1/me", claims=claims).document
        assert (document["role"], document["groups"]) == (role, known)


def test_the_state_of_a_folder_is_for_reviewers_and_its_words_for_creators(api: Api) -> None:
    api.request("PUT", f"{FOLDER}/rule", body={"recipe_id": saved_recipe(api)})
    answer = api.request("PATCH", FOLDER, body={"title": "Shoes"}, claims=of_role("creator"))
    assert (answer.status, answer.document["name"]) == (200, "Shoes")

    change = {"title": "Boots", "state": "approved"}
    answer = api.request("PATCH", FOLDER, body=change, claims=of_role("creator"))
    assert is_refused(answer)
    assert "a change of state needs the role reviewer" in answer.document["detail"]
    assert api.calls == []
    assert api.get(FOLDER).document["name"] == "Shoes"

    answer = api.request("PATCH", FOLDER, body=change, claims=of_role("reviewer"))
    assert (answer.status, answer.document["state"]) == (200, "approved")


def test_an_object_of_another_tenant_is_missing_for_every_role_that_may_ask(api: Api) -> None:
    job = api.post("/v1/jobs", BODIES["/v1/jobs"]).document["id"]
    for role in (None, *ROLES):
        rival = of_role(role, "rival")
        assert api.get(f"/v1/jobs/{job}", claims=rival).status == 404
        status = api.post(f"/v1/jobs/{job}/cancel", {}, claims=rival).status
        assert status == (403 if role == "viewer" else 404)


def saved_recipe(api: Api) -> str:
    api.request("PUT", "/v1/recipes/saved", body=BODIES["/v1/recipes/{recipe_id}"])
    return "saved"
