"""``template.yaml`` as the infrastructure tests read it: intrinsics as dictionaries, by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.mock_aws.stack import ROOT, template

TEMPLATE = ROOT / "template.yaml"
MACHINES = ROOT / "statemachines"

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the template."""

    logical_id: str
    type: str
    properties: Properties


def resources(type_name: str | None = None) -> list[Resource]:
    """Return the resources of one type, or all of them, in the template's order."""
    found = [
        Resource(name, body["Type"], body.get("Properties", {}))
        for name, body in template()["Resources"].items()
    ]
    return [resource for resource in found if type_name in (None, resource.type)]


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the template with what ``Globals`` add to it.

    Attributes:
        name: The logical id without its ending, as the state of the workflow is called.
        folder: Where its code is, below ``functions/``.
        environment: Variables of its own, without those that every function gets.
        layers: Logical ids, in the order in which they are laid over each other.
        timeout: Seconds.
    """

    name: str
    folder: str
    environment: Mapping[str, object]
    layers: tuple[str, ...]
    timeout: int
    properties: Properties

    @property
    def path(self) -> Path:
        """The folder of its code."""
        return ROOT / "functions" / self.folder


def functions() -> list[Function]:
    """Return every function of the template."""
    shared = template()["Globals"]["Function"]
    return [_function(resource, shared) for resource in resources("AWS::Serverless::Function")]


def _function(resource: Resource, shared: Properties) -> Function:
    properties = {**shared, **resource.properties}
    own = resource.properties
    layers = [*shared.get("Layers", []), *own.get("Layers", [])]
    return Function(
        name=resource.logical_id.removesuffix("Function"),
        folder=str(properties["CodeUri"]).removeprefix("functions/").rstrip("/"),
        environment=own.get("Environment", {}).get("Variables", {}),
        layers=tuple(layer["Ref"] for layer in layers),
        timeout=properties["Timeout"],
        properties=properties,
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy; resources as text, so that they can be compared."""

    role: str
    effect: str
    actions: frozenset[str]
    resources: frozenset[str]
    condition: str


def statements(role: Resource) -> Iterator[Statement]:
    """Yield what a role may do, inline policies only."""
    for policy in role.properties.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield Statement(
                role=role.logical_id,
                effect=statement["Effect"],
                actions=frozenset(_many(statement["Action"])),
                resources=frozenset(text(one) for one in _many(statement["Resource"])),
                condition=str(statement.get("Condition", "")),
            )


def text(value: object) -> str:
    """Write an intrinsic the way a person would: ``Table.Arn``, ``Machine``, ``${Bucket.Arn}/*``.

    Raises:
        TypeError: an intrinsic that this template does not use in such a place.
    """
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(pattern)}:
            return pattern
    raise TypeError(f"cannot write {value!r}")


def referenced(value: object) -> set[str]:
    """Return the logical ids and parameters that a part of the template mentions."""
    match value:
        case {"Ref": str(name)}:
            return {name}
        case {"Fn::GetAtt": [str(name), str()]}:
            return {name}
        case {"Fn::Sub": str(pattern)}:
            return {name.partition(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", pattern)}
        case dict():
            return set().union(*(referenced(member) for member in value.values()), set())
        case list():
            return set().union(*(referenced(member) for member in value), set())
    return set()


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
