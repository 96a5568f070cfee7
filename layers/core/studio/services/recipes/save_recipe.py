"""SaveRecipe: save a body that is checked as a job, or the body of a past job.

Files may be missing from the body: each run then brings its own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.orders.awaited_files import with_awaited_files
from studio.domain.orders.plan import obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.pointers import locate_errors
from studio.domain.recipes.from_job import body_of
from studio.domain.recipes.model import MAX_RECIPE_BYTES, Recipe, new_version
from studio.errors import FieldError, InvalidRequestError, NotFoundError
from studio.ports.jobs import JobStore
from studio.ports.recipes import RecipeStore
from studio.services.orders.body import JobBody
from studio.services.orders.intake import JobRequestIntake
from studio.services.orders.named_sources import refuse_inline
from studio.services.orders.reading import read


@dataclass(frozen=True, slots=True)
class SavedRecipe:
    """A recipe as it was written, and what its caller should know of a job of it today."""

    recipe: Recipe
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveRecipe:
    """The service behind PUT /v1/recipes/{id}."""

    recipes: RecipeStore
    jobs: JobStore
    intake: JobRequestIntake
    now: Clock

    def run(
        self,
        tenant: str,
        recipe_id: str,
        *,
        title: str | None,
        job: Mapping[str, object] | None,
        from_job_id: str | None,
        saved_by: str,
        replaces: Recipe | None,
    ) -> SavedRecipe:
        """Save a new version of a recipe and return it with its warnings.

        Args:
            tenant: The tenant of the caller's token.
            recipe_id: The name.
            title: A title for people.
            job: A well-formed body; exactly one of this and ``from_job_id``.
            from_job_id: The job whose body is saved.
            saved_by: The user, for the record.
            replaces: The version that the caller read, None for a free name.

        Raises:
            InvalidRequestError, NothingToGenerateError: the body would be refused as a job.
            PreconditionFailedError: the recipe changed meanwhile.
        """
        wrong = list(_contradictions(job, from_job_id))
        if wrong:
            raise InvalidRequestError(*wrong)
        body = self._body_of(tenant, from_job_id) if job is None else job
        _check_size(body)
        warnings = self._check(tenant, body, saved_by)
        recipe = new_version(
            tenant,
            recipe_id,
            title=title,
            body=body,
            at=self.now(),
            saved_by=saved_by,
            replaces=replaces,
        )
        return SavedRecipe(
            self.recipes.put(recipe, replaces.version if replaces else None), warnings
        )

    def _body_of(self, tenant: str, job_id: str | None) -> dict[str, object]:
        try:
            job, items = self.jobs.load(tenant, str(job_id))
        except NotFoundError as error:
            field = FieldError("/from_job_id", "job-unknown", f"there is no job {job_id}")
            raise InvalidRequestError(field) from error
        if any(_is_inline(source) for item in items for source in item.spec.sources):
            detail = (
                "the job was made from an inline image, which is not kept: upload it, "
                "and save a job that gives its asset_id"
            )
            raise InvalidRequestError(FieldError("/from_job_id", "not-allowed", detail))
        return body_of(job, items)

    def _check(self, tenant: str, body: Mapping[str, object], saved_by: str) -> tuple[str, ...]:
        """Plan the body as a job and return the warnings; its fields are below ``/job`` here.

        A run may bring the files that the body does not name.
        """
        with locate_errors({"": "/job"}):
            parsed = read(JobBody, json.dumps(body))
            refuse_inline(parsed)
            order = self.intake.preview(tenant, parsed, created_by=saved_by)
            plan = plan_job(with_awaited_files(order))
        return (*plan.all_warnings, *obstacle_warnings(plan))


def _is_inline(source: SourceRef) -> bool:
    return source.asset_id is None and source.url is None


def _check_size(body: Mapping[str, object]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    if len(text.encode(errors="surrogatepass")) > MAX_RECIPE_BYTES:
        detail = f"A recipe has at most {MAX_RECIPE_BYTES} bytes; upload images and name them"
        raise InvalidRequestError(FieldError("/job", "too-long", detail))


def _contradictions(
    job: Mapping[str, object] | None, from_job_id: str | None
) -> Iterator[FieldError]:
    if (job is None) == (from_job_id is None):
        yield FieldError("/job", "exclusive", "Give either job or from_job_id")
        return
    if job is not None and "recipe_id" in job:
        yield FieldError("/job/recipe_id", "not-allowed", "A recipe cannot be made of another one")
