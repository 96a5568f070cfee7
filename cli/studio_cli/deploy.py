"""Deployment of the real template to the local AWS with the SAM CLI."""

import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from studio_cli.aws import LOCAL_KEY, LOCAL_REGION, Aws, stack_outputs
from studio_cli.aws_local import clean_environment
from studio_cli.errors import CliError
from studio_cli.profiles import LOCAL, STACK_NAME, Profile, profile_from_outputs, save_profile

DEPLOY_SECONDS = 300.0


def deploy(root: Path, endpoint: str, console_port: int) -> Profile:
    """Deploy or update the stack, save its outputs as the profile ``local`` and return it.

    Args:
        root: The working copy, where ``template.yaml`` is.
        endpoint: Base URL of the local AWS.
        console_port: Port of the console server; the bucket allows this origin.

    Raises:
        CliError: The deployment fails; its output is in ``.local/deploy.log``.
    """
    log = root / ".local" / "deploy.log"
    if _sam_deploy(root, endpoint, console_port, log) != 0:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])
        raise CliError(
            f"The deployment failed:\n{tail}",
            f"see {log}; `make clean` deletes the local AWS and its data",
        )
    outputs = stack_outputs(Aws(LOCAL_REGION, endpoint), STACK_NAME)
    profile = profile_from_outputs(LOCAL, outputs, LOCAL_REGION, endpoint)
    save_profile(profile)
    return profile


def _parameters(root: Path) -> list[str]:
    """Return the parameters of ``samconfig.toml``, which an option replaces as a whole."""
    config = tomllib.loads((root / "samconfig.toml").read_text(encoding="utf-8"))
    parameters: list[str] = config["local"]["deploy"]["parameters"]["parameter_overrides"]
    return parameters


def _sam_deploy(root: Path, endpoint: str, console_port: int, log: Path) -> int:
    """Run ``sam deploy``, write its output to a log and return its exit code."""
    command = [
        *(sys.executable, "-m", "samcli", "deploy", "--config-env", "local"),
        *("--stack-name", STACK_NAME, "--region", LOCAL_REGION),
        *("--parameter-overrides", *_parameters(root), f"LocalConsolePort={console_port}"),
        f"LocalGatewayPort={urlsplit(endpoint).port}",
    ]
    environment = clean_environment() | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": LOCAL_KEY,
        "AWS_SECRET_ACCESS_KEY": LOCAL_KEY,
        "AWS_DEFAULT_REGION": LOCAL_REGION,
        "SAM_CLI_TELEMETRY": "0",
    }
    with log.open("wb") as output:
        try:
            return subprocess.run(  # noqa: S603 - a fixed command line
                command,
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=DEPLOY_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise CliError(f"The deployment took over {DEPLOY_SECONDS:.0f} s.") from error
