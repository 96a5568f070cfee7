"""The part of a rendition that nothing covers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Safe:
    """What a platform may cover with its own marks, so that a subject should stay out of it.

    Attributes:
        top: Fraction of the height at the upper edge; so the others at theirs.
        bottom: See ``top``.
        left: See ``top``, of the width.
        right: See ``left``.
        circle: Only the inscribed circle is shown, as avatars are.
    """

    top: float = 0
    bottom: float = 0
    left: float = 0
    right: float = 0
    circle: bool = False
