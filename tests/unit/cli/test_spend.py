"""``studio spend``."""

from pathlib import Path

from studio.api.http.messages import Caller
from studio.api.service import serializers
from studio.domain.ledger.model import MonthTotals
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn


def script(api: StandIn, limit: int | None) -> None:
    me = serializers.me(Caller("acme", "u"), limit, MonthTotals(4_230_000, 120_000))
    api.on("GET", "/v1/me", ScriptedResponse(me))


def test_the_month_is_shown_without_a_limit(signed_in: Path, api: StandIn) -> None:
    script(api, None)
    assert studio("spend").output.splitlines() == [
        "account   acme",
        "spent     $4.11 this month",
        "reserved  $0.12 by work that has not ended",
        "limit     none",
    ]


def test_a_limit_shows_what_is_left_and_never_less_than_nothing(
    signed_in: Path, api: StandIn
) -> None:
    script(api, 50_000_000)
    assert studio("spend").output.splitlines()[-1] == "limit     $50.00, $45.77 left"


def test_a_limit_that_was_lowered_leaves_nothing(signed_in: Path, api: StandIn) -> None:
    script(api, 1_000_000)
    assert studio("spend").output.splitlines()[-1] == "limit     $1.00, $0.00 left"
