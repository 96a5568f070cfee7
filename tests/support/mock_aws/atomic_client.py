"""Client whose writes to the mock account are atomic under threads."""

from threading import Lock


class OneAtATime:
    """A client whose writes are whole, as those of DynamoDB are; moto's are not."""

    def __init__(self, client: object) -> None:
        self._client = client
        self._lock = Lock()

    def __getattr__(self, operation: str) -> object:
        act = getattr(self._client, operation)

        def call(**request: object) -> object:
            with self._lock:
                return act(**request)

        return call
