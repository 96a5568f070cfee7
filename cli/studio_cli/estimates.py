"""``studio estimate``: the price of a job. Nothing runs."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from studio_cli.amounts import dollars
from studio_cli.downloads import maker
from studio_cli.errors import CliError
from studio_cli.files import read_request
from studio_cli.job_requests import given, prompt_members, source_of
from studio_cli.operations import InputOption, read_inputs
from studio_cli.options import (
    AspectOption,
    FormatOption,
    MaxCostOption,
    ModelOption,
    ProviderOption,
    QualityOption,
    provider_choice,
)
from studio_cli.prices import plain_warnings, price_of
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console
from studio_cli.wanted_files import output
from studio_cli.wire import Cost, Estimate


def estimate(
    prompts: Annotated[
        list[str] | None, typer.Argument(metavar="PROMPT", help="One image for each prompt.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Price the request in a JSON file."),
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="Such as upscale.fast. Default: generate.")
    ] = None,
    recipe: Annotated[str | None, typer.Option(help="Recipe to price.")] = None,
    template: Annotated[str | None, typer.Option(help="Template of the job.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="A file, which is uploaded, an https URL or an asset.")
    ] = None,
    input_: InputOption = None,
    size: Annotated[str | None, typer.Option(help="Such as 1536x1024.")] = None,
    aspect: AspectOption = None,
    quality: QualityOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    format_: FormatOption = None,
    variations: Annotated[int, typer.Option(help="Images of one prompt, 1 to 10.")] = 1,
    max_cost: MaxCostOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Price a job: each image, the sum and what would refuse it. Nothing runs."""
    words = prompts or []
    if file is None and not (words or recipe or operation):
        raise CliError(
            "There is nothing to price.", "give a prompt, --operation, --recipe or --file"
        )
    body = prompt_members(words, size, variations) | given(
        operation=operation,
        recipe_id=recipe,
        template_id=template,
        input=read_inputs(input_ or []) or None,
        aspect_ratio=aspect,
        quality=quality,
        provider=provider_choice(provider, model),
        output=output(format_),
        max_cost=max_cost,
    )
    console = new_console()
    with open_client(profile) as client:
        if source:
            body["sources"] = [source_of(client, text, None, console) for text in source]
        found = client.estimate(body if file is None else read_request(file) | body)
    _show(found, console)


def _show(found: Estimate, console: Console) -> None:
    console.print(_table(found))
    console.print(f"cost: {price_of(found).words}")
    for choice in found["provider_choice"]:
        console.print(f"chosen: {maker(choice)}. {choice['reason']}", style="dim")
    for warning in plain_warnings(found):
        console.print(f"warning: {warning}", style="yellow")


def _table(found: Estimate) -> Listing:
    numbers = ("likely", "at most")
    table = Listing("image", "made by", "size", *numbers, right=numbers)
    for entry in found["per_item"]:
        table.add_row(
            str(entry["item"]),
            maker(entry["provider"]),
            entry["size"] or "",
            _amount(entry["likely"]),
            _amount(entry["held"]),
        )
    return table


def _amount(cost: Cost) -> str:
    return dollars(cost["amount"])
