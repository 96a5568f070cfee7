"""Parameters of models: left out, kept, or refused by name."""

import pytest

from studio.domain.catalogue.parameters import Parameters
from studio.errors import InvalidRequestError
from tests.support.catalogue import model


def test_parameters_that_a_model_does_not_take_are_left_out_by_name() -> None:
    wanted = Parameters(seed=7, steps=500, guidance="99", negative_prompt="rain")
    dropped = ("seed", "steps", "guidance", "negative_prompt")
    assert model("openai").check_parameters(wanted) == (Parameters(), dropped)


def test_parameters_that_a_model_takes_are_kept() -> None:
    wanted = Parameters(seed=7, steps=30, guidance="3.5", negative_prompt="rain")
    assert model("runware", "runware:97@1").check_parameters(wanted) == (wanted, ())


def test_a_distilled_model_takes_no_negative_prompt() -> None:
    kept, warnings = model("runware").check_parameters(Parameters(negative_prompt="rain"))
    assert kept.negative_prompt is None
    assert len(warnings) == 1


def test_an_empty_negative_prompt_is_none_at_all() -> None:
    kept, warnings = model("runware").check_parameters(Parameters(negative_prompt=""))
    assert (kept, warnings) == (Parameters(), ())


@pytest.mark.parametrize(
    ("wanted", "pointers"),
    [
        (Parameters(steps=0), ["/steps"]),
        (Parameters(steps=101), ["/steps"]),
        (Parameters(guidance="-0.1"), ["/guidance"]),
        (Parameters(guidance="50.01"), ["/guidance"]),
        (Parameters(guidance="NaN"), ["/guidance"]),
        (Parameters(guidance="much"), ["/guidance"]),
        (Parameters(steps=101, guidance="51"), ["/steps", "/guidance"]),
    ],
)
def test_parameters_out_of_range_are_named_all_at_once(
    wanted: Parameters, pointers: list[str]
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        model("runware").check_parameters(wanted)
    assert [field.pointer for field in caught.value.fields] == pointers


@pytest.mark.parametrize("wanted", [Parameters(steps=1, guidance="0"), Parameters(steps=100, guidance="50")])  # fmt: skip # noqa: E501
def test_the_limits_themselves_are_allowed(wanted: Parameters) -> None:
    assert model("runware").check_parameters(wanted) == (wanted, ())
