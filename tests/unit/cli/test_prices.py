"""The price before an order, the question, and ``studio estimate``."""

import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from studio_cli.errors import CliError
from studio_cli.prices import Price, agree, price_of, price_of_images, price_of_sum
from studio_cli.wire import Cost, Estimate
from tests.support.cli import samples
from tests.support.cli.running import studio
from tests.support.cli.stand_in import ScriptedResponse, StandIn, problem

PAID = Price("2 images, at most $0.12", free=False)


class Terminal(io.StringIO):
    """A stream of a terminal."""

    def isatty(self) -> bool:
        return True


def at_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> Terminal:
    """Sit at a terminal, with an answer typed ahead, and return its screen."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def words(held: str, **changes: Any) -> Price:
    return price_of(cast("Estimate", samples.estimate(held, **changes)))


@pytest.mark.parametrize(
    ("price", "said", "free"),
    [
        (words("0.000000"), "1 image by openai gpt-image-2, free", True),
        (words("0.120000"), "1 image by openai gpt-image-2, at most $0.12", False),
        (
            words("0.120000", likely="0.080000", images=2),
            "2 images by openai gpt-image-2, at most $0.12, likely $0.08",
            False,
        ),
        (
            words("0.120000", limit="5.000000"),
            "1 image by openai gpt-image-2, at most $0.12; the month's limit leaves $4.00",
            False,
        ),
        (
            words("0.120000", limit="0.500000"),
            "1 image by openai gpt-image-2, at most $0.12; the month's limit leaves $0.00",
            False,
        ),
        (
            words("0.000000", unpriced=1),
            "1 image by openai gpt-image-2, 1 of unknown price",
            False,
        ),
        (
            words("0.040000", unpriced=1, images=2),
            "2 images by openai gpt-image-2, at most $0.04 and 1 of unknown price",
            False,
        ),
        (price_of_sum(3, Decimal(0), 0), "3 images, free", True),
    ],
)
def test_a_price_is_one_line(price: Price, said: str, free: bool) -> None:
    assert price == Price(said, free)


def test_many_makers_are_counted() -> None:
    estimate = cast("Estimate", samples.estimate("0.000000", images=4))
    for number, entry in enumerate(estimate["per_item"]):
        entry["provider"] = {"id": f"p{number}", "model": None}
    assert price_of(estimate).words == "4 images by p0, p1 and 2 more, free"


def test_images_add_up() -> None:
    costs: list[Cost] = [
        {"amount": amount, "currency": "USD"} for amount in ("0.100000", "0.020000", None)
    ]
    assert price_of_images(costs).words == "3 images, at most $0.12 and 1 of unknown price"


@pytest.mark.parametrize("answer", ["y\n", "yes\n"])
def test_a_terminal_is_asked(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_terminal(monkeypatch, answer)
    agree(PAID, yes=False)
    assert screen.getvalue().startswith("cost: 2 images, at most $0.12\nOrder it? [y/N]:")


def test_warnings_come_before_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_terminal(monkeypatch, "y\n")
    agree(words("0.120000", warnings=("job 1: no key is stored",)), yes=False)
    cost, warning, question = screen.getvalue().splitlines()
    assert cost.startswith("cost: 1 image")
    assert "warning: no key is stored" in warning
    assert question.startswith("Order it?")


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_no_is_the_answer_unless_yes_is_typed(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch, answer)
    with pytest.raises(CliError, match="Nothing was ordered"):
        agree(PAID, yes=False)


@pytest.mark.parametrize(("price", "yes"), [(PAID, True), (Price("1 image, free", True), False)])
def test_there_is_no_question_with_yes_or_without_a_cost(
    price: Price, yes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = at_terminal(monkeypatch, "")
    agree(price, yes)
    assert screen.getvalue() == f"cost: {price.words}\n"


@pytest.mark.parametrize("piped", ["stdin", "stderr"])
def test_a_question_needs_a_screen_and_a_keyboard(
    piped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams: dict[str, io.StringIO] = {"stdin": Terminal("n\n"), "stderr": Terminal()}
    streams[piped] = io.StringIO("n\n")
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    agree(PAID, yes=False)
    assert "so the order goes out" in streams["stderr"].getvalue()


def test_without_a_terminal_the_order_goes_out_and_that_is_said(
    signed_in: Path, api: StandIn
) -> None:
    api.on("POST", "/v1/estimates", ScriptedResponse(samples.estimate("0.120000")))
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model()), status=202))
    result = studio("create", "a boat", "--no-wait")
    assert result.stderr.splitlines() == [
        "cost: 1 image by openai gpt-image-2, at most $0.12",
        "There is no terminal to ask at, so the order goes out.",
    ]
    assert result.stdout.split() == ["job_1", "succeeded"]
    again = studio("create", "a boat", "--no-wait", "--yes")
    assert again.stderr.count("\n") == 1
    priced = [one.document for one in api.of("POST", "/v1/estimates")]
    assert priced == [{"jobs": [one.document]} for one in api.of("POST", "/v1/jobs")]


def test_what_the_estimate_refuses_is_not_ordered(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/estimates", problem(422, "validation-failed", "Wrong size"))
    with pytest.raises(CliError, match="Wrong size"):
        studio("create", "a boat", "--no-wait")
    assert api.of("POST", "/v1/jobs") == []


def test_an_order_too_large_to_price_says_so(signed_in: Path, api: StandIn) -> None:
    api.on("POST", "/v1/jobs", ScriptedResponse(samples.job(samples.item_model()), status=202))
    (signed_in / "long.wav").write_bytes(b"RIFF" * 200_000)
    result = studio("run", "transform.avatar", "ast_1", "--audio", "long.wav", "--no-wait")
    assert "cost: not known before the order" in result.stderr
    assert api.of("POST", "/v1/estimates") == []


def test_an_estimate_shows_each_image_the_sum_and_the_warnings(
    signed_in: Path, api: StandIn
) -> None:
    found = samples.estimate(
        "0.120000", likely="0.080000", images=2, warnings=("job 1: the seed is left out",)
    )
    api.on("POST", "/v1/estimates", ScriptedResponse(found))
    options = ("--size", "64x64", "--variations", "2", "--quality", "draft", "--max-cost", "1")
    lines = studio("estimate", "a boat", *options).output.splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["image", "made", "by", "size", "likely", "at", "most"],
        ["1", "openai", "gpt-image-2", "64x64", "$0.08", "$0.12"],
    ]
    assert lines[3:] == [
        "cost: 2 images by openai gpt-image-2, at most $0.12, likely $0.08",
        "chosen: openai gpt-image-2. It is the cheapest.",
        "warning: the seed is left out",
    ]
    (asked,) = api.of("POST", "/v1/estimates")
    assert asked.document == {
        "jobs": [
            {
                "operation": "generate", "prompt": "a boat", "variations": 2, "size": "64x64",
                "quality": "draft", "max_cost": "1",
            }
        ]
    }  # fmt: skip
    assert api.of("POST", "/v1/jobs") == []


def test_an_estimate_may_be_of_a_file_an_edit_or_a_recipe(signed_in: Path, api: StandIn) -> None:
    (signed_in / "job.json").write_text('{"operation": "generate", "prompt": "a", "size": "1x1"}')
    studio("estimate", "--file", "job.json", "--provider", "openai")
    studio("estimate", "--operation", "upscale.fast", "--source", "ast_1", "--input", "preset=web")
    studio("estimate", "--recipe", "banner")
    assert [one.document for one in api.of("POST", "/v1/estimates")] == [
        {
            "jobs": [
                {
                    "operation": "generate", "prompt": "a", "size": "1x1",
                    "provider": {"id": "openai", "model": None},
                }
            ]
        },
        {
            "jobs": [
                {
                    "operation": "upscale.fast", "sources": [{"asset_id": "ast_1"}],
                    "input": {"preset": "web"},
                }
            ]
        },
        {"jobs": [{"recipe_id": "banner"}]},
    ]  # fmt: skip
    with pytest.raises(CliError, match="nothing to price"):
        studio("estimate")
