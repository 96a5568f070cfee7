"""The documentation is true: links, paths, make targets, and a row for every problem code."""

import ast
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest

import studio.api
from studio.api.http.problems import KINDS
from studio.api.routes import all_routes
from studio.errors import InvalidRequestError
from studio.services.orders.reading import Body, read
from tests.support.mock_aws.stack import ROOT
from tests.support.repository import repository_files

API_PAGE = ROOT / "docs" / "api.md"
PROBLEM_DOCS = ROOT / "layers/core/studio/api/http/problem_docs.json"

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_ANCHOR = re.compile(r"<a id=\"([^\"]+)\"></a>")
_ROW = re.compile(r"^\| <a id=\"(?P<code>[a-z0-9-]+)\"></a>`(?P=code)` \|(?P<cells>.+)\|$", re.M)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_PATH = re.compile(r"(?:layers|functions|tests|cli|docs|statemachines|benchmarks)/[\w./-]*")
_ROUTE = re.compile(r"`([A-Z]{3,6}(?:, [A-Z]{3,6})*) (/[^\s`?]*)`")
_VARIABLE = re.compile(r"\{[^}]*\}")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Where a call has a code among its arguments.
_CODE_AT = {
    "FieldError": 1,
    "RowError": 2,
    "TableError": 0,
    "ItemError": 0,
    "Kind": 0,
    "ImageRejectedError": 0,
    "OperationRefusedError": 0,
    "TargetRefusedError": 0,
    "_SourceError": 0,
    "_refusal": -2,
    "_quarantined": 2,
    "failed": 2,
    "end": 1,
}
_CODE_KEYWORDS = {"code", "error_code", "problem"}
# Types whose words are codes, and what stands before or behind the words.
_CODE_TYPES = {
    "RejectionCode": "{}",
    "RefusalCode": "{}",
    "Problem": "{}",
    "ErrorKind": "provider-{}",
    "TimingKind": "{}-invalid",
}
_WRONG: tuple[object, ...] = (
    None, True, -1, 10**12, 1.5, "", " ", "x", "x" * 40_000, "Infinity", "0.123456789",
    "64x9999", "9:0", [], ["x"] * 200, [[]], {}, {"x": 2, "y": 2}, {"x" * 300: "x"},
    {str(number): 1 for number in range(40)}, "{x}",
)  # fmt: skip


def pages() -> list[Path]:
    return [ROOT / name for name in repository_files() if name.endswith(".md")]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """Return a page without its code."""
    return _SPAN.sub("", _FENCE.sub("", page.read_text()))


def code(page: Path) -> str:
    """Return the code of a page, each piece on a line."""
    text = page.read_text()
    return "\n".join([*_FENCE.findall(text), *_SPAN.findall(_FENCE.sub("", text))])


@lru_cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page as GitHub makes them."""
    text = _FENCE.sub("", page.read_text())
    found: list[str] = list(_ANCHOR.findall(text))
    for heading in _HEADING.findall(text):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return frozenset(found)


def broken(page: Path) -> Iterator[str]:
    """Yield the links of a page that lead nowhere in this repository."""
    for one, other in _LINK.findall(prose(page)):
        link = unquote(one or other)
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def literal_strings(node: ast.AST) -> Iterator[str]:
    """Yield the strings that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from literal_strings(body)
            yield from literal_strings(orelse)


def codes_of(node: ast.AST) -> Iterator[str]:
    """Yield the codes that a node of the syntax tree names."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=named):
            place = _CODE_AT.get(name)
            if place is not None and -len(args) <= place < len(args):
                yield from literal_strings(args[place])
            for keyword in named:
                if keyword.arg in _CODE_KEYWORDS:
                    yield from literal_strings(keyword.value)
        case (
            ast.Assign(targets=[ast.Name(id="code")], value=ast.AST() as value)
            | ast.AnnAssign(target=ast.Name(id="code"), value=ast.AST() as value)
        ):
            yield from literal_strings(value)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(slice=words)):
            for word in literal_strings_of_type(words) if name in _CODE_TYPES else ():
                yield _CODE_TYPES[name].format(word.replace("_", "-"))
        case (
            ast.Assign(targets=[ast.Name(id="_CODES")], value=ast.Dict(values=values))
            | ast.AnnAssign(target=ast.Name(id="_CODES"), value=ast.Dict(values=values))
        ):
            for value in values:
                yield from literal_strings(value)
        case ast.Return(value=ast.Tuple(elts=[ast.Constant(value=str(text)), _])) if "-" in text:
            yield text


def literal_strings_of_type(words: ast.AST) -> Iterator[str]:
    """Yield the words of a Literal."""
    for word in words.elts if isinstance(words, ast.Tuple) else [words]:
        yield from literal_strings(word)


def written_codes() -> set[str]:
    """Return every code that stands in the source of layers and functions."""
    sources = [*(ROOT / "layers").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    found = {
        text
        for source in sources
        for node in ast.walk(ast.parse(source.read_text()))
        for text in codes_of(node)
    }
    return {text for text in found if _CODE.fullmatch(text)}


def bodies() -> Iterator[type[Body]]:
    """Yield the models of all request bodies."""
    for module in pkgutil.walk_packages(studio.api.__path__, "studio.api."):
        import_module(module.name)
    waiting = [Body]
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting += found
        yield from found


def codes_of_models() -> set[str]:
    """Return the codes that wrong values of request bodies get."""
    found: set[str] = set()
    for model in set(bodies()):
        documents: list[object] = [[], {"no such field": 1}]
        documents += [{name: wrong} for name in model.model_fields for wrong in _WRONG]
        for document in documents:
            try:
                read(model, json.dumps(document))
            except InvalidRequestError as error:
                found |= {field.code for field in error.fields}
    return found


def documented() -> Mapping[str, list[str]]:
    """Return the rows of docs/api.md by code: title, cause and cure."""
    rows = _ROW.finditer(API_PAGE.read_text())
    return {row["code"]: [cell.strip() for cell in row["cells"].split("|")][-3:] for row in rows}


def routes_of(page: Path) -> set[tuple[str, str]]:
    """Return the routes that a page names: methods and whole paths, variable parts unnamed."""
    return {
        (method, _VARIABLE.sub("{}", path))
        for methods, path in _ROUTE.findall(_FENCE.sub("", page.read_text()))
        for method in methods.split(", ")
    }


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_of_a_page_resolves(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One `thing`, twice\n[a](#one-thing-twice) [b](#none) [c](gone.md) [d](https://x.test)\n"
        '<a id="row"></a> [e](page.md#row) [f](page.md#rows) `[g](code)`\n'
        '```\n[h](code)\n```\n<img src="gone.png">\n'
    )

    assert list(broken(page)) == ["#none", "gone.md", "page.md#rows", "gone.png"]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 200


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(_MAKE.findall(code(page))) - set(targets) == set()


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    spans = _SPAN.findall(_FENCE.sub("", page.read_text()))
    paths = [span for span in spans if _PATH.fullmatch(span)]

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_page_names_every_route() -> None:
    served = {(route.method, _VARIABLE.sub("{}", route.path)) for route in all_routes()}

    assert served - routes_of(API_PAGE) == set()


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_route_that_a_page_names_exists(page: Path) -> None:
    served = {(route.method, _VARIABLE.sub("{}", route.path)) for route in all_routes()}

    assert routes_of(page) - served == set()


def test_every_code_of_the_code_is_documented() -> None:
    assert (written_codes() | codes_of_models()) - documented().keys() == set()


def test_every_documented_code_is_one_of_the_code() -> None:
    assert documented().keys() - written_codes() - codes_of_models() == set()


def test_the_page_says_what_the_api_serves() -> None:
    served = json.loads(PROBLEM_DOCS.read_text())

    assert documented() == {
        name: [entry["title"], entry["cause"], entry["cure"]] for name, entry in served.items()
    }


def test_an_answer_has_the_title_of_the_documentation() -> None:
    served = json.loads(PROBLEM_DOCS.read_text())
    documented_titles = {cls.code: served[cls.code]["title"] for cls in KINDS}

    assert {cls.code: kind.title for cls, kind in KINDS.items()} == documented_titles
