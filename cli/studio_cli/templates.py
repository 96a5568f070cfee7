"""``studio templates``: sizes, styles and qualities for a purpose, under a name."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from studio_cli.errors import CliError
from studio_cli.job_requests import given
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.terminal import new_console

app = typer.Typer(
    no_args_is_help=True, help="Templates: a size, a style and a quality for a purpose."
)

TemplateArgument = Annotated[str, typer.Argument(metavar="TEMPLATE", help="Its name.")]
PlatformOption = Annotated[str | None, typer.Option(help="Such as instagram.")]
CategoryOption = Annotated[
    str | None,
    typer.Option(help="post, story, cover, ad, thumbnail, avatar, product or article."),
]
RatioOption = Annotated[str | None, typer.Option("--ratio", help="Such as 16:9.")]
LimitOption = Annotated[int, typer.Option(min=1, max=100)]
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
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="What to look for.")],
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
    use: Annotated[str | None, typer.Option(help='Such as story, or "summer sale".')] = None,
    prompt: Annotated[str | None, typer.Option(help="What the picture is to show.")] = None,
    limit: LimitOption = 5,
    profile: ProfileOption = LOCAL,
) -> None:
    """Recommend templates, and say why."""
    wish: dict[str, Any] = given(platform=platform, use=use, prompt=prompt)
    if not wish:
        raise CliError("Say what is wanted.", "give --platform, --use or --prompt")
    with open_client(profile) as client:
        found = client.get("/v1/templates/recommendations", {**wish, "limit": limit})["data"]
    table = _table("score", "why")
    for one in found:
        table.add_row(*_row(one["template"]), f"{one['score']:.2f}", one["reason"])
    new_console().print(table if found else "No template fits.")


@app.command()
def show(template: TemplateArgument, profile: ProfileOption = LOCAL) -> None:
    """Show what a template says."""
    with open_client(profile) as client:
        found = client.get(f"/v1/templates/{template}")
    said = {name: value for name, value in found.items() if name not in _UNSHOWN}
    typer.echo(json.dumps(said, indent=2, ensure_ascii=False))


@app.command()
def save(
    template: TemplateArgument,
    from_job: Annotated[
        str | None, typer.Option(help="Save how an image of this job was ordered.")
    ] = None,
    item: Annotated[int, typer.Option(min=1, help="Which of its images.")] = 1,
    category: CategoryOption = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="Of a platform, such as ig_story.")
    ] = None,
    size: Annotated[str | None, typer.Option(help="Such as 1600x900.")] = None,
    ratio: RatioOption = None,
    style: Annotated[
        list[str] | None, typer.Option(help="A phrase on how pictures look; may be repeated.")
    ] = None,
    avoid: Annotated[
        list[str] | None, typer.Option(help="What must not be seen; may be repeated.")
    ] = None,
    keyword: Annotated[
        list[str] | None, typer.Option(help="By which it is found; may be repeated.")
    ] = None,
    provider: Annotated[str | None, typer.Option(help="Whom to prefer.")] = None,
    quality: Annotated[str | None, typer.Option(help="draft, standard or premium.")] = None,
    title: Annotated[str | None, typer.Option(help="For people.")] = None,
    description: Annotated[str | None, typer.Option(help="When to use it.")] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save settings under a name, or those of an image that was ordered."""
    told = given(category=category, keywords=keyword, title=title, description=description)
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
        raise CliError("The job says that already.", f"leave out {', '.join(settings)}")
    with open_client(profile) as client:
        if from_job is None:
            saved = client.replace(f"/v1/templates/{template}", {**told, **settings})
        else:
            body = {"id": template, "job_id": from_job, "item": item, **told}
            saved = client.post("/v1/templates/from-job", body)
    typer.echo(f"{template} is at version {saved['version']}.")


@app.command()
def delete(template: TemplateArgument, profile: ProfileOption = LOCAL) -> None:
    """Take a template away; jobs ordered with it stay."""
    with open_client(profile) as client:
        client.remove(f"/v1/templates/{template}")
    typer.echo(f"{template} is gone.")


def _filters(platform: str | None, category: str | None, ratio: str | None) -> dict[str, Any]:
    return given(platform=platform, category=category, aspect_ratio=ratio)


def _sides(size: str | None) -> dict[str, int]:
    """Read a size; what is none is said before anything is sent."""
    if size is None:
        return {}
    width, by, height = size.partition("x")
    if not (by and width.isdecimal() and height.isdecimal()):
        raise CliError(f"{size!r} is no size.", "write it as 1600x900")
    return {"width": int(width), "height": int(height)}


def _table(*more: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("template", "category", "size", "title", *more):
        table.add_column(heading, overflow="fold")
    return table


def _row(template: dict[str, Any]) -> tuple[str, str, str, str]:
    width, ratio = template["width"], template["aspect_ratio"]
    size = f"{width}x{template['height']}" if width else ratio or "any"
    return template["id"], template["category"], size, template["title"] or ""
