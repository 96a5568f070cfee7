"""The intake of sources: images of the tenant, uploads, addresses and bytes."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from studio.domain.assets.model import AssetKind, inline_key
from studio.domain.jobs.image_spec import SourceRef
from studio.services.orders.body import JobBody
from studio.services.orders.reading import read
from tests.support.builders import TENANT
from tests.support.intake import BODY, OWN, UNKNOWN, UPLOAD, IntakeBench, refused


def test_an_image_of_the_tenant_is_a_source_with_all_its_facts() -> None:
    intake = IntakeBench()
    (image,) = intake.take({**BODY, "sources": [{"asset_id": OWN}]}).images
    stored = intake.asset.image
    assert image.sources == (
        SourceRef(
            OWN, None, stored.key, stored.media_type, stored.bytes, stored.width, stored.height
        ),
    )


@pytest.mark.parametrize("keep", [False, True])
def test_the_rights_of_a_source_are_kept_when_asked(keep: bool) -> None:
    intake = IntakeBench()
    intake.memory.assets[TENANT, OWN] = replace(intake.asset, creator="Ann", copyright="© 2026")
    body = {**BODY, "sources": [{"asset_id": OWN}], "output": {"keep_rights": keep}}
    (image,) = intake.take(body).images
    (source,) = image.sources
    assert (source.creator, source.copyright) == (("Ann", "© 2026") if keep else (None, None))


def test_unknown_images_and_those_of_another_tenant_are_named() -> None:
    intake = IntakeBench()
    items = [{"prompt": "a"}, {"prompt": "b", "sources": [{"asset_id": OWN}]}]
    body = {"operation": "generate", "items": items, "sources": [{"asset_id": UNKNOWN}]}
    (field,) = refused(intake, body)
    assert (field.pointer, field.code) == ("/sources/0/asset_id", "asset-unknown")
    pointers = [field.pointer for field in refused(intake, body, "rival")]
    assert pointers == ["/sources/0/asset_id", "/items/1/sources/0/asset_id"]


@pytest.mark.parametrize(
    ("kind", "files", "pointers"),
    [
        ("image", {"audio": {"asset_id": OWN}}, ["/audio"]),
        ("video", {"audio": {"asset_id": OWN}}, ["/audio"]),
        ("video", {"mask": {"asset_id": OWN}}, ["/mask"]),
        ("model", {"style_image": {"asset_id": OWN}}, ["/style_image"]),
        ("video", {"background": {"asset_id": OWN}}, ["/background"]),
        ("model", {"lighting": {"asset_id": OWN}}, ["/lighting"]),
        ("video", {"sources": [{"url": "https://a.test/"}, {"asset_id": OWN}]}, ["/sources/1"]),
        ("image", {"sources": [{"asset_id": OWN}], "mask": {"asset_id": OWN}}, []),
        ("image", {"items": [{"audio": {"asset_id": OWN}}, {}]}, ["/items/0/audio"]),
    ],
)
def test_a_file_of_another_kind_than_its_part_is_refused_at_the_order(
    kind: AssetKind, files: dict[str, Any], pointers: list[str]
) -> None:
    intake = IntakeBench()
    intake.memory.assets[TENANT, OWN] = replace(intake.asset, kind=kind)
    body = {"operation": "edit.replace_background_relight", **files}
    if not pointers:
        assert intake.take(body).images[0].sources
        return
    fields = refused(intake, body)
    assert [field.pointer for field in fields] == [f"{place}/asset_id" for place in pointers]
    assert {field.code for field in fields} == {"wrong-kind"}


def test_an_upload_is_no_recording() -> None:
    intake = IntakeBench()
    intake.memory.uploads[TENANT, UPLOAD.upload_id] = UPLOAD
    (field,) = refused(intake, {**BODY, "audio": {"upload_id": UPLOAD.upload_id}})
    assert (field.pointer, field.code) == ("/audio/upload_id", "wrong-kind")
    assert field.detail == f"asset {OWN} is an image: audio takes WAV or MP3 by url or base64"


def test_an_items_own_sources_win_over_those_of_all() -> None:
    common, own = {"url": "https://example.org/a"}, {"url": "https://example.org/b"}
    items = [{"prompt": "a"}, {"prompt": "b", "sources": [own]}]
    images = (
        IntakeBench().take({"operation": "generate", "items": items, "sources": [common]}).images
    )
    assert [image.sources for image in images] == [
        (SourceRef(url=common["url"]),),
        (SourceRef(url=own["url"]),),
    ]


def test_bytes_that_come_along_wait_by_their_content() -> None:
    intake, data = IntakeBench(), b"a picture, or not"
    body = {**BODY, "variations": 2, "sources": [{"base64": b64encode(data).decode()}]}
    key = inline_key(TENANT, sha256(data).hexdigest())
    for _ in range(2):
        images = intake.take(body).images
        assert [image.sources for image in images] == [(SourceRef(key=key),)] * 2
    assert intake.blobs.read(key) == (data, {})


@pytest.mark.parametrize("text", ["*", "YQ", "YQ==\n", "====", "a b="])
def test_what_is_no_base64_is_named_and_nothing_is_kept(text: str) -> None:
    (field,) = refused(IntakeBench(), {**BODY, "sources": [{"base64": text}]})
    assert (field.pointer, field.code) == ("/sources/0/base64", "not-base64")


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"url": "https://example.org", "base64": "YQ=="},
        {"asset_id": UNKNOWN, "url": "https://example.org"},
    ],
)
def test_a_source_is_named_in_one_way(source: dict[str, str]) -> None:
    (field,) = refused(IntakeBench(), {**BODY, "sources": [source]})
    assert (field.pointer, field.code) == ("/sources/0", "exclusive")


def test_a_preview_looks_for_nothing_and_keeps_nothing() -> None:
    intake = IntakeBench()
    sources = [{"asset_id": UNKNOWN}, {"base64": "YQ=="}]
    body = read(JobBody, json.dumps({**BODY, "sources": sources}))
    (image,) = intake.intake.preview(TENANT, body, created_by="ann").images
    assert len(image.sources) == 2
    assert intake.blobs.blobs == {}
