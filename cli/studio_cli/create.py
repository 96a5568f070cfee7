"""``studio create``: images from prompts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from studio_cli.errors import CliError
from studio_cli.follow import submit
from studio_cli.job_requests import given, prompt_members, source_of
from studio_cli.options import (
    FormatOption,
    MaxCostOption,
    ModelOption,
    OutOption,
    ProviderOption,
    QualityOption,
    WaitOption,
    provider_choice,
)
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FormatsOption, RenditionOption, output

DEFAULT_SIZE = "1024x1024"
DEFAULT_QUALITY = "standard"
DEFAULT_FORMAT = "webp"

PromptsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="PROMPT", help="One image for each prompt.")
]
RecipeOption = Annotated[
    str | None, typer.Option(help="Recipe for every setting that no option gives.")
]
EnhanceOption = Annotated[
    bool, typer.Option("--enhance", help="Add words on light, composition and detail.")
]
PersonaOption = Annotated[str | None, typer.Option(help="Add the words of this persona.")]
TemplateOption = Annotated[
    str | None, typer.Option(help="Sets size, style and quality. List: studio templates list.")
]
SizeOption = Annotated[str | None, typer.Option(help=f"Default: {DEFAULT_SIZE}.")]
VariationsOption = Annotated[int, typer.Option(help="Images of one prompt, 1 to 10.")]
SourceOption = Annotated[
    list[str] | None, typer.Option(help="A file, an https URL or an asset to start from.")
]
StrengthOption = Annotated[
    float | None, typer.Option(help="How far to depart from the source, 0 to 1.")
]
FolderOption = Annotated[str | None, typer.Option(help="Folder of the source and the result.")]
NotifyOption = Annotated[str | None, typer.Option(help="Email address to notify.")]


def create(
    prompts: PromptsArgument = None,
    recipe: RecipeOption = None,
    enhance: EnhanceOption = False,
    persona: PersonaOption = None,
    template: TemplateOption = None,
    size: SizeOption = None,
    quality: QualityOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    format_: FormatOption = None,
    formats: FormatsOption = None,
    rendition: RenditionOption = None,
    variations: VariationsOption = 1,
    source: SourceOption = None,
    strength: StrengthOption = None,
    folder: FolderOption = None,
    notify: NotifyOption = None,
    max_cost: MaxCostOption = None,
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Create images, watch the job and download the results."""
    words = prompts or []
    check_prompts(words, recipe, variations)
    saved = recipe or template
    body = prompt_members(words, _setting(size, DEFAULT_SIZE, saved), variations) | given(
        recipe_id=recipe,
        enhance_prompt=enhance or None,
        persona_id=persona,
        template_id=template,
        quality=_setting(quality, DEFAULT_QUALITY, saved),
        output=output(_setting(format_, DEFAULT_FORMAT, recipe), formats, rendition),
        provider=provider_choice(provider, model),
        strength=strength,
        folder=folder,
        notify={"email": notify} if notify else None,
        max_cost=max_cost,
    )
    console = new_console()
    with open_client(profile) as client:
        if source:
            body["sources"] = [source_of(client, text, folder, console) for text in source]
        submit(client, body, console, out if wait else None)


def check_prompts(prompts: Sequence[str], recipe: str | None, variations: int) -> None:
    """Check that prompts, recipe and variations fit together.

    Raises:
        CliError: They do not.
    """
    if not prompts and not recipe:
        raise CliError("There is no prompt.", "give a prompt, or a recipe: --recipe")
    if variations != 1 and len(prompts) > 1:
        raise CliError("Variations are of one prompt.", "give one prompt, or no --variations")


def _setting(value: str | None, default: str, saved: str | None) -> str | None:
    """Return a setting; only without a recipe or template does it have a default."""
    return value if saved else value or default
