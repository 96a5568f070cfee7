"""BlobStore."""

import re

import pytest

from studio.errors import NotFoundError
from tests.support.fakes.edges import FakeBlobStore
from tests.support.mock_aws.stack import BUCKET, clients
from tests.support.workflows.jobs import Ports

# No transaction writes these records, so their writes meet no conflict.
pytestmark = pytest.mark.parametrize("ports", ["memory", "aws"], indirect=True)

KEY = "staging/acme/job_1/0001/1/raw"


def test_bytes_are_read_with_the_metadata_they_were_staged_with(ports: Ports) -> None:
    metadata = {"cost-micros": "30000", "cost-basis": "priced"}
    assert ports.blobs.put_if_absent(KEY, b"picture", metadata)
    assert ports.blobs.read(KEY) == (b"picture", metadata)
    assert ports.blobs.metadata(KEY) == metadata


def test_what_is_staged_first_stays(ports: Ports) -> None:
    assert ports.blobs.put_if_absent(KEY, b"first", {"n": "1"})
    assert not ports.blobs.put_if_absent(KEY, b"second", {"n": "2"})
    assert ports.blobs.read(KEY) == (b"first", {"n": "1"})


def test_an_empty_place_has_no_facts_and_no_bytes(ports: Ports) -> None:
    assert ports.blobs.metadata(KEY) is None
    with pytest.raises(NotFoundError):
        ports.blobs.read(KEY)


def test_facts_may_be_empty_where_bytes_are(ports: Ports) -> None:
    assert ports.blobs.put_if_absent(KEY, b"picture", {})
    assert ports.blobs.metadata(KEY) == {}


def test_a_write_replaces_what_is_there(ports: Ports) -> None:
    ports.blobs.write(KEY, b"first", "image/png")
    ports.blobs.write(KEY, b"second", "image/webp")
    assert ports.blobs.read(KEY)[0] == b"second"


def test_a_part_is_read_without_the_rest(ports: Ports) -> None:
    ports.blobs.write(KEY, b"0123456789", "text/plain")
    assert ports.blobs.part(KEY, 2, 3) == b"234"
    assert ports.blobs.part(KEY, 8, 100) == b"89"
    assert ports.blobs.part(KEY, 10, 5) == b""
    with pytest.raises(NotFoundError):
        ports.blobs.part("staging/acme/nothing", 0, 1)


def test_the_first_key_below_a_prefix_is_found(ports: Ports) -> None:
    for name in ("imports/acme/upl_1/b.csv", "imports/acme/upl_1/a.csv", "imports/acme/upl_10/c"):
        ports.blobs.write(name, b"x", "text/csv")
    assert ports.blobs.find("imports/acme/upl_1/") == "imports/acme/upl_1/a.csv"
    assert ports.blobs.find("imports/acme/upl_2/") is None
    assert ports.blobs.find("imports/other/") is None


def test_a_copy_holds_the_same_bytes(ports: Ports) -> None:
    ports.blobs.write(KEY, b"picture", "image/webp")
    ports.blobs.copy(KEY, "assets/acme/ast_1/image.webp")
    ports.blobs.write(KEY, b"other", "image/webp")
    assert ports.blobs.read("assets/acme/ast_1/image.webp")[0] == b"picture"


def test_what_is_not_there_is_not_copied(ports: Ports) -> None:
    with pytest.raises(NotFoundError):
        ports.blobs.copy("imports/acme/imp_1/lines.jsonl", KEY)
    assert ports.blobs.metadata(KEY) is None


def test_a_copy_keeps_its_media_type(ports: Ports) -> None:
    ports.blobs.write(KEY, b"picture", "image/avif")
    ports.blobs.copy(KEY, "assets/acme/ast_1/image.avif")
    assert _media_type(ports, "assets/acme/ast_1/image.avif") == "image/avif"


def test_a_url_names_the_key_its_life_and_the_download(ports: Ports) -> None:
    plain = ports.blobs.url(KEY, seconds=300)
    named = ports.blobs.url(KEY, seconds=300, download_name="fox.webp")
    assert KEY in plain
    assert re.search(r"\b300\b|X-Amz-Expires=600", plain)
    assert "fox.webp" in named
    assert "fox.webp" not in plain


def _media_type(ports: Ports, key: str) -> str:
    """Look behind the port, which has no word for it."""
    if isinstance(ports.blobs, FakeBlobStore):
        return ports.blobs.blobs[key].media_type
    return clients().s3.head_object(Bucket=BUCKET, Key=key)["ContentType"]
