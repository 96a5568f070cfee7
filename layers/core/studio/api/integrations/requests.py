"""Request bodies of integrations."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.reading import Body


class IntegrationBody(Body):
    """A provider key. ``rate_per_minute`` is for an account with another limit of calls."""

    api_key: Annotated[str, Field(max_length=10_000)]
    rate_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
