"""``studio webhook``: the receivers of events, and the log of their deliveries."""

from typing import Annotated

import typer

from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, say

app = typer.Typer(no_args_is_help=True, help="Send signed events to your own services.")

WebhookArgument = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Id: whk_...")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Public https URL.")],
    events: Annotated[str, typer.Option(help="Events, with commas.")] = "job.*,batch.*",
    profile: ProfileOption = LOCAL,
) -> None:
    """Send events to a URL. The command shows the secret only once."""
    with open_client(profile) as client:
        made = client.post("/v1/webhooks", {"url": url, "events": events.split(",")})
    say(made["id"])
    say(f"secret, shown only once: {made['secret']}")


@app.command("list")
def list_webhooks(profile: ProfileOption = LOCAL) -> None:
    """List webhooks."""
    with open_client(profile) as client:
        webhooks = client.get("/v1/webhooks")["data"]
    table = Listing("webhook", "url", "events", "on")
    for one in webhooks:
        switched = "yes" if one["active"] else one["disabled_reason"] or "no"
        table.add_row(one["id"], one["url"], ", ".join(one["events"]), switched)
    new_console().print(table if webhooks else "No webhooks yet.")


@app.command()
def deliveries(webhook: WebhookArgument, profile: ProfileOption = LOCAL) -> None:
    """List the deliveries to a webhook and their answers."""
    with open_client(profile) as client:
        found = client.pages(f"/v1/webhooks/{webhook}/deliveries")
    table = Listing("delivery", "event", "status", "tries", "last answer", right=("tries",))
    for one in found:
        tries = one["attempts"]
        last = str(tries[-1]["status"] or tries[-1]["error"]) if tries else ""
        table.add_row(one["id"], one["event_type"], one["status"], str(len(tries)), last)
    new_console().print(table if found else "No deliveries yet.")


@app.command()
def test(webhook: WebhookArgument, profile: ProfileOption = LOCAL) -> None:
    """Send a test event."""
    with open_client(profile) as client:
        say(client.post(f"/v1/webhooks/{webhook}/test")["id"])


@app.command()
def redeliver(
    webhook: WebhookArgument,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="Id: dlv_...")],
    profile: ProfileOption = LOCAL,
) -> None:
    """Send a delivery again."""
    with open_client(profile) as client:
        again = client.post(f"/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver")
    say(f"{again['id']} is {again['status']}.")


@app.command()
def delete(webhook: WebhookArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete a webhook."""
    with open_client(profile) as client:
        client.remove(f"/v1/webhooks/{webhook}")
    say(f"{webhook} is deleted.")
