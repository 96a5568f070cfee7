"""State of a pending call to WaveSpeed, which its handle carries from poll to poll."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from studio.domain.operations.values import OptionValue
from studio.providers.shared.identifiers import identifier
from studio.providers.wavespeed.inputs import digest


@dataclass(frozen=True, slots=True)
class Job:
    """A pending call, with the facts that its result and its price need.

    Attributes:
        model: The vendor's id of the model.
        width, height: Requested size in pixels.
        video: Options that decide the price of a video, empty for an image.
        seed: Seed that was sent, None if none was.
        id: Id of the prediction, None while it is unknown.
        prompt: ``digest`` of the prompt, which identifies a call without an id.
        searches: How many more searches for the id are allowed.
        fetches: How many fetches of the result have failed, None for none.
    """

    model: str
    width: int
    height: int
    video: Mapping[str, OptionValue]
    seed: int | None = None
    id: str | None = None
    prompt: str | None = None
    searches: int | None = None
    fetches: int | None = None

    @classmethod
    def of(cls, handle: str) -> "Job":
        """Return the job of a handle."""
        return cls(**json.loads(handle))

    @property
    def handle(self) -> str:
        """JSON of the job."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(given, separators=(",", ":"))

    def found_in(self, listed: Mapping[str, object]) -> list[str]:
        """Return the ids of those past predictions in a list that have the inputs of this job."""
        items = listed.get("items")
        entries = items if isinstance(items, list) else []
        ids = (identifier(entry.get("id")) for entry in entries if self._is(entry))
        return [id_ for id_ in ids if id_]

    def _is(self, entry: object) -> bool:
        if not isinstance(entry, dict) or entry.get("model") != self.model:
            return False
        given = entry.get("input")
        return (
            isinstance(given, dict)
            and given.get("seed") == self.seed
            and digest(given.get("prompt", "")) == self.prompt
        )
