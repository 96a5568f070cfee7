"""Numbers as spreadsheets write them: 512.0, 512,0, 1.536, 1 024, 5.12E+02, 70 %, $0.50."""

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from studio.csv_escape import BLANKS
from studio.domain.batches.members import Member

# Digits of other widths and the minus sign, as ASCII.
_WIDE = "".join(chr(ord(one) + 0xFEE0) for one in "0123456789.,+-%$")
_ASCII = str.maketrans(_WIDE + "\u2212", "0123456789.,+-%$-")
_CURRENCY = re.compile(r"(?:USD|US\$|\$)|(?:USD|US\$|\$)$", re.IGNORECASE)
_PIXELS = re.compile(rf"[{re.escape(BLANKS)}]*px$", re.IGNORECASE)
_FORM = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>(?=[.,]?[0-9])[0-9.,]{1,24})(?:[eE](?P<power>[+-]?[0-9]{1,2}))?"
    r"(?P<percent>%?)"
)
# What separates thousands besides a point and a comma.
_THOUSANDS = re.compile(rf"(?<=[0-9])[{re.escape(BLANKS)}'\u2019_](?=[0-9]{{3}}(?![0-9]))")
# Groups of three, or as in India of two and then three.
_GROUPS = {
    mark: re.compile(
        rf"[1-9][0-9]{{0,2}}(?:\{mark}[0-9]{{3}})+|[1-9][0-9]?(?:\{mark}[0-9]{{2}})+\{mark}[0-9]{{3}}"
    )
    for mark in ".,"
}
# More digits than a caller writes: a spreadsheet computed the number.
_COMPUTED = 10
_PLACES = {"decimal": 4, "dollars": 6}


class AmbiguousNumberError(Exception):
    """A number that different countries read differently."""


def read_number(text: str, member: Member) -> str | int | None:
    """Return the number that a cell says: whole numbers as int, others as decimal text.

    Args:
        text: The cell, without blanks around it.
        member: Its kind and limits; they decide what a point or comma means.

    Returns:
        None if the cell is no number, or no whole number where one is expected.

    Raises:
        AmbiguousNumberError: both readings are within the limits.
    """
    found = list(dict.fromkeys(_readings(text, member)))
    if len(found) > 1:
        found = [one for one in found if _within(one, member)] or found[:1]
    if len(found) > 1:
        raise AmbiguousNumberError(" or ".join(_plain(one) for one in found))
    if not found:
        return None
    return int(found[0]) if member.kind == "integer" else _plain(_rounded(found[0], member))


def _readings(text: str, member: Member) -> Iterator[Decimal]:
    text = text.translate(_ASCII)
    if member.kind == "dollars":
        text = _CURRENCY.sub("", text, count=1).strip(BLANKS)
    elif member.unit == "px":
        text = _PIXELS.sub("", text)
    text = re.sub(rf"[{re.escape(BLANKS)}]+(?=%$)", "", _THOUSANDS.sub("", text))
    form = _FORM.fullmatch(text)
    if form is None:
        return
    factor = _percent_factor(member) if form["percent"] else Decimal(1)
    if factor is None:
        return
    power = int(form["power"] or 0)
    for digits in _plain_digits(form["digits"], member):
        number = Decimal(f"{form['sign']}{digits}").scaleb(power) * factor
        if member.kind != "integer" or number == number.to_integral_value():
            yield number


def _plain_digits(digits: str, member: Member) -> Iterator[str]:
    """Yield the readings of digits with points and commas, as Python writes them."""
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        yield digits
        return
    last = marks[-1]
    whole, _, part = digits.rpartition(last)
    other = "," if last == "." else "."
    if last not in whole and (other not in whole or _GROUPS[other].fullmatch(whole)):
        yield f"{whole.replace(other, '') or '0'}.{part or '0'}"
    # The body's own decimal point is never one of thousands there.
    own = last == "." and member.kind != "integer" and len(marks) == 1
    if not own and len(set(marks)) == 1 and _GROUPS[last].fullmatch(digits):
        yield digits.replace(last, "")


def _percent_factor(member: Member) -> Decimal | None:
    """Return what a percent is worth: a hundredth of 1, or itself of 100."""
    if member.high == 1 and member.kind == "decimal":
        return Decimal("0.01")
    return Decimal(1) if member.high == 100 and member.kind == "integer" else None


def _within(number: Decimal, member: Member) -> bool:
    low, high = member.low, member.high
    return (low is None or number >= low) and (high is None or number <= high)


def _rounded(number: Decimal, member: Member) -> Decimal:
    """Return a computed number with the digits that a body takes; a limit is never raised."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent < _COMPUTED:
        return number
    rounding = ROUND_DOWN if member.kind == "dollars" else ROUND_HALF_EVEN
    return number.quantize(Decimal(1).scaleb(-_PLACES[member.kind]), rounding)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
