"""``studio ops user``: users of tenants, their roles, and tenants without an administrator."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from studio import roles
from studio_cli.errors import CliError
from studio_cli.main import commands
from studio_cli.user_pool import ROLES, WITHOUT_GROUP
from tests.support.cli.running import studio
from tests.support.cli.stand_in import Request, ScriptedResponse, StandIn
from tests.support.cli.user_pool import PoolStandIn

ANN, BOB = "ann@example.org", "bob@example.org"
ACCESS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
STACK = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member><StackName>team</StackName><Outputs>{}</Outputs></member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>"""
OUTPUTS = {
    "ApiUrl": "https://api.example",
    "ApiId": "api",
    "UserPoolId": "pool",
    "UserPoolClientId": "client",
    "ProviderKeysPath": "/keys",
    "BucketName": "bucket",
}


@pytest.fixture
def pool(signed_in: Path, api: StandIn) -> PoolStandIn:
    """The user pool of the local stack, with users of another tenant."""
    found = PoolStandIn()
    for number in range(5):
        found.has(f"user{number}@rival.example", "rival", "admin")
    api.usually("POST", "/", found.answer)
    return found


def add(email: str, *options: str) -> str:
    return studio("ops", "user", "add", email, "--tenant", "acme", *options).output


def test_the_roles_are_those_of_the_api() -> None:
    assert ROLES == roles.ROLES
    assert WITHOUT_GROUP == roles.WITHOUT_GROUP


def test_the_first_user_of_a_tenant_becomes_its_admin(pool: PoolStandIn) -> None:
    assert f"{ANN} is admin of acme, its first user." in add(ANN)
    assert f"{BOB} is creator of acme." in add(BOB)

    assert (pool.groups_of(ANN), pool.groups_of(BOB)) == (["admin"], ["creator"])


def test_a_new_user_has_a_verified_address_and_a_password_by_mail(pool: PoolStandIn) -> None:
    pool.has(BOB, "acme", "admin")

    text = add(ANN, "--role", "reviewer")

    assert "mails the temporary password" in text
    (request,) = [sent for name, sent in pool.asked if name == "AdminCreateUser"]
    assert request == {
        "Username": ANN,
        "UserAttributes": [
            {"Name": "email", "Value": ANN},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "custom:tenant", "Value": "acme"},
        ],
        "DesiredDeliveryMediums": ["EMAIL"],
    }
    assert pool.groups_of(ANN) == ["reviewer"]


def test_a_temporary_password_is_asked_for_without_an_echo(pool: PoolStandIn) -> None:
    words = ["ops", "user", "add", ANN, "--tenant", "acme", "--ask-password"]
    secret = "Correct-horse-1"

    result = CliRunner().invoke(commands, words, input=f"{secret}\n{secret}\n")

    assert result.exit_code == 0
    assert secret not in result.output
    assert "mails" not in result.output
    (request,) = [sent for name, sent in pool.asked if name == "AdminCreateUser"]
    assert (request["MessageAction"], request["TemporaryPassword"]) == ("SUPPRESS", secret)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_first_user_cannot_have_another_role(pool: PoolStandIn, role: str) -> None:
    with pytest.raises(CliError, match="Its first user is admin"):
        add(ANN, "--role", role)
    assert pool.changes() == []


@pytest.mark.parametrize("tenant", ["", "a b", "acme#job", "x" * 65])
def test_what_cannot_be_a_tenant_is_refused(pool: PoolStandIn, tenant: str) -> None:
    with pytest.raises(CliError, match="cannot be a tenant"):
        studio("ops", "user", "add", ANN, "--tenant", tenant)
    assert pool.asked == []


@pytest.mark.parametrize(("email", "tenant"), [(ANN, "acme"), (ANN.upper(), "rival")])
def test_a_user_who_exists_stays_as_it_is(pool: PoolStandIn, email: str, tenant: str) -> None:
    pool.has(ANN, tenant, "viewer")
    with pytest.raises(CliError, match=f"There is a user {email} already, of {tenant}") as caught:
        add(email)
    assert f"ops user role {email} ROLE --tenant {tenant}" in str(caught.value.next_step)
    assert pool.changes() == []


def test_another_role_replaces_the_roles_and_no_other_group(pool: PoolStandIn) -> None:
    pool.has(BOB, "acme", "admin")
    pool.has(ANN, "acme", "viewer", "manager", "marketing")

    text = studio("ops", "user", "role", ANN.upper(), "reviewer", "--tenant", "acme").output

    assert "is reviewer of acme. This holds from the next token" in text
    assert pool.groups_of(ANN) == ["marketing", "reviewer"]
    # The new group comes first: an interrupted change leaves no user without a role.
    assert pool.changes()[0] == "AdminAddUserToGroup"


def test_a_user_of_another_tenant_gets_no_role(pool: PoolStandIn) -> None:
    pool.has(ANN, "acme")
    for name, tenant in [(ANN, "rival"), (BOB, "acme"), ("user1@rival.example", "acme")]:
        with pytest.raises(CliError, match="has no user"):
            studio("ops", "user", "role", name, "admin", "--tenant", tenant)
    assert pool.changes() == []


def test_the_last_admin_of_a_tenant_stays_one(pool: PoolStandIn) -> None:
    pool.has(ANN, "acme", "admin")
    pool.has(BOB, "acme", "admin", enabled=False)
    with pytest.raises(CliError, match="is the only admin of acme"):
        studio("ops", "user", "role", ANN, "viewer", "--tenant", "acme")
    assert pool.groups_of(ANN) == ["admin"]

    pool.has("eve@example.org", "acme", "admin")
    assert studio("ops", "user", "role", ANN, "viewer", "--tenant", "acme").exit_code == 0
    assert pool.groups_of(ANN) == ["viewer"]


def test_a_list_shows_the_users_of_one_tenant(pool: PoolStandIn) -> None:
    pool.has(BOB, "acme", "viewer", "manager", enabled=False)
    pool.has(ANN, "acme")
    pool.has("solo@example.org", None, sub="solo-id")

    shown = studio("ops", "user", "list", "--tenant", "acme").output
    rows = [line.split() for line in shown.splitlines() if "@" in line]
    assert rows == [[ANN, ANN, "creator", "confirmed"], [BOB, BOB, "manager", "disabled"]]
    assert "solo@example.org" in studio("ops", "user", "list", "--tenant", "solo-id").output
    assert studio("ops", "user", "list", "--tenant", "empty").output == "empty has no users.\n"


def test_a_check_names_the_tenants_without_an_admin(pool: PoolStandIn) -> None:
    assert studio("ops", "user", "check").output == "Every tenant with users has an admin.\n"
    pool.has(ANN, "acme", "manager")
    pool.has(BOB, "beta", "admin", enabled=False)
    pool.has("solo@example.org", None)

    lines = studio("ops", "user", "check").output.splitlines()

    assert lines == [
        "acme has no admin: studio ops user role EMAIL admin --tenant acme",
        "beta has no admin: studio ops user role EMAIL admin --tenant beta",
    ]


@pytest.mark.parametrize(
    ("saved", "stack", "region"),
    [
        ("[default.deploy.parameters]\nresolve_s3 = true\n", "image-studio", "eu-west-1"),
        (
            '[default.global.parameters]\nstack_name = "team"\nregion = "us-east-2"\n'
            '[default.deploy.parameters]\nresolve_s3 = true\n',
            "team",
            "us-east-2",
        ),
        (
            '[default.global.parameters]\nstack_name = "old"\n'
            '[default.deploy.parameters]\nstack_name = "team"\nregion = "us-east-2"\n'
            '[local.deploy.parameters]\nstack_name = "here"\n',
            "team",
            "us-east-2",
        ),
    ],
)  # fmt: skip
def test_a_check_after_a_deployment_asks_the_stack_that_was_deployed(
    pool: PoolStandIn,
    api: StandIn,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    saved: str,
    stack: str,
    region: str,
) -> None:
    (project / "samconfig.toml").write_text(saved)
    environment = {"AWS_ENDPOINT_URL": api.url, "AWS_DEFAULT_REGION": "eu-west-1", "NO_PROXY": "*"}
    for name, value in {**environment, **ACCESS}.items():
        monkeypatch.setenv(name, value)
    pool.has(ANN, "acme")
    answered: list[Request] = []

    def answer(request: Request) -> ScriptedResponse:
        answered.append(request)
        if "x-amz-target" in request.headers:
            return pool.answer(request)
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in OUTPUTS.items()
        )
        return ScriptedResponse(body=STACK.format(members).encode(), media_type="text/xml")

    api.usually("POST", "/", answer)

    text = studio("ops", "user", "check", "--deployed").output

    assert text.startswith("acme has no admin")
    assert f"StackName={stack}&".encode() in answered[0].body + b"&"
    assert all(f"/{region}/" in one.headers["authorization"] for one in answered)
