"""RenderAsset: make a file of a finished image at once."""

from dataclasses import dataclass, replace

from studio.domain.assets.model import Asset, rendition_key
from studio.domain.renditions.model import MAX_KEPT, Rendition, RenditionSpec
from studio.errors import StateConflictError
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.renditions import RenditionStore
from studio.services.renditions.render_files import render_files
from studio_imaging import xmp


@dataclass(frozen=True, slots=True)
class RenderAsset:
    """The service behind the function render_asset."""

    assets: AssetStore
    renditions: RenditionStore
    blobs: BlobStore

    def run(self, tenant: str, asset_id: str, spec: RenditionSpec) -> Rendition:
        """Make a file, store it with the image and return it; a repeat returns the first one.

        A file that could not be made is returned with its problem and not stored.

        Raises:
            NotFoundError: the tenant has no such asset, or its bytes are gone.
            StateConflictError: the asset has as many files as it can have.
            ImageRejectedError: the asset is no usable image.
        """
        asset = self.assets.get(tenant, asset_id)
        data, _ = self.blobs.read(asset.image.key)
        packet = _packet(asset, spec)
        (made,) = render_files(data, [spec], source_type=asset.source_type, xmp=packet).files
        if made.encoded is None or made.rendition.file is None:
            return made.rendition
        # The content is part of the key, so two writers of one name overwrite nothing.
        name = f"{spec.name}-{made.encoded.sha256[:12]}"
        key = rendition_key(tenant, asset_id, name, made.encoded.format)
        file = replace(made.rendition.file, key=key)
        rendition = replace(made.rendition, file=file)
        self.blobs.write(key, made.encoded.data, file.media_type)
        if self.renditions.add(tenant, asset_id, rendition):
            return rendition
        kept = {one.name: one for one in self.renditions.of_asset(tenant, asset_id)}
        if spec.name not in kept:
            raise StateConflictError(f"an image has at most {MAX_KEPT} files")
        return kept[spec.name]


def _packet(asset: Asset, spec: RenditionSpec) -> bytes | None:
    """Return the metadata of a file: its origin, and the rights that the order keeps."""
    creator, notice = (asset.creator, asset.copyright) if spec.keep_rights else (None, None)
    if not (asset.source_type or creator or notice):
        return None
    return xmp.packet(asset.source_type, creator=creator, notice=notice)
