"""A call to WaveSpeed that is under way, as it is kept between two questions about it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from studio.domain.operations.values import OptionValue
from studio.providers.shared.identifiers import identifier
from studio.providers.wavespeed.inputs import digest


@dataclass(frozen=True, slots=True)
class Job:
    """A call, with all that its result and its price need.

    Attributes:
        video: What decides the price of a video.
        id: The prediction's; None as long as it is looked for.
        prompt: The ``digest`` of its prompt, to look for it.
        searches: How often it may still be looked for.
    """

    model: str
    width: int
    height: int
    video: Mapping[str, OptionValue]
    seed: int | None = None
    id: str | None = None
    prompt: str | None = None
    searches: int | None = None

    @classmethod
    def of(cls, handle: str) -> "Job":
        """Read what ``handle`` wrote."""
        return cls(**json.loads(handle))

    @property
    def handle(self) -> str:
        """The job as text."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(given, separators=(",", ":"))

    def found_in(self, listed: Mapping[str, object]) -> list[str]:
        """Return the ids of the past predictions in a list that have this job's inputs."""
        items = listed.get("items")
        entries = items if isinstance(items, list) else []
        ids = (identifier(entry.get("id")) for entry in entries if self._is(entry))
        return [id_ for id_ in ids if id_]

    def _is(self, entry: object) -> bool:
        if not isinstance(entry, dict) or entry.get("model") != self.model:
            return False
        told = entry.get("input")
        return (
            isinstance(told, dict)
            and told.get("seed") == self.seed
            and digest(told.get("prompt", "")) == self.prompt
        )
