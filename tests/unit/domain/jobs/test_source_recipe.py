"""What a recipe says of sources."""

import pytest

from studio.domain.assets.model import inline_key
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.source_recipe import source_members, without_query
from tests.support.builders import a_spec


def test_an_image_from_words_alone_has_no_source_in_its_recipe() -> None:
    assert source_members(a_spec()) == {}


def test_every_source_is_named_by_what_it_came_as() -> None:
    sources = (
        SourceRef(asset_id="ast_1", key="assets/acme/ast_1/image.webp"),
        SourceRef(url="https://ann@shop.test/lamp.jpg?X-Signature=secret#top"),
        SourceRef(key=inline_key("acme", "c0ffee")),
    )
    assert source_members(a_spec(sources=sources, strength="0.4")) == {
        "strength": "0.4",
        "source_asset_id": "ast_1",
        "source_2_url": "https://shop.test/lamp.jpg",
        "source_3_sha256": "c0ffee",
    }


@pytest.mark.parametrize("url", ["https://a.test/b", "https://a.test:8443/", "https://a.test"])
def test_an_address_without_a_query_stays_as_it_is(url: str) -> None:
    assert without_query(url) == url
