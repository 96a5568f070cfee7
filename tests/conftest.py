"""What holds for every tier: neither the garbage collector nor coverage slows the tests down."""

import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.support.untraced import leave_out_aws_calls, untraced


def pytest_sessionstart() -> None:
    """Leave the mock of AWS out of what is traced."""
    if sys.gettrace() is not None:
        leave_out_aws_calls()


def pytest_collection_finish() -> None:
    """Leave all that is loaded by now out of collections, and collect less often.

    Thousands of tests and their modules stay to the end; to look through them again and again
    takes a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let coverage trace nothing of a test that is marked as untraced, nor of its fixtures.

    pytest-cov's own mark has no effect in the processes of xdist: each of them has two collectors,
    and where the one pauses, the other goes on.
    """
    trace_threads = threading.gettrace()
    if trace_threads is None or item.get_closest_marker("untraced") is None:
        return (yield)
    threading.settrace(None)
    try:
        with untraced():
            return (yield)
    finally:
        threading.settrace(trace_threads)
