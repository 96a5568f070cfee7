"""The folder, upload and asset stores of one backend, and what their contract suites put there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from studio.adapters.dynamodb.assets import DynamoAssetStore
from studio.adapters.dynamodb.folders import DynamoFolderStore
from studio.adapters.dynamodb.uploads import DynamoUploadStore
from studio.domain.folders.model import Folder, Source
from studio.ports.assets import AssetStore
from studio.ports.folders import FolderStore
from studio.ports.uploads import UploadStore
from tests.support.builders import TENANT
from tests.support.fakes.edges import START
from tests.support.fakes.folders import FakeFolderStore, FakeUploadStore
from tests.support.fakes.stores import FakeAssetStore, Memory
from tests.support.mock_aws.conflicting_dynamodb import dynamodb_of
from tests.support.mock_aws.stack import ASSETS, mock_stack

FOLDER = Folder(TENANT, "SKU-1", START)


@dataclass(frozen=True, slots=True)
class Stores:
    """Stores that share their rows."""

    folders: FolderStore
    uploads: UploadStore
    assets: AssetStore


@contextmanager
def empty_stores(backend: str) -> Iterator[Stores]:
    """Enter empty stores of a backend of ``BACKENDS``."""
    if backend == "memory":
        memory, folders = Memory(), FakeFolderStore()
        yield Stores(folders, FakeUploadStore(memory, folders), FakeAssetStore(memory))
        return
    with mock_stack():
        client, retry = dynamodb_of(backend)
        yield Stores(
            DynamoFolderStore(client, ASSETS, retry),
            DynamoUploadStore(client, ASSETS, retry),
            DynamoAssetStore(client, ASSETS),
        )


def a_source(asset_id: str = "ast_1", **changes: object) -> Source:
    source = Source(TENANT, "SKU-1", asset_id, "front.jpg", f"assets/{asset_id}", None, START)
    return replace(source, **changes)  # type: ignore[arg-type]


def counts(stores: Stores) -> tuple[int, int, int]:
    folder = stores.folders.get(TENANT, "SKU-1")
    return folder.sources, folder.done, folder.failed
