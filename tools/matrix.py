"""The table of operations and providers in the README, made from the catalogue.

``python -m tools.matrix`` writes it. A test fails if the README has another table. It counts the
models without an announced end, so it is true on any date.
"""

import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
_BEGIN, _END = "<!-- operations -->\n", "<!-- /operations -->\n"


def matrix() -> str:
    """Return the table: a row per operation, a column per provider, the number of models."""
    sys.path.insert(0, str(README.parent / "layers" / "core"))
    from studio.domain.catalogue.catalogue import provider_card
    from studio.domain.catalogue.entries import provider_ids
    from studio.domain.operations.table import OPERATIONS

    cards = [provider_card(provider) for provider in provider_ids()]
    rows = [["operation", *(card.id for card in cards)], ["---", *("---:" for _ in cards)]]
    for operation in OPERATIONS:
        counts = [
            sum(
                operation in model.operations
                for model in card.models.values()
                if model.lifecycle.state == "active"
            )
            for card in cards
        ]
        rows.append([f"`{operation}`", *(str(count or "") for count in counts)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(text: str) -> str:
    """Return the text of a README with the current table."""
    before, rest = text.split(_BEGIN)
    return f"{before}{_BEGIN}{matrix()}{_END}{rest.split(_END)[1]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
