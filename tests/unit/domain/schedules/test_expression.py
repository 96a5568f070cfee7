"""What a timing may say, and what it may not."""

from datetime import UTC, datetime

import pytest

from studio.domain.schedules.expression import check_timing
from studio.domain.schedules.model import Timing, TimingKind
from studio.errors import InvalidRequestError

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

GOOD = [
    ("cron", "0 9 ? * MON-FRI *"),
    ("cron", "*/15 8-18 * * ? *"),
    ("cron", "0/15,59 0 1,15,31 JAN,JUL ? 2026-2030"),
    ("cron", "0 10 L * ? *"),
    ("cron", "0 10 15W * ? *"),
    ("cron", "0 10 ? * 6L 2027"),
    ("cron", "0 10 ? * TUE#2 *"),
    ("cron", "0 10 ? 1-12/3 L *"),
    ("rate", "1 minute"),
    ("rate", "15 minutes"),
    ("rate", "1 hour"),
    ("rate", "10 days"),
    ("at", "2026-11-21T12:00:01"),
    ("at", "2028-02-29T00:00:00"),
]
BAD = [
    ("cron", ""),
    ("cron", "0 9 * * ?"),
    ("cron", "0 9  * * ? *"),
    ("cron", "0 9 * * ? * *"),
    ("cron", "cron(0 9 * * ? *)"),
    ("cron", "0 9 * * * *"),
    ("cron", "0 9 ? * ? *"),
    ("cron", "60 9 * * ? *"),
    ("cron", "0 24 * * ? *"),
    ("cron", "0 9 0 * ? *"),
    ("cron", "0 9 32W * ? *"),
    ("cron", "0 9 * 13 ? *"),
    ("cron", "0 9 * FOO ? *"),
    ("cron", "0 9 ? * 8 *"),
    ("cron", "0 9 ? * MON#6 *"),
    ("cron", "0 9 ? * 8L *"),
    ("cron", "5-1 9 * * ? *"),
    ("cron", "*/0 9 * * ? *"),
    ("cron", "1,,2 9 * * ? *"),
    ("cron", "-1 9 * * ? *"),
    ("cron", "٣ 9 * * ? *"),
    ("cron", "0 9 * * ? 2025"),
    ("cron", "0 9 * * ? 2200"),
    ("rate", "0 minutes"),
    ("rate", "1 minutes"),
    ("rate", "5 minute"),
    ("rate", "30 seconds"),
    ("rate", "1.5 hours"),
    ("rate", "-5 minutes"),
    ("at", "2026-11-21T12:00:00"),
    ("at", "2027-02-29T00:00:00"),
    ("at", "2027-01-01"),
    ("at", "2027-01-01T00:00:00Z"),
    ("at", "2027-01-01 00:00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_a_timing_of_the_scheduler_is_taken(kind: TimingKind, text: str) -> None:
    check_timing(Timing(kind, text, "UTC"), NOW)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_any_other_is_refused_by_its_field(kind: TimingKind, text: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing(kind, text, "UTC"), NOW)
    assert [field.pointer for field in refused.value.fields] == [f"/{kind}"]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../UTC", "Europe", "europe/berlin", "+01:00"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing("rate", "1 hour", zone), NOW)
    assert [field.pointer for field in refused.value.fields] == ["/timezone"]


def test_a_time_is_read_in_its_zone() -> None:
    soon = "2026-11-21T12:30:00"
    check_timing(Timing("at", soon, "UTC"), NOW)
    check_timing(Timing("at", soon, "America/New_York"), NOW)
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing("at", soon, "Europe/Berlin"), NOW)
    assert refused.value.fields[0].code == "in-the-past"


def test_a_time_that_clocks_skip_is_named() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing("at", "2027-03-28T02:30:00", "Europe/Berlin"), NOW)
    assert "clocks go forward" in refused.value.fields[0].detail
    check_timing(Timing("at", "2027-10-31T02:30:00", "Europe/Berlin"), NOW)
