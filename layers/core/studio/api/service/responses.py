"""Response shapes of the service routes."""

from typing import Any, Literal

from typing_extensions import TypedDict

from studio.api.http.responses import Money
from studio.domain.catalogue.lifecycle import State
from studio.domain.integrations.model import Configured
from studio.domain.jobs.model import Stage
from studio.domain.operations.model import Need, Produces
from studio.domain.operations.values import Quality, Role
from studio.roles import UserRole

_Async = TypedDict("_Async", {"async": bool})
_Band = TypedDict("_Band", {"from": int, "to": int})


class Health(TypedDict):
    """The function runs. ``region`` is where."""

    status: Literal["ok"]
    version: str
    region: str


class Limits(TypedDict):
    """The limits of the caller's account. ``monthly`` is null without a monthly limit."""

    monthly: Money | None
    images_per_job: int
    variations: int


class Month(TypedDict):
    """The money of the account in this calendar month, in UTC.

    ``spent`` is the cost of jobs whose run has ended. A call of unknown cost counts with its
    estimate. ``reserved`` is what the other runs hold. ``limit`` is null without a monthly limit.
    """

    spent: Money
    reserved: Money
    limit: Money | None


class Me(TypedDict):
    """The caller, their role, the limits of their account and its month.

    ``groups`` are the groups of the user that are roles. ``role`` is the highest of them, and
    ``creator`` without any.
    """

    id: str
    email: str | None
    account_id: str
    role: UserRole
    groups: list[UserRole]
    limits: Limits
    month: Month


class Phase(_Band):
    """A phase of the work: its label while it runs, its name as a step, its range of percent."""

    id: Stage
    label: str
    step_label: str


class OperationInput(TypedDict):
    """A file or a value that an operation takes, by its path in the job body."""

    name: str
    kind: str
    need: Need


class Operation(_Async):
    """A kind of work. ``async`` is true when it runs as a job."""

    id: str
    studio: str
    title: str
    description: str
    produces: Produces
    prompt: Literal["none", "optional", "required"]
    mask: Literal["none", "optional", "required"]
    inputs: list[OperationInput]
    one_of: list[str]
    providers: list[str]
    models: dict[str, list[str]]
    phases: list[Phase]


class OperationDetail(Operation):
    """An operation with the JSON Schema of its job body."""

    schema: dict[str, Any]


class OperationList(TypedDict):
    """All operations."""

    data: list[Operation]


class Range(TypedDict):
    """Inclusive limits."""

    min: int
    max: int


class Parameters(TypedDict):
    """The parameters that a model takes. A null one is not taken."""

    seed: bool
    negative_prompt: bool
    steps: Range | None
    guidance: Range | None


class SizeRange(TypedDict):
    """Limits of sides and areas, in pixels."""

    multiple_of: int
    min_side: int
    max_side: int
    min_pixels: int
    max_pixels: int


class Sizes(TypedDict):
    """The sizes that a model makes: a list or a range. Other sizes are cropped from these."""

    fixed: list[str]
    range: SizeRange | None
    max_ratio: int


class ModelLifecycle(TypedDict):
    """Availability of a model, its end, and the model that replaces it."""

    state: State
    ends: str | None
    successor: str | None


class RetiredModel(ModelLifecycle):
    """A retired model. Jobs that name it use its successor."""

    id: str
    title: str


class Sources(TypedDict):
    """Number of source images that a model takes, and their roles. ``max`` may be 0."""

    max: int
    roles: list[Role]


class Model(RetiredModel):
    """An available model. ``prompt_max`` is in characters."""

    operations: list[str]
    prompt_max: int
    qualities: dict[Quality, str]
    parameters: Parameters
    sizes: Sizes
    sources: Sources
    inputs: list[str]
    price_known: bool


class Provider(TypedDict):
    """An image provider with its models.

    ``enabled`` is false for one that the account has switched off. ``configured`` is whose key its
    calls use. ``healthy`` is false while a circuit breaker holds calls of a model.
    """

    id: str
    title: str
    enabled: bool
    configured: Configured
    healthy: bool
    default_model: str
    defaults: dict[str, dict[Quality, str]]
    checked_at: str
    price_version: str
    rate_per_minute: int | None
    models: list[Model]
    retired: list[RetiredModel]


class ProviderList(TypedDict):
    """All providers."""

    data: list[Provider]
