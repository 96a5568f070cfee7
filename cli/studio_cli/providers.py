"""``studio providers``: the health of the providers."""

from typing import Annotated, Any

import typer

from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, styled

app = typer.Typer(no_args_is_help=True, help="Show the health of providers.")

_STATES = {"active": "green", "sunset": "yellow", "retired": "red"}
_STYLES = {"closed": "green", "half_open": "yellow", "open": "red"}


@app.command("list")
def list_models(profile: ProfileOption = LOCAL) -> None:
    """Show the models of today: which can be ordered, which end, and what follows them."""
    with open_client(profile) as client:
        cards = client.get("/v1/providers")["data"]
    table = Listing("provider", "model", "state", "ends", "successor")
    for card in cards:
        for model in (*card["models"], *card["retired"]):
            state = styled(model["state"], _STATES[model["state"]])
            ends, successor = model["ends"] or "", model["successor"] or ""
            table.add_row(card["id"], model["id"], state, ends, successor)
    new_console().print(table)


@app.command()
def health(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as openai.")],
    profile: ProfileOption = LOCAL,
) -> None:
    """Show the circuit breaker, faults and rate limit of each model of a provider."""
    with open_client(profile) as client:
        found = client.get(f"/v1/providers/{provider}/health")
    table = Listing("model", "breaker", "faults", "next call", "last error", "tokens")
    for model in found["models"]:
        table.add_row(
            model["model"],
            styled(model["state"], _STYLES[model["state"]]),
            str(model["failures"]),
            model["next_probe_at"] or model["held_until"] or "now",
            _error(model["last_error"]),
            _tokens(model),
        )
    console = new_console()
    console.print(table)
    state = "healthy" if found["healthy"] else "failing"
    account = f", by the {found['account']} account" if found["account"] else ""
    console.print(f"{found['id']} is {state}{account}.")


def _error(last: dict[str, Any] | None) -> str:
    return f"{last['kind']} at {last['at']}" if last else ""


def _tokens(model: dict[str, Any]) -> str:
    rate = model["rate_per_minute"]
    return "no limit" if rate is None else f"{model['tokens_left']} of {rate} a minute"
