"""Every part of every condition matters: without it, a contract test of the stores fails."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest

from tests.support.mock_aws.stack import ROOT
from tests.support.reliability.mutants import ADAPTERS, KEYWORDS, SUITES, Mutant, mutants

MUTANTS = mutants()
# A sample: all contract tests pass in tests/contracts, and here in a fork nothing differs.
UNCHANGED = Mutant(name="unchanged", keyword="job_starts or staged or key", module="", source="")

Run = Callable[[Mutant], int]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run the contract tests on a mutant and return pytest's exit code."""
    log = tmp_path_factory.mktemp("mutants") / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.reliability.mutant_runner"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as runner,
    ):
        assert runner.stdin is not None
        assert runner.stdout is not None
        requests, answers = runner.stdin, runner.stdout

        def ask(mutant: Mutant) -> int:
            print(json.dumps(asdict(mutant)), file=requests, flush=True)
            for line in answers:
                answer = json.loads(line)
                # A test that ran out of time left its answer behind.
                if answer["name"] == mutant.name:
                    return int(answer["code"])
            raise AssertionError(log.read_text()[-3000:])

        yield ask


def test_the_conditions_of_the_adapters_are_found() -> None:
    assert len(MUTANTS) > 40


def test_tests_are_selected_by_functions_and_files_that_exist() -> None:
    trees = [ast.parse(path.read_text()) for path in ADAPTERS.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert KEYWORDS.keys() - functions == set()
    assert [path for path in SUITES if not (ADAPTERS / path).is_file()] == []


@pytest.mark.timeout(300)
def test_without_a_change_contract_tests_pass_in_a_fork(run: Run) -> None:
    assert run(UNCHANGED) == pytest.ExitCode.OK


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_no_part_of_a_condition_can_be_taken_away_unseen(run: Run, mutant: Mutant) -> None:
    assert run(mutant) == pytest.ExitCode.TESTS_FAILED
