"""What the stored settings propose for a new order: the user's own, then the account's."""

from dataclasses import dataclass

from studio_cli.client import StudioClient


@dataclass(frozen=True, slots=True)
class Proposals:
    """Members of an order for what no option gives; None proposes nothing."""

    size: str | None
    quality: str | None
    provider: dict[str, str | None] | None
    enhance: bool


NOTHING = Proposals(size=None, quality=None, provider=None, enhance=False)


def proposals(client: StudioClient) -> Proposals:
    """Return what the settings of the user and of the account propose."""
    own = client.get("/v1/settings")
    account = client.get("/v1/settings/account")["defaults"]
    model = own["model"]
    return Proposals(
        size=own["output_size"],
        quality=own["quality"] or account["quality"],
        provider={"id": model["provider"], "model": model["id"]} if model else None,
        enhance=account["enhance_prompt"],
    )
