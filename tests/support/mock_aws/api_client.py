"""Talks to the real handler of the API as the gateway does, and watches what it asks of AWS."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from functions.api import handler
from studio.adapters import clients as aws
from studio.api.http.messages import JSON
from studio.api.http.problems import MEDIA_TYPE
from studio.api.openapi import contract
from studio.api.routes import all_routes
from tests.support.mock_aws.environment import sample
from tests.support.mock_aws.stack import STATE_MACHINE_ARN, clients, tables

Document = dict[str, Any]
Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class ApiResponse:
    """Response that the gateway would send; header names in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def document(self) -> Document:
        document: Document = json.loads(self.text)
        return document

    @property
    def code(self) -> str:
        return str(self.document["code"])

    @property
    def pointers(self) -> list[str]:
        return [error["pointer"] for error in self.document["errors"]]


@dataclass
class Api:
    """The deployed function.

    Attributes:
        calls: The AWS operations of the newest request.
        invoked: Events of the functions that were called without waiting for them.
    """

    calls: list[str] = field(default_factory=list)
    invoked: list[Document] = field(default_factory=list)
    hooks: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for client in (
            aws.dynamodb(),
            aws.s3(),
            aws.step_functions(),
            aws.ssm(),
            aws.sqs(),
            aws.scheduler(),
        ):
            self._hook(client, "before-call", self._note)
        self._hook(aws.lambda_(), "before-call.lambda.Invoke", self._invoke)
        return self

    def __exit__(self, *_: object) -> None:
        self.hooks.close()

    def get(self, path: str, query: str = "", **options: Any) -> ApiResponse:
        return self.request("GET", path, query=query, **options)

    def post(
        self, path: str, body: object = None, key: str | None = "key-1", **options: Any
    ) -> ApiResponse:
        headers = {**options.pop("headers", {})}
        if key is not None:
            headers["idempotency-key"] = key
        return self.request("POST", path, body=body, headers=headers, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: object = None,
        text: str | None = None,
        members: Document | None = None,
        claims: Mapping[str, str] | None = None,
        tenant: str = "acme",
    ) -> ApiResponse:
        """Send a request.

        ``claims`` are those of an administrator of the tenant unless given; ``text`` is a body as
        it stands; ``members`` replace those of the gateway's event.
        """
        event = sample("api_health")
        event |= {"rawPath": path, "rawQueryString": query, **(members or {})}
        event["headers"] |= dict(headers or {})
        event["requestContext"]["http"] |= {"method": method, "path": path}
        if claims is None:
            claims = {"sub": f"user-of-{tenant}", "custom:tenant": tenant}
            claims["cognito:groups"] = "[admin]"
        if claims:
            token = {"token_use": "id", **claims}
            event["requestContext"]["authorizer"] = {"jwt": {"claims": token}}
        if body is not None or text is not None:
            event["body"] = json.dumps(body) if text is None else text
        return self.send(event)

    def send(self, event: Document) -> ApiResponse:
        """Send an event as it is, and hold the answer against the contract."""
        self.calls.clear()
        raw = handler.lambda_handler(event, LambdaContext())
        headers = {name.lower(): value for name, value in raw["headers"].items()}
        answer = ApiResponse(raw["statusCode"], headers, raw["body"])
        http = event["requestContext"]["http"]
        check_contract(http["method"], http["path"], answer)
        return answer

    def fail(
        self,
        client: Any,
        operation: str,
        code: str,
        times: float = float("inf"),
        **members: object,
    ) -> None:
        """Let AWS refuse an operation from now on, or so many times, before anything is done."""
        left = [times]

        def refuse(model: Any, **_: object) -> tuple[AWSResponse, Document] | None:
            left[0] -= 1
            if left[0] < 0:
                return None
            self._note(model)
            refusal = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {}, **members}
            return AWSResponse("", 400, HTTPHeaders(), None), refusal

        self._hook(client, f"before-call.*.{operation}", refuse)

    def on(self, client: Any, operation: str, act: Callable[[], None]) -> None:
        """Do something right after an operation of a client has succeeded."""
        self._hook(client, f"after-call.*.{operation}", lambda **_: act())

    def _hook(self, client: Any, event: str, act: Callable[..., object]) -> None:
        client.meta.events.register(event, act)
        self.hooks.callback(client.meta.events.unregister, event, act)

    def _invoke(self, model: Any, params: Document, **_: object) -> tuple[AWSResponse, Document]:
        """Take an asynchronous invocation, as Lambda does before it runs anything."""
        self._note(model)
        self.invoked.append(json.loads(params["body"]))
        return AWSResponse("", 202, HTTPHeaders(), None), {"StatusCode": 202}

    def _note(self, model: Any, **_: object) -> None:
        self.calls.append(model.name)


def based_on(answer: ApiResponse) -> dict[str, str]:
    """Return the headers of a change that is based on an answer."""
    return {"if-match": answer.headers["etag"]}


def the_item(
    api: Api, body: Mapping[str, object], key: str = "key-1", tenant: str = "acme"
) -> Document:
    """Create a job of one image and return the image."""
    job = api.post("/v1/jobs", body, key=key, tenant=tenant).document
    (item,) = api.get(f"/v1/jobs/{job['id']}/items", tenant=tenant).document["data"]
    return dict(item)


def stored() -> Rows:
    """Return every row of every table that has any."""
    rows = {table: clients().dynamodb.scan(TableName=table)["Items"] for table in tables()}
    return {table: list(found) for table, found in rows.items() if found}


def executions(machine: str = STATE_MACHINE_ARN) -> list[str]:
    """Return the names of all executions of a state machine."""
    found = clients().step_functions.list_executions(stateMachineArn=machine)["executions"]
    return [execution["name"] for execution in found]


def check_contract(method: str, path: str, answer: ApiResponse) -> None:
    """Hold an answer against what the OpenAPI document says of it."""
    operation = _operation(method, path)
    if answer.status >= 400:
        assert answer.headers["content-type"] == MEDIA_TYPE
    if operation is None:
        assert answer.status in (404, 405)
        return
    status = str(answer.status)
    if answer.status >= 400 and status not in operation["responses"]:
        status = "default"
    response = operation["responses"][status]
    if "content" not in response or method == "HEAD":
        assert not answer.text
        return
    media_type = answer.headers["content-type"]
    content = response["content"][media_type]
    if media_type not in (JSON, MEDIA_TYPE):
        return
    schema = {**content["schema"], "components": _contract()["components"]}
    Draft202012Validator(schema).validate(answer.document)


@lru_cache
def _contract() -> Document:
    return contract()


def _operation(method: str, path: str) -> Document | None:
    method = "GET" if method == "HEAD" else method
    for route in all_routes():
        if route.method == method and route.params_of(path) is not None:
            found: Document = _contract()["paths"][route.path][method.lower()]
            return found
    return None
