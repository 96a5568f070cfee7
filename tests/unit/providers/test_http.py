"""The HTTP client that the adapters share."""

from studio.providers.shared.http import shared_client


def test_the_client_is_made_once_and_trusts_no_environment() -> None:
    assert shared_client() is shared_client()
    assert shared_client().trust_env is False
