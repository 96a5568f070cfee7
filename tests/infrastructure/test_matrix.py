"""The README's table of operations is what the catalogue says."""

from tools.matrix import README, matrix, written


def test_the_readme_says_who_does_what() -> None:
    assert written(README.read_text()) == README.read_text()


def test_every_operation_has_a_row_and_a_provider() -> None:
    rows = matrix().splitlines()[2:]
    for row in rows:
        name, *counts = [cell.strip() for cell in row.strip("|").split("|")]
        assert name.startswith("`")
        assert any(counts), f"no provider offers {name}"
