"""AWS for the commands of operators: parameters, the outputs of a stack, and a function."""

import json
from xml.sax.saxutils import escape

from tests.support.cli.stand_in import Request, ScriptedResponse, StandIn

_STACKS = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member><StackName>image-studio</StackName>
<CreationTime>2026-11-30T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>{outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""
_OUTPUT = "<member><OutputKey>{}</OutputKey><OutputValue>{}</OutputValue></member>"


class AwsStandIn(StandIn):
    """Answers the calls of the CLI.

    Attributes:
        parameters: Values by name.
        outputs: Of the stack.
        invoked: Events of the function.
        fault: Whether the function fails.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.parameters: dict[str, str] = {}
        self.outputs: dict[str, str] = {"TestIntegrationFunctionName": "test-keys"}
        self.invoked: list[object] = []
        self.fault = False

    def answer(self, request: Request) -> ScriptedResponse:
        self.requests.append(request)
        target = request.headers.get("x-amz-target", "").partition(".")[2]
        if target:
            return ScriptedResponse(self._parameters(target, json.loads(request.body)))
        if request.path.startswith("/2015-03-31/functions/test-keys/"):
            self.invoked.append(request.document)
            headers = {"X-Amz-Function-Error": "Unhandled"} if self.fault else {}
            return ScriptedResponse({"shared": ["openai"], "added": 2}, headers=headers)
        shown = "".join(_OUTPUT.format(name, escape(one)) for name, one in self.outputs.items())
        return ScriptedResponse(body=_STACKS.format(outputs=shown).encode(), media_type="text/xml")

    def _parameters(self, operation: str, members: dict[str, str]) -> object:
        if operation == "GetParametersByPath":
            below = f"{members['Path']}/"
            found = {name: one for name, one in self.parameters.items() if name.startswith(below)}
            return {"Parameters": [{"Name": name, "Value": one} for name, one in found.items()]}
        if operation == "PutParameter":
            assert members["Type"] == "SecureString"
            self.parameters[members["Name"]] = members["Value"]
            return {"Version": 1}
        assert operation == "DeleteParameter", operation
        del self.parameters[members["Name"]]
        return {}
