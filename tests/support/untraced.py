"""Parts of a run that coverage need not trace, because no line of the layers runs in them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient

_METHOD = "_make_api_call"


@contextmanager
def untraced() -> Iterator[None]:
    """Let coverage's tracer see nothing of what this thread does; other threads go on as before."""
    tracer: Any = sys.gettrace()
    # A debugger traces by a function, which has nothing to be started again.
    if not hasattr(tracer, "start"):
        yield
        return
    sys.settrace(None)
    try:
        yield
    finally:
        # To set it by ``sys.settrace`` would hide from it that the callers' frames return.
        tracer.start()


def leave_out_aws_calls() -> None:
    """Trace nothing from where botocore takes a call to where it returns the mock's answer.

    Most of what a test with a mock account executes lies there, and tracing doubles its time. Only
    the mock of Lambda calls code of ours, the function.
    """
    call = getattr(BaseClient, _METHOD)

    def untraced_call(client: BaseClient, *arguments: Any) -> Any:
        if client.meta.service_model.service_name == "lambda":
            return call(client, *arguments)
        with untraced():
            return call(client, *arguments)

    setattr(BaseClient, _METHOD, untraced_call)
