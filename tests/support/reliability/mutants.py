"""Finds every condition that guards a write, and writes the code without it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.mock_aws.stack import ROOT

LAYER = ROOT / "layers" / "core"
ADAPTERS = LAYER / "studio" / "adapters"
_ALWAYS = "(attribute_exists(pk) OR attribute_not_exists(pk))"
_NEVER = "(attribute_exists(pk) AND attribute_not_exists(pk))"
_CREATE_ONLY = ', IfNoneMatch="*"'


# Which contract tests look at a function's condition; for any other function all of them run.
KEYWORDS = {
    "start": "job_starts or does_not_start",
    "begin_attempt": "attempt_begins",
    "enter_stage": "stage",
    "requeue": "late_worker",
    "note_wait": "wait_is_noted",
    "save_provider_handle": "late_worker",
    "switch_provider": "switched",
    "_end_item": "not_ended or after_its_job",
    "_count_item": "not_ended or after_its_job",
    "cancel": "cancelled",
    "_cancelled": "cancelled",
    "redrive": "redriven or batch_store",
    "_requeue": "redriven",
    "finish": "job_ends or not_ended or in_between or batch_store",
    "claim_key": "key",
    "begin_row": "batch_store",
    "reopen_row": "batch_store",
    "keep": "batch_store",
    "create": "batch_store",
    "refuse": "batch_store",
    "reopen": "batch_store",
    "stop": "batch_store",
    "_counted": "batch_store",
    "_hold": "limit",
    "put_new": "written",
    "acquire": "bucket",
    "pause_until": "hold",
    "put_if_absent": "staged",
}

# Adapters that have a suite of their own.
SUITES = {
    "dynamodb/recipes.py": "test_recipe_store",
    "dynamodb/settings.py": "test_settings_store",
    "dynamodb/key_records.py": "test_key_records",
    "dynamodb/schedules.py": "test_schedule_store",
    "dynamodb/webhooks.py": "test_webhook_store",
    "dynamodb/folders.py": "test_folder_store",
    "dynamodb/uploads.py": "test_folder_store or test_upload_store",
    "dynamodb/call_limits.py": "test_call_limit_store",
    "dynamodb/downloads.py": "test_download_store",
    "dynamodb/contents.py": "test_content_store",
    "dynamodb/content_actions.py": "test_job_store_contents",
    "dynamodb/renditions.py": "test_rendition_store",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One module with one guard less.

    Attributes:
        name: Where it is and what it lacks.
        keyword: Which contract tests must see it, as pytest's ``-k`` takes it; empty for all.
        module: The adapter's name, as it is imported.
        source: The changed source.
    """

    name: str
    keyword: str
    module: str
    source: str


def mutants() -> list[Mutant]:
    """Return a mutant for each part of each condition of the adapters.

    A condition that all of several parts must meet loses one of them at a time; of one that any
    of several parts meets, each part is taken away, and the whole.
    """
    found: list[Mutant] = []
    for path in sorted(ADAPTERS.rglob("*.py")):
        source = path.read_text()
        found += _of_conditions(path, source)
        if _CREATE_ONLY in source:
            gone = source.replace(_CREATE_ONLY, "")
            name = f"{path.name} without IfNoneMatch"
            found.append(Mutant(name, KEYWORDS["put_if_absent"], _import_name(path), gone))
    return found


def _import_name(path: Path) -> str:
    return ".".join(path.relative_to(LAYER).with_suffix("").parts)


def _of_conditions(path: Path, source: str) -> Iterator[Mutant]:
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        own = SUITES.get(path.relative_to(ADAPTERS).as_posix())
        keyword = own or KEYWORDS.get(function.name, "")
        for node in _conditions(function):
            condition = str(node.value)
            for part, other in (*_without_conjuncts(condition), *_without_disjuncts(condition)):
                name = f"{path.name}:{node.lineno} {function.name} without {part}"
                changed = _replaced(source, node, other)
                yield Mutant(name, keyword, _import_name(path), changed)


def _conditions(function: ast.FunctionDef) -> Iterator[ast.Constant]:
    """Yield the literals that are given as ``condition``, as an argument or by a name."""
    for node in ast.walk(function):
        value: ast.expr | None = None
        if isinstance(node, ast.keyword) and node.arg == "condition":
            value = node.value
        elif isinstance(node, ast.Assign):
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
            value = node.value if "condition" in targets else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value


def _without_conjuncts(condition: str) -> Iterator[tuple[str, str]]:
    """Yield each conjunct and the condition in which it always holds.

    Its names and values stay in use: DynamoDB refuses a request that does not use them, and a
    test would then fail for that reason alone.
    """
    conjuncts = re.split(r" AND (?!:latest)", condition)
    for index, part in enumerate(conjuncts):
        always = f"(({part}) OR {_ALWAYS})"
        yield part, " AND ".join([*conjuncts[:index], always, *conjuncts[index + 1 :]])


def _without_disjuncts(condition: str) -> Iterator[tuple[str, str]]:
    """Yield each disjunct of several, and the condition in which it never holds."""
    disjuncts = condition.split(" OR ")
    for index, part in enumerate(disjuncts if len(disjuncts) > 1 else []):
        never = f"(({part}) AND {_NEVER})"
        yield f"its part {part}", " OR ".join([*disjuncts[:index], never, *disjuncts[index + 1 :]])


def _replaced(source: str, node: ast.Constant, text: str) -> str:
    lines = source.splitlines(keepends=True)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    head = "".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    last = lines[node.end_lineno - 1]
    tail = last[node.end_col_offset :] + "".join(lines[node.end_lineno :])
    return f"{head}{text!r}{tail}"
