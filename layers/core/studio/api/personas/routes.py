"""Routes of personas, and of enhancement to look at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.api.http import pagination
from studio.api.http.dependencies import Dependencies
from studio.api.http.messages import Request, Response, Route, json_response
from studio.api.http.request_body import read_body
from studio.api.http.versioned import VersionedResource
from studio.clock import rfc3339
from studio.domain.jobs.model import MAX_PROMPT
from studio.domain.orders.prompt_parts import PromptParts, compose_prompt
from studio.domain.prompts.persona import persona_of
from studio.domain.recipes.model import Recipe, new_version
from studio.errors import FieldError, InvalidRequestError

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.personas import responses


def list_personas(request: Request, deps: Dependencies) -> Response:
    """List the tenant's personas in the order of their names."""
    return _RESOURCE.page(request, deps, _personas)


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
    from studio.services.orders.reading import read

    caller = request.caller()
    body = read(EnhanceBody, read_body(request).text)
    persona = deps.intake.find_persona(caller.tenant, body.persona_id)
    words = compose_prompt(body.prompt, None, PromptParts(persona, enhance=True), MAX_PROMPT)
    enhanced: responses.EnhancedPrompt = {
        "original": body.prompt,
        "enhanced": words.prompt or body.prompt,
        "added": list(words.added),
        "persona": persona.name if persona else None,
    }
    return json_response(enhanced)


def _persona(value: Recipe) -> "responses.Persona":
    persona = persona_of(value)
    return {
        "id": value.recipe_id,
        "version": value.version,
        "title": value.title,
        "style": list(persona.style),
        "palette": list(persona.palette),
        "mood": persona.mood,
        "audience": persona.audience,
        "avoid": list(persona.avoid),
        "created_at": rfc3339(value.created_at),
        "updated_at": rfc3339(value.updated_at),
        "updated_by": value.updated_by,
    }


def _personas(values: Sequence[Recipe], page: "Page") -> "responses.PersonaList":
    return {"data": [_persona(value) for value in values], "page": page}


_RESOURCE = VersionedResource("persona", lambda deps: deps.personas, _persona)
_PERSONA = "/v1/personas/{persona_id}"

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/v1/personas",
        list_personas,
        "List the personas by name",
        "PersonaList",
        query=pagination.PARAMETERS,
        role="viewer",
    ),
    Route(
        "GET",
        _PERSONA,
        get_persona,
        "Return a persona",
        "Persona",
        query=frozenset({"version"}),
        role="viewer",
    ),
    Route(
        "PUT",
        _PERSONA,
        put_persona,
        "Save the words of a brand under a name",
        "Persona",
        body="PersonaBody",
        also=201,
        guarded=True,
        role="creator",
    ),
    Route(
        "DELETE",
        _PERSONA,
        delete_persona,
        "Delete a persona",
        None,
        status=204,
        guarded=True,
        role="creator",
    ),
    Route(
        "POST",
        "/v1/prompts/enhance",
        enhance_prompt,
        "Enhance a prompt; nothing runs",
        "EnhancedPrompt",
        body="EnhanceBody",
        role="viewer",
    ),
)
