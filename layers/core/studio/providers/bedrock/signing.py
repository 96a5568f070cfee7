"""Signing of requests to AWS with the function's own role (Signature Version 4).

botocore signs, because the signed path is encoded once more than the path on the wire.
"""

from functools import lru_cache

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.session import Session

_SERVICE = "bedrock"


@lru_cache(maxsize=1)
def role() -> Credentials | None:
    """Return the role of this process, None if it has none.

    The process keeps it: credentials that expire renew themselves.
    """
    return Session().get_credentials()


def role_keys() -> ReadOnlyCredentials | None:
    """Return the current keys of ``role``, None if there is no role.

    Raises:
        BotoCoreError: the keys cannot be read or renewed.
    """
    found = role()
    return found.get_frozen_credentials() if found else None


def signed_headers(url: str, body: bytes, keys: ReadOnlyCredentials, region: str) -> dict[str, str]:
    """Return the headers of a JSON POST that is sent now.

    Args:
        url: The address, with its path encoded as on the wire.
        body: The body, byte for byte.
        keys: Keys to sign with.
        region: AWS region of the signature.
    """
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = AWSRequest(method="POST", url=url, data=body, headers=headers)
    SigV4Auth(keys, _SERVICE, region).add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}
