"""Front matter: YAML between two lines of ``---`` at the top of an article.

Every value is text, a list or a mapping: YAML's other types would turn a title such as ``No`` or
``2026-12-01`` into something else. Only a position is a number.
"""

from collections.abc import Iterator
from typing import Any

from studio_cli.errors import CliError

_FENCE = "---"
_NOTHING = frozenset({"", "~", "null"})
_DEEPEST = 6
_COLLECTIONS = frozenset({"tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})


def read_front_matter(name: str, text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the members of an article's front matter and the line of each.

    Args:
        name: The file's name, for messages.
        text: The whole article; what follows the front matter is not read.

    Raises:
        CliError: There is no front matter, or it is not a YAML mapping; names the line.
    """
    # Imported late: only this command needs it.
    import yaml

    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        raise CliError(
            f"{name} has no front matter.", f"begin it with a line {_FENCE}, title and images"
        )
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == _FENCE), None)
    if end is None:
        raise CliError(f"{name}, line 1: the front matter has no end.", f"close it with {_FENCE}")
    # The empty first line stands for the fence, so that lines count as in the file.
    source = "\n".join(["", *lines[1:end]])
    try:
        root = yaml.compose(source, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CliError(f"{name}, line {mark.line + 1 if mark else 1}: {error.problem}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise CliError(f"{name} has front matter that is not YAML: {error}.") from error
    if not isinstance(root, yaml.MappingNode):
        raise CliError(f"{name}, line 2: the front matter has no members such as title.")
    reader = _Reader(name)
    found: dict[str, Any] = reader.value(root, "")
    return found, reader.places


class _Reader:
    """Turns nodes into values and keeps the line of each."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.places: dict[str, str] = {}

    def value(self, node: Any, pointer: str) -> Any:  # noqa: ANN401 - values of YAML
        self.places[pointer] = f"line {node.start_mark.line + 1}"
        if pointer.count("/") > _DEEPEST:
            raise self._wrong(node, "it is nested too deeply")
        if node.id == "scalar":
            return self._scalar(node, pointer)
        if node.tag not in _COLLECTIONS:
            raise self._wrong(node, f"the tag {node.tag} is not known")
        if node.id == "sequence":
            return [self.value(one, f"{pointer}/{at}") for at, one in enumerate(node.value)]
        return dict(self._members(node, pointer))

    def _scalar(self, node: Any, pointer: str) -> str | int | None:  # noqa: ANN401
        text: str = node.value
        if node.style is None and text in _NOTHING:
            return None
        if pointer.endswith("/position") and text.isascii() and text.isdecimal():
            return int(text)
        return text

    def _members(self, node: Any, pointer: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key.value, str):
                raise self._wrong(key, "a name must be text")
            if key.value in seen:
                raise self._wrong(key, f"{key.value} is given twice")
            seen.add(key.value)
            found = self.value(value, f"{pointer}/{key.value}")
            # A text may begin on a later line than its name.
            self.places[f"{pointer}/{key.value}"] = f"line {key.start_mark.line + 1}"
            yield key.value, found

    def _wrong(self, node: Any, detail: str) -> CliError:  # noqa: ANN401
        return CliError(f"{self._name}, line {node.start_mark.line + 1}: {detail}.")
