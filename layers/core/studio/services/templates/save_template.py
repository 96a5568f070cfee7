"""SaveTemplate: save settings that are checked together, or those of an ordered image."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from studio.clock import Clock
from studio.domain.catalogue.entries import provider_ids
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.platforms.catalogue import format_of
from studio.domain.recipes.model import Recipe, new_version
from studio.domain.templates.builtin import builtin_templates
from studio.domain.templates.from_image import settings_of
from studio.domain.templates.model import TAKEN, Template, is_builtin, ratio_of, template_of
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    StateConflictError,
    UnknownProviderError,
)
from studio.ports.jobs import JobStore
from studio.ports.recipes import RecipeStore
from studio.services.orders.body import MAX_SIDE, MIN_SIDE
from studio.services.orders.body_size import sides_of_ratio

Settings = Mapping[str, object]

# Settings that give a size; a template has at most one of them.
_SIZES = ("format_id", "width", "aspect_ratio")


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """The service behind PUT /v1/templates/{id} and POST /v1/templates/from-job."""

    templates: RecipeStore
    jobs: JobStore
    now: Clock

    def run(
        self,
        tenant: str,
        template_id: str,
        settings: Settings,
        *,
        title: str | None,
        saved_by: str,
        replaces: Recipe | None,
    ) -> Recipe:
        """Save a new version of a template and return it.

        Args:
            tenant: The tenant of the caller's token.
            template_id: The name.
            settings: The members of a ``Template``, each well-formed.
            title: A title for people.
            saved_by: The user, for the record.
            replaces: The version that the caller read, None for a free name.

        Raises:
            InvalidRequestError: settings that do not go together, or name unknown things.
            StateConflictError: no template of a tenant can have this name.
            PreconditionFailedError: the template changed meanwhile.
        """
        if template_id in TAKEN:
            raise StateConflictError(f"paths of the API use the name {template_id}")
        template = new_version(
            tenant,
            template_id,
            title=title,
            body=_settled(settings),
            at=self.now(),
            saved_by=saved_by,
            replaces=replaces,
        )
        return self.templates.put(template, replaces.version if replaces else None)

    def from_job(
        self,
        tenant: str,
        template_id: str,
        job_id: str,
        number: int,
        settings: Settings,
        *,
        title: str | None,
        saved_by: str,
    ) -> Recipe:
        """Save the settings of a job's image under a free name and return the template.

        Args:
            tenant: As in ``run``.
            template_id: As in ``run``.
            job_id: The job.
            number: The image's number, from 1.
            settings: Further settings, which override the image's.
            title: As in ``run``.
            saved_by: As in ``run``.

        Raises:
            InvalidRequestError: the tenant has no such job, or the job has no such image.
            StateConflictError: a template has this name, or none can have it.
        """
        if self._exists(tenant, template_id):
            raise StateConflictError(f"there is a template {template_id} already: PUT changes it")
        spec = self._image(tenant, job_id, number)
        found = settings_of(spec, self._template(tenant, spec.template))
        return self.run(
            tenant,
            template_id,
            {**found, **settings},
            title=title,
            saved_by=saved_by,
            replaces=None,
        )

    def _exists(self, tenant: str, template_id: str) -> bool:
        try:
            self.templates.get(tenant, template_id)
        except NotFoundError:
            return False
        return True

    def _image(self, tenant: str, job_id: str, number: int) -> ImageSpec:
        try:
            job = self.jobs.get(tenant, job_id)
        except NotFoundError as error:
            field = FieldError("/job_id", "job-unknown", f"there is no job {job_id}")
            raise InvalidRequestError(field) from error
        if number > job.counts.total:
            detail = f"the job has {job.counts.total} images"
            raise InvalidRequestError(FieldError("/item", "item-unknown", detail))
        return self.jobs.get_item(tenant, job_id, number).spec

    def _template(self, tenant: str, name: str | None) -> Template | None:
        """Return the template of an image; a built-in one may be gone."""
        if name is None:
            return None
        template_id, _, version = name.partition("@")
        if is_builtin(template_id):
            return builtin_templates().get(template_id)
        return template_of(self.templates.get(tenant, template_id, int(version)))


def _settled(settings: Settings) -> dict[str, Any]:
    """Return settings with the derived ones: the size of a format, the ratio of a size.

    Raises:
        InvalidRequestError: names every wrong setting.
    """
    known: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    wrong = list(_contradictions(known))
    if wrong:
        raise InvalidRequestError(*wrong)
    if "format_id" in known:
        shown = format_of(known["format_id"])
        return known | {
            "platform": shown.platform,
            "width": shown.width,
            "height": shown.height,
            "aspect_ratio": shown.ratio,
        }
    if "width" in known:
        known["aspect_ratio"] = ratio_of(known["width"], known["height"])
    return known


def _contradictions(known: Mapping[str, Any]) -> Iterator[FieldError]:
    if ("width" in known) != ("height" in known):
        missing = "height" if "width" in known else "width"
        yield FieldError(f"/{missing}", "required", "Width and height go together")
    sizes = [name for name in _SIZES if name in known]
    for name in sizes[1:]:
        yield FieldError(f"/{name}", "exclusive", f"The size is given already by {sizes[0]}")
    if "aspect_ratio" in known:
        yield from _ratio_faults(known["aspect_ratio"])
    if "format_id" in known:
        yield from _format_faults(known["format_id"], known.get("platform"))
    if known.get("provider") not in (None, *provider_ids()):
        detail = f"unknown provider; known: {', '.join(provider_ids())}"
        yield FieldError("/provider", UnknownProviderError.code, detail)


def _ratio_faults(ratio: str) -> Iterator[FieldError]:
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in sides_of_ratio(ratio)):
        detail = f"At one megapixel a side is outside {MIN_SIDE} to {MAX_SIDE} pixels"
        yield FieldError("/aspect_ratio", "out-of-range", detail)


def _format_faults(format_id: str, platform: str | None) -> Iterator[FieldError]:
    try:
        shown = format_of(format_id)
    except NotFoundError as error:
        yield FieldError("/format_id", "format-unknown", str(error))
        return
    if platform not in (None, shown.platform):
        yield FieldError("/platform", "exclusive", f"{format_id} is of {shown.platform}")
