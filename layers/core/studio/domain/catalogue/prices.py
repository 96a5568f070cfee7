"""What a call will cost at most, and what it did cost, from a model's published prices.

Amounts are integer micro-dollars. A price that is not published stays unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from studio.domain.operations.values import OptionValue
from studio.money import UNKNOWN, Cost

_PER_RATE = 1_000_000
_MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Price of one picture of a size (pixels) at the provider's word for a quality, if any."""

    width: int
    height: int
    quality: str | None
    micros: int

    @property
    def pixels(self) -> int:
        """Area in pixels."""
        return self.width * self.height

    def covers(self, width: int, height: int) -> bool:
        """Tell whether the row's size contains the other one, lying or standing."""
        long, short = max(self.width, self.height), min(self.width, self.height)
        return max(width, height) <= long and min(width, height) <= short


@dataclass(frozen=True, slots=True)
class FlatPrice:
    """Price of one picture of a reference size and number of steps, where compute is billed."""

    pixels: int
    micros: int
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """Price of a second of video by its resolution.

    Attributes:
        micros: Per second, by the word for the resolution.
        min_seconds: Billed even for a shorter one.
        max_seconds: Longest that the model makes, the bound where nobody says how long.
    """

    micros: Mapping[str, int]
    min_seconds: int
    max_seconds: int

    @property
    def at_most(self) -> Mapping[str, OptionValue]:
        """Length and resolution of the dearest video."""
        dearest = max(self.micros, key=lambda resolution: self.micros[resolution])
        return {"duration": self.max_seconds, "resolution": dearest}


@dataclass(frozen=True, slots=True)
class Prices:
    """A model's prices, each kind empty where it is not published.

    Attributes:
        per_call: Micro-dollars of a call, whatever it makes.
        per_megapixel: Micro-dollars of each begun million pixels of the picture.
        per_second: Of a video.
        rows: Per picture, by size and quality; the input comes on top.
        token_rates: Micro-dollars per million tokens: ``text_in``, ``image_in``, ``image_out``,
            ``text_out``, and ``cached_text_in``, ``cached_image_in``.
        text_out_max: Most tokens of text, thoughts included, that come with a picture.
        flat: Per picture at a reference size.
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
        """Whether an upper bound can be given before the call."""
        return any(
            price not in (None, ())
            for price in (self.rows, self.flat, self.per_call, self.per_megapixel, self.per_second)
        )

    def of_call(self, width: int, height: int, options: Mapping[str, OptionValue]) -> Cost:
        """Return what a call is billed where that does not depend on its answer, or UNKNOWN.

        Args:
            width: Of the picture, in pixels.
            height: As ``width``.
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
        """Return an upper bound for one picture, or UNKNOWN.

        Args:
            width: Of the size that the provider is asked for, in pixels.
            height: As ``width``.
            quality: The provider's own word.
            text_bytes: Of what the provider is told, in UTF-8: its tokens are at most as many.
            steps: Steps asked for, where the model takes them.
            source_tokens: Most tokens that the pictures it starts from count as input, None
                where nobody knows.
            options: The operation's inputs; a video of unknown length counts as the longest, one
                of unknown resolution as the dearest.
        """
        if self.per_second:
            options = {**self.per_second.at_most, **options}
        known = self.of_call(width, height, options)
        if known.micros is not None:
            return replace(known, basis="estimated")
        if self.flat:
            return Cost(_scaled(self.flat, width * height, steps), "estimated", self.version)
        row = self._row_bound(width, height, quality)
        if row is None or self.token_rates is None:
            return UNKNOWN
        if source_tokens is None:
            return UNKNOWN
        around = self.of_tokens(
            text_in=text_bytes,
            image_in=source_tokens,
            image_out=0,
            text_out=self.text_out_max,
        )
        return Cost(row + around.known_micros, "estimated", self.version)

    def of_tokens(self, *, text_in: int, image_in: int, image_out: int, text_out: int = 0) -> Cost:
        """Return the price of a call by its tokens, rounded up, or UNKNOWN without rates.

        Output text is billed like output images where it has no rate of its own.
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
        """Return the row of the size, else the dearest up to the next row that contains it.

        The dearest, because a square costs more tokens than a longer picture of more pixels.
        """
        rows = [row for row in self.rows if row.quality == quality]
        for row in rows:
            if {(row.width, row.height), (row.height, row.width)} & {(width, height)}:
                return row.micros
        limit = min((row.pixels for row in rows if row.covers(width, height)), default=0)
        return max((row.micros for row in rows if row.pixels <= limit), default=None)


def _scaled(flat: FlatPrice, pixels: int, steps: int | None) -> int:
    """Scale a reference price up, never down: pixels count squared, the worst of attention."""
    micros = flat.micros
    if pixels > flat.pixels:
        micros = _round_up(micros * pixels**2, flat.pixels**2)
    if steps and flat.steps and steps > flat.steps:
        micros = _round_up(micros * steps, flat.steps)
    return micros


def _round_up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
