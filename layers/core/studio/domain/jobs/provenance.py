"""The digital source type of an image: whether, and how far, an AI model made it.

Terms of the IPTC vocabulary http://cv.iptc.org/newscodes/digitalsourcetype/ (release of
2024-10-23). Platforms label images by it. Article 50 of the EU's AI Act (in force since
2026-08) asks for a machine-readable mark in generated images.
"""

from collections.abc import Iterable

from studio.domain.assets.model import SourceType
from studio.domain.catalogue.entries import process_of
from studio.domain.jobs.image_spec import ImageSpec


def source_type_of(spec: ImageSpec) -> SourceType | None:
    """Return the term for an image; None for a source that is passed on and has no term.

    An AI model that starts from no image, or from a generated one, generates all of it. From
    another image it makes a composite. A classical operation keeps the term of its source.
    """
    main = next((source for source in spec.sources if source.role == "image"), None)
    inherited = main.source_type if main else None
    process = process_of(spec.provider, spec.model)
    if process == "generative":
        if main is None or inherited == "trainedAlgorithmicMedia":
            return "trainedAlgorithmicMedia"
        return "compositeWithTrainedAlgorithmicMedia"
    if main is None:
        return "algorithmicMedia"
    if inherited or process == "passthrough":
        return inherited
    return "algorithmicallyEnhanced"


def rights_of(spec: ImageSpec) -> tuple[str | None, str | None]:
    """Return creators and copyright notices of the source images that an order keeps.

    Those of several sources are separated by semicolons; None where no source states any.
    """
    images = [source for source in spec.sources if source.role == "image"]
    if not spec.output.keep_rights:
        return None, None
    return _listed(one.creator for one in images), _listed(one.copyright for one in images)


def _listed(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None
