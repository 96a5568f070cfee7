"""The stack that ``make deploy`` deployed last, from ``samconfig.toml``."""

import tomllib
from collections.abc import Mapping
from typing import Any

from studio_cli.aws import Aws, stack_outputs
from studio_cli.profiles import STACK_NAME, project_root

FILE = "samconfig.toml"


def deployed_stack() -> tuple[Aws, Mapping[str, str]]:
    """Return the account and the outputs of the stack that the SAM CLI has deployed.

    Raises:
        CliError: this is no working copy, or the stack cannot be read.
    """
    aws, name = deployed_name()
    return aws, stack_outputs(aws, name)


def deployed_name() -> tuple[Aws, str]:
    """Return the account and the name of the stack that the SAM CLI has deployed.

    ``sam deploy --guided`` writes its answers to the file. What the file does not say is the
    usual name of the stack and the region that the user has configured.

    Raises:
        CliError: this is no working copy.
    """
    saved = tomllib.loads((project_root() / FILE).read_text(encoding="utf-8"))
    options: dict[str, Any] = {}
    for command in ("global", "deploy"):
        options |= saved.get("default", {}).get(command, {}).get("parameters", {})
    return Aws(options.get("region"), endpoint=None), options.get("stack_name", STACK_NAME)
