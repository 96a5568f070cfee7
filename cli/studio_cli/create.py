"""``studio create``: images from prompts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from studio_cli.errors import CliError
from studio_cli.follow import submit
from studio_cli.job_requests import given, prompt_members, source_of
from studio_cli.options import (
    AspectOption,
    FormatOption,
    GuidanceOption,
    MaxCostOption,
    ModelOption,
    NegativeOption,
    OutOption,
    ProviderOption,
    QualityOption,
    SeedOption,
    StepsOption,
    StrictOption,
    WaitOption,
    YesOption,
    provider_choice,
)
from studio_cli.profiles import LOCAL
from studio_cli.proposals import NOTHING, proposals
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console
from studio_cli.wanted_files import FormatsOption, RenditionOption, output

DEFAULT_SIZE = "1024x1024"
DEFAULT_QUALITY = "standard"

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
SizeOption = Annotated[
    str | None, typer.Option(help=f"Default: your setting, else {DEFAULT_SIZE}.")
]
VariationsOption = Annotated[int, typer.Option(help="Images of one prompt, 1 to 10.")]
SourceOption = Annotated[
    list[str] | None, typer.Option(help="A file, an https URL or an asset to start from.")
]
StrengthOption = Annotated[
    float | None, typer.Option(help="How far to depart from the source, 0 to 1.")
]
FolderOption = Annotated[str | None, typer.Option(help="Folder of the source and the result.")]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(help="Label of the image, which names its file. One for each prompt."),
]
NotifyOption = Annotated[str | None, typer.Option(help="Email address to notify.")]


def create(
    prompts: PromptsArgument = None,
    recipe: RecipeOption = None,
    enhance: EnhanceOption = False,
    persona: PersonaOption = None,
    template: TemplateOption = None,
    size: SizeOption = None,
    aspect: AspectOption = None,
    quality: QualityOption = None,
    provider: ProviderOption = None,
    model: ModelOption = None,
    format_: FormatOption = None,
    formats: FormatsOption = None,
    rendition: RenditionOption = None,
    variations: VariationsOption = 1,
    label: LabelOption = None,
    seed: SeedOption = None,
    steps: StepsOption = None,
    guidance: GuidanceOption = None,
    negative: NegativeOption = None,
    strict: StrictOption = False,
    source: SourceOption = None,
    strength: StrengthOption = None,
    folder: FolderOption = None,
    notify: NotifyOption = None,
    max_cost: MaxCostOption = None,
    yes: YesOption = False,
    wait: WaitOption = True,
    out: OutOption = Path("out"),
    profile: ProfileOption = LOCAL,
) -> None:
    """Create images, watch the job and download the results.

    Without a recipe or template, your settings give what no option gives.
    The cost is printed first, with a question if the images may cost something. Without a terminal
    there is no question, and the order goes out.
    """
    words, labels = prompts or [], label or []
    check_prompts(words, recipe, variations)
    check_labels(words, labels, variations)
    if size and aspect:
        raise CliError("The size follows from the aspect ratio.", "give --size or --aspect")
    saved = recipe or template
    files, named = output(format_, formats, rendition), provider_choice(provider, model)
    console = new_console()
    with open_client(profile) as client:
        proposed = NOTHING if saved else proposals(client)
        sized = _setting(size, proposed.size or DEFAULT_SIZE, saved or aspect)
        body = prompt_members(words, sized, variations, labels) | given(
            recipe_id=recipe,
            enhance_prompt=enhance or proposed.enhance or None,
            persona_id=persona,
            template_id=template,
            quality=_setting(quality, proposed.quality or DEFAULT_QUALITY, saved),
            output=files,
            provider=named or proposed.provider,
            aspect_ratio=aspect,
            seed=seed,
            steps=steps,
            guidance=guidance,
            negative_prompt=negative,
            strict=strict or None,
            strength=strength,
            folder=folder,
            notify={"email": notify} if notify else None,
            max_cost=max_cost,
        )
        if source:
            body["sources"] = [source_of(client, text, folder, console) for text in source]
        submit(client, body, console, out if wait else None, yes=yes)


def check_prompts(prompts: Sequence[str], recipe: str | None, variations: int) -> None:
    """Check that prompts, recipe and variations fit together.

    Raises:
        CliError: They do not.
    """
    if not prompts and not recipe:
        raise CliError("There is no prompt.", "give a prompt, or a recipe: --recipe")
    if variations != 1 and len(prompts) > 1:
        raise CliError("Variations are of one prompt.", "give one prompt, or no --variations")


def check_labels(prompts: Sequence[str], labels: Sequence[str], variations: int) -> None:
    """Check that there is no label, or one for each prompt.

    Raises:
        CliError: They do not match.
    """
    if labels and (len(labels) != len(prompts) or variations != 1):
        raise CliError("A label is of one image.", "give a --label for each prompt")


def _setting(value: str | None, default: str, saved: str | None) -> str | None:
    """Return a setting; only without a recipe or template does it have a default."""
    return value if saved else value or default
