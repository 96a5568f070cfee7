"""A whole stack for the commands of operators: its queues, tables, functions and users."""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.cli.aws_stand_in import AwsStandIn
from tests.support.cli.stand_in import Request, ScriptedResponse, StandIn
from tests.support.cli.user_pool import PoolStandIn

API = "/_aws/execute-api/api"
DEAD, DELIVERIES = "https://sqs/dead", "https://sqs/deliveries"
FUNCTIONS = (
    "RegisterUpload", "RunSchedule", "FinishJob", "FinishBatch", "ValidateImport",
    "BuildDownload", "Notify", "SweepJobs", "TestIntegration",
)  # fmt: skip
RESOURCES = {
    **{f"{name}Function": f"image-studio-{name}" for name in FUNCTIONS},
    "DeadLetterQueue": DEAD,
    "DeliveryQueue": DELIVERIES,
    "ProcessJobStateMachine": "arn:machine:process-job",
    "RunBatchStateMachine": "arn:machine:run-batch",
    "SweepJobsRule": "image-studio-sweep",
    "ProviderKeysRule": "image-studio-keys",
}
_RANDOM = re.compile(r"doctor-[0-9a-f]{8}")
_RESOURCES = """<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<ListStackResourcesResult><StackResourceSummaries>{}</StackResourceSummaries>
</ListStackResourcesResult></ListStackResourcesResponse>"""
_RESOURCE = (
    "<member><LogicalResourceId>{}</LogicalResourceId><PhysicalResourceId>{}</PhysicalResourceId>"
    "<ResourceType>t</ResourceType><ResourceStatus>{}</ResourceStatus>"
    "<LastUpdatedTimestamp>2026-11-30T00:00:00Z</LastUpdatedTimestamp></member>"
)


@dataclass
class Message:
    """A message of a queue; a hidden one is not received."""

    body: str
    attributes: dict[str, str] = field(default_factory=dict)
    system: dict[str, str] = field(default_factory=dict)
    hidden: bool = False


class OpsStandIn(AwsStandIn):
    """Answers CloudFormation, SQS, DynamoDB, Lambda and Cognito; its API is scripted.

    The random name of a recipe and schedule is ``doctor`` in its paths.

    Attributes:
        resources: Physical names by logical id.
        status: Of resources that are not finished, by logical id.
        queues: Messages by id, for each queue.
        records: Rows of the tables by pk and sk, as DynamoDB writes them.
        slow_keys: How many keys of a batch read the table leaves for the next read.
        runs: Functions that ran, with their events.
        faults: Errors of functions, by their name.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.outputs |= {
            "UserPoolId": "pool", "JobsTableName": "jobs", "LedgerTableName": "ledger",
        }  # fmt: skip
        self.resources = dict(RESOURCES)
        self.status: dict[str, str] = {}
        self.queues: dict[str, dict[str, Message]] = {DEAD: {}, DELIVERIES: {}}
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.slow_keys = 0
        self.pool = PoolStandIn()
        self.runs: list[tuple[str, object]] = []
        self.faults: dict[str, str] = {}

    def has(self, name: str, event: object, said: dict[str, str], **system: str) -> None:
        """Put a message into the dead-letter queue."""
        body = event if isinstance(event, str) else json.dumps(event)
        sent = {"SentTimestamp": "1796000000000", **system}
        self.queues[DEAD][name] = Message(body, said, sent)

    def answer(self, request: Request) -> ScriptedResponse:
        service, _, operation = request.headers.get("x-amz-target", "").partition(".")
        if service == "AmazonSQS" or service.startswith("DynamoDB"):
            return ScriptedResponse(getattr(self, f"_{operation}")(json.loads(request.body)))
        if service.startswith("AWSCognito"):
            return self.pool.answer(request)
        if request.path.startswith("/2015-03-31/functions/"):
            return self._run(request)
        if (path := request.path.removeprefix(API)).startswith(("/v1/", "/bucket")):
            return StandIn.answer(self, replace(request, path=_RANDOM.sub("doctor", path)))
        if b"Action=ListStackResources" in request.body:
            shown = "".join(
                _RESOURCE.format(name, one, self.status.get(name, "UPDATE_COMPLETE"))
                for name, one in self.resources.items()
            )
            return ScriptedResponse(body=_RESOURCES.format(shown).encode(), media_type="text/xml")
        return super().answer(request)

    def _run(self, request: Request) -> ScriptedResponse:
        name = request.path.split("/")[3]
        self.runs.append((name, request.document))
        if fault := self.faults.get(name):
            error = {"errorType": "RuntimeError", "errorMessage": fault}
            return ScriptedResponse(error, headers={"X-Amz-Function-Error": "Unhandled"})
        return ScriptedResponse({"status": "done"})

    def _ReceiveMessage(self, sent: dict[str, Any]) -> object:  # noqa: N802
        seen = [(n, m) for n, m in self.queues[sent["QueueUrl"]].items() if not m.hidden]
        messages = []
        for name, message in seen[: sent["MaxNumberOfMessages"]]:
            message.hidden = True
            said = {
                key: {"StringValue": value, "DataType": "String"}
                for key, value in message.attributes.items()
            }
            messages.append(
                {"MessageId": name, "ReceiptHandle": f"r-{name}", "Body": message.body,
                 "Attributes": message.system, "MessageAttributes": said}
            )  # fmt: skip
        return {"Messages": messages}

    def _ChangeMessageVisibility(self, sent: dict[str, Any]) -> object:  # noqa: N802
        message = self.queues[sent["QueueUrl"]][sent["ReceiptHandle"].removeprefix("r-")]
        message.hidden = sent["VisibilityTimeout"] > 0
        return {}

    def _ChangeMessageVisibilityBatch(self, sent: dict[str, Any]) -> object:  # noqa: N802
        assert 0 < len(sent["Entries"]) <= 10
        for entry in sent["Entries"]:
            self._ChangeMessageVisibility({"QueueUrl": sent["QueueUrl"], **entry})
        return {"Successful": [], "Failed": []}

    def _DeleteMessage(self, sent: dict[str, Any]) -> object:  # noqa: N802
        del self.queues[sent["QueueUrl"]][sent["ReceiptHandle"].removeprefix("r-")]
        return {}

    def _SendMessage(self, sent: dict[str, Any]) -> object:  # noqa: N802
        group = {"MessageGroupId": sent["MessageGroupId"]} if "MessageGroupId" in sent else {}
        name = f"sent-{len(self.queues[sent['QueueUrl']])}"
        self.queues[sent["QueueUrl"]][name] = Message(sent["MessageBody"], {}, group)
        return {"MessageId": name}

    def _Query(self, sent: dict[str, Any]) -> object:  # noqa: N802
        assert (sent["TableName"], sent["IndexName"]) == ("jobs", "Open")
        partition = sent["ExpressionAttributeValues"][":open"]
        rows = [one for one in self.records.values() if one.get("open") == partition]
        rows.sort(key=lambda one: str(one["job_id"]["S"]))
        return {"Items": rows[: sent["Limit"]]}

    def _GetItem(self, sent: dict[str, Any]) -> object:  # noqa: N802
        found = self.records.get(_key(sent["Key"]))
        return {"Item": found} if found else {}

    def _BatchGetItem(self, sent: dict[str, Any]) -> object:  # noqa: N802
        ((table, wanted),) = sent["RequestItems"].items()
        assert len(wanted["Keys"]) <= 100
        kept = wanted["Keys"][-self.slow_keys :] if self.slow_keys else []
        self.slow_keys = 0
        read = [one for one in wanted["Keys"] if one not in kept]
        rows = [self.records[_key(one)] for one in read if _key(one) in self.records]
        left = {table: {"Keys": kept}} if kept else {}
        return {"Responses": {table: rows}, "UnprocessedKeys": left}


def _key(key: dict[str, dict[str, str]]) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]
