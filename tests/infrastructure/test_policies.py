"""Least privilege, written out twice: a policy that grows must be allowed here as well."""

import re

import pytest

from tests.support.template.allowed_rights import (
    ALLOWED,
    KEYS_OF_TENANTS,
    NAMES_OF_PARAMETERS,
    OWN_SCHEDULES,
    WEBHOOK_SECRETS,
)
from tests.support.template.functions import Statement, functions, resources, statements

MACHINE_ROLES = {"ProcessJobRole", "RunBatchRole"}
# What AWS offers no resource to name for: the delivery of a state machine's own log.
WITHOUT_RESOURCE = MACHINE_ROLES

# Roles that no function has.
WORN_BY = {"RunBatchRole": "states", "ProcessJobRole": "states", "SchedulerRole": "scheduler"}

ROLES = resources("AWS::IAM::Role")
STATEMENTS = [statement for role in ROLES for statement in statements(role)]


def granted(role: str) -> dict[str, set[str]]:
    """Return action -> resources of everything a role may do."""
    table: dict[str, set[str]] = {}
    for statement in STATEMENTS:
        if statement.role == role:
            for action in statement.actions:
                table.setdefault(action, set()).update(statement.resources)
    return table


def test_the_table_knows_every_role() -> None:
    assert {role.logical_id for role in ROLES} == set(ALLOWED)
    assert {f"{function.name}Role" for function in functions()} < set(ALLOWED)


@pytest.mark.parametrize("role", [role.logical_id for role in ROLES])
def test_a_role_may_do_exactly_what_is_written_here(role: str) -> None:
    assert granted(role) == ALLOWED[role]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role.logical_id))
def test_a_role_has_no_other_source_of_rights(role: object) -> None:
    (found,) = [one for one in ROLES if one is role]

    assert set(found.properties) == {"AssumeRolePolicyDocument", "Policies"}


@pytest.mark.parametrize(
    "statement", STATEMENTS, ids=lambda one: f"{one.role}-{'+'.join(sorted(one.actions))}"
)
def test_a_statement_names_its_actions_and_resources(statement: Statement) -> None:
    assert statement.effect == "Allow"
    assert not [action for action in statement.actions if "*" in action]
    if statement.actions == NAMES_OF_PARAMETERS:
        return
    if statement.role not in WITHOUT_RESOURCE and "ses:FromAddress" not in statement.condition:
        assert "*" not in statement.resources


def test_only_the_service_itself_may_take_on_a_role() -> None:
    for role in ROLES:
        (statement,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        service = WORN_BY.get(role.logical_id, "lambda")
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}, role.logical_id
        assert statement["Action"] == "sts:AssumeRole", role.logical_id


def test_no_role_may_delete_jobs_images_or_money() -> None:
    deletes = [
        (statement.role, action, resource)
        for statement in STATEMENTS
        for action in statement.actions
        for resource in statement.resources
        if "Delete" in action and statement.role not in WITHOUT_RESOURCE
    ]

    assert {resource for _, _, resource in deletes} <= {
        "CatalogTable.Arn",
        "DeliveryQueue.Arn",
        WEBHOOK_SECRETS,
        KEYS_OF_TENANTS,
        *OWN_SCHEDULES,
        # What is refused moves into quarantine.
        "${Bucket.Arn}/uploads/*",
    }


def test_only_the_paying_step_and_the_test_of_keys_read_provider_keys() -> None:
    of_keys = [
        statement
        for statement in STATEMENTS
        if any("/providers/" in resource for resource in statement.resources)
    ]
    reads = {"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"}
    readers = {one.role for one in of_keys if reads & set(one.actions)}

    assert readers == {"CallProviderRole", "TestIntegrationRole"}
    assert {one.role for one in of_keys} - readers == {"ApiRole"}


def test_names_of_parameters_are_listed_by_one_function() -> None:
    listing = {one.role for one in STATEMENTS if set(one.actions) >= NAMES_OF_PARAMETERS}

    assert listing == {"TestIntegrationRole"}


OF_OBJECTS = re.compile(r"\$\{Bucket\.Arn\}/(\w+)/")


@pytest.mark.parametrize("role", [one.logical_id for one in ROLES if one.logical_id not in WORN_BY])
def test_a_role_lists_the_prefixes_that_it_reads_and_no_other(role: str) -> None:
    # Without the right to list, a missing object and a missing right are both 403.
    own = [one for one in STATEMENTS if one.role == role]
    of_bucket = [one for one in own if any("Bucket.Arn" in name for name in one.resources)]
    read = {
        prefix
        for one in of_bucket
        if "s3:GetObject" in one.actions
        for resource in one.resources
        for prefix in OF_OBJECTS.findall(resource)
    }
    used = {
        prefix for one in of_bucket for name in one.resources for prefix in OF_OBJECTS.findall(name)
    }
    listed = {
        prefix
        for one in own
        if "s3:ListBucket" in one.actions
        for prefix in re.findall(r"'(\w+)/\*'", one.condition)
    }

    assert read <= listed <= used
    for one in own:
        assert "s3:ListBucket" not in one.actions or "s3:prefix" in one.condition
