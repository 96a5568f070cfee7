"""The functions that the API waits for, run for real when it invokes them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import unwrap
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.response import StreamingBody

from functions.render_asset import handler as render_asset
from functions.test_integration import handler as key_handler
from studio.adapters import clients as aws
from studio.domain.assets.model import asset_key
from tests.support.mock_aws.stack import BUCKET, clients


def put(asset_id: str, data: bytes) -> None:
    key = asset_key("acme", asset_id, "image", "webp")
    clients().s3.put_object(Bucket=BUCKET, Key=key, Body=data)


@contextmanager
def rendering(*, error: str | None = None) -> Iterator[list[dict[str, Any]]]:
    """Run the real functions when the API invokes them; or let them fail."""
    invoked: list[dict[str, Any]] = []

    def invoke(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        invoked.append(json.loads(params["body"]))
        answer: dict[str, Any] = {"StatusCode": 200}
        if error:
            answer["FunctionError"] = error
            said: object = {"errorMessage": "boom"}
        else:
            # Without the context of an invocation: in one process it would stay with the API's log.
            module = key_handler if "TestIntegration" in params["url_path"] else render_asset
            said = unwrap(module.lambda_handler)(invoked[-1], None)
        data = json.dumps(said).encode()
        answer["Payload"] = StreamingBody(BytesIO(data), len(data))
        return AWSResponse("", 200, HTTPHeaders(), None), answer

    events: Any = aws.lambda_waiting().meta.events
    events.register("before-call.lambda.Invoke", invoke)
    render_asset.build.cache_clear()
    key_handler.build.cache_clear()
    try:
        yield invoked
    finally:
        events.unregister("before-call.lambda.Invoke", invoke)
        render_asset.build.cache_clear()
        key_handler.build.cache_clear()
