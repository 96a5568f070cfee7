"""``studio integrations``: the provider keys of the account."""

from typing import Annotated

import typer

from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL
from studio_cli.secret_input import FileOption, read_secret
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, say, styled

app = typer.Typer(no_args_is_help=True, help="Manage your account's own provider keys.")

ProviderArgument = Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as openai.")]

_STYLES = {"own": "green", "stack": "green", "none": "yellow"}


@app.command("list")
def list_integrations(profile: ProfileOption = LOCAL) -> None:
    """List the providers, and whose key your jobs use. No key is shown."""
    with open_client(profile) as client:
        found = client.get("/v1/integrations")["data"]
    table = Listing("provider", "on", "key", "ends with", "stored", "by", whole=("provider",))
    for one in found:
        table.add_row(
            one["provider"],
            "yes" if one["enabled"] else "no",
            styled(one["configured"], _STYLES[one["configured"]]),
            one["last_four"] or "",
            one["updated_at"] or "",
            one["updated_by"] or "",
        )
    new_console().print(table)


@app.command("set")
def set_key(
    provider: ProviderArgument,
    file: FileOption = None,
    rate: Annotated[
        int | None, typer.Option(help="Calls per minute that the account may make.")
    ] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Store your account's own key of a provider. The key is read from a prompt or a file."""
    key = read_secret(file, f"Key of {provider}")
    body = {"api_key": key} | ({} if rate is None else {"rate_per_minute": rate})
    with open_client(profile) as client:
        stored = client.put(f"/v1/integrations/{provider}", body)
    say(f"The key of {stored['provider']} that ends with {stored['last_four']} is stored.")
    say(f"Test it: studio integrations test {provider}")


@app.command()
def delete(provider: ProviderArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete your account's own key of a provider."""
    with open_client(profile) as client:
        client.delete(f"/v1/integrations/{provider}")
    say(f"Your account has no key of {provider} any more.")


@app.command()
def test(provider: ProviderArgument, profile: ProfileOption = LOCAL) -> None:
    """Test the key that your jobs use, by a call of the provider that costs nothing."""
    with open_client(profile) as client:
        found = client.post(f"/v1/integrations/{provider}/test")
    whose = "your own key" if found["account"] == "own" else "the key of the stack"
    text = f"{found['outcome']}, with {whose}: {found['detail']}"
    if found["outcome"] in ("refused", "unreachable"):
        raise CliError(text)
    say(text)
