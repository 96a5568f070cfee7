"""Response shapes of problem codes."""

from typing_extensions import TypedDict


class ProblemCode(TypedDict):
    """The documentation of a problem code: its title, its cause and its cure."""

    code: str
    title: str
    cause: str
    cure: str
