"""The job body as pydantic models, with the limits of each field.

Only readers of orders and the generator of the OpenAPI document import it: pydantic and
these models take about 90 ms of a cold start. ``validation`` checks fields against each other.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from studio.domain.jobs.model import MAX_ITEMS, MAX_NEGATIVE_PROMPT, MAX_PROMPT, MAX_VARIATIONS
from studio.domain.operations.model import OperationId
from studio.domain.operations.values import DECIMAL_PATTERN, Quality, is_blank, parse_decimal
from studio.ids import FOLDER_NAME, RECIPE_ID, TEMPLATE_ID
from studio.services.orders.output_body import OutputBody
from studio.services.orders.reading import Body
from studio.web_addresses import check_web_address

MIN_SIDE, MAX_SIDE = 64, 4096
# The highest seed that every known provider takes.
MAX_SEED = 4_294_967_294
MAX_SOURCES = 4
MAX_INLINE_BYTES = 4 * 1024 * 1024
MAX_INLINE_CHARACTERS = -(-MAX_INLINE_BYTES // 3) * 4


def not_blank(text: str) -> str:
    """Return a text that shows something; the validator of prompts and phrases."""
    if is_blank(text):
        raise PydanticCustomError("blank", "Input should not be blank; leave it out or say more")
    return text


def _web_address(text: str) -> str:
    try:
        check_web_address(text)
    except ValueError as error:
        raise PydanticCustomError(
            "url_malformed",
            "Input should be a URL, such as https://example.org/a.jpg: {reason}",
            {"reason": str(error)},
        ) from None
    return text


def _decimal(value: object) -> Decimal:
    """Return a JSON number or a decimal text as a Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("decimal_type", "Input should be a number")
    try:
        return parse_decimal(str(value))
    except ValueError:
        raise PydanticCustomError(
            "decimal_parsing", "Input should be a decimal number, such as 0.7"
        ) from None


def _input_number(value: object) -> Decimal:
    """Return a JSON number as a Decimal; the operation decides whether a text is a number."""
    return _decimal(None if isinstance(value, str) else value)


def _number_schema(**limits: int) -> WithJsonSchema:
    text = {"type": "string", "pattern": f"^{DECIMAL_PATTERN}$"}
    return WithJsonSchema({"anyOf": [{"type": "number", **limits}, text]})


def _offered_sides(text: str) -> str:
    if not all(MIN_SIDE <= int(side) <= MAX_SIDE for side in text.split("x")):
        raise PydanticCustomError(
            "size_out_of_range",
            "Sides should be {low} to {high} pixels",
            {"low": MIN_SIDE, "high": MAX_SIDE},
        )
    return text


Prompt = Annotated[str, Field(min_length=1, max_length=MAX_PROMPT), AfterValidator(not_blank)]
NegativePrompt = Annotated[
    str,
    Field(max_length=MAX_NEGATIVE_PROMPT),
    AfterValidator(lambda text: "" if is_blank(text) else text),
]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Side = Annotated[int, Field(ge=MIN_SIDE, le=MAX_SIDE)]
Size = Annotated[
    str,
    Field(pattern=r"^[0-9]{2,4}x[0-9]{2,4}$", examples=["1024x1024"]),
    AfterValidator(_offered_sides),
]
Dollars = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", examples=["0.50"])]
Name = Annotated[str, Field(min_length=1, max_length=100)]
# One line, because lists and mail subjects show it.
JobName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Label = Annotated[str, Field(max_length=120)]
RecipeId = Annotated[str, Field(pattern=RECIPE_ID.pattern, examples=["product-on-white"])]
PersonaId = Annotated[str, Field(pattern=RECIPE_ID.pattern, examples=["our-brand"])]
TemplateId = Annotated[str, Field(pattern=TEMPLATE_ID.pattern, examples=["instagram.story"])]
AspectRatio = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$", examples=["16:9"])]
FolderName = Annotated[str, Field(pattern=FOLDER_NAME.pattern, examples=["SKU-1042"])]


class SourceBody(Body):
    """A source image: exactly one of an asset, an upload, a public https URL, or base64 bytes."""

    asset_id: Annotated[str, Field(pattern=r"^ast_[0-9A-HJKMNP-TV-Z]{26}$")] | None = None
    upload_id: Annotated[str, Field(pattern=r"^upl_[0-9A-HJKMNP-TV-Z]{26}$")] | None = None
    url: (
        Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_web_address)] | None
    ) = None
    base64: Annotated[str, Field(min_length=1, max_length=MAX_INLINE_CHARACTERS)] | None = None


Sources = Annotated[list[SourceBody], Field(min_length=1, max_length=MAX_SOURCES)]
Strength = Annotated[
    Decimal,
    Field(ge=0, le=1, decimal_places=4),
    BeforeValidator(_decimal),
    _number_schema(minimum=0, maximum=1),
]
Guidance = Annotated[
    Decimal,
    Field(ge=0, le=100, decimal_places=4),
    BeforeValidator(_decimal),
    _number_schema(minimum=0, maximum=100),
]
InputNumber = Annotated[Decimal, BeforeValidator(_input_number), WithJsonSchema({"type": "number"})]
Input = Annotated[
    dict[Annotated[str, Field(max_length=40)], bool | int | InputNumber | str],
    Field(max_length=20),
]


class FilesBody(Body):
    """Files and inputs of an operation (``GET /v1/operations/{id}``).

    ``mask`` is as large as the first source and white in the area to change.
    """

    sources: Sources | None = None
    mask: SourceBody | None = None
    style_image: SourceBody | None = None
    background: SourceBody | None = None
    lighting: SourceBody | None = None
    audio: SourceBody | None = None
    input: Input | None = None


class ItemBody(FilesBody):
    """One image of a job. An image without the prompt it needs keeps its place and is skipped."""

    prompt: Prompt | None = None
    negative_prompt: NegativePrompt | None = None
    label: Label | None = None
    type: Annotated[str, Field(max_length=40)] | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    title: Annotated[str, Field(max_length=300)] | None = None
    size: Size | None = None
    seed: Seed | None = None


class NotifyBody(Body):
    """The address that gets a mail when the job ends."""

    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$")]


class SubstituteBody(Body):
    """A provider that may make images instead; without ``model``, the studio chooses the model."""

    id: Name
    model: Name | None = None


class ProviderBody(Body):
    """The provider of the images: ``manual`` names one, ``auto`` lets the studio choose.

    If the provider cannot make an image and cannot have been paid, a substitute takes over. The
    substitutes are those of ``fallback``, in order, else the studio's next choices.
    ``allow_fallback`` turns this on or off. It is on for ``auto`` and with ``fallback``.
    """

    mode: Literal["auto", "manual"] | None = None
    id: Name | None = None
    model: Name | None = None
    fallback: Annotated[list[SubstituteBody], Field(min_length=1, max_length=5)] | None = None
    allow_fallback: bool | None = None


class JobBody(FilesBody):
    """An order: either ``prompt`` with ``variations`` of it, or ``items`` with a prompt each.

    The size is one of ``size``, ``width`` with ``height``, or ``aspect_ratio`` (about one
    megapixel). By default it is 1024x1024, or the size of the source for an edit, an upscale or a
    transformation. Fields next to ``items`` apply to every item that does not set them.
    Variation k of a prompt has the seed ``seed + k - 1``. Without ``seed``, the studio picks the
    first seed for models that take seeds. A value that the model does not take is left out with a
    warning; with ``strict`` it is an error.

    ``enhance_prompt`` adds words on light, composition and detail to prompts. ``persona_id`` adds
    the words of a persona, and its ``avoid`` to negative prompts. Both are for operations that
    make whole images: ``generate`` and ``control``.

    A template (``template_id``) gives what the body leaves out: the size, the quality, and the
    preferred provider. Its style is added to prompts before a persona's words, and its ``avoid``
    to negative prompts.

    With ``recipe_id`` the saved body of a recipe is used. Members of this body replace the
    recipe's, one by one, and null removes a member. ``sources`` are source images. ``strength``
    is how far the result may differ from the first of them. A URL is fetched when its image is
    made, from public https addresses only. A ``folder`` keeps sources and results together, such
    as the photos of one SKU. ``label`` names the images that have no label of their own.
    """

    operation: OperationId | None = None
    recipe_id: RecipeId | None = None
    prompt: Prompt | None = None
    variations: Annotated[int, Field(ge=1, le=MAX_VARIATIONS)] = 1
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    negative_prompt: NegativePrompt | None = None
    enhance_prompt: bool = False
    persona_id: PersonaId | None = None
    template_id: TemplateId | None = None
    size: Size | None = None
    width: Side | None = None
    height: Side | None = None
    aspect_ratio: AspectRatio | None = None
    provider: ProviderBody | None = None
    quality: Quality = "standard"
    output: OutputBody = OutputBody()
    seed: Seed | None = None
    strength: Strength | None = None
    strict: bool = False
    label: Label | None = None
    folder: FolderName | None = None
    notify: NotifyBody | None = None
    steps: Annotated[int, Field(ge=1, le=1000)] | None = None
    guidance: Guidance | None = None
    max_cost: Dollars | None = None
    name: JobName | None = None
    labels: Annotated[
        dict[
            Annotated[str, Field(min_length=1, max_length=40)],
            Annotated[str, Field(max_length=100)],
        ],
        Field(default_factory=dict, max_length=10),
    ]
