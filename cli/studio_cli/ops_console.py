"""``studio ops console``: the files of the web console on AWS."""

import json
import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from studio_cli.console_process import is_built
from studio_cli.errors import CliError
from studio_cli.profiles import project_root
from studio_cli.sam_config import deployed_stack
from studio_cli.terminal import say

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

app = typer.Typer(no_args_is_help=True, help="The files of the web console.")

INDEX = "index.html"
ASSETS = "assets/"
REPLACED = "replaced.json"
"""When each asset of another build was replaced."""
FOR_EVER = "public, max-age=31536000, immutable"
NO_CACHE = "no-cache"
KEPT = timedelta(days=7)
"""A page that a browser has open still loads the files of the last build."""


@app.command()
def upload() -> None:
    """Upload the built console to the stack of samconfig.toml."""
    root = project_root()
    aws, outputs = deployed_stack()
    bucket = outputs.get("ConsoleBucketName")
    if bucket is None:
        say("The stack has no console (Console=off). Nothing was uploaded.")
        return
    if not is_built(root):
        raise CliError("The console is not built.", "build it: make console")
    count = put_console(aws.s3, bucket, root / "web" / "dist", config_of(outputs, aws.region))
    say(f"{count} files uploaded. The console is at {outputs['ConsoleUrl']}")


def config_of(outputs: Mapping[str, str], region: str) -> Mapping[str, str]:
    """Return the document ``config.json`` of a deployed stack."""
    return {
        "sign_in": "managed",
        "client_id": outputs["ConsoleClientId"],
        "cognito_url": f"https://cognito-idp.{region}.amazonaws.com/",
        "login_url": outputs["SignInUrl"],
    }


def put_console(s3: "S3Client", bucket: str, dist: Path, config: Mapping[str, str]) -> int:
    """Upload a built console and return the number of its files.

    ``index.html`` comes last, when all that it names is there. Assets of other builds go a week
    after they were replaced.
    """
    files = [path for path in sorted(dist.rglob("*")) if path.is_file() and _is_public(path, dist)]
    names = [path.relative_to(dist).as_posix() for path in files]
    for path, name in zip(files, names, strict=True):
        if name != INDEX:
            _put(s3, bucket, name, path.read_bytes())
    _put(s3, bucket, "config.json", json.dumps(config).encode())
    _put(s3, bucket, INDEX, (dist / INDEX).read_bytes())
    _remove_replaced(s3, bucket, {name for name in names if name.startswith(ASSETS)})
    return len(files) + 1


def _is_public(path: Path, dist: Path) -> bool:
    """Return whether a file is for browsers; Vite's manifest is not."""
    return not path.relative_to(dist).as_posix().startswith(".")


def _put(s3: "S3Client", bucket: str, name: str, content: bytes) -> None:
    kind = "font/woff2" if name.endswith(".woff2") else mimetypes.guess_type(name)[0]
    s3.put_object(
        Bucket=bucket,
        Key=name,
        Body=content,
        ContentType=kind or "application/octet-stream",
        CacheControl=FOR_EVER if name.startswith(ASSETS) else NO_CACHE,
    )


def _remove_replaced(s3: "S3Client", bucket: str, current: set[str]) -> None:
    """Remove assets that were replaced long ago, and note when the others were."""
    now = datetime.now(UTC)
    noted = _replaced(s3, bucket)
    replaced = {name: noted.get(name, now) for name in _stored_assets(s3, bucket) - current}
    for name, at in replaced.items():
        if now - at > KEPT:
            s3.delete_object(Bucket=bucket, Key=name)
    kept = {name: at.isoformat() for name, at in replaced.items() if now - at <= KEPT}
    _put(s3, bucket, REPLACED, json.dumps(kept).encode())


def _stored_assets(s3: "S3Client", bucket: str) -> set[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=ASSETS)
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}


def _replaced(s3: "S3Client", bucket: str) -> dict[str, datetime]:
    """Return when assets of other builds were replaced, as far as it was noted."""
    try:
        noted = json.loads(s3.get_object(Bucket=bucket, Key=REPLACED)["Body"].read())
    except s3.exceptions.NoSuchKey:
        return {}
    return {name: datetime.fromisoformat(at) for name, at in noted.items()}
