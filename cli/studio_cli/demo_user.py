"""The demo user of the local stack, who is an administrator of a tenant."""

import secrets
from contextlib import suppress
from pathlib import Path

from studio_cli.auth import sign_in
from studio_cli.aws import Aws
from studio_cli.files import read_object, write_private
from studio_cli.profiles import Profile

TENANT = "demo"
USERNAME = "demo@example.com"


def demo_user_file(folder: Path) -> Path:
    """Return the path of the private file with the demo user's name and password."""
    return folder / "demo-user.json"


def sign_in_demo_user(profile: Profile, folder: Path) -> None:
    """Create the demo user if it is missing, and sign in.

    The password is random and is kept in the demo user's file.
    """
    path = demo_user_file(folder)
    saved = read_object(path).get("password")
    password = saved if isinstance(saved, str) else f"{secrets.token_urlsafe(18)}-aA1"
    write_private(path, {"username": USERNAME, "password": password, "tenant": TENANT})
    cognito = Aws(profile.region, profile.endpoint).cognito
    with suppress(cognito.exceptions.UsernameExistsException):  # from an earlier run
        cognito.admin_create_user(
            UserPoolId=profile.user_pool_id,
            Username=USERNAME,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": USERNAME},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "custom:tenant", "Value": TENANT},
            ],
        )
    cognito.admin_set_user_password(
        UserPoolId=profile.user_pool_id, Username=USERNAME, Password=password, Permanent=True
    )
    cognito.admin_add_user_to_group(
        UserPoolId=profile.user_pool_id, Username=USERNAME, GroupName="admin"
    )
    sign_in(profile, USERNAME, password)
