"""What a timing may say, and what it may not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from studio.domain.schedules.expression import check_timing, next_times
from studio.domain.schedules.model import Timing, TimingKind
from studio.errors import InvalidRequestError
from tests.support.fakes.schedules import a_schedule

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
    ("cron", "1 12 21 11 ? 2026"),
    ("cron", "0 9 29 2 ? 2028"),
    ("cron", "0 9 29 2 ? *"),
    ("cron", "0 9 ? 2 MON#5 *"),
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
    ("cron", "0 0 30 2 ? *"),
    ("cron", "0 0 30,31 FEB ? *"),
    ("cron", "0 0 31W 4,6,9,11 ? *"),
    ("cron", "0 9 29 2 ? 2027"),
    ("cron", "0 9 29 2 ? 2100"),
    ("cron", "0 9 ? 2 MON#5 2027"),
    ("cron", "59 11 21 11 ? 2026"),
    ("cron", "0 12 21 11 ? 2026"),
    ("cron", "0 9 1-20 1-11 ? 2026"),
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
    ("at", "٢٠٢٧-01-01T00:00:00"),
    ("at", "2200-01-01T00:00:00"),
    ("at", "9999-12-31T23:59:59"),
    ("at", "0001-01-01T00:00:00"),
    ("at", "0000-01-01T00:00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_a_timing_of_the_scheduler_is_taken(kind: TimingKind, text: str) -> None:
    check_timing(Timing(kind, text, "UTC"), NOW)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_any_other_is_refused_by_its_field(kind: TimingKind, text: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing(kind, text, "UTC"), NOW)
    assert [field.pointer for field in refused.value.fields] == [f"/{kind}"]


@pytest.mark.parametrize("zone", [
    "Europe/Atlantis", "../UTC", "Europe", "europe/berlin", "+01:00", "localtime", "posixrules",
    "Factory", "EST5EDT", "EST", "CET", "GMT", "GMT+0", "Zulu", "Etc/GMT+5", "Etc/GMT",
    "Etc/Unknown",
    "posix/Europe/Berlin", "right/UTC", "", "UTC\x00", "Europe/Berlin/", "/Europe/Berlin", "utc",
])  # fmt: skip
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


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Asia/Tokyo", "America/Argentina/Ushuaia"])
def test_a_place_is_a_zone(zone: str) -> None:
    check_timing(Timing("rate", "1 hour", zone), NOW)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_the_ends_of_the_calendar_are_refused_in_any_zone(zone: str, text: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing("at", text, zone), NOW)
    assert [field.pointer for field in refused.value.fields] == ["/at"]


def test_a_cron_that_fires_only_where_clocks_go_forward_is_refused() -> None:
    skipped = "30 2 28 3 ? 2027"
    check_timing(Timing("cron", skipped, "UTC"), NOW)
    with pytest.raises(InvalidRequestError) as refused:
        check_timing(Timing("cron", skipped, "Europe/Berlin"), NOW)
    assert [(field.pointer, field.code) for field in refused.value.fields] == [
        ("/cron", "cron-invalid")
    ]


def shown(kind: TimingKind, text: str, zone: str = "UTC", *, enabled: bool = True) -> list[str]:
    schedule = replace(
        a_schedule(),
        timing=Timing(kind, text, zone),
        enabled=enabled,
        updated_at=datetime(2026, 11, 21, 11, 50, tzinfo=UTC),
    )
    return [at.isoformat() for at in next_times(schedule, NOW)]


# By the calendar of 2026 to 2028: 2026-11-21 is a Saturday.
TIMES: list[tuple[TimingKind, str, str, list[str]]] = [
    ("cron", "0 9 ? * MON-FRI *", "UTC", ["2026-11-23T09", "2026-11-24T09", "2026-11-25T09"]),
    ("cron", "0 9 ? * 2-6 *", "UTC", ["2026-11-23T09", "2026-11-24T09", "2026-11-25T09"]),
    ("cron", "0 9 ? * L *", "UTC", ["2026-11-28T09", "2026-12-05T09", "2026-12-12T09"]),
    ("cron", "0 9 ? * 6L *", "UTC", ["2026-11-27T09", "2026-12-25T09", "2027-01-29T09"]),
    ("cron", "0 9 ? * TUE#2 *", "UTC", ["2026-12-08T09", "2027-01-12T09", "2027-02-09T09"]),
    ("cron", "0 9 L * ? *", "UTC", ["2026-11-30T09", "2026-12-31T09", "2027-01-31T09"]),
    ("cron", "0 9 31 * ? *", "UTC", ["2026-12-31T09", "2027-01-31T09", "2027-03-31T09"]),
    # Saturday the 1st of May moves to Monday the 3rd, Sunday the 31st of January to Friday.
    ("cron", "0 9 1W 5 ? *", "UTC", ["2027-05-03T09", "2028-05-01T09", "2029-05-01T09"]),
    ("cron", "0 9 31W 1,8,10 ? *", "UTC", ["2027-01-29T09", "2027-08-31T09", "2027-10-29T09"]),
    ("cron", "0 9 15W 8 ? 2027", "UTC", ["2027-08-16T09"]),
    ("cron", "0 9 29 2 ? *", "UTC", ["2028-02-29T09", "2032-02-29T09", "2036-02-29T09"]),
    ("cron", "0 0/6 * * ? *", "UTC", ["2026-11-21T18", "2026-11-22T00", "2026-11-22T06"]),
    ("cron", "0 9 21 11 ? 2026-2028", "UTC", ["2027-11-21T09", "2028-11-21T09"]),
    ("at", "2026-12-24T09:00:00", "UTC", ["2026-12-24T09"]),
    ("at", "2026-11-20T09:00:00", "UTC", []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "zone", "hours"), TIMES)
def test_the_next_times_are_those_of_the_calendar(
    kind: TimingKind, text: str, zone: str, hours: list[str]
) -> None:
    assert shown(kind, text, zone) == [f"{hour}:00:00+00:00" for hour in hours]


def test_next_times_are_local_and_leave_out_what_clocks_skip() -> None:
    assert shown("cron", "30 2 27-29 3 ? 2027", "Europe/Berlin") == [
        "2027-03-27T02:30:00+01:00",
        "2027-03-29T02:30:00+02:00",
    ]
    # The hour that comes twice fires once.
    assert shown("cron", "30 2 30-31 10 ? 2027", "Europe/Berlin") == [
        "2027-10-30T02:30:00+02:00",
        "2027-10-31T02:30:00+02:00",
    ]


def test_the_times_of_a_rate_count_from_the_newest_change() -> None:
    assert shown("rate", "15 minutes", "Asia/Tokyo") == [
        "2026-11-21T21:05:00+09:00",
        "2026-11-21T21:20:00+09:00",
        "2026-11-21T21:35:00+09:00",
    ]
    assert shown("rate", "5 minutes")[0] == "2026-11-21T12:05:00+00:00"


def test_a_schedule_that_is_off_has_no_next_time() -> None:
    assert shown("rate", "1 hour", enabled=False) == []
