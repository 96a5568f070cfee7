"""Response shapes of integrations."""

from typing import Literal

from typing_extensions import TypedDict

from studio.domain.integrations.model import Configured, Outcome


class Integration(TypedDict):
    """A provider with the key that the account's calls use.

    ``configured`` is ``own``, ``stack`` or ``none``. The last four members are those of the
    account's own key and null without one. The key itself is never shown.
    """

    provider: str
    title: str
    takes_key: bool
    enabled: bool
    configured: Configured
    last_four: str | None
    updated_at: str | None
    updated_by: str | None


class IntegrationList(TypedDict):
    """Every provider that is called with an account."""

    data: list[Integration]


class IntegrationTest(TypedDict):
    """What a provider said of a key. ``account`` is whose key it was."""

    provider: str
    outcome: Outcome
    account: Literal["own", "stack"]
    detail: str
    tested_at: str
