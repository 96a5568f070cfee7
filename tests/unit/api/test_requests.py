"""Reading what a request carries."""

import pytest

from studio.api.http.messages import Request
from studio.api.http.request_body import MAX_BODY_BYTES, preferred_wait, read_body
from studio.errors import MalformedRequestError


def call(body: str | None = None, **headers: str) -> Request:
    return Request("POST", "/v1/jobs", {}, {}, headers, {"body": body, "requestContext": {}})


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=5", 5),
        ("wait=20", 20),
        ("wait=21", 20),
        ("wait=999999", 20),
        ("WAIT = 3", 3),
        ("respond-async, wait=007", 7),
        ("wait=0", None),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=", None),
        ("wait", None),
        ("await=5", None),
        ("wait=" + "9" * 5000, None),
        ("", None),
    ],
)
def test_a_preference_to_wait_is_1_to_20_seconds_or_ignored(
    prefer: str, seconds: int | None
) -> None:
    assert preferred_wait(call(prefer=prefer)) == seconds


def test_the_hash_is_of_the_meaning() -> None:
    def hash_of(text: str) -> str:
        return read_body(call(text)).hash

    assert hash_of('{"a":1,"b":[1,2]}') == hash_of('{ "b" : [1, 2], "a": 1 }')
    assert hash_of('{"a":1}') != hash_of('{"a":"1"}')
    assert hash_of('{"a":[1,2]}') != hash_of('{"a":[2,1]}')


def test_a_body_may_be_absent_only_where_it_is_optional() -> None:
    for absent in (None, "", " \n"):
        assert read_body(call(absent), optional=True).text == "{}"
        with pytest.raises(MalformedRequestError):
            read_body(call(absent))


def test_a_body_is_at_most_a_megabyte_of_bytes() -> None:
    room = MAX_BODY_BYTES - len('{"a":""}')
    assert read_body(call('{"a":"' + "x" * room + '"}')).text
    for too_much in ("x" * (room + 1), "é" * (room // 2 + 1)):
        with pytest.raises(MalformedRequestError, match="larger"):
            read_body(call('{"a":"' + too_much + '"}'))
