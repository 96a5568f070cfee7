"""What a picture says of where it comes from: its digital source type.

Terms of the IPTC vocabulary http://cv.iptc.org/newscodes/digitalsourcetype/ (release of
2024-10-23). Platforms mark pictures by it, and the AI Act of the EU (article 50, in force since
2026-08) wants generated pictures to say so in a way that machines read.
"""

from studio.domain.assets.model import SourceType
from studio.domain.jobs.model import ImageSpec


def source_type_of(spec: ImageSpec) -> SourceType | None:
    """Return the term for a picture; None for one that was only passed on and says nothing.

    A model that starts from nothing, or from a generated picture, generates all of it; one that
    starts from another picture makes a composite. What was once generated stays so whatever a
    classical operation does to it.
    """
    main = next((source for source in spec.sources if source.role == "image"), None)
    inherited = main.source_type if main else None
    if spec.provider != "builtin":
        if main is None or inherited == "trainedAlgorithmicMedia":
            return "trainedAlgorithmicMedia"
        return "compositeWithTrainedAlgorithmicMedia"
    if main is None:
        return "algorithmicMedia"
    if inherited or spec.model == "files-1":
        return inherited
    return "algorithmicallyEnhanced"
