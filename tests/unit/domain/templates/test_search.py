"""Templates by their words, and by what is wanted."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.model import Template
from studio.domain.templates.recommend import Recommendation, RecommendationQuery, recommend
from studio.domain.templates.search import search
from studio.domain.templates.words import stems

SALE = Template(
    "our-sale", 1, "Summer sale", "story", description="For the window.", platform="instagram",
    style=("neon light",), keywords=("discount", "parties"),
)  # fmt: skip
PLAIN = Template("plain", 1, None, "post", keywords=("cats",))
ELSEWHERE = Template("elsewhere", 1, "Sale", "ad", platform="x", keywords=("discount",))


def scores(query: str, *templates: Template) -> list[tuple[str, int]]:
    found = search(templates or (PLAIN, SALE, ELSEWHERE), query)
    return [(one.template.template_id, one.score) for one in found]


def recommended(*templates: Template, **query: Any) -> list[Recommendation]:
    return recommend(templates or (PLAIN, SALE, ELSEWHERE), RecommendationQuery(**query))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stories & Posts", ("story", "post")),
        ("ÄPFEL, glass; gas 4K", ("äpfel", "glass", "gas", "4k")),
        ("...", ()),
    ],
)
def test_words_are_compared_without_case_and_plural(text: str, words: tuple[str, ...]) -> None:
    assert stems(text) == words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("summer", [("our-sale", 100)]),
        ("SALES", [("elsewhere", 100), ("our-sale", 100)]),
        ("instagram", [("our-sale", 100)]),
        ("party", [("our-sale", 75)]),
        ("story", [("our-sale", 75)]),
        ("neon", [("our-sale", 50)]),
        ("window", [("our-sale", 25)]),
        ("summ", [("our-sale", 50)]),
        ("su", []),
        ("discount sale", [("elsewhere", 87), ("our-sale", 87)]),
        ("summer cats", [("our-sale", 50), ("plain", 37)]),
        ("sale sale", [("elsewhere", 100), ("our-sale", 100)]),
        ("I need a sale for the summer, please", [("our-sale", 100), ("elsewhere", 50)]),
        ("for the", []),
        ("nothing", []),
        ("!", []),
    ],
)
def test_a_word_counts_by_where_it_is_met(query: str, found: list[tuple[str, int]]) -> None:
    assert scores(query) == found


def test_the_plainest_of_equals_is_first_and_others_stay_in_their_order() -> None:
    assert [name for name, _ in scores("sale")] == ["elsewhere", "our-sale"]
    other = replace(SALE, template_id="other")
    assert [name for name, _ in scores("sale", other, SALE)] == ["other", "our-sale"]
    assert scores("summer sale", ELSEWHERE, SALE)[0][0] == "our-sale"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("instagram story", "instagram.story"),
        ("linkedin banner", "linkedin.banner"),
        ("twitter header", "x.header"),
        ("black friday", "instagram.story-sale"),
        ("product white", "web.product-white"),
        ("podcast", "youtube.podcast"),
        ("webinar", "linkedin.event-cover"),
        ("a story for instagram", "instagram.story"),
        ("the thumbnail of my YouTube video", "youtube.thumbnail"),
        ("a post for X", "x.post"),
        ("post on LinkedIn", "linkedin.post"),
        ("pin for pinterest", "pinterest.pin"),
        ("cover for a facebook page", "facebook.cover"),
        ("an ad for facebook", "facebook.ad-square"),
        ("ad", "linkedin.ad"),
        ("story", "instagram.story"),
        ("photo of a product on a white background", "web.product-white"),
        ("a story for a sale on instagram", "instagram.story-sale"),
    ],
)
def test_people_find_what_they_look_for(query: str, first: str) -> None:
    found = search(builtin_templates().values(), query)
    assert found[0].template.template_id == first


def test_a_template_of_another_platform_is_never_recommended() -> None:
    for query in ({"use": "sale"}, {"prompt": "a discount"}, {}):
        found = recommended(platform="instagram", **query)
        assert [one.template.template_id for one in found] == ["our-sale"]


@pytest.mark.parametrize(
    ("query", "score", "reason"),
    [
        ({"platform": "instagram"}, 100, "Made for Instagram."),
        ({"use": "story"}, 100, "Its category is story, as asked for."),
        ({"use": "a discount"}, 90, 'Knows the use by "discount".'),
        ({"use": "discount for shoes"}, 45, 'Knows the use by "discount".'),
        ({"use": "story for parties"}, 100, None),
        ({"prompt": "a party"}, 50, 'Goes with "party" in the prompt.'),
        ({"prompt": "discount party, party"}, 100, 'Goes with "discount" and "party" in'),
        ({"platform": "instagram", "use": "zebra"}, 42, "Made for Instagram."),
        (
            {"platform": "instagram", "use": "story", "prompt": "a party"},
            85,
            "Made for Instagram; its category is story, as asked for; "
            'goes with "party" in the prompt.',
        ),
    ],
)
def test_a_recommendation_says_how_well_it_fits_and_why(
    query: dict[str, Any], score: int, reason: str | None
) -> None:
    (found,) = recommended(SALE, **query)
    assert found.score == score
    assert reason is None or found.reason.startswith(reason)


def test_a_template_of_no_platform_is_recommended_by_the_rest_of_the_wish() -> None:
    (found,) = recommended(PLAIN, platform="instagram", use="cats")
    assert (found.score, found.reason) == (51, 'Knows the use by "cat".')
    assert recommended(PLAIN, platform="instagram") == []


def test_two_words_of_a_prompt_are_as_good_as_more() -> None:
    rich = Template("rich", 1, None, "post", keywords=("sea", "sand", "sun"))
    (found,) = recommended(rich, prompt="sun, sea and sand")
    assert (found.score, found.reason) == (
        100, 'Goes with "sun", "sea" and "sand" in the prompt.',
    )  # fmt: skip


def test_nothing_is_recommended_where_nothing_fits() -> None:
    assert recommended(use="zebra") == []
    assert recommended(use="for the") == []
    assert recommended(prompt="zebra stripes") == []


def test_the_kind_of_a_prompt_counts_where_none_of_its_words_does() -> None:
    food = Template("a", 1, None, "post", keywords=("food",))
    goods = Template("b", 1, None, "product", keywords=("food",))
    (found,) = recommended(food, prompt="a bowl of ramen")
    assert (found.score, found.reason) == (50, "Good for prompts of the kind food.")
    (found,) = recommended(food, goods, prompt="three mugs on a table")
    assert (found.template, found.score) == (goods, 75)


def test_the_same_wish_has_the_same_answer() -> None:
    query = RecommendationQuery("linkedin", "career", "our team in the office")
    first = recommend(builtin_templates().values(), query)
    assert first == recommend(builtin_templates().values(), query)
    assert first[0].template.template_id == "linkedin.post"
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)
    assert all(0 < one.score <= 100 for one in first)
