"""Options that several commands share, and what they mean in a request."""

from pathlib import Path
from typing import Annotated

import typer

from studio_cli.errors import CliError

WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Watch until it ends.")]
YesOption = Annotated[
    bool, typer.Option("--yes", "-y", help="Order without the question about the cost.")
]
OutOption = Annotated[Path, typer.Option(file_okay=False, help="Folder for the finished files.")]
OutOrNoneOption = Annotated[
    Path | None, typer.Option("--out", file_okay=False, help="Download the files to this folder.")
]
AspectOption = Annotated[str | None, typer.Option(help="Aspect ratio instead of a size: 16:9.")]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse what the model does not take.")
]
SeedOption = Annotated[
    int | None, typer.Option(help="Start of the noise: the same seed, the same image.")
]
StepsOption = Annotated[int | None, typer.Option(help="Steps of the model.")]
GuidanceOption = Annotated[
    float | None, typer.Option(help="How closely the model follows the prompt, 0 to 100.")
]
NegativeOption = Annotated[str | None, typer.Option(help="What the image must not show.")]
QualityOption = Annotated[str | None, typer.Option(help="draft, standard or premium.")]
TitleOption = Annotated[str | None, typer.Option(help="Title to show.")]
StylePhrasesOption = Annotated[
    list[str] | None, typer.Option(help="Phrase on how images look. Repeatable.")
]
AvoidOption = Annotated[
    list[str] | None, typer.Option(help="What images must not show. Repeatable.")
]
ProviderOption = Annotated[str | None, typer.Option(help="Default: the stack's own.")]
ModelOption = Annotated[str | None, typer.Option(help="Default: the provider's own.")]
FormatOption = Annotated[str | None, typer.Option("--format", help="webp, jpg, png or avif.")]
MaxCostOption = Annotated[
    str | None, typer.Option(help="Most that the job may cost, in dollars: 0.50.")
]


def provider_choice(provider: str | None, model: str | None) -> dict[str, str | None] | None:
    """Return the provider of a request; None without a provider.

    Raises:
        CliError: There is a model without its provider.
    """
    if model and not provider:
        raise CliError("A model belongs to a provider.", "name it too: --provider")
    return {"id": provider, "model": model} if provider else None
