"""The demo user: made once, an administrator, signed in each time."""

from pathlib import Path

from studio_cli.auth import id_token
from studio_cli.demo_user import USERNAME, sign_in_demo_user
from studio_cli.profiles import LOCAL, load_profile
from tests.support.cli.stand_in import StandIn
from tests.support.cli.user_pool import PoolStandIn


def test_the_demo_user_is_an_admin_before_the_sign_in(signed_in: Path, api: StandIn) -> None:
    pool = PoolStandIn()
    api.usually("POST", "/", pool.answer)
    profile = load_profile(LOCAL)

    for _ in range(2):
        sign_in_demo_user(profile, signed_in / ".local")
        assert id_token(profile) == f"{USERNAME} in ['admin']"

    assert list(pool.users) == [USERNAME]
