"""``studio ops keys``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, Profile, save_profile
from tests.support.cli.aws_stand_in import AwsStandIn
from tests.support.cli.running import studio
from tests.support.cli.stand_in import serve

OLD, NEW = "/image-studio/providers", "/studio/image-studio/providers"
KEY = "planted-key-0123"


@pytest.fixture
def aws(project: Path) -> Iterator[AwsStandIn]:
    with serve(AwsStandIn) as stand_in:
        url = stand_in.url
        save_profile(Profile(LOCAL, url, "us-east-1", "pool", "client", OLD, "bucket", url))
        yield stand_in


@pytest.fixture
def key(tmp_path: Path) -> str:
    file = tmp_path / "key.txt"
    file.write_text(f"{KEY}\n")
    return str(file)


def test_a_key_of_the_stack_or_of_a_tenant_is_stored_and_recorded(
    aws: AwsStandIn, key: str
) -> None:
    shown = studio("ops", "keys", "set", "openai", "--file", key).output
    shown += studio("ops", "keys", "set", "runware", "--tenant", "acme", "--file", key).output
    assert aws.parameters == {f"{NEW}/openai/default": KEY, f"{NEW}/runware/tenants/acme": KEY}
    assert aws.invoked == [{"tenants": True}] * 2
    assert "for the stack" in shown
    assert "for acme" in shown
    assert KEY not in shown


def test_keys_move_once_and_are_deleted_on_request(aws: AwsStandIn) -> None:
    aws.parameters = {
        f"{OLD}/openai/default": "old-openai",
        f"{OLD}/runware/tenants/acme": "old-runware",
        f"{NEW}/openai/default": "new-openai",
        "/image-studio/webhooks/acme/whk_1": "old-secret",
    }
    before = dict(aws.parameters)
    shown = studio("ops", "keys", "move").output
    assert "1 of 2 are copied" in shown
    assert "1 of 1 are copied" in shown
    assert aws.parameters == before | {
        f"{NEW}/runware/tenants/acme": "old-runware",
        "/studio/image-studio/webhooks/acme/whk_1": "old-secret",
    }
    again = studio("ops", "keys", "move", "--delete-old").output
    assert "0 of 2 are copied" in again
    assert aws.parameters == {
        f"{NEW}/openai/default": "new-openai",
        f"{NEW}/runware/tenants/acme": "old-runware",
        "/studio/image-studio/webhooks/acme/whk_1": "old-secret",
    }
    assert "old-" not in shown + again
    assert aws.invoked == [{"tenants": True}] * 2


def test_keys_can_move_before_the_new_version_is_deployed(aws: AwsStandIn) -> None:
    aws.outputs = {"ApiId": "1"}
    aws.parameters = {f"{OLD}/openai/default": "old-openai"}
    assert studio("ops", "keys", "move").exit_code == 0
    assert aws.parameters[f"{NEW}/openai/default"] == "old-openai"
    assert aws.invoked == []
    with pytest.raises(CliError, match="older version"):
        studio("ops", "keys", "register")


def test_what_is_stored_is_counted_and_a_failure_is_told(aws: AwsStandIn) -> None:
    shown = studio("ops", "keys", "register").output
    assert "keys of: openai" in shown
    assert "2 keys of tenants" in shown
    aws.fault = True
    with pytest.raises(CliError, match="could not be recorded"):
        studio("ops", "keys", "register")
