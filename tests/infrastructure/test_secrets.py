"""No file of the repository holds a secret: all detectors over what ships, sure ones over tests."""

import subprocess
import sys

from tests.support.mock_aws.stack import ROOT
from tests.support.repository import repository_files

# Lock files hold the hashes of packages, thousands of random words.
LOCKS = "package-lock.json"
# Tests and sample events plant keys and tokens of their own; what guesses by a word or by
# randomness finds nothing else there.
PLANTED = ("tests/", "events/")
# Texts of the console name fields of forms, such as the password.
TEXTS = "web/src/i18n/"
GUESSING = ("KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString")


def findings(files: list[str], *options: str) -> str:
    """Run the detectors; return what they report, which never quotes a secret."""
    scanned = subprocess.run(
        [sys.executable, "-m", "detect_secrets.pre_commit_hook", "--no-verify", *options, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return scanned.stdout + scanned.stderr if scanned.returncode else ""


def test_what_ships_holds_no_secret() -> None:
    files = [
        name
        for name in repository_files()
        if not name.startswith(PLANTED) and not name.endswith(LOCKS)
    ]
    texts = [name for name in files if name.startswith(TEXTS)]

    assert "template.yaml" in files
    assert findings([name for name in files if name not in texts]) == ""
    assert findings(texts, "--disable-plugin", "KeywordDetector") == ""


def test_tests_hold_no_secret_of_a_known_form() -> None:
    files = [name for name in repository_files() if name.startswith(PLANTED)]
    options = [part for name in GUESSING for part in ("--disable-plugin", name)]

    assert "tests/infrastructure/test_secrets.py" in files
    assert findings(files, *options) == ""
