"""TableError: why a file is no table."""


class TableError(Exception):
    """The file is no table that can be imported; ``code`` is for programs."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
