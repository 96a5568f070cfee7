"""Routes of platforms. Their responses change only with a deployment, so clients may cache them."""

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import HOUR, Request, Response, Route, json_response


def list_platforms(request: Request, deps: Dependencies) -> Response:
    """List the platforms."""
    from studio.api.platforms import serializers
    from studio.domain.platforms.catalogue import catalogue

    return json_response(serializers.platforms(catalogue().platforms.values()))


def get_platform(request: Request, deps: Dependencies) -> Response:
    """Return a platform with its formats and presets."""
    from studio.api.platforms import serializers
    from studio.domain.platforms.catalogue import platform_of

    return json_response(serializers.whole_platform(platform_of(request.params["platform_id"])))


def list_formats(request: Request, deps: Dependencies) -> Response:
    """List a platform's formats."""
    from studio.api.platforms import serializers
    from studio.domain.platforms.catalogue import platform_of

    found = platform_of(request.params["platform_id"]).formats
    return json_response(serializers.formats(found))


def get_format(request: Request, deps: Dependencies) -> Response:
    """Return one format of a platform."""
    from studio.api.platforms import serializers
    from studio.domain.platforms.catalogue import format_of, platform_of

    platform = platform_of(request.params["platform_id"])
    return json_response(serializers.format_(format_of(request.params["format_id"], platform)))


def list_presets(request: Request, deps: Dependencies) -> Response:
    """List the presets that contain a format of a platform."""
    from studio.api.platforms import serializers
    from studio.domain.platforms.catalogue import platform_of, presets_of

    found = presets_of(platform_of(request.params["platform_id"]))
    return json_response(serializers.presets(found))


_PLATFORM = "/v1/platforms/{platform_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/platforms",
        list_platforms,
        "List the social platforms with the names of their formats and presets",
        "PlatformList",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        _PLATFORM,
        get_platform,
        "Return a platform with its formats, safe zones, limits and presets",
        "PlatformDetail",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        f"{_PLATFORM}/formats",
        list_formats,
        "List the formats of a platform",
        "FormatList",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        f"{_PLATFORM}/formats/{{format_id}}",
        get_format,
        "Return a format of a platform",
        "Format",
        max_age=HOUR,
        role="viewer",
    ),
    Route(
        "GET",
        f"{_PLATFORM}/presets",
        list_presets,
        "List the presets of a platform; the first has all formats except ads",
        "PresetList",
        max_age=HOUR,
        role="viewer",
    ),
)
