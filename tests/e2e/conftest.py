"""One deployment for each process that runs tests; each test makes its own jobs."""

from collections.abc import Iterator

import httpx
import pytest
from _pytest.terminal import TerminalReporter

from studio_cli.aws_local import PORTS_TRIED
from tests.support.local_aws.caller import Caller, sign_in
from tests.support.local_aws.deployment import FIRST_PORT, Stack, deployed

# The files whose tests take longest. The fourth is short: the process of the first, which has one
# test, gets it too.
_FIRST = (
    "test_health", "test_pages", "test_lifecycle", "test_access", "test_operations", "test_faults",
    "test_queue", "test_workspace", "test_uploads", "test_batch", "test_article", "test_sources",
    "test_schedules", "test_webhooks", "test_failures", "test_secrets",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that all processes end at about the same time."""
    places = {name: place for place, name in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(_FIRST)))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print what the tests of the console measured."""
    measured = [
        str(value)
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "speed"
    ]
    if measured:
        terminalreporter.section("speed of the console, reported only")
        for line in sorted(measured):
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Stack]:
    # Processes look for a free port at the same time, so each has a range of its own.
    place = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    first_port = FIRST_PORT + place * PORTS_TRIED
    with deployed(tmp_path_factory.mktemp("local-aws"), first_port) as running:
        yield running


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.api_url, timeout=40, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def acme(stack: Stack, http: httpx.Client) -> Caller:
    """A user of the tenant that has its own Runware account."""
    return Caller(http, sign_in(stack, "ann", "acme"))


@pytest.fixture(scope="session")
def other(stack: Stack, http: httpx.Client) -> Caller:
    """A user of another tenant."""
    return Caller(http, sign_in(stack, "bob", "other"))
