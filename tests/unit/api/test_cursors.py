import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.api.http.cursors import decode, encode
from studio.errors import InvalidCursorError

KEY = b"key"
SCOPE = ("/v1/jobs", "acme", "queued")
ALPHABET = "ABCXYZabcxyz0189-_="


@given(st.text(max_size=40))
def test_a_cursor_opens_to_what_was_sealed(after: str) -> None:
    assert decode(KEY, SCOPE, encode(KEY, SCOPE, after)) == after


@given(st.integers(min_value=0, max_value=200), st.sampled_from(ALPHABET))
def test_no_changed_character_goes_unseen(place: int, other: str) -> None:
    cursor = encode(KEY, SCOPE, "job_01KGA2Y3Z4M5N6P7Q8R9S0T1V2")
    place %= len(cursor)
    if cursor[place] == other:
        return
    with pytest.raises(InvalidCursorError):
        decode(KEY, SCOPE, cursor[:place] + other + cursor[place + 1 :])


@given(st.text(max_size=80))
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode(KEY, SCOPE, text)


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        (b"other", SCOPE),
        (KEY, ("/v1/assets", "acme", "queued")),
        (KEY, ("/v1/jobs", "rival", "queued")),
        (KEY, ("/v1/jobs", "acme")),
        (KEY, ("/v1/jobs", "acme", "queued", "failed")),
    ],
)
def test_a_cursor_of_another_key_list_tenant_or_filter_is_refused(
    key: bytes, scope: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidCursorError):
        decode(key, scope, encode(KEY, SCOPE, "job_1"))


def test_scope_and_id_cannot_be_shifted_into_each_other() -> None:
    assert encode(KEY, ("a", "b"), "c")[:20] != encode(KEY, ("a",), "bc")[:20]
    assert encode(KEY, ("ab",), "c")[:20] != encode(KEY, ("a",), "bc")[:20]
