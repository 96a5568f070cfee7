"""Words of a provider that are safe to show."""

from studio.providers.shared.identifiers import identifier


def test_only_plain_words_are_shown() -> None:
    for word in ("req_000001", "invalid_value", "CFGScale", "gpt-image-2.5"):
        assert identifier(word) == word
    for other in ("", "a b", "https://x.example/?key=1", "naïve", "x" * 129, None, 7, "***"):
        assert identifier(other) is None
