"""Every part of every condition matters: without it, a contract test of the stores fails."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.reliability.mutants import LAYER, mutants
from tests.support.worlds.stack import ROOT

_SECONDS = 540


@pytest.mark.timeout(_SECONDS + 10)
def test_no_condition_can_be_taken_away_unseen(tmp_path: Path) -> None:
    found = mutants()
    assert len(found) > 40, "the conditions of the adapters were not found"
    unchanged = tmp_path / "unchanged"
    shutil.copytree(LAYER, unchanged)
    planted = {
        str(mutant.plant(tmp_path / str(number))): mutant for number, mutant in enumerate(found)
    }
    keywords = {folder: mutant.keyword for folder, mutant in planted.items()}

    codes = _exit_codes({str(unchanged): "", **keywords})

    assert codes.pop(str(unchanged)) == pytest.ExitCode.OK
    survivors = {
        planted[folder].name: code
        for folder, code in codes.items()
        if code != pytest.ExitCode.TESTS_FAILED
    }
    assert not survivors


def _exit_codes(keywords: dict[str, str]) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.reliability.mutant_runner"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        input=json.dumps(keywords),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    codes: dict[str, int] = json.loads(done.stdout)
    return codes
