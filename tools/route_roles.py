"""The table of routes and roles in the page of the API, made from the routes.

``python -m tools.route_roles`` writes it. A test fails if the page has another table.
"""

import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
_BEGIN, _END = "<!-- roles -->\n", "<!-- /roles -->\n"


def table() -> str:
    """Return the table: a row per path, a column per role that a route needs, the methods."""
    sys.path.insert(0, str(PAGE.parents[1] / "layers" / "core"))
    from studio.api.routes import all_routes
    from studio.roles import ROLES

    cells: dict[str, dict[str, list[str]]] = {}
    for route in all_routes():
        if route.public:
            continue
        row = cells.setdefault(route.path, {role: [] for role in ROLES})
        row[route.needed_role].append(f"`{route.method}`")
        for member, role in route.member_roles.items():
            row[role].append(f"`{route.method}` with `{member}`")
    rows = [["path", *ROLES], ["---"] * (1 + len(ROLES))]
    for path, row in sorted(cells.items()):
        rows.append([f"`{path}`", *(", ".join(row[role]) for role in ROLES)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(text: str) -> str:
    """Return the text of the page with the current table."""
    before, rest = text.split(_BEGIN)
    return f"{before}{_BEGIN}{table()}{_END}{rest.split(_END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
