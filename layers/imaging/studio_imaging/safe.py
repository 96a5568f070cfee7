"""The part of a rendition that nothing covers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Safe:
    """The edges that a platform may cover with its own marks.

    Attributes:
        top: Covered fraction of the height at the upper edge.
        bottom: Covered fraction of the height at the lower edge.
        left: Covered fraction of the width at the left edge.
        right: Covered fraction of the width at the right edge.
        circle: Whether only the inscribed circle is shown, as for avatars.
    """

    top: float = 0
    bottom: float = 0
    left: float = 0
    right: float = 0
    circle: bool = False
