"""TestIntegration: tries a tenant's key for the API, and records which keys are stored."""

from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger

from studio.adapters import clients
from studio.adapters.dynamodb.key_records import DynamoKeyRecordStore
from studio.adapters.provider_keys import SsmKeyNames
from studio.adapters.secrets import SsmCredentialStore
from studio.clock import utc_now
from studio.config import Settings
from studio.domain.catalogue.catalogue import is_keyless
from studio.providers.key_checks import check_key
from studio.services.integrations.test_integration import TestIntegration

logger = Logger()


@lru_cache
def build() -> TestIntegration:
    """Wire the service; kept while the function is warm."""
    settings = Settings.read("CATALOG_TABLE_NAME", "PROVIDER_KEYS_PATH")
    path = settings.provider_keys_path
    return TestIntegration(
        credentials=lambda: SsmCredentialStore(clients.ssm(), path, is_keyless),
        check=check_key,
        names=SsmKeyNames(clients.ssm(), path),
        records=DynamoKeyRecordStore(clients.dynamodb(), settings.catalog_table),
        now=utc_now,
    )


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Test a key of the event's tenant and provider; without them record the stored keys."""
    service = build()
    if "provider" in event:
        tested = service.run(event["tenant"], event["provider"])
        if tested is None:
            return {"outcome": None}
        outcome = tested.test.outcome
        logger.info("key tested", extra={"provider": event["provider"], "outcome": outcome})
        return {"outcome": outcome, "detail": tested.test.detail, "own": tested.is_own}
    shared = service.register_shared()
    added = service.register_tenants() if event.get("tenants") else 0
    return {"shared": sorted(shared), "added": added}
