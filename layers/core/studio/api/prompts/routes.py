"""Routes of the account's prompts, and of the preview of a prompt."""

from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.preconditions import require_match
from studio.api.http.request_body import read_body
from studio.api.prompts import serializers
from studio.domain.settings.model import IMAGE_TEMPLATE, NEGATIVE_PROMPT, SavedSettings

if TYPE_CHECKING:
    from studio.api.prompts import responses


def get_image_template(request: Request, deps: Dependencies) -> Response:
    """Return the account's image template."""
    return json_response(serializers.image_template(_saved(request, deps, IMAGE_TEMPLATE)))


def put_image_template(request: Request, deps: Dependencies) -> Response:
    """Replace the account's image template."""
    from studio.api.prompts.requests import ImageTemplateBody
    from studio.services.orders.reading import read

    request.caller()
    body = read(ImageTemplateBody, read_body(request).text)
    current = _saved(request, deps, IMAGE_TEMPLATE)
    require_match(request, serializers.image_template(current))
    document = {} if body.template is None else {"template": body.template}
    saved = _put(request, deps, IMAGE_TEMPLATE, document, current)
    return json_response(serializers.image_template(saved))


def get_negative_prompt(request: Request, deps: Dependencies) -> Response:
    """Return the account's negative prompt."""
    return json_response(serializers.negative_prompt(_saved(request, deps, NEGATIVE_PROMPT)))


def put_negative_prompt(request: Request, deps: Dependencies) -> Response:
    """Replace the account's negative prompt."""
    from studio.api.prompts.requests import NegativePromptBody
    from studio.services.orders.reading import read

    request.caller()
    body = read(NegativePromptBody, read_body(request).text)
    current = _saved(request, deps, NEGATIVE_PROMPT)
    require_match(request, serializers.negative_prompt(current))
    text = body.negative_prompt
    document = {} if text is None else {"negative_prompt": text}
    saved = _put(request, deps, NEGATIVE_PROMPT, document, current)
    return json_response(serializers.negative_prompt(saved))


def render_prompt(request: Request, deps: Dependencies) -> Response:
    """Show the prompt that an image would have; nothing runs."""
    from studio.api.prompts.requests import RenderBody
    from studio.domain.prompts.image_template import build_prompt
    from studio.services.orders.reading import read
    from studio.services.prompts.resolve_prompts import ResolvePrompts

    caller = request.caller()
    body = read(RenderBody, read_body(request).text)
    found = ResolvePrompts(deps.settings_store, deps.prompt_templates).run(
        caller.tenant,
        caller.subject,
        template=body.template,
        negative_prompt=body.negative_prompt,
    )
    image_type = body.image_type or deps.settings_store.image_generation(caller.tenant).image_type
    prompt, warning = build_prompt(
        found.template, body.title, body.meta_title, body.image_prompt, image_type
    )
    rendered: responses.RenderedPrompt = {
        "prompt": prompt,
        "negative_prompt": found.negative_prompt,
        "image_type": image_type,
        "source": found.source,
        "negative_source": found.negative_source,
        "template": found.group_template,
        "warning": " ".join(text for text in (found.warning, warning) if text) or None,
    }
    return json_response(rendered)


def _saved(request: Request, deps: Dependencies, name: str) -> SavedSettings | None:
    return deps.settings_store.get(request.caller().tenant, (name,)).get(name)


def _put(
    request: Request,
    deps: Dependencies,
    name: str,
    document: dict[str, str],
    current: SavedSettings | None,
) -> SavedSettings:
    caller = request.caller()
    saved = SavedSettings(caller.tenant, name, 0, document, deps.now(), caller.subject)
    return deps.settings_store.put(saved, current.version if current else 0)


_TEMPLATE, _NEGATIVE = "/v1/prompts/image-template", "/v1/prompts/negative"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        _TEMPLATE,
        get_image_template,
        "Return the account's image template",
        "ImageTemplate",
        role="viewer",
    ),
    Route(
        "PUT",
        _TEMPLATE,
        put_image_template,
        "Replace the account's image template",
        "ImageTemplate",
        body="ImageTemplateBody",
        guarded=True,
        role="manager",
    ),
    Route(
        "GET",
        _NEGATIVE,
        get_negative_prompt,
        "Return the account's negative prompt",
        "AccountNegativePrompt",
        role="viewer",
    ),
    Route(
        "PUT",
        _NEGATIVE,
        put_negative_prompt,
        "Replace the account's negative prompt",
        "AccountNegativePrompt",
        body="NegativePromptBody",
        guarded=True,
        role="manager",
    ),
    Route(
        "POST",
        "/v1/prompts/render",
        render_prompt,
        "Preview the prompt of an image; nothing runs",
        "RenderedPrompt",
        body="RenderBody",
        role="viewer",
    ),
)
