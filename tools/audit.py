"""Checks pinned requirements for known vulnerabilities: ``python -m tools.audit FILE ...``.

The check fails on a known vulnerability. It does not fail if the advisory service does not answer
or knows no package. Then the last line says that nothing was audited.
"""

import json
import subprocess
import sys
from typing import Any

_SECONDS = 300
# Parts of the messages of pip-audit and its libraries if there is no answer.
_NO_ANSWER = ("Could not connect", "ConnectionError", "Max retries", "timed out", "HTTPError: 5")


def audit(files: list[str]) -> tuple[int, list[str]]:
    """Run pip-audit and return an exit code and the lines to print."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off",
               "--no-deps", "--disable-pip"]  # fmt: skip
    for file in files:
        command += ["--requirement", file]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and files
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return 0, ["NOT AUDITED: the advisory service did not answer in time."]
    return judge(done.stdout, done.stderr)


def judge(output: str, errors: str) -> tuple[int, list[str]]:
    """Return an exit code and the lines to print for a run of pip-audit.

    Args:
        output: Its JSON document; empty if pip-audit failed.
        errors: Its messages.
    """
    if not output.strip():
        return _judge_failure(errors)
    dependencies: list[dict[str, Any]] = json.loads(output)["dependencies"]
    skipped = [one for one in dependencies if "skip_reason" in one]
    audited = len(dependencies) - len(skipped)
    found = [line for one in dependencies for line in _vulnerabilities(one)]
    if found:
        return 1, [*found, f"{len(found)} known vulnerabilities"]
    if not audited:
        return 0, [f"NOT AUDITED: the advisory service knew none of {len(skipped)} packages."]
    lines = [f"{audited} packages audited, no known vulnerability"]
    if skipped:
        names = ", ".join(one["name"] for one in skipped)
        lines.append(f"NOT AUDITED: {len(skipped)} that the service does not know: {names}")
    return 0, lines


def _judge_failure(errors: str) -> tuple[int, list[str]]:
    reason = (errors.strip().splitlines() or ["no output"])[-1][:120]
    if any(words in errors for words in _NO_ANSWER):
        return 0, [f"NOT AUDITED: the advisory service could not be reached ({reason})."]
    return 1, [f"pip-audit failed: {reason}"]


def _vulnerabilities(dependency: dict[str, Any]) -> list[str]:
    """Return a line for each known vulnerability of a package."""
    return [
        f"{dependency['name']} {dependency['version']}: {flaw['id']}, fixed in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for flaw in dependency.get("vulns", [])
    ]


def main() -> int:
    """Audit the files of the command line and return the exit code."""
    code, lines = audit(sys.argv[1:])
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
