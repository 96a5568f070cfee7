"""The template as a whole, and what holds for each of its functions."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]
from packaging.utils import canonicalize_name

from tests.support.mock_aws.stack import ROOT, template
from tests.support.template.functions import (
    TEMPLATE,
    Function,
    Resource,
    functions,
    resources,
    text,
)
from tests.support.template.state_machine import LAMBDA, Task, definition_text, tasks

FUNCTIONS = functions()
GIVEN_BY_LAMBDA = {"AWS_REGION"}
IDS = [function.folder for function in FUNCTIONS]

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=IDS)


def imports(path: Path) -> Iterator[str]:
    """Yield every name that a module imports, dotted, at any depth of the code."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def settings_read(handler: Path) -> set[str]:
    """Return the environment variables that a handler declares, needed or optional."""
    names: set[str] = set()
    constants: dict[str, ast.expr] = {}
    for node in ast.walk(ast.parse(handler.read_text())):
        if isinstance(node, ast.Assign):
            constants[ast.unparse(node.targets[0])] = node.value
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Settings.read":
            for argument in node.args:
                if isinstance(argument, ast.Starred):
                    names |= set(ast.literal_eval(constants[ast.unparse(argument.value)]))
                else:
                    names.add(ast.literal_eval(argument))
    return names - GIVEN_BY_LAMBDA


def test_lints_clean_with_its_transform_applied() -> None:
    assert [str(match) for match in lint_file(TEMPLATE)] == []


def test_every_folder_of_code_is_a_function_and_the_other_way_round() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert {function.folder for function in FUNCTIONS} == folders


@each_function
def test_folder_function_and_handler_have_one_name(function: Function) -> None:
    words = function.folder.split("_")

    assert function.name == "".join(word.capitalize() for word in words)
    assert function.properties["Handler"] == "handler.lambda_handler"
    defined = ast.parse((function.path / "handler.py").read_text()).body
    names = {node.name for node in defined if isinstance(node, ast.FunctionDef)}
    assert "lambda_handler" in names


@each_function
def test_gets_exactly_the_settings_that_it_reads(function: Function) -> None:
    read = settings_read(function.path / "handler.py")

    assert read
    assert set(function.environment) == read


@each_function
def test_settings_leave_the_import_path_alone(function: Function) -> None:
    # Where PYTHONPATH is set, Lambda leaves the layers out of the path.
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]

    assert not {"PYTHONPATH", "PYTHONHOME"} & {*shared, *function.environment}


@each_function
def test_logs_to_a_group_of_its_own(function: Function) -> None:
    logging = function.properties["LoggingConfig"]
    users = [one for one in FUNCTIONS if one.properties["LoggingConfig"] == logging]

    assert logging == {"LogGroup": {"Ref": f"{function.name}LogGroup"}, "LogFormat": "JSON"}
    assert users == [function]


@each_function
def test_runs_under_a_role_of_its_own(function: Function) -> None:
    assert text(function.properties["Role"]) == f"{function.name}Role.Arn"


def test_every_log_group_forgets() -> None:
    groups = resources("AWS::Logs::LogGroup")

    assert len(groups) > len(FUNCTIONS)
    for group in groups:
        assert group.properties["RetentionInDays"] == {"Ref": "LogRetentionDays"}, group.logical_id


def test_everything_is_built_for_one_runtime_on_arm64() -> None:
    shared = template()["Globals"]["Function"]
    layers = resources("AWS::Serverless::LayerVersion")

    assert shared["Architectures"] == ["arm64"]
    runtime = shared["Runtime"]
    assert re.fullmatch(r"python3\.\d+", runtime)
    for function in FUNCTIONS:
        assert function.properties["Architectures"] == ["arm64"], function.name
        assert function.properties["Runtime"] == runtime, function.name
    for layer in layers:
        metadata = template()["Resources"][layer.logical_id]["Metadata"]
        assert metadata["BuildArchitecture"] == "arm64", layer.logical_id
        assert metadata["BuildMethod"] == runtime, layer.logical_id
        assert layer.properties["CompatibleRuntimes"] == [runtime], layer.logical_id
        assert layer.properties["CompatibleArchitectures"] == ["arm64"], layer.logical_id


def pins(requirements: Path) -> set[tuple[str, str]]:
    """Return the names and versions of a file in which every line is an exact pin."""
    lines = [line for line in requirements.read_text().splitlines() if line and line[0] != "#"]
    split = [line.split("==") for line in lines]
    return {(canonicalize_name(name), version) for name, version in split}


def test_layers_are_pinned_exactly_as_the_development_environment() -> None:
    tested = pins(ROOT / "requirements-dev.txt")

    for layer in resources("AWS::Serverless::LayerVersion"):
        shipped = pins(ROOT / layer.properties["ContentUri"] / "requirements.txt")
        assert shipped, layer.logical_id
        assert shipped <= tested, layer.logical_id


@pytest.mark.parametrize("machine", resources("AWS::Serverless::StateMachine"), ids=str)
def test_a_definition_gets_every_placeholder_it_has(machine: Resource) -> None:
    name = Path(machine.properties["DefinitionUri"]).name.removesuffix(".asl.json")
    placeholders = set(re.findall(r"\$\{(\w+)\}", definition_text(name)))

    assert set(machine.properties["DefinitionSubstitutions"]) == placeholders
    for name, target in machine.properties["DefinitionSubstitutions"].items():
        if name not in ("BucketName", "Partition"):
            assert text(target) == f"{name.removesuffix('Arn')}.Arn"


CALLS = [task for task in tasks() if task.body["Resource"] == LAMBDA]


@pytest.mark.parametrize("task", CALLS, ids=lambda task: str(task.name))
def test_a_function_gives_up_before_its_state_does(task: Task) -> None:
    (function,) = [one for one in FUNCTIONS if one.name == task.name]

    assert function.timeout < task.body["TimeoutSeconds"]


def test_has_the_outputs_that_the_cli_reads() -> None:
    read: set[str] = set()
    for module in (ROOT / "cli" / "studio_cli").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            match node:
                case ast.Subscript(value=ast.Name("outputs"), slice=ast.Constant(str(name))):
                    read.add(name)

    assert {"ApiUrl", "UserPoolId"} <= read
    assert read <= set(template()["Outputs"])


def test_nothing_brings_in_the_tracing_sdk() -> None:
    modules = [path for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")]

    assert len(modules) > len(FUNCTIONS)
    for module in modules:
        wanted = [name for name in imports(module) if re.search(r"Tracer|xray", name)]
        assert wanted == [], module
