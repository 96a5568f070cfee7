"""What a cold start brings in: nothing that the function's layers lack, nothing it can do without.

Modules are counted and not timed: a count is the same on every machine.
"""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from studio.domain.catalogue.entries import provider_ids
from tests.support.mock_aws.stack import ROOT, template
from tests.support.template.functions import Function, functions

# What comes with every Lambda runtime of Python: boto3 and what it needs.
RUNTIME = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"}

# Modules of ours and of the layers that `import handler` may load. Raise one knowingly.
CEILING = {
    "api": 63,
    "build_download": 88,
    "call_provider": 115,
    "create_batch_job": 126,
    "fail_batch_row": 124,
    "fail_image": 90,
    "finish_batch": 83,
    "finish_job": 107,
    "notify": 69,
    "post_process": 124,
    "prepare_source": 116,
    "register_upload": 113,
    "render_asset": 106,
    "run_schedule": 120,
    "save_image": 89,
    "send_webhook": 144,
    "start_job": 78,
    "sweep_jobs": 118,
    "test_integration": 110,
    "validate_import": 72,
}
FORBIDDEN = {
    "pydantic",
    "httpx",
    "numpy",
    "aws_xray_sdk",
    "cryptography",
    "studio.providers.openai.adapter",
}
# Every event of these calls an address that a user names.
CALLERS = {"send_webhook"}
PIXELS = {"PIL", "studio_imaging"}
WITH_PIXELS = {"post_process", "prepare_source", "register_upload", "render_asset"}

COLD_IMPORT = """
import importlib.abc, json, os, sys

allowed, paths, settings = json.loads(sys.stdin.read())
class Lacking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in allowed or top in sys.stdlib_module_names:
            return None
        raise ModuleNotFoundError(f"{name} is in no layer of this function", name=name)

sys.meta_path.insert(0, Lacking())
sys.path[:0] = paths
import handler
if settings:
    os.environ.update(settings)
    handler.build()
print(json.dumps([name for name in sys.modules if name.partition(".")[0] in allowed]))
"""

# A string of this form is the import path of a module of ours.
IMPORT_PATH = r"studio(\.\w+)+"

FUNCTIONS = functions()
distributions_of = cache(packages_distributions)
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: str(one.folder))


def layer_folders(function: Function) -> list[Path]:
    """Return the source folders of a function's layers."""
    resources = template()["Resources"]
    return [ROOT / resources[layer]["Properties"]["ContentUri"] for layer in function.layers]


def provided(function: Function) -> set[str]:
    """Return the top-level modules that a function finds when it runs on Lambda."""
    names = {"handler", *RUNTIME}
    for folder in layer_folders(function):
        names |= {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
        pins = (folder / "requirements.txt").read_text()
        wanted = {canonicalize_name(name) for name in re.findall(r"(?m)^([\w.-]+)==", pins)}
        for module, distributions in distributions_of().items():
            if wanted & {canonicalize_name(name) for name in distributions}:
                names.add(module)
    return names


def cold_import(function: Function, *, build: bool = False) -> set[str]:
    """Import a handler in a fresh interpreter that has only what Lambda would give it.

    Args:
        function: Whose handler.
        build: Whether the handler is built too, with settings that mean nothing.
    """
    settings = dict.fromkeys((*function.environment, "AWS_REGION"), "1") if build else {}
    allowed = provided(function)
    paths = [str(function.path), *(str(folder) for folder in layer_folders(function))]
    imported = subprocess.run(
        [sys.executable, "-I", "-c", COLD_IMPORT],
        input=json.dumps([sorted(allowed), paths, settings]),
        capture_output=True,
        text=True,
        check=False,
        env={},
        timeout=60,
    )
    assert imported.returncode == 0, imported.stderr
    return set(json.loads(imported.stdout))


@each_function
def test_a_cold_start_finds_what_it_imports_and_little_else(function: Function) -> None:
    modules = cold_import(function)
    own = {name for name in modules if name.partition(".")[0] not in RUNTIME}

    assert {"handler", "boto3", "aws_lambda_powertools", "studio"} <= modules
    assert not {name for name in own if name.endswith("responses")}
    assert len(own) <= CEILING[function.folder]
    assert FORBIDDEN & modules == ({"httpx"} if function.folder in CALLERS else set())
    if function.folder not in WITH_PIXELS:
        assert PIXELS & modules == set()


def test_the_api_loads_no_subject_before_a_request() -> None:
    (api,) = (function for function in FUNCTIONS if function.folder == "api")
    subjects = {path.parent.name for path in (ROOT / "layers/core/studio/api").glob("*/routes.py")}
    modules = cold_import(api, build=True)
    loaded = {name.removeprefix("studio.api.").partition(".")[0] for name in modules}

    assert {"jobs", "templates", "webhooks"} <= subjects
    assert "studio.api.routes" in modules
    assert loaded & subjects == set()
    for unused in ("studio.services", "studio.adapters.dynamodb", "studio.domain"):
        assert unused not in modules


def test_every_function_has_a_ceiling() -> None:
    assert set(CEILING) == {function.folder for function in FUNCTIONS}


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the modules that a file may import at any time.

    These include imports within functions, and modules that a table names by their import path.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value} if re.fullmatch(IMPORT_PATH, node.value) else set()
    return frozenset(found)


def reachable(function: Function) -> set[str]:
    """Return every module that the code of a function can come to import."""
    reached: set[str] = set()
    waiting = set(imports(function.path / "handler.py"))
    while waiting:
        name = waiting.pop()
        reached.add(name)
        source = ROOT / "layers" / "core" / Path(*name.split("."))
        for file in (source.with_suffix(".py"), source / "__init__.py"):
            if file.exists():
                waiting |= imports(file) - reached
    return reached


@each_function
def test_what_is_imported_later_is_in_a_layer(function: Function) -> None:
    # Stubs are imported for the type checker only.
    tops = {name.partition(".")[0] for name in reachable(function)}
    needed = {name for name in tops if not name.startswith("mypy_boto3_")}

    assert needed - provided(function) - set(sys.stdlib_module_names) == set()


@each_function
def test_only_who_works_on_pixels_carries_the_imaging_layer(function: Function) -> None:
    needs = "studio_imaging" in {name.partition(".")[0] for name in reachable(function)}

    assert ("ImagingLayer" in function.layers) == needs


def test_the_api_reaches_the_modules_of_its_table() -> None:
    (api,) = (function for function in FUNCTIONS if function.folder == "api")

    assert {"studio.api.jobs.routes", "studio.services.uploads.announce_upload"} <= reachable(api)


def test_only_the_paying_step_and_the_test_of_keys_can_reach_a_provider() -> None:
    callers = {
        function.folder
        for function in FUNCTIONS
        if "studio.providers.shared.http" in reachable(function)
    }

    assert callers == {"call_provider", "test_integration"}


def test_the_paying_step_can_reach_every_adapter() -> None:
    (function,) = (one for one in FUNCTIONS if one.folder == "call_provider")
    modules = (name.removeprefix("studio.providers.") for name in reachable(function))

    assert set(provider_ids()) <= {name.partition(".")[0] for name in modules}


def test_clients_are_made_and_never_resources() -> None:
    sources = list((ROOT / "layers" / "core").rglob("*.py"))
    sources += [function.path / "handler.py" for function in FUNCTIONS]

    assert [path for path in sources if re.search(r"boto3\.client\(", path.read_text())]
    assert not [path for path in sources if re.search(r"boto3\.resource\(", path.read_text())]
