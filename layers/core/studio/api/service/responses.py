"""Response shapes of the service routes."""

from typing import Any, Literal

from pydantic import Field

from studio.api.http.responses import (
    Answer,
    Money,
)
from studio.domain.catalogue.lifecycle import State
from studio.domain.jobs.model import Stage
from studio.domain.operations.model import Produces
from studio.domain.operations.values import Quality, Role


class Health(Answer):
    """The function runs."""

    status: Literal["ok"]
    version: str
    region: str


class Limits(Answer):
    """What the caller's account may do; ``monthly`` is null where no limit is kept."""

    monthly: Money | None
    images_per_job: int
    variations: int


class Me(Answer):
    """The caller."""

    id: str
    email: str | None
    account_id: str
    limits: Limits


class Phase(Answer):
    """A phase of the work: its label while it runs, its name as a step, its band of percent."""

    id: Stage
    label: str
    step_label: str
    start: int = Field(alias="from")
    end: int = Field(alias="to")


class OperationInput(Answer):
    """A file or a value that an operation takes, by its place in the job body."""

    name: str
    kind: str
    need: Literal["optional", "required"]


class Operation(Answer):
    """Something the studio can do; ``async``: it is a job."""

    id: str
    studio: str
    title: str
    description: str
    produces: Produces
    is_async: bool = Field(alias="async")
    prompt: Literal["none", "optional", "required"]
    mask: Literal["none", "optional", "required"]
    inputs: list[OperationInput]
    one_of: list[str]
    providers: list[str]
    models: dict[str, list[str]]
    phases: list[Phase]


class OperationDetail(Operation):
    """An operation with the JSON Schema of its job body."""

    input_schema: dict[str, Any] = Field(alias="schema")


class OperationList(Answer):
    """All operations."""

    data: list[Operation]


class Range(Answer):
    """Limits, both included."""

    min: int
    max: int


class Parameters(Answer):
    """Which parameters a model takes; null: not at all."""

    seed: bool
    negative_prompt: bool
    steps: Range | None
    guidance: Range | None


class SizeRange(Answer):
    """Sides and areas in pixels."""

    multiple_of: int
    min_side: int
    max_side: int
    min_pixels: int
    max_pixels: int


class Sizes(Answer):
    """What a model makes by itself: a list, or a range. Other sizes are cut from these."""

    fixed: list[str]
    range: SizeRange | None
    max_ratio: int


class RetiredModel(Answer):
    """A name that is no more; its successor is used."""

    id: str
    title: str
    state: State
    ends: str | None
    successor: str | None


class Sources(Answer):
    """How many pictures a model can start from; 0 where it takes none."""

    max: int
    roles: list[Role]


class Model(RetiredModel):
    """A model that can be asked; ``prompt_max`` in characters."""

    operations: list[str]
    prompt_max: int
    qualities: dict[Quality, str]
    parameters: Parameters
    sizes: Sizes
    sources: Sources
    inputs: list[str]
    price_known: bool


class Provider(Answer):
    """Who makes images."""

    id: str
    title: str
    default_model: str
    defaults: dict[str, dict[Quality, str]]
    checked_at: str
    price_version: str
    rate_per_minute: int | None
    models: list[Model]
    retired: list[RetiredModel]


class ProviderList(Answer):
    """All providers."""

    data: list[Provider]
