"""Bodies of the API's contract at the corners of every limit, as strategies of hypothesis."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from studio.api.openapi import contract

Schema = dict[str, Any]
Values = st.SearchStrategy[Any]

# What texts are made of: one to four bytes each, characters that JSON escapes, and none at all.
CHARACTERS = ("a", "é", "漢", "\U0001f98a", '"', "\\", "\x01", "\u200b", "0", "-", ".", "#", "/")
# Texts that mean something to a field, by its name.
WORDS: dict[str, tuple[str, ...]] = {
    "url": ("https://xn--/", "https://a..b/", "https://example.org/", "http://localhost:1/"),
    "at": ("9999-12-31T23:59:59", "0001-01-01T00:00:00", "2030-01-01T00:00:00"),
    "cron": ("0 0 30 2 ? *", "0 9 29 2 ? 2027", "0 9 ? * MON *"),
    "rate": ("99999 days", "1 minute"),
    "timezone": ("UTC", "localtime", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    "upload_id": ("", "upl_"),
    "csv": ("prompt,size\na,9x9\n", "prompt,guidance\na,0E-500000\n"),
    "id": ("auto", "builtin", "openai"),
}
# For all other fields.
OTHER_WORDS = ("0E-500000", "-0", "NaN", "a fox")
FREE_LENGTH = 3_000


@lru_cache
def of_name(name: str) -> Values:
    """Return the values of a named schema."""
    return values(_schemas()[name])


@lru_cache
def _schemas() -> dict[str, Schema]:
    schemas: dict[str, Schema] = contract()["components"]["schemas"]
    return schemas


def values(schema: Schema, field: str = "") -> Values:
    """Return values of a schema, the longest, shortest, largest and smallest among them."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return of_name(name)
    if "anyOf" in schema:
        return st.one_of([values(one, field) for one in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "string":
        return texts(schema, field)
    return _MAKERS[schema.get("type", "null")](schema)


def texts(schema: Schema, field: str) -> Values:
    low, high = schema.get("minLength", 0), schema.get("maxLength", FREE_LENGTH)
    if pattern := schema.get("pattern"):
        fits = re.compile(pattern)
        return st.from_regex(fits, fullmatch=True).filter(lambda text: low <= len(text) <= high)
    lengths = sorted({max(low, 1), high})
    made = st.builds(
        lambda one, length: one * length, st.sampled_from(CHARACTERS), st.sampled_from(lengths)
    )
    words = [word for word in WORDS.get(field, OTHER_WORDS) if low <= len(word) <= high]
    return st.one_of(made, st.sampled_from(words)) if words else made


def numbers(schema: Schema) -> Values:
    low = schema.get("minimum", -(10**12))
    high = schema.get("maximum", 10**12)
    corners = [low, low + 1, high] if schema["type"] == "integer" else [low, high, 1e-300, 0.5]
    return st.sampled_from(corners)


def arrays(schema: Schema) -> Values:
    low, high = schema.get("minItems", 0), schema.get("maxItems", 20)
    one = values(schema["items"])
    # Many of one value reach the limits without many choices.
    many = st.builds(lambda item, length: [item] * length, one, st.sampled_from([low, high]))
    return st.one_of(st.lists(one, min_size=max(low, 1), max_size=max(low, 2)), many)


def objects(schema: Schema) -> Values:
    properties: dict[str, Schema] = schema.get("properties", {})
    if not properties:
        return st.dictionaries(
            st.sampled_from(["prompt", "guidance", "seed"]),
            st.sampled_from([1, "a", None]),
            max_size=2,
        )
    needed = {name: values(properties[name], name) for name in schema.get("required", ())}
    others = {name: values(one, name) for name, one in properties.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


_MAKERS: dict[str, Callable[[Schema], Values]] = {
    "integer": numbers,
    "number": numbers,
    "array": arrays,
    "object": objects,
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


def near(base: Schema, name: str, *, small: dict[str, Values], most: int = 2) -> Values:
    """Return a body with up to ``most`` of its members from the corners of a named schema.

    A body like this is often accepted, and one that is made of corners only hardly ever.

    Args:
        base: A body that is accepted.
        name: The schema.
        small: Values of the members whose corners would take long to make.
        most: How many members change.
    """
    properties: dict[str, Schema] = _schemas()[name]["properties"]
    members = {
        field: small[field] if field in small else values(one, field)
        for field, one in properties.items()
    }
    changed = st.sets(st.sampled_from(sorted(members)), max_size=most)
    corners = changed.flatmap(
        lambda fields: st.fixed_dictionaries({field: members[field] for field in fields})
    )
    return corners.map(lambda some: base | some)
