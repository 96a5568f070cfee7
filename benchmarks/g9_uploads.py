"""G9: the time to upload all files of an image to S3, compared with uploads in sequence.

The server answers each request after 30 ms, like a bucket in the same region.
"""

import os
from functools import partial

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from benchmarks.canned_aws import canned_aws
from benchmarks.measure import Figure, ratio, seconds
from studio.adapters.s3.blobs import S3BlobStore
from studio.domain.assets.model import StoredImage
from studio.services.workflow.post_process import File, store_files

ROUNDS = 9
LATENCY = 0.030
LIMIT = 0.25
# The image, its thumbnail, the eight essentials and their contact sheet, in bytes.
SIZES = (600_000, 12_000, *[180_000] * 8, 1_500_000)


def measure() -> list[Figure]:
    """Upload the files of the essentials set as PostProcess does, and in sequence."""
    files = [_file(number, size) for number, size in enumerate(SIZES)]
    with canned_aws({}, LATENCY) as endpoint:
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="eu-central-1",
            config=Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}),
        )
        blobs = S3BlobStore(client, "bench")
        found = ratio(
            ROUNDS,
            partial(seconds, partial(store_files, blobs, files)),
            partial(seconds, partial(_one_by_one, blobs, files)),
        )
    what = f"uploads of {len(SIZES)} files / one after another, answered after 30 ms"
    return [Figure("G9", what, found.median, LIMIT, note=found.spread)]


def _file(number: int, size: int) -> File:
    facts = StoredImage(f"staging/{number}", "image/jpeg", size, 0, 0, "")
    return facts, os.urandom(size)


def _one_by_one(blobs: S3BlobStore, files: list[File]) -> None:
    for facts, data in files:
        blobs.write(facts.key, data, facts.media_type)
