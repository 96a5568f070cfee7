"""KeyRegister on SSM Parameter Store: which providers have a key, without reading any.

It describes parameters by their names, so no value, encrypted or not, leaves the store. Paths are
those of ``studio.adapters.secrets``.
"""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.domain.provider_calls.accounts import SHARED, own_account

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

_FOUND_SECONDS = 60
# A key that was just stored is seen soon.
_MISSING_SECONDS = 2
_NAMES_AT_ONCE = 50

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class SsmKeyRegister:
    """The names of the keys under one path prefix of the Parameter Store.

    Attributes:
        client: Makes the client when the first answer is not known.
        clock: Seconds of a clock that never goes back.
    """

    client: "Callable[[], SSMClient]"
    prefix: str
    clock: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], tuple[bool, float]] = field(default_factory=dict)

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers without a key, neither the tenant's own nor the stack's.

        If the store does not answer, none is taken to be missing: the call itself finds out.
        """
        at = self.clock()
        new = [one for one in providers if self._until(tenant, one) <= at]
        if new:
            try:
                found = self._found(tenant, new)
            except ClientError as error:
                logger.warning("the keys of providers cannot be looked up: %s", error)
                return frozenset()
            for provider in new:
                has_key = provider in found
                kept = _FOUND_SECONDS if has_key else _MISSING_SECONDS
                self._known[tenant, provider] = (has_key, at + kept)
        return frozenset(one for one in providers if not self._known[tenant, one][0])

    def _until(self, tenant: str, provider: str) -> float:
        return self._known.get((tenant, provider), (False, float("-inf")))[1]

    def _found(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        names = {
            f"{self.prefix}/{provider}/{account}": provider
            for provider in providers
            for account in (own_account(tenant), SHARED)
        }
        pages = (
            self.client()
            .get_paginator("describe_parameters")
            .paginate(
                ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": list(names)}],
                PaginationConfig={"PageSize": _NAMES_AT_ONCE},
            )
        )
        listed = (entry["Name"] for page in pages for entry in page["Parameters"])
        return frozenset(names[name] for name in listed if name in names)
