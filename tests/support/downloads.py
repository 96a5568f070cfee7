"""A tenant's images, their files and the service that packs them."""

import hashlib
import io
from dataclasses import dataclass, field, replace
from zipfile import ZipFile

from studio.domain.assets.model import Asset, StoredImage, asset_key
from studio.domain.downloads.model import Download
from studio.domain.renditions.model import Rendition, RenditionSpec
from studio.services.downloads.build_download import BuildDownload
from tests.support.builders import TENANT, a_job, an_asset, an_item
from tests.support.fakes.downloads import FakeArchives, FakeDownloadStore
from tests.support.fakes.edges import START, FakeBlobStore, FakeClock
from tests.support.fakes.renditions import FakeRenditionStore
from tests.support.fakes.stores import FakeAssetStore, Memory

ID = "dwn_01KB9S4C5QXR0T8W2YH6M3N7PZ"


def ulid(number: int) -> str:
    """Return the asset id of a number."""
    return f"ast_{number:026d}"


@dataclass
class DownloadBench:
    """The images of a tenant and what packs them."""

    memory: Memory = field(default_factory=Memory)
    blobs: FakeBlobStore = field(default_factory=FakeBlobStore)
    downloads: FakeDownloadStore = field(default_factory=FakeDownloadStore)
    clock: FakeClock = field(default_factory=FakeClock)
    archives: FakeArchives = field(init=False)

    def __post_init__(self) -> None:
        self.archives = FakeArchives(self.blobs)

    def picture(self, data: bytes, **changes: object) -> Asset:
        """Store an image."""
        number = len(self.memory.assets) + 1
        item = replace(an_item(a_job(), number), asset_id=ulid(number))
        key = asset_key(TENANT, item.asset_id, "image", "webp")
        image = StoredImage(key, "image/webp", len(data), 64, 48, hashlib.sha256(data).hexdigest())
        asset = replace(an_asset(item), image=image, **changes)  # type: ignore[arg-type]
        self.memory.assets[TENANT, asset.asset_id] = asset
        self.blobs.write(key, data, "image/webp")
        return asset

    def file(self, asset: Asset, name: str, data: bytes | None) -> None:
        """Store a file that was made of an image; None for one that could not be made."""
        file = None
        if data is not None:
            key = asset_key(TENANT, asset.asset_id, f"renditions/{name}", "jpg")
            file = replace(asset.image, key=key, bytes=len(data))
            self.blobs.write(key, data, "image/jpeg")
        made = Rendition("rendition", RenditionSpec(name), file)
        assert FakeRenditionStore(self.memory).add(TENANT, asset.asset_id, made)

    def order(self, *assets: Asset, **changes: object) -> Download:
        """Order an archive of images."""
        ids = tuple(asset.asset_id for asset in assets)
        value = Download(TENANT, ID, ids, "{index:03}-{label}", START, "ann")
        value = replace(value, **changes)  # type: ignore[arg-type]
        self.downloads.put(value)
        return value

    @property
    def service(self) -> BuildDownload:
        """Return the service on these stores."""
        return BuildDownload(
            self.downloads,
            FakeAssetStore(self.memory),
            FakeRenditionStore(self.memory),
            self.blobs,
            self.archives,
            self.clock,
        )

    @property
    def now(self) -> Download:
        """Return the download as it is stored now."""
        return self.downloads.get(TENANT, ID)

    def archive(self) -> dict[str, bytes]:
        """Read the archive back, each file's checksum compared."""
        with ZipFile(io.BytesIO(self.blobs.blobs[self.now.key].data)) as found:
            assert found.testzip() is None
            return {name: found.read(name) for name in found.namelist()}
