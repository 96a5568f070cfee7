"""Routes of personas, and of enhancement to look at."""

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.serializers import Document
from studio.api.http.versioned import VersionedResource
from studio.domain.orders.prompt_parts import PromptParts, compose_prompt
from studio.domain.prompts.persona import persona_of
from studio.domain.recipes.model import Recipe, new_version
from studio.errors import FieldError, InvalidRequestError


def list_personas(request: Request, deps: Dependencies) -> Response:
    """List the tenant's personas in the order of their names."""
    return _RESOURCE.page(request, deps)


def get_persona(request: Request, deps: Dependencies) -> Response:
    """Give a persona, or an older version of it."""
    return _RESOURCE.get(request, deps)


def put_persona(request: Request, deps: Dependencies) -> Response:
    """Save a persona; jobs that were ordered before keep the version they were given."""
    from studio.api.personas.requests import PersonaBody
    from studio.services.orders.reading import read

    caller, persona_id = request.caller(), _RESOURCE.name(request)
    body = read(PersonaBody, read_body(request).text)
    words = body.model_dump(exclude={"title"}, exclude_none=True)
    if not words:
        detail = "Say something of its style, palette, mood, audience, or of what it avoids"
        raise InvalidRequestError(FieldError("/style", "required", detail))
    current = _RESOURCE.replaced(request, deps)
    saved = deps.personas.put(
        new_version(
            caller.tenant,
            persona_id,
            title=body.title,
            body=words,
            at=deps.now(),
            saved_by=caller.subject,
            replaces=current,
        ),
        current.version if current else None,
    )
    return json_response(_RESOURCE.document(saved), status=200 if current else 201)


def delete_persona(request: Request, deps: Dependencies) -> Response:
    """Take a persona away. Jobs that were ordered with it stay as they are."""
    return _RESOURCE.remove(request, deps)


def enhance_prompt(request: Request, deps: Dependencies) -> Response:
    """Show what a job with ``enhance_prompt``, and a persona, would add to a prompt."""
    from studio.api.personas.requests import EnhanceBody
    from studio.services.orders.body import MAX_PROMPT
    from studio.services.orders.reading import read

    caller = request.caller()
    body = read(EnhanceBody, read_body(request).text)
    persona = deps.intake().find_persona(caller.tenant, body.persona_id)
    words = compose_prompt(body.prompt, None, PromptParts(persona, enhance=True), MAX_PROMPT)
    return json_response(
        {
            "original": body.prompt,
            "enhanced": words.prompt,
            "added": list(words.added),
            "persona": persona.name if persona else None,
        }
    )


def _words(value: Recipe) -> Document:
    persona = persona_of(value)
    return {
        "style": list(persona.style),
        "palette": list(persona.palette),
        "mood": persona.mood,
        "audience": persona.audience,
        "avoid": list(persona.avoid),
    }


_RESOURCE = VersionedResource("persona", lambda deps: deps.personas, _words)
_PERSONA = "/v1/personas/{persona_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/personas",
        list_personas,
        "Personas, by name",
        "PersonaList",
        query=pagination.PARAMETERS,
    ),
    Route("GET", _PERSONA, get_persona, "One persona", "Persona", query=frozenset({"version"})),
    Route(
        "PUT",
        _PERSONA,
        put_persona,
        "Save a brand's words under a name",
        "Persona",
        body="PersonaBody",
        also=201,
        guarded=True,
    ),
    Route(
        "DELETE", _PERSONA, delete_persona, "Take a persona away", None, status=204, guarded=True
    ),
    Route(
        "POST",
        "/v1/prompts/enhance",
        enhance_prompt,
        "What enhancement would make of a prompt; nothing runs",
        "EnhancedPrompt",
        body="EnhanceBody",
    ),
)
