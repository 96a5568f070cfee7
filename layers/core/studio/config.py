"""The settings of a function: environment variables of template.yaml, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from studio.errors import ConfigurationError

# Variables that may be empty or absent; every other one that a function declares is required.
OPTIONAL = frozenset(
    {"NOTIFICATION_DOMAINS", "NOTIFICATION_SENDER", "TENANT_MONTHLY_LIMIT_USD", "TRUSTED_HOSTS"}
)


@dataclass(frozen=True, slots=True)
class Tables:
    """Names of the tables that one transaction of a job can write."""

    jobs: str
    assets: str
    ledger: str


class _Text:
    """A member of ``Settings``: the text of one variable."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, settings: "Settings", owner: type) -> str:
        return settings.text(self.name)


@dataclass(frozen=True, slots=True)
class Settings:
    """The variables that a function declares.

    Each member raises ConfigurationError where the function does not declare its variable.

    Attributes:
        values: Text of each declared variable by name; "" where an optional one is absent.
    """

    values: Mapping[str, str] = field(repr=False)

    assets_table = _Text("ASSETS_TABLE_NAME")
    bedrock_region = _Text("BEDROCK_REGION")
    bucket = _Text("BUCKET_NAME")
    build_download_function = _Text("BUILD_DOWNLOAD_FUNCTION_NAME")
    catalog_table = _Text("CATALOG_TABLE_NAME")
    cursor_key = _Text("CURSOR_KEY")
    dead_letter_queue_arn = _Text("DEAD_LETTER_QUEUE_ARN")
    delivery_queue_url = _Text("DELIVERY_QUEUE_URL")
    event_bus = _Text("EVENT_BUS_NAME")
    finish_batch_function = _Text("FINISH_BATCH_FUNCTION_NAME")
    finish_job_function = _Text("FINISH_JOB_FUNCTION_NAME")
    jobs_table = _Text("JOBS_TABLE_NAME")
    ledger_table = _Text("LEDGER_TABLE_NAME")
    notification_domains = _Text("NOTIFICATION_DOMAINS")
    notification_sender = _Text("NOTIFICATION_SENDER")
    process_job_arn = _Text("PROCESS_JOB_STATE_MACHINE_ARN")
    provider_keys_path = _Text("PROVIDER_KEYS_PATH")
    region = _Text("AWS_REGION")
    register_upload_function = _Text("REGISTER_UPLOAD_FUNCTION_NAME")
    render_asset_function = _Text("RENDER_ASSET_FUNCTION_NAME")
    run_batch_arn = _Text("RUN_BATCH_STATE_MACHINE_ARN")
    run_schedule_arn = _Text("RUN_SCHEDULE_FUNCTION_ARN")
    schedule_group = _Text("SCHEDULE_GROUP_NAME")
    scheduler_role_arn = _Text("SCHEDULER_ROLE_ARN")
    validate_import_function = _Text("VALIDATE_IMPORT_FUNCTION_NAME")
    version = _Text("STUDIO_VERSION")
    webhook_secrets_path = _Text("WEBHOOK_SECRETS_PATH")

    @classmethod
    def read(cls, *names: str) -> Self:
        """Read the variables that a function declares from the environment.

        Raises:
            ConfigurationError: names every required variable that is missing, all at once.
        """
        values = {name: os.environ.get(name, "") for name in names}
        missing = [name for name, value in values.items() if not value and name not in OPTIONAL]
        if missing:
            raise ConfigurationError(f"missing in the environment: {', '.join(missing)}")
        return cls(values)

    @property
    def tables(self) -> Tables:
        """Names of the tables of jobs, assets and ledger."""
        return Tables(self.jobs_table, self.assets_table, self.ledger_table)

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers for a job that names none, the preferred first."""
        return _list(self.text("PROVIDERS"))

    @property
    def personal_tenants(self) -> bool:
        """Whether a user without a tenant is a tenant of their own."""
        return self.text("ALLOW_PERSONAL_TENANTS") == "true"

    @property
    def trusted_hosts(self) -> frozenset[str]:
        """Exact names of hosts that may be private and are called over plain HTTP too."""
        return frozenset(_list(self.text("TRUSTED_HOSTS")))

    @property
    def monthly_limit(self) -> int | None:
        """Micro-dollars that a tenant may commit in a month; None for no limit.

        Raises:
            ConfigurationError: the variable is not a decimal amount of dollars.
        """
        from studio.money import parse_usd

        name = "TENANT_MONTHLY_LIMIT_USD"
        if not (text := self.text(name)):
            return None
        try:
            return parse_usd(text)
        except ValueError as error:
            raise ConfigurationError(f"{name} is not an amount of dollars: {text}") from error

    def text(self, name: str) -> str:
        """Return the text of a variable by its name.

        Raises:
            ConfigurationError: the function does not declare it.
        """
        try:
            return self.values[name]
        except KeyError:
            raise ConfigurationError(f"the function does not declare {name}") from None


def _list(text: str) -> tuple[str, ...]:
    """Read a list that is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
