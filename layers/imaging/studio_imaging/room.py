"""The search for the ground of an image: background, soft shadow, and what a handle encloses."""

from typing import Final

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.ground import TOLERANCE, border_of, median_colour

# Largest change within 3 x 3 pixels of a soft shadow, and of the shadow where it meets the subject.
_SOFT: Final = 14
_CONTACT: Final = 30
# The ground is followed so many pixels up to an outline, where a square of 3 x 3 is never smooth.
_REACH: Final = 4
# A shadow keeps at least this share of the light, and the hue of the ground.
_DARKEST: Final = 0.3
_HUE: Final = 9.0
# A hole has the colour of the ground to so many levels in the mean. So much of its rim is so thin,
# as a share of the image's longer side.
_HOLE: Final = 9
_LEAST_HOLE: Final = 24
_THIN: Final = 0.055
_THINNEST: Final = 3
_THIN_SHARE: Final = 0.5
# On white paper a white label looks like a hole with thin sides. So there nearly all must be thin.
_WHITE: Final = 235
_THIN_ON_WHITE: Final = 0.75
# A step of so many levels within three pixels is no shadow. So large a share of its rim may be one,
# where it meets the subject.
_CLIFF: Final = 16
_MOST_CLIFFS: Final = 0.3
# A step of this many levels is a clear outline.
_CLEAR_STEP: Final = 26

_SHADOW, _ROOM, SUBJECT = 2, 1, 0


class Room:
    """The pixels of a small image that are background or shadow, reached from the border."""

    def __init__(
        self,
        small: Image.Image,
        ground: Image.Image,
        apart: bytes,
        steep: bytes,
        tolerance: int,
        smooth: int,
    ) -> None:
        self.size = small.size
        self.kinds = bytearray(len(apart))
        self._steep = steep
        self.leaked = False
        shade = _shades(small, ground)
        pixels = list(zip(*(channel.tobytes() for channel in small.split()), strict=True))
        self._search(small, pixels, apart, shade, tolerance, smooth)
        if self._has_leaked(pixels, apart, tolerance):
            # The shadow is as dark as the subject beside it: better a shadow too much.
            self.leaked = True
            self.kinds = bytearray(len(apart))
            self._search(small, pixels, apart, None, tolerance, smooth)

    def _search(
        self,
        small: Image.Image,
        pixels: list[tuple[int, ...]],
        apart: bytes,
        shade: list[bool] | None,
        tolerance: int,
        smooth: int,
    ) -> None:
        """Mark the ground, its holes and, with ``shade``, the shadow."""
        dark = shade or [False] * len(apart)
        even = [step <= smooth for step in self._steep]
        free = [
            near <= tolerance
            or (near <= TOLERANCE and flat and (shade is not None or near <= 2 * tolerance))
            or (shady and step <= max(smooth, _SOFT))
            for near, flat, shady, step in zip(apart, even, dark, self._steep, strict=True)
        ]
        shaded = [near > tolerance for near in apart]
        width, height = self.size
        edge = [*range(width), *range(len(free) - width, len(free))]
        edge += [row * width + end for row in range(height) for end in (0, width - 1)]
        self._fill([place for place in edge if free[place]], free, shaded)
        self._follow(pixels, dark, tolerance)
        holes = self._open_holes(small, apart, tolerance)
        if holes:
            self._fill(holes, free, shaded)
            self._follow(pixels, dark, tolerance)

    def _has_leaked(self, pixels: list[tuple[int, ...]], apart: bytes, tolerance: int) -> bool:
        """Return whether what was taken for a shadow has hard edges, as a subject has."""
        width, _ = self.size
        cliffs = edges = 0
        for place, kind in enumerate(self.kinds):
            if kind != _SHADOW:
                continue
            steps = [
                _step(pixels[place], pixels[near])
                for near in (place - 3, place + 3, place - 3 * width, place + 3 * width)
                if 0 <= near < len(apart) and apart[near] <= tolerance
            ]
            edges += bool(steps)
            cliffs += bool(steps) and max(steps) >= max(_CLIFF, 2 * tolerance)
        return cliffs > _MOST_CLIFFS * edges

    @property
    def clearness(self) -> float:
        """The share of the outline that is a clear step."""
        outline = [
            self._steep[place]
            for place, kind in enumerate(self.kinds)
            if kind == SUBJECT and any(self.kinds[near] for near in self._around(place))
        ]
        return sum(step >= _CLEAR_STEP for step in outline) / max(1, len(outline))

    @property
    def shadow(self) -> Image.Image:
        """White for the shadow, black for the rest."""
        return Image.frombytes("L", self.size, bytes(self.kinds)).point([0, 0] + [255] * 254)

    @property
    def subject(self) -> Image.Image:
        """White for the subject, black for the rest."""
        return Image.frombytes("L", self.size, bytes(self.kinds)).point([255] + [0] * 255)

    def _fill(self, waiting: list[int], free: list[bool], shaded: list[bool]) -> None:
        for place in waiting:
            self.kinds[place] = _SHADOW if shaded[place] else _ROOM
        while waiting:
            for near in self._around(waiting.pop()):
                if free[near] and not self.kinds[near]:
                    self.kinds[near] = _SHADOW if shaded[near] else _ROOM
                    waiting.append(near)

    def _follow(self, pixels: list[tuple[int, ...]], shade: list[bool], tolerance: int) -> None:
        """Follow the ground to the subject: a shadow that grows dark, and what is alike."""
        waiting = {place: pixels[place] for place, kind in enumerate(self.kinds) if kind}
        for _ in range(_REACH):
            reached: dict[int, tuple[int, ...]] = {}
            for place, colour in waiting.items():
                for near in self._around(place):
                    if self.kinds[near] or near in reached:
                        continue
                    if _step(colour, pixels[near]) <= tolerance:
                        reached[near] = colour
                    elif shade[near] and _step(pixels[place], pixels[near]) <= _CONTACT:
                        reached[near] = pixels[near]
            for place in reached:
                self.kinds[place] = _SHADOW if shade[place] else _ROOM
            waiting = reached

    def _open_holes(self, small: Image.Image, apart: bytes, tolerance: int) -> list[int]:
        """Add and return the parts of the ground that a thin piece encloses, such as a handle.

        A part in the midst of the subject stays, even in the colour of the ground.
        """
        room = ImageChops.invert(self.subject)
        other = distance(small, grown(small, room)).tobytes()
        near = bytes(map(min, other, apart))
        piece = 2 * max(_THINNEST, round(_THIN * max(self.size))) + 1
        beside = room.filter(ImageFilter.MaxFilter(piece)).tobytes()
        share = _THIN_ON_WHITE if min(median_colour(border_of(small))) >= _WHITE else _THIN_SHARE
        seen: set[int] = set()
        opened: list[int] = []
        for start, kind in enumerate(self.kinds):
            if kind or start in seen or near[start] > _HOLE:
                continue
            hole, rim = self._hole(start, near, max(tolerance, _HOLE))
            seen |= hole
            mean = sum(near[place] for place in hole) / len(hole)
            thin = sum(beside[place] > 0 for place in rim)
            if len(hole) >= _LEAST_HOLE and mean <= _HOLE and thin >= len(rim) * share:
                opened += hole
        for place in opened:
            self.kinds[place] = _ROOM
        return opened

    def _hole(self, start: int, near: bytes, most: int) -> tuple[set[int], set[int]]:
        """Return an enclosed part that is like the ground, and the subject's pixels around it."""
        hole, rim, waiting = {start}, set(), [start]
        while waiting:
            for place in self._around(waiting.pop()):
                if near[place] > most:
                    rim.add(place)
                elif place not in hole and not self.kinds[place]:
                    hole.add(place)
                    waiting.append(place)
        return hole, rim

    def _around(self, place: int) -> list[int]:
        width, height = self.size
        x, y = place % width, place // width
        found = []
        if x:
            found.append(place - 1)
        if x < width - 1:
            found.append(place + 1)
        if y:
            found.append(place - width)
        if y < height - 1:
            found.append(place + width)
        return found


def _step(colour: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(colour, other, strict=True))


def _shades(small: Image.Image, ground: Image.Image) -> list[bool]:
    """Return for each pixel whether it may be the ground with less light."""
    found = []
    pixels = zip(*(channel.tobytes() for channel in (*small.split(), *ground.split())), strict=True)
    for red, green, blue, r, g, b in pixels:
        light = (red + green + blue + 3) / (r + g + b + 3)
        off = max(abs(red - r * light), abs(green - g * light), abs(blue - b * light))
        found.append(_DARKEST < light <= 1 and off <= _HUE)
    return found


def steepness(small: Image.Image) -> Image.Image:
    """Return the largest change of any channel around each pixel."""
    return _largest(
        ImageChops.subtract(
            small.filter(ImageFilter.MaxFilter(3)), small.filter(ImageFilter.MinFilter(3))
        )
    )


def _largest(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def grown(small: Image.Image, mask: Image.Image) -> Image.Image:
    """Return the colours inside a mask, continued outside it."""
    level = small.copy()
    eroded = mask.filter(ImageFilter.MinFilter(3))
    level.putalpha(eroded if eroded.getbbox() else mask)
    levels = [level]
    while max(levels[-1].size) > 1:
        width, height = levels[-1].size
        levels.append(
            levels[-1].resize(((width + 1) // 2, (height + 1) // 2), Image.Resampling.BOX)
        )
    ground = levels.pop().convert("RGB").convert("RGBA")
    while levels:
        finer = levels.pop()
        ground = ground.resize(finer.size, Image.Resampling.BILINEAR)
        ground.alpha_composite(finer)
    return ground.convert("RGB")


def distance(image: Image.Image, ground: Image.Image) -> Image.Image:
    """Return the largest difference of any channel for each pixel."""
    return _largest(ImageChops.difference(image, ground))
