"""The functions that the API calls while its caller waits."""

from typing import Any

import pytest

from studio.domain.renditions.documents import rendition_document, spec_of
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.errors import (
    InvalidRequestError,
    RenditionUnavailableError,
    UploadProcessingError,
)
from studio.services.renditions.request_rendition import request_rendition
from studio.services.uploads.request_registration import request_registration
from tests.support.builders import TENANT
from tests.support.fakes.edges import FakeFunctionInvoker

SPEC = RenditionSpec("small", 64, 64)
KEY = f"uploads/{TENANT}/folder/lamp.png"


def test_a_file_is_made_of_the_asset_as_it_is_wanted() -> None:
    made = Rendition("rendition", SPEC, None, problem="byte-limit")

    def render(tenant: str, asset_id: str, rendition: dict[str, Any]) -> dict[str, Any]:
        assert (tenant, asset_id, spec_of(rendition)) == (TENANT, "ast_1", SPEC)
        return {"rendition": rendition_document(made)}

    assert request_rendition(FakeFunctionInvoker(render), TENANT, "ast_1", SPEC) == made


def test_an_image_that_the_function_refuses_is_a_wrong_request() -> None:
    refused = {"refused": {"code": "image-truncated", "detail": "the file stops early"}}
    with pytest.raises(InvalidRequestError) as caught:
        request_rendition(FakeFunctionInvoker(lambda **_: refused), TENANT, "ast_1", SPEC)
    (field,) = caught.value.fields
    assert (field.pointer, field.code, field.detail) == (
        "",
        "image-truncated",
        "the file stops early.",
    )


def test_an_upload_is_registered_by_its_key() -> None:
    keys: list[str] = []

    def register(key: str) -> dict[str, str]:
        keys.append(key)
        return {"outcome": "registered"}

    request_registration(FakeFunctionInvoker(register), KEY)
    assert keys == [KEY]


def test_a_function_that_gives_no_answer_has_the_code_of_its_work() -> None:
    away = FakeFunctionInvoker(available=False)
    with pytest.raises(RenditionUnavailableError):
        request_rendition(away, TENANT, "ast_1", SPEC)
    with pytest.raises(UploadProcessingError):
        request_registration(away, KEY)
