"""A process of its own that runs the stores' contract tests against changed adapters.

It collects the tests once. Then it reads mutants as JSON objects, one a line. It forks for each,
changes the module in the child, runs the selected tests there and writes a line with the mutant's
name and pytest's exit code. A mutant without a module changes nothing.
"""

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TextIO

import pytest

from tests.support.mock_aws.stack import clients, mock_stack, template

_UNUSED_PLUGINS = ("cacheprovider", "hypothesispytest", "pytest_cov", "xdist")
_TESTS = (
    "test_job_store_transitions.py",
    "test_job_store_runs.py",
    "test_ledger_store.py",
    "test_job_store.py",
    "test_call_limit_store.py",
    "test_blob_store.py",
    "test_recipe_store.py",
    "test_settings_store.py",
    "test_key_records.py",
    "test_schedule_store.py",
    "test_folder_store.py",
    "test_upload_store.py",
    "test_webhook_store.py",
    "test_batch_store.py",
    "test_download_store.py",
    "test_rendition_store.py",
    "test_content_store.py",
    "test_job_store_contents.py",
)


def main() -> None:
    """Answer every request and exit as pytest says."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    # Only answers may reach the caller; what pytest prints goes where errors go.
    os.dup2(2, 1)
    template()
    clients()
    with mock_stack():
        pass
    tests = [str(Path("tests") / "contracts" / name) for name in _TESTS]
    plugins = [word for plugin in _UNUSED_PLUGINS for word in ("-p", f"no:{plugin}")]
    options = ["-x", "-q", "--assert=plain", "--tb=line", "--capture=no", *plugins]
    code = pytest.main([*options, "-k", "aws", *tests], [Forks(requests, answers)])
    os._exit(int(code))


class Forks:
    """Runs a selection of the collected tests in a fork for each request."""

    def __init__(self, requests: TextIO, answers: TextIO) -> None:
        self._requests = requests
        self._answers = answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Answer the requests; in a child, let pytest run what is selected."""
        for line in self._requests:
            request = json.loads(line)
            child = os.fork()
            if not child:
                if request["module"]:
                    plant(import_module(request["module"]), request["source"])
                keyword = request["keyword"]
                _select(session, f"aws and ({keyword})" if keyword else "aws")
                return None
            _, status = os.waitpid(child, 0)
            answer = {"name": request["name"], "code": os.waitstatus_to_exitcode(status)}
            print(json.dumps(answer), file=self._answers, flush=True)
        return True


def plant(module: ModuleType, source: str) -> None:
    """Give every function of a loaded module the code that another source has for it."""
    path = str(module.__file__)
    codes = {code.co_qualname: code for code in _codes(compile(source, path, "exec"))}
    for function in _functions(module):
        function.__code__ = codes[function.__code__.co_qualname]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    classes = [member for member in vars(module).values() if isinstance(member, type)]
    for owner in (module, *classes):
        for member in vars(owner).values():
            if isinstance(member, FunctionType) and member.__code__.co_filename == module.__file__:
                yield member


def _select(session: pytest.Session, keyword: str) -> None:
    session.config.option.keyword = keyword
    hook = session.config.hook
    hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)


if __name__ == "__main__":
    main()
