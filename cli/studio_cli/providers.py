"""``studio providers``: the health of the providers."""

from typing import Annotated, Any

import typer
from rich.text import Text

from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, styled

app = typer.Typer(no_args_is_help=True, help="Show the health of providers.")

_STATES = {"active": "green", "sunset": "yellow", "retired": "red"}
_STYLES = {"closed": "green", "half_open": "yellow", "open": "red"}


@app.command("list")
def list_models(profile: ProfileOption = LOCAL) -> None:
    """Show the models that can be ordered, and those that end or have ended with successors."""
    with open_client(profile) as client:
        cards = client.get("/v1/providers")["data"]
    table = Listing("provider", "model", "state", whole=("model",))
    ending = Listing("ending model", "end", "successor", whole=("ending model", "successor"))
    for card in cards:
        for model in card["models"]:
            table.add_row(card["id"], model["id"], _state(model, model["state"]))
        for model in (*card["models"], *card["retired"]):
            if model["ends"] or model["successor"]:
                end = _state(model, model["ends"] or model["state"])
                ending.add_row(model["id"], end, model["successor"] or "")
    console = new_console()
    console.print(table)
    if ending:
        console.print()
        console.print(ending)


@app.command()
def health(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as openai.")],
    profile: ProfileOption = LOCAL,
) -> None:
    """Show the circuit breaker, faults and rate limit of each model of a provider."""
    with open_client(profile) as client:
        found = client.get(f"/v1/providers/{provider}/health")
    table = Listing(
        "model", "breaker", "faults", "next call", "last error", "tokens", whole=("model",)
    )
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


def _state(model: dict[str, Any], text: str) -> Text:
    return styled(text, _STATES[model["state"]])


def _error(last: dict[str, Any] | None) -> str:
    return f"{last['kind']} at {last['at']}" if last else ""


def _tokens(model: dict[str, Any]) -> str:
    rate = model["rate_per_minute"]
    return "no limit" if rate is None else f"{model['tokens_left']} of {rate} a minute"
