"""Requests to AWS signed with the function's own role (Signature Version 4).

botocore does it: the path of a request is encoded once more in what is signed, and it knows.
"""

from functools import lru_cache

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.session import Session

_SERVICE = "bedrock"


@lru_cache(maxsize=1)
def role() -> Credentials | None:
    """Return the role that this process runs as, None if it has none.

    It is kept for the life of the process: credentials that expire renew themselves.
    """
    return Session().get_credentials()


def role_keys() -> ReadOnlyCredentials | None:
    """Return the keys that ``role`` signs with now.

    Raises:
        BotoCoreError: they could not be read or renewed.
    """
    found = role()
    return found.get_frozen_credentials() if found else None


def signed_headers(url: str, body: bytes, keys: ReadOnlyCredentials, region: str) -> dict[str, str]:
    """Return the headers of a JSON document that is sent to ``url`` by POST just now.

    Args:
        url: The address, its path encoded as it goes over the wire.
        body: What is sent, byte for byte.
        keys: Whose request it is.
        region: AWS region that the signature is good for.
    """
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = AWSRequest(method="POST", url=url, data=body, headers=headers)
    SigV4Auth(keys, _SERVICE, region).add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}
