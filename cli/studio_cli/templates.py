"""``studio templates``: size, style and quality for a purpose, saved under a name."""

from typing import Annotated, Any

import typer

from studio_cli.errors import CliError
from studio_cli.job_requests import given
from studio_cli.options import AvoidOption, QualityOption, StylePhrasesOption, TitleOption
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing
from studio_cli.terminal import new_console, say, say_json

app = typer.Typer(no_args_is_help=True, help="Find and save a size, style and quality for a use.")

TemplateArgument = Annotated[str, typer.Argument(metavar="TEMPLATE", help="Name of the template.")]
PlatformOption = Annotated[str | None, typer.Option(help="Social platform, such as instagram.")]
CategoryOption = Annotated[
    str | None,
    typer.Option(help="post, story, cover, ad, thumbnail, avatar, product or article."),
]
RatioOption = Annotated[str | None, typer.Option("--ratio", help="Aspect ratio, such as 16:9.")]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="How many to list.")]
FromJobOption = Annotated[str | None, typer.Option(help="Save the settings of this job.")]
ItemOption = Annotated[int, typer.Option(min=1, help="Number of the image in that job.")]
PlatformFormatOption = Annotated[
    str | None, typer.Option("--format", help="Format of a platform, such as ig_story.")
]
SizeOption = Annotated[str | None, typer.Option(help="Such as 1600x900.")]
KeywordOption = Annotated[list[str] | None, typer.Option(help="Word for the search. Repeatable.")]
PreferredOption = Annotated[str | None, typer.Option(help="Provider to prefer.")]
DescriptionOption = Annotated[str | None, typer.Option(help="When to use the template.")]
_UNSHOWN = ("id", "version", "created_at", "updated_at", "updated_by")


@app.command("list")
def list_templates(
    platform: PlatformOption = None,
    category: CategoryOption = None,
    ratio: RatioOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """List templates: your own, then the studio's."""
    with open_client(profile) as client:
        found = client.pages("/v1/templates", _filters(platform, category, ratio))
    table = _table()
    for one in found:
        table.add_row(*_row(one))
    new_console().print(table if found else "No such template.")


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Words to search for.")],
    platform: PlatformOption = None,
    category: CategoryOption = None,
    ratio: RatioOption = None,
    limit: LimitOption = 10,
    profile: ProfileOption = LOCAL,
) -> None:
    """Find templates by their words."""
    query = {"q": " ".join(words), **_filters(platform, category, ratio), "limit": limit}
    with open_client(profile) as client:
        found = client.get("/v1/templates/search", query)["data"]
    table = _table("score")
    for one in found:
        table.add_row(*_row(one["template"]), f"{one['score']:.2f}")
    new_console().print(table if found else "No template has these words.")


@app.command()
def recommend(
    platform: PlatformOption = None,
    use: Annotated[str | None, typer.Option(help='Purpose: story, or "summer sale".')] = None,
    prompt: Annotated[str | None, typer.Option(help="What the image shows.")] = None,
    limit: LimitOption = 5,
    profile: ProfileOption = LOCAL,
) -> None:
    """Recommend templates with reasons."""
    query: dict[str, Any] = given(platform=platform, use=use, prompt=prompt)
    if not query:
        raise CliError("There is nothing to go by.", "give --platform, --use or --prompt")
    with open_client(profile) as client:
        found = client.get("/v1/templates/recommendations", {**query, "limit": limit})["data"]
    table = _table("score", "why")
    for one in found:
        table.add_row(*_row(one["template"]), f"{one['score']:.2f}", one["reason"])
    new_console().print(table if found else "No template fits.")


@app.command()
def show(template: TemplateArgument, profile: ProfileOption = LOCAL) -> None:
    """Show the settings of a template."""
    with open_client(profile) as client:
        found = client.get(f"/v1/templates/{template}")
    shown = {name: value for name, value in found.items() if name not in _UNSHOWN}
    say_json(shown)


@app.command()
def save(
    template: TemplateArgument,
    from_job: FromJobOption = None,
    item: ItemOption = 1,
    category: CategoryOption = None,
    format_: PlatformFormatOption = None,
    size: SizeOption = None,
    ratio: RatioOption = None,
    style: StylePhrasesOption = None,
    avoid: AvoidOption = None,
    keyword: KeywordOption = None,
    provider: PreferredOption = None,
    quality: QualityOption = None,
    title: TitleOption = None,
    description: DescriptionOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save settings as a template, from options or from an image of a job."""
    texts = given(category=category, keywords=keyword, title=title, description=description)
    settings = given(
        format_id=format_,
        **_sides(size),
        aspect_ratio=ratio,
        style=style,
        avoid=avoid,
        provider=provider,
        quality=quality,
    )
    if from_job is not None and settings:
        raise CliError("The job has these settings.", f"leave out {', '.join(settings)}")
    with open_client(profile) as client:
        if from_job is None:
            saved = client.replace(f"/v1/templates/{template}", {**texts, **settings})
        else:
            body = {"id": template, "job_id": from_job, "item": item, **texts}
            saved = client.post("/v1/templates/from-job", body)
    say(f"{template} is at version {saved['version']}.")


@app.command()
def delete(template: TemplateArgument, profile: ProfileOption = LOCAL) -> None:
    """Delete a template; its jobs stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/templates/{template}")
    say(f"{template} is deleted.")


def _filters(platform: str | None, category: str | None, ratio: str | None) -> dict[str, Any]:
    return given(platform=platform, category=category, aspect_ratio=ratio)


def _sides(size: str | None) -> dict[str, int]:
    """Return width and height of a size such as ``1600x900``; none for None.

    Raises:
        CliError: The text is not a size.
    """
    if size is None:
        return {}
    width, by, height = size.partition("x")
    if not (by and width.isdecimal() and height.isdecimal()):
        raise CliError(f"{size!r} is not a size.", "write it as 1600x900")
    return {"width": int(width), "height": int(height)}


def _table(*more: str) -> Listing:
    return Listing("template", "category", "size", "title", *more, whole=("template",))


def _row(template: dict[str, Any]) -> tuple[str, str, str, str]:
    width, ratio = template["width"], template["aspect_ratio"]
    size = f"{width}x{template['height']}" if width else ratio or "any"
    return template["id"], template["category"], size, template["title"] or ""
