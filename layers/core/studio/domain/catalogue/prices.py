"""Estimates and costs of calls, from the published prices of a model.

Amounts are integer micro-dollars. A price that is not published is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from studio.domain.catalogue.sizes import size_of
from studio.domain.operations.values import OptionValue
from studio.money import UNKNOWN, Cost

_PER_RATE = 1_000_000
_MEGAPIXEL = 1_000_000
_BYTES_OF_A_TOKEN = 4


class PriceRow(NamedTuple):
    """Price of one image by its size in pixels and the provider's word for the quality, if any."""

    width: int
    height: int
    quality: str | None
    micros: int

    @property
    def pixels(self) -> int:
        """Area in pixels."""
        return self.width * self.height

    def covers(self, width: int, height: int) -> bool:
        """Return whether the size of the row contains another size, in either orientation."""
        long, short = max(self.width, self.height), min(self.width, self.height)
        return max(width, height) <= long and min(width, height) <= short


class FlatPrice(NamedTuple):
    """Price of one image at a reference size and number of steps, for vendors that bill compute."""

    pixels: int
    micros: int
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """Price of a second of video by its resolution.

    Attributes:
        micros: Micro-dollars per second, by the provider's word for the resolution.
        min_seconds: Shortest length that is billed.
        max_seconds: Longest length that the model makes, the bound of an unknown length.
        usual: Length and resolution of a video where the caller gives none, as far as known.
    """

    micros: Mapping[str, int]
    min_seconds: int
    max_seconds: int
    usual: Mapping[str, OptionValue] = field(default_factory=dict)

    @property
    def at_most(self) -> Mapping[str, OptionValue]:
        """Length and resolution of the most expensive video."""
        resolution = max(self.micros, key=lambda name: self.micros[name])
        return {"duration": self.max_seconds, "resolution": resolution}


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a model, empty where a kind of price is not published.

    Attributes:
        version: Version of the price table.
        rows: Prices per image, by size and quality; the input costs extra.
        token_rates: Micro-dollars per million tokens: ``text_in``, ``image_in``, ``image_out``,
            ``text_out``, and ``cached_text_in``, ``cached_image_in``.
        text_out_max: Most output tokens of text for one image, thoughts included.
        flat: Price per image at a reference size.
        per_call: Micro-dollars per call.
        per_megapixel: Micro-dollars per million pixels of the image, rounded up.
        per_second: Prices per second of video.
    """

    version: str
    rows: tuple[PriceRow, ...] = ()
    token_rates: Mapping[str, int] | None = None
    text_out_max: int = 0
    flat: FlatPrice | None = None
    per_call: int | None = None
    per_megapixel: int | None = None
    per_second: SecondPrice | None = None

    @property
    def known(self) -> bool:
        """True if the prices give an upper bound before the call."""
        return any(
            price not in (None, ())
            for price in (self.rows, self.flat, self.per_call, self.per_megapixel, self.per_second)
        )

    def of_call(self, width: int, height: int, options: Mapping[str, OptionValue]) -> Cost:
        """Return the price of a call if it does not depend on the response, else UNKNOWN.

        Args:
            width: Width of the image in pixels.
            height: Height of the image in pixels.
            options: ``resolution`` and ``duration`` (seconds) decide the price of a video.
        """
        if self.per_call is not None:
            return Cost(self.per_call, "priced", self.version)
        if self.per_megapixel is not None:
            megapixels = _round_up(width * height, _MEGAPIXEL)
            return Cost(megapixels * self.per_megapixel, "priced", self.version)
        duration = options.get("duration")
        if self.per_second is None or not isinstance(duration, int):
            return UNKNOWN
        return self._of_seconds(self.per_second, duration, options)

    def _of_seconds(
        self, price: SecondPrice, seconds: int, options: Mapping[str, OptionValue]
    ) -> Cost:
        rate = price.micros.get(str(options.get("resolution")))
        if rate is None:
            return UNKNOWN
        return Cost(max(seconds, price.min_seconds) * rate, "priced", self.version)

    def estimate(
        self,
        width: int,
        height: int,
        quality: str | None,
        text_bytes: int,
        steps: int | None = None,
        source_tokens: int | None = 0,
        options: Mapping[str, OptionValue] = MappingProxyType({}),
    ) -> Cost:
        """Return an upper bound of the cost of one image, or UNKNOWN.

        Args:
            width: Requested width in pixels.
            height: Requested height in pixels.
            quality: The provider's own word for the quality.
            text_bytes: Length of the text in UTF-8, which is at least its number of tokens.
            steps: Requested steps, None where the model takes none.
            source_tokens: Most input tokens of the source images, None if they are unknown.
            options: The operation's inputs. An unknown length of a video counts as the longest,
                and an unknown resolution as the most expensive.
        """
        if self.per_second:
            options = {**self.per_second.at_most, **options}
        known = self.of_call(width, height, options)
        if known.micros is not None:
            return replace(known, basis="estimated")
        if self.flat:
            return Cost(_scaled(self.flat, width * height, steps), "estimated", self.version)
        row = self._row_bound(width, height, quality)
        if row is None or self.token_rates is None or source_tokens is None:
            return UNKNOWN
        around = self.of_tokens(
            text_in=text_bytes, image_in=source_tokens, image_out=0, text_out=self.text_out_max
        )
        return Cost(row + around.known_micros, "estimated", self.version)

    def likely(
        self,
        width: int,
        height: int,
        quality: str | None,
        text_bytes: int,
        steps: int | None = None,
        source_tokens: int | None = 0,
        options: Mapping[str, OptionValue] = MappingProxyType({}),
    ) -> Cost:
        """Return what one image most likely costs, or UNKNOWN.

        It is the published price without the reserve of ``estimate``. Compute grows with pixels
        and steps, a token of text has four bytes, and no text comes with the image. A video of
        open length or resolution counts as the usual one. Arguments are those of ``estimate``.
        """
        if self.per_second:
            options = {**self.per_second.at_most, **self.per_second.usual, **options}
        known = self.of_call(width, height, options)
        if known.micros is not None:
            return replace(known, basis="estimated")
        if self.flat:
            return Cost(_compute(self.flat, width * height, steps), "estimated", self.version)
        row = self._row_bound(width, height, quality)
        if row is None or self.token_rates is None or source_tokens is None:
            return UNKNOWN
        text_in = _round_up(text_bytes, _BYTES_OF_A_TOKEN)
        around = self.of_tokens(text_in=text_in, image_in=source_tokens, image_out=0)
        return Cost(row + around.known_micros, "estimated", self.version)

    def of_tokens(self, *, text_in: int, image_in: int, image_out: int, text_out: int = 0) -> Cost:
        """Return the price of a call from its token counts, rounded up, or UNKNOWN without rates.

        Output text without its own rate costs the rate of output images.
        """
        rates = self.token_rates
        if rates is None:
            return UNKNOWN
        total = (
            text_in * rates["text_in"]
            + image_in * rates["image_in"]
            + image_out * rates["image_out"]
            + text_out * rates.get("text_out", rates["image_out"])
        )
        return Cost(_round_up(total, _PER_RATE), "priced", self.version)

    def _row_bound(self, width: int, height: int, quality: str | None) -> int | None:
        """Return the price of a size, or the highest price up to the next size that contains it.

        A square can cost more tokens than a longer image with more pixels, so the next size
        alone is not an upper bound.
        """
        rows = [row for row in self.rows if row.quality == quality]
        for row in rows:
            if {(row.width, row.height), (row.height, row.width)} & {(width, height)}:
                return row.micros
        limit = min((row.pixels for row in rows if row.covers(width, height)), default=0)
        return max((row.micros for row in rows if row.pixels <= limit), default=None)


def prices_of(document: dict[str, Any], version: str) -> Prices:
    """Return the prices of a catalogue file's entry; ``version`` is that of its price table."""
    flat = document.get("flat")
    return Prices(
        version=version,
        rows=tuple(
            PriceRow(*size_of(row["size"]), row["quality"], row["micros"])
            for row in document.get("per_image", ())
        ),
        token_rates=document.get("token_rates"),
        text_out_max=document.get("text_out_max", 0),
        flat=FlatPrice(_pixels(flat["size"]), flat["micros"], flat.get("steps")) if flat else None,
        per_call=document.get("per_call"),
        per_megapixel=document.get("per_megapixel"),
        per_second=SecondPrice(**document["per_second"]) if "per_second" in document else None,
    )


def _pixels(text: str) -> int:
    width, height = size_of(text)
    return width * height


def _scaled(flat: FlatPrice, pixels: int, steps: int | None) -> int:
    """Return a reference price scaled up, never down; compute grows with the square of pixels."""
    micros = flat.micros
    if pixels > flat.pixels:
        micros = _round_up(micros * pixels**2, flat.pixels**2)
    if steps and flat.steps and steps > flat.steps:
        micros = _round_up(micros * steps, flat.steps)
    return micros


def _compute(flat: FlatPrice, pixels: int, steps: int | None) -> int:
    """Return a reference price in proportion to pixels and steps."""
    share = (steps or flat.steps or 1) * pixels
    return _round_up(flat.micros * share, (flat.steps or steps or 1) * flat.pixels)


def _round_up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
