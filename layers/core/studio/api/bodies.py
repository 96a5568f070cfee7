"""Request bodies as pydantic models: what each field may be.

Imported only by the routes that read a body, and by the generator of the contract: pydantic
and these models cost a cold start about 90 ms. What several fields must be together is said in
``orders``.
"""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from studio.api.errors import OperationUnsupportedError
from studio.errors import FieldError, InvalidRequestError, MalformedRequestError, StudioError
from studio.jobs.model import MAX_ITEMS, MAX_VARIATIONS, OutputFormat, Quality

MAX_PROMPT = 32_000
MAX_NEGATIVE_PROMPT = 4_000
MIN_SIDE, MAX_SIDE = 64, 4096
# The highest seed that every known provider takes.
MAX_SEED = 4_294_967_294
MAX_JOBS_PER_ESTIMATE = 20

_Model = TypeVar("_Model", bound=BaseModel)
_CODES = {"missing": "required", "extra_forbidden": "unknown-field"}


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Input should not be blank; leave it out or say more")
    return text


def _offered_sides(text: str) -> str:
    if not all(MIN_SIDE <= int(side) <= MAX_SIDE for side in text.split("x")):
        raise PydanticCustomError(
            "size_out_of_range",
            "Sides should be {low} to {high} pixels",
            {"low": MIN_SIDE, "high": MAX_SIDE},
        )
    return text


Prompt = Annotated[str, Field(min_length=1, max_length=MAX_PROMPT), AfterValidator(_not_blank)]
NegativePrompt = Annotated[str, Field(max_length=MAX_NEGATIVE_PROMPT)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Side = Annotated[int, Field(ge=MIN_SIDE, le=MAX_SIDE)]
Size = Annotated[
    str,
    Field(pattern=r"^[0-9]{2,4}x[0-9]{2,4}$", examples=["1024x1024"]),
    AfterValidator(_offered_sides),
]
Dollars = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", examples=["0.50"])]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ItemBody(_Body):
    """One image of a job. Without a prompt it is kept in its place and skipped."""

    prompt: Prompt | None = None
    negative_prompt: NegativePrompt | None = None
    label: Annotated[str, Field(max_length=120)] | None = None
    type: Annotated[str, Field(max_length=40)] | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    title: Annotated[str, Field(max_length=300)] | None = None
    size: Size | None = None
    seed: Seed | None = None


class ProviderBody(_Body):
    """Who makes the images: ``manual`` names a provider, ``auto`` takes the studio's default."""

    mode: Literal["auto", "manual"] | None = None
    id: Name | None = None
    model: Name | None = None


class OutputBody(_Body):
    """File format of the images; ``quality`` is the encoder's."""

    format: OutputFormat = "webp"
    quality: Annotated[int, Field(ge=1, le=100)] = 80


class JobBody(_Body):
    """An order: either ``prompt`` with ``variations`` of it, or ``items`` with a prompt each.

    The size is one of ``size``, ``width`` with ``height``, or ``aspect_ratio`` (about one
    megapixel), and 1024x1024 where nothing is said. What is said beside ``items`` holds for
    every item that does not say it itself. Variation k of a prompt has the seed ``seed + k - 1``;
    without ``seed`` the studio picks the first one, for models that take seeds.
    """

    operation: Literal["generate"]
    prompt: Prompt | None = None
    variations: Annotated[int, Field(ge=1, le=MAX_VARIATIONS)] = 1
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    negative_prompt: NegativePrompt | None = None
    size: Size | None = None
    width: Side | None = None
    height: Side | None = None
    aspect_ratio: (
        Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$", examples=["16:9"])]
        | None
    ) = None
    provider: ProviderBody | None = None
    quality: Quality = "standard"
    output: OutputBody = OutputBody()
    seed: Seed | None = None
    steps: Annotated[int, Field(ge=1, le=1000)] | None = None
    guidance: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] | None = None
    max_cost: Dollars | None = None
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    labels: Annotated[
        dict[
            Annotated[str, Field(min_length=1, max_length=40)],
            Annotated[str, Field(max_length=100)],
        ],
        Field(max_length=10),
    ] = {}


class EstimateBody(_Body):
    """Job bodies whose cost is asked; nothing runs."""

    jobs: Annotated[list[JobBody], Field(min_length=1, max_length=MAX_JOBS_PER_ESTIMATE)]


class RedriveBody(_Body):
    """Which images to run again: by how they ended, or by number; failed ones by default.

    ``max_cost`` is a new limit for the whole job.
    """

    only: Literal["failed", "unknown", "cancelled"] | None = None
    items: (
        Annotated[
            list[Annotated[int, Field(ge=1, le=MAX_ITEMS)]],
            Field(min_length=1, max_length=MAX_ITEMS),
        ]
        | None
    ) = None
    max_cost: Dollars | None = None


class CancelBody(_Body):
    """Nothing can be said with a cancel yet."""


def read(model: type[_Model], text: str) -> _Model:
    """Read a request body.

    Raises:
        InvalidRequestError: carries every wrong field, not only the first.
        OperationUnsupportedError: the same, where one of them is the operation.
        MalformedRequestError: JSON that no field could hold, such as half a surrogate pair.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise _refusal(details) from None


def _refusal(details: list[ErrorDetails]) -> StudioError:
    if details[0]["type"] == "json_invalid":
        return MalformedRequestError(details[0]["msg"])
    fields = [FieldError(_pointer(entry), _code(entry), entry["msg"]) for entry in details]
    if any(field.code == "operation-unsupported" for field in fields):
        return OperationUnsupportedError(*fields)
    return InvalidRequestError(*fields)


def _pointer(entry: ErrorDetails) -> str:
    """Write a place as RFC 6901 pointer; pydantic marks a wrong key of a map with "[key]"."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in entry["loc"]]
    return "".join(f"/{part}" for part in parts if part != "[key]")


def _code(entry: ErrorDetails) -> str:
    if entry["loc"][-1:] == ("operation",) and entry["type"] == "literal_error":
        return "operation-unsupported"
    return _CODES.get(entry["type"], entry["type"].replace("_", "-"))
