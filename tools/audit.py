"""Asks the advisory service about every pinned requirement: ``python -m tools.audit FILE ...``.

Fails on a known vulnerability. A service that cannot be reached, or that knows none of the
packages, is no reason to fail; but it is no clean bill either, and the last line says so.
"""

import json
import subprocess
import sys
from typing import Any

_SECONDS = 300
# How pip-audit and what is below it say that there was no answer.
_NO_ANSWER = ("Could not connect", "ConnectionError", "Max retries", "timed out", "HTTPError: 5")


def audit(files: list[str]) -> tuple[int, list[str]]:
    """Run pip-audit and return an exit code and what to print."""
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
    """Say what a run of pip-audit means: an exit code and the lines to print.

    Args:
        output: The JSON document, or nothing where pip-audit gave up.
        errors: What it wrote beside it.
    """
    if not output.strip():
        reason = (errors.strip().splitlines() or ["no output"])[-1][:120]
        if any(words in errors for words in _NO_ANSWER):
            return 0, [f"NOT AUDITED: the advisory service could not be reached ({reason})."]
        return 1, [f"pip-audit failed: {reason}"]
    dependencies: list[dict[str, Any]] = json.loads(output)["dependencies"]
    skipped = [one for one in dependencies if "skip_reason" in one]
    audited = len(dependencies) - len(skipped)
    found = [
        f"{one['name']} {one['version']}: {flaw['id']}, fixed in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in dependencies
        for flaw in one.get("vulns", [])
    ]
    if found:
        return 1, [*found, f"{len(found)} known vulnerabilities"]
    if not audited:
        return 0, [f"NOT AUDITED: the advisory service knew none of {len(skipped)} packages."]
    lines = [f"{audited} packages audited, no known vulnerability"]
    if skipped:
        names = ", ".join(one["name"] for one in skipped)
        lines.append(f"NOT AUDITED: {len(skipped)} that the service does not know: {names}")
    return 0, lines


def main() -> int:
    """Audit the files that were named."""
    code, lines = audit(sys.argv[1:])
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
