"""Parts of the stack for tests of handlers: a function's environment, sample events."""

import json
from typing import Any

from tests.support.mock_aws.stack import (
    BUCKET,
    ROOT,
    RUN_BATCH_ARN,
    STATE_MACHINE_ARN,
    queue_url,
    queues,
    template,
)


def environment(function: str) -> dict[str, str]:
    """Return what the template puts into a function's environment."""
    found = template()["Globals"]["Function"]["Environment"]["Variables"]
    properties = template()["Resources"][function]["Properties"]
    own = properties.get("Environment", {}).get("Variables", {})
    return {name: _resolved(value) for name, value in {**found, **own}.items()}


def sample(name: str) -> dict[str, Any]:
    """Return one of the sample events."""
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text())
    return event


def _resolved(value: object) -> str:
    """Resolve a value of the template as the mock account would."""
    if not isinstance(value, dict):
        return str(value)
    if "Fn::Sub" in value:
        return str(value["Fn::Sub"]).replace("${AWS::StackName}", "studio")
    if "Ref" not in value:
        return json.dumps(value)
    name = value["Ref"]
    if name in template()["Parameters"]:
        return str(template()["Parameters"][name]["Default"])
    if name in queues():
        return queue_url(str(name))
    known = {"Bucket": BUCKET, "ProcessJobStateMachine": STATE_MACHINE_ARN}
    known["RunBatchStateMachine"] = RUN_BATCH_ARN
    return known.get(str(name), str(name))
