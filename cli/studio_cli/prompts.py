"""``studio prompts``: templates of image prompts, in groups, and the preview of a prompt."""

from pathlib import Path
from typing import Annotated

import typer

from studio_cli.client import Document
from studio_cli.errors import CliError
from studio_cli.job_requests import given
from studio_cli.options import NegativeOption
from studio_cli.profiles import LOCAL
from studio_cli.session import ProfileOption, open_client
from studio_cli.tables import Listing, minute
from studio_cli.terminal import new_console, say

app = typer.Typer(no_args_is_help=True, help="Save templates of image prompts and try them.")

GroupArgument = Annotated[str, typer.Argument(metavar="GROUP", help="Id: pgr_...")]
TextOption = Annotated[
    str | None,
    typer.Option("--template", help="Text with {post_title}, {image_prompt} and {image_type}."),
]
FileOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="A file with the text.")
]


@app.command()
def groups(profile: ProfileOption = LOCAL) -> None:
    """List prompt groups with their templates; a star marks the active group."""
    with open_client(profile) as client:
        found = client.pages("/v1/prompt-groups")
        active = client.get("/v1/prompt-groups/active")["group_id"]
    table = Listing("", "group", "templates", "changed (UTC)", "title")
    for one in found:
        count = f"{len(one['templates'])}{' or more' if one['more_templates'] else ''}"
        mark = "*" if one["id"] == active else ""
        table.add_row(mark, one["id"], count, minute(one["updated_at"]), one["title"] or "")
    new_console().print(table if found else "No prompt groups yet.")


@app.command()
def templates(group_id: GroupArgument, profile: ProfileOption = LOCAL) -> None:
    """List the templates of a group."""
    with open_client(profile) as client:
        found = client.pages(f"/v1/prompt-groups/{group_id}/templates")
    table = Listing("template", "version", "title", "text")
    for one in found:
        table.add_row(one["id"], str(one["version"]), one["title"] or "", one["template"])
    new_console().print(table if found else "No templates yet.")


@app.command()
def add(
    title: Annotated[str, typer.Argument(help="Title of the group.")],
    template: TextOption = None,
    file: FileOption = None,
    group: Annotated[str | None, typer.Option(help="Add to this group, not to a new one.")] = None,
    negative: NegativeOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save a template in a new prompt group, or in the group of --group."""
    body = given(template=_text(template, file), negative_prompt=negative)
    if group is not None:
        body["title"] = title
    with open_client(profile) as client:
        group_id = group or client.post("/v1/prompt-groups", {"title": title})["id"]
        saved = client.post(f"/v1/prompt-groups/{group_id}/templates", body)
    say(f"{saved['id']} is in {group_id}. Use it: studio prompts activate {group_id}")


@app.command()
def change(
    template_id: Annotated[str, typer.Argument(metavar="TEMPLATE", help="Id: ptm_...")],
    template: TextOption = None,
    file: FileOption = None,
    negative: NegativeOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Save a new version of a template; the other members stay."""
    text = _text(template, file)

    def body(found: Document | None) -> Document:
        if found is None:
            raise CliError(f"There is no template {template_id}.")
        kept = negative if negative is not None else found["negative_prompt"]
        return given(title=found["title"], template=text, negative_prompt=kept)

    with open_client(profile) as client:
        saved = client.amend(f"/v1/prompt-templates/{template_id}", body)
    say(f"{template_id} is at version {saved['version']}.")


@app.command()
def activate(
    group_id: Annotated[
        str | None, typer.Argument(metavar="GROUP", help="Without one, no group is active.")
    ] = None,
    template: Annotated[
        str | None, typer.Option(help="Id of a template of it. Default: its first one.")
    ] = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Make a prompt group your active one, in place of the one before."""
    with open_client(profile) as client:
        client.put("/v1/prompt-groups/active", {"group_id": group_id, "template_id": template})
    say(f"{group_id} is your active prompt group." if group_id else "No prompt group is active.")


@app.command()
def render(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="The image's own prompt.")],
    title: Annotated[str | None, typer.Option(help="Title of the article.")] = None,
    template: TextOption = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="realistic, artistic or cartoon.")
    ] = None,
    negative: NegativeOption = None,
    profile: ProfileOption = LOCAL,
) -> None:
    """Show the prompt that an image of an article would have. Nothing runs."""
    body = given(
        image_prompt=prompt,
        title=title,
        template=template,
        image_type=type_,
        negative_prompt=negative,
    )
    with open_client(profile) as client:
        found = client.post("/v1/prompts/render", body)
    say(found["prompt"])
    say(f"not: {found['negative_prompt']}")
    name = f", {found['template']}" if found["template"] else ""
    say(f"template: {found['source']}{name}; negative prompt: {found['negative_source']}")
    if found["warning"]:
        say(f"warning: {found['warning']}")


def _text(template: str | None, file: Path | None) -> str:
    """Return the text of a template.

    Raises:
        CliError: There is none, or there are two.
    """
    if template is not None and file is None:
        return template
    if file is None or template is not None:
        raise CliError("Give either --template or --file.")
    try:
        return file.read_text(encoding="utf-8-sig").rstrip("\n")
    except UnicodeDecodeError as error:
        raise CliError(f"{file.name} is not UTF-8.", "save it as UTF-8") from error
