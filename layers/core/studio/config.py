"""The settings of a function: environment variables of template.yaml, read once."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Self, TypeVar, cast

from studio.errors import ConfigurationError

# Variables that may be empty or absent; every other one that a function declares is required.
OPTIONAL = frozenset(
    {"NOTIFICATION_DOMAINS", "NOTIFICATION_SENDER", "TENANT_MONTHLY_LIMIT_USD", "TRUSTED_HOSTS"}
)

_Value = TypeVar("_Value")
_PROVIDER = re.compile(r"[a-z0-9-]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+")


class Tables(NamedTuple):
    """Names of the tables that one transaction of a job can write."""

    jobs: str
    assets: str
    ledger: str


class _Member(Generic[_Value]):
    """A member of ``Settings``: the value of one variable, read from its text.

    Attributes:
        name: The variable.
        parse: Reads its text; a ValueError says what is wrong with it.
    """

    def __init__(self, name: str, parse: Callable[[str], _Value]) -> None:
        self.name = name
        self.parse = parse

    def __get__(self, settings: "Settings", owner: type) -> _Value:
        return cast("_Value", settings.value(self.name))


def _list(text: str) -> tuple[str, ...]:
    """Return the parts of a list that is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _providers(text: str) -> tuple[str, ...]:
    """Return the ids of providers."""
    ids = _list(text)
    if not ids or not all(_PROVIDER.fullmatch(one) for one in ids):
        raise ValueError("is not a list of provider ids")
    return ids


def _hosts(text: str) -> frozenset[str]:
    """Return the names of hosts."""
    names = frozenset(_list(text))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("is not a list of host names")
    return names


def _micros(text: str) -> int | None:
    """Return an amount of dollars as micro-dollars, None for none."""
    from studio.money import parse_usd

    if not text:
        return None
    try:
        return parse_usd(text)
    except ValueError as error:
        raise ValueError("is not an amount of dollars") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """The variables that a function declares.

    Each member raises ConfigurationError where the function does not declare its variable.

    Attributes:
        values: Value of each declared variable by name; an optional one that is absent is empty.
        providers: The providers for a job that names none, the preferred first.
        trusted_hosts: Exact names of hosts that may be private and are called over plain HTTP too.
        monthly_limit: Micro-dollars that a tenant may commit in a month; None for no limit.
    """

    values: Mapping[str, object] = field(repr=False)

    assets_table = _Member("ASSETS_TABLE_NAME", str)
    bedrock_region = _Member("BEDROCK_REGION", str)
    bucket = _Member("BUCKET_NAME", str)
    build_download_function = _Member("BUILD_DOWNLOAD_FUNCTION_NAME", str)
    catalog_table = _Member("CATALOG_TABLE_NAME", str)
    cursor_key = _Member("CURSOR_KEY", str)
    dead_letter_queue_arn = _Member("DEAD_LETTER_QUEUE_ARN", str)
    delivery_queue_url = _Member("DELIVERY_QUEUE_URL", str)
    event_bus = _Member("EVENT_BUS_NAME", str)
    finish_batch_function = _Member("FINISH_BATCH_FUNCTION_NAME", str)
    finish_job_function = _Member("FINISH_JOB_FUNCTION_NAME", str)
    jobs_table = _Member("JOBS_TABLE_NAME", str)
    ledger_table = _Member("LEDGER_TABLE_NAME", str)
    notification_domains = _Member("NOTIFICATION_DOMAINS", str)
    notification_sender = _Member("NOTIFICATION_SENDER", str)
    monthly_limit = _Member("TENANT_MONTHLY_LIMIT_USD", _micros)
    process_job_arn = _Member("PROCESS_JOB_STATE_MACHINE_ARN", str)
    provider_keys_path = _Member("PROVIDER_KEYS_PATH", str)
    providers = _Member("PROVIDERS", _providers)
    region = _Member("AWS_REGION", str)
    register_upload_function = _Member("REGISTER_UPLOAD_FUNCTION_NAME", str)
    render_asset_function = _Member("RENDER_ASSET_FUNCTION_NAME", str)
    run_batch_arn = _Member("RUN_BATCH_STATE_MACHINE_ARN", str)
    run_schedule_arn = _Member("RUN_SCHEDULE_FUNCTION_ARN", str)
    schedule_group = _Member("SCHEDULE_GROUP_NAME", str)
    scheduler_role_arn = _Member("SCHEDULER_ROLE_ARN", str)
    test_integration_function = _Member("TEST_INTEGRATION_FUNCTION_NAME", str)
    trusted_hosts = _Member("TRUSTED_HOSTS", _hosts)
    validate_import_function = _Member("VALIDATE_IMPORT_FUNCTION_NAME", str)
    version = _Member("STUDIO_VERSION", str)
    webhook_secrets_path = _Member("WEBHOOK_SECRETS_PATH", str)

    @classmethod
    def read(cls, *names: str) -> Self:
        """Read the variables that a function declares from the environment.

        Raises:
            ConfigurationError: names every required variable that is missing, all at once, or
                else every one that is malformed.
        """
        texts = {name: os.environ.get(name, "") for name in names}
        missing = [name for name, text in texts.items() if not text and name not in OPTIONAL]
        if missing:
            raise ConfigurationError(f"missing in the environment: {', '.join(missing)}")
        return cls(_parsed(texts))

    @property
    def tables(self) -> Tables:
        """Names of the tables of jobs, assets and ledger."""
        return Tables(self.jobs_table, self.assets_table, self.ledger_table)

    @property
    def personal_tenants(self) -> bool:
        """True if a user without a tenant is a tenant of their own."""
        return self.value("ALLOW_PERSONAL_TENANTS") == "true"

    def value(self, name: str) -> object:
        """Return the value of a variable by its name.

        Raises:
            ConfigurationError: the function does not declare it.
        """
        try:
            return self.values[name]
        except KeyError:
            raise ConfigurationError(f"the function does not declare {name}") from None


_PARSERS: Mapping[str, Callable[[str], object]] = {
    member.name: member.parse for member in vars(Settings).values() if isinstance(member, _Member)
}


def _parsed(texts: Mapping[str, str]) -> dict[str, object]:
    """Return the values of variables by name.

    Raises:
        ConfigurationError: names every malformed one.
    """
    values: dict[str, object] = {}
    faults = []
    for name, text in texts.items():
        try:
            values[name] = _PARSERS.get(name, str)(text)
        except ValueError as error:
            faults.append(f"{name} {error}: {text}")
    if faults:
        raise ConfigurationError("; ".join(faults))
    return values
