"""Routes of platforms. What they answer changes with a deployment only, so callers may keep it."""

from studio.api.http.dependencies import Backend
from studio.api.http.messages import HOUR, Call, Reply, Route, json_reply


def list_platforms(call: Call, backend: Backend) -> Reply:
    """List the platforms."""
    from studio.api.platforms import serializers as documents
    from studio.domain.platforms.catalogue import catalogue

    known = catalogue().platforms.values()
    return json_reply({"data": [documents.platform(one) for one in known]})


def get_platform(call: Call, backend: Backend) -> Reply:
    """Give everything that is known of a platform."""
    from studio.api.platforms import serializers as documents
    from studio.domain.platforms.catalogue import platform_of

    return json_reply(documents.whole_platform(platform_of(call.params["platform_id"])))


def list_formats(call: Call, backend: Backend) -> Reply:
    """List a platform's formats."""
    from studio.api.platforms import serializers as documents
    from studio.domain.platforms.catalogue import platform_of

    found = platform_of(call.params["platform_id"]).formats
    return json_reply({"data": [documents.format_(one) for one in found]})


def get_format(call: Call, backend: Backend) -> Reply:
    """Give one format of a platform."""
    from studio.api.platforms import serializers as documents
    from studio.domain.platforms.catalogue import format_of, platform_of

    platform = platform_of(call.params["platform_id"])
    return json_reply(documents.format_(format_of(call.params["format_id"], platform)))


def list_presets(call: Call, backend: Backend) -> Reply:
    """List the sets of formats that a platform has a part in."""
    from studio.api.platforms import serializers as documents
    from studio.domain.platforms.catalogue import platform_of, presets_of

    found = presets_of(platform_of(call.params["platform_id"]))
    return json_reply({"data": [documents.preset(one) for one in found]})


_PLATFORM = "/v1/platforms/{platform_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/platforms",
        list_platforms,
        "Social platforms, with the names of their formats and presets",
        "PlatformList",
        max_age=HOUR,
    ),
    Route(
        "GET",
        _PLATFORM,
        get_platform,
        "One platform: its formats, their safe zones and limits, its presets",
        "PlatformDetail",
        max_age=HOUR,
    ),
    Route(
        "GET",
        f"{_PLATFORM}/formats",
        list_formats,
        "A platform's formats",
        "FormatList",
        max_age=HOUR,
    ),
    Route(
        "GET",
        f"{_PLATFORM}/formats/{{format_id}}",
        get_format,
        "One format of a platform",
        "Format",
        max_age=HOUR,
    ),
    Route(
        "GET",
        f"{_PLATFORM}/presets",
        list_presets,
        "Sets of formats to make together; the first is all of the platform but ads",
        "PresetList",
        max_age=HOUR,
    ),
)
