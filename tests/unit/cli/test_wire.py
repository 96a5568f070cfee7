import json
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from studio_cli import wire
from tests.support.cli import samples
from tests.support.mock_aws.stack import ROOT

CONTRACT = ROOT / "layers" / "core" / "studio" / "api" / "openapi.json"
SCHEMAS = json.loads(CONTRACT.read_text())["components"]["schemas"]
SCALARS: dict[object, str] = {str: "string", int: "integer", bool: "boolean", type(None): "null"}

ITEM = samples.item_model(1)
LEDGER = samples.ledger(samples.entry("settle", 1))


@pytest.mark.parametrize(
    ("shape", "document"),
    [
        (wire.Job, samples.job(ITEM)),
        (wire.Counts, samples.job(ITEM)["counts"]),
        (wire.Cost, samples.job(ITEM)["cost"]),
        (wire.Item, samples.items(ITEM)[0]),
        (wire.Provider, samples.items(ITEM)[0]["provider"]),
        (wire.Output, samples.items(ITEM)[0]["output"]),
        (wire.Cost, samples.items(ITEM)[0]["cost"]),
        (wire.Problem, samples.items(samples.failed_item())[0]["problem"]),
        (wire.Progress, samples.progress(ITEM)),
        (wire.Result, samples.progress(ITEM)["results"][0]),
        (wire.Asset, samples.asset(1, "00", 1)),
        (wire.Ledger, LEDGER),
        (wire.LedgerEntry, LEDGER["data"][0]),
        (wire.LedgerTotals, LEDGER["totals"]),
    ],
)
def test_what_the_cli_reads_is_what_the_service_writes(
    shape: type, document: Mapping[str, object]
) -> None:
    required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]
    assert required <= set(document)


def alternatives(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas that a schema is a choice of, each without a reference."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    if "anyOf" not in schema:
        yield schema
    for choice in schema.get("anyOf", ()):
        yield from alternatives(choice)


def accepts(hint: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a type accepts every value that a schema allows."""
    hints = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return all(any(accepts_one(one, each) for one in hints) for each in alternatives(schema))


def accepts_one(hint: Any, schema: Mapping[str, Any]) -> bool:
    if is_typeddict(hint):
        return not list(differences(hint, schema))
    if get_origin(hint) is list:
        return "items" in schema and accepts(get_args(hint)[0], schema["items"])
    if get_origin(hint) is Literal:
        return set(schema.get("enum", [schema.get("const")])) <= set(get_args(hint))
    kind: str = schema["type"]
    return kind == SCALARS[hint]


def differences(shape: type, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members of a TypedDict that a schema lacks, leaves out or types more widely."""
    required: frozenset[str] = shape.__required_keys__  # type: ignore[attr-defined]
    properties = schema.get("properties", {})
    for name, hint in get_type_hints(shape).items():
        missing = name in required and name not in schema.get("required", ())
        if missing or (name in properties and not accepts(hint, properties[name])):
            yield name


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (wire.Jobs, "JobList"),
        (wire.Job, "Job"),
        (wire.Counts, "Counts"),
        (wire.Cost, "JobCost"),
        (wire.Cost, "Cost"),
        (wire.Cost, "Money"),
        (wire.Item, "Item"),
        (wire.Provider, "MadeBy"),
        (wire.Output, "Output"),
        (wire.Problem, "ItemProblem"),
        (wire.Progress, "Progress"),
        (wire.Result, "Result"),
        (wire.Assets, "AssetList"),
        (wire.Asset, "Asset"),
        (wire.Ledger, "Ledger"),
        (wire.LedgerEntry, "LedgerEntry"),
        (wire.LedgerTotals, "LedgerTotals"),
        (wire.Page, "Page"),
    ],
)
def test_what_the_cli_reads_is_what_the_contract_allows(shape: type, name: str) -> None:
    assert list(differences(shape, SCHEMAS[name])) == []


def test_both_sides_mean_the_same_by_ended() -> None:
    from studio.domain.jobs.model import TERMINAL_ITEM, JobStatus

    assert set(get_args(JobStatus)) - wire.ENDED_JOB == {"queued", "running", "cancelling"}
    assert set(get_args(JobStatus)) >= wire.ENDED_JOB
    assert wire.ENDED_ITEM == TERMINAL_ITEM
