"""The files of the repository."""

import subprocess

from tests.support.mock_aws.stack import ROOT

GENERATED = {".git", ".venv", ".local", ".aws-sam", "out", "__pycache__"}


def repository_files() -> list[str]:
    """Return the files that are, or could be, committed; all but generated ones without git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        names = listed.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [str(path) for path in found if not GENERATED & set(path.parts)]
    return [name for name in names if (ROOT / name).is_file()]
