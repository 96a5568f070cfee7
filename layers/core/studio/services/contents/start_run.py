"""StartRun: make the images of contents in one job, which claims the contents until it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from studio.clock import Clock
from studio.domain.catalogue.catalogue import account_providers, keyed_providers
from studio.domain.contents.model import MAX_CONTENTS_OF_A_JOB, Article, label_of
from studio.domain.contents.names import CONTENT_ID, slot_id, slot_named
from studio.domain.contents.queue import Queue, queue_of
from studio.domain.jobs.model import Job
from studio.domain.orders.fitting import models_for
from studio.domain.orders.request import JobRequest
from studio.domain.settings.model import ImageGenerationSettings
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    NothingToGenerateError,
    StateConflictError,
    StudioError,
)
from studio.ports.contents import ContentStore
from studio.ports.jobs import Replayed
from studio.services.contents.order_images import Worded, fit_sizes, job_body, with_slots, worded
from studio.services.contents.read_run_settings import ReadRunSettings, RunSettings
from studio.services.jobs.create_job import CreateJob
from studio.services.jobs.key_use import KeyUse
from studio.services.orders.intake import JobRequestIntake, no_defaults
from studio.services.orders.usable_providers import usable_providers


@dataclass(frozen=True, slots=True)
class Selection:
    """Contents and images that a run is asked to make.

    Attributes:
        content_ids: The contents, in the order of the run.
        slot_ids: Ids of single slots; of a content that none of them is of, all are made.
        force: Whether slots are made again that are not pending.
    """

    content_ids: tuple[str, ...]
    slot_ids: frozenset[str] = frozenset()
    force: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """Images that a run would make at present, with the final prompts.

    Attributes:
        settings: Those that it would be ordered with.
        order: Its order, None if it makes nothing or would be refused.
        refusal: Why it would be refused, None if it would not.
        of_sizes: A warning for each size of the settings that another one stands for.
    """

    queue: Queue
    images: tuple[Worded, ...]
    settings: ImageGenerationSettings
    order: JobRequest | None = None
    refusal: str | None = None
    of_sizes: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings of the job and of slots that are left out, and the reason of a refusal."""
        said = self.order.notes if self.order else _notes(self.queue, self.images)
        return tuple(dict.fromkeys((*said, *([self.refusal] if self.refusal else ()))))


@dataclass(frozen=True, slots=True)
class StartRun:
    """The service behind POST /v1/contents/{id}/jobs and POST /v1/content-images/jobs."""

    contents: ContentStore
    settings: ReadRunSettings
    intake: JobRequestIntake
    create_job: CreateJob
    now: Clock

    def preview(self, article: Article, user: str, selection: Selection) -> Preview:
        """Return what a run of one content would make; nothing is written.

        Raises:
            NotFoundError: the content has no such slot.
        """
        _check_slots([article], selection)
        settings = self.settings.run(article.content.tenant, user)
        queue, images = _chosen([article], selection, settings)
        shown = Preview(queue, images, settings.images)
        if not images:
            return shown
        shown = self._sized(article.content.tenant, shown)
        try:
            return replace(
                shown, order=self._ordered(article.content.tenant, user, shown, settings)
            )
        except StudioError as error:
            return replace(shown, refusal=str(error))

    def run(
        self, tenant: str, user: str, selection: Selection, max_cost: str | None, key: KeyUse
    ) -> Job | Replayed:
        """Start the job of a selection and return it.

        Args:
            tenant: The tenant of the caller's token.
            user: The caller.
            selection: What to make.
            max_cost: The caller's limit in dollars, None for none.
            key: The caller's Idempotency-Key.

        Returns:
            The new job; the first answer if the key was used before for the same body.

        Raises:
            NotFoundError: the tenant has no such content or slot.
            StateConflictError: an open job makes images of a content; the message names it.
            NothingToGenerateError: no slot qualifies.
            InvalidRequestError: the selection is too large, or a model does not take an image.
            StudioError: as ``CreateJob``.
        """
        try:
            order = self._order(tenant, user, selection, max_cost, key)
        except StudioError:
            # The first request with this key changed what the repeat finds.
            replayed = self.create_job.jobs.check_idempotency_key(
                tenant, key.scope, key.key, key.body_hash, self.now()
            )
            if replayed is None:
                raise
            return replayed
        return self.create_job.run(tenant, order, key)

    def _order(
        self, tenant: str, user: str, selection: Selection, max_cost: str | None, key: KeyUse
    ) -> JobRequest:
        articles = [self.contents.load(tenant, name) for name in selection.content_ids]
        _check_slots(articles, selection)
        for article in articles:
            if article.content.job_id is not None:
                raise StateConflictError(
                    f"job {article.content.job_id} makes images for "
                    f"{article.content.content_id}; wait for it or cancel it"
                )
        settings = self.settings.run(tenant, user)
        queue, images = _chosen(articles, selection, settings)
        if not queue.items:
            raise NothingToGenerateError("No pending images with prompts found")
        wanted = self._sized(tenant, Preview(queue, images, settings.images))
        return self._ordered(tenant, user, wanted, settings, max_cost, key.key)

    def _ordered(
        self,
        tenant: str,
        user: str,
        wanted: Preview,
        settings: RunSettings,
        max_cost: str | None = None,
        seed_source: str = "",
    ) -> JobRequest:
        """Return the order of what a run makes, which is at least one image."""
        queue, images = wanted.queue, wanted.images
        of_provider = self._provider_notes(tenant, settings.images)
        # The settings are in the body already, and a run reads them once.
        order = replace(self.intake, defaults=no_defaults).job_request(
            tenant,
            job_body(images, settings, max_cost=max_cost, automatic=bool(of_provider)),
            created_by=user,
            seed_source=seed_source,
        )
        notes = [*_notes(queue, images), *of_provider, *wanted.of_sizes]
        if settings.warning is not None:
            notes.append(settings.warning)
        return replace(
            with_slots(order, images, settings.images),
            notes=tuple(dict.fromkeys((*order.notes, *notes))),
        )

    def _sized(self, tenant: str, wanted: Preview) -> Preview:
        """Return a run with its images in sizes that can be made, and what that changes."""
        settings, day = wanted.settings, self.now().astimezone(UTC).date()
        automatic = bool(self._provider_notes(tenant, settings))
        provider = None if automatic else settings.provider
        others = usable_providers(self.intake.keys, tenant, self.intake.providers)
        try:
            models = models_for(provider, settings.model, others, day)
        except InvalidRequestError:
            # The plan of the order refuses the model.
            return wanted
        images, notes = fit_sizes(wanted.images, models)
        return replace(wanted, images=images, of_sizes=notes)

    def _provider_notes(self, tenant: str, settings: ImageGenerationSettings) -> tuple[str, ...]:
        """Return a warning where the provider of the settings cannot be called."""
        name, keys = settings.provider, self.intake.keys
        if keys is None or not account_providers((name,)):
            return ()
        if keys.disabled(tenant, (name,)):
            why = f"{name}, the provider of the settings, is switched off"
        elif keys.missing(tenant, keyed_providers((name,))):
            why = f"No key is stored for {name}, the provider of the settings"
        else:
            return ()
        return (f"{why}; the studio chooses another one.",)


def selection_of(
    ids: Sequence[str], *, within: str | None = None, force: bool = False
) -> Selection:
    """Return the selection of ids of contents and slots, in the order of their contents.

    A content that is named itself is made whole.

    Args:
        ids: Ids of contents and slots.
        within: The content that all slots must be of, None for any.
        force: See ``Selection``.

    Raises:
        NotFoundError: an id is none of a content or slot, or of another content than ``within``.
        InvalidRequestError: the ids are of more contents than a job may have.
    """
    content_of = {text: _content_of(text) for text in ids}
    contents = tuple(dict.fromkeys(content_of.values()))
    if within is not None and set(contents) - {within}:
        raise NotFoundError(f"an id names no image of the content {within[:64]}")
    if len(contents) > MAX_CONTENTS_OF_A_JOB:
        detail = f"The ids are of {len(contents)} contents, at most {MAX_CONTENTS_OF_A_JOB} fit"
        raise InvalidRequestError(FieldError("/ids", "too-many", detail))
    single = frozenset(text for text, content in content_of.items() if content not in content_of)
    return Selection(contents, single, force)


def _content_of(text: str) -> str:
    named = slot_named(text)
    if named is None and not CONTENT_ID.fullmatch(text):
        raise NotFoundError(f"there is no content or image {text[:64]!r}")
    return named[0] if named else text


def _check_slots(articles: Sequence[Article], selection: Selection) -> None:
    known = {
        slot_id(article.content.content_id, slot.number)
        for article in articles
        for slot in article.slots
    }
    for text in sorted(selection.slot_ids - known):
        raise NotFoundError(f"there is no image {text}")


def _chosen(
    articles: Sequence[Article], selection: Selection, settings: RunSettings
) -> tuple[Queue, tuple[Worded, ...]]:
    """Return the queue of a selection, and its images with their final prompts."""
    wanted = _wanted(articles, selection)
    queue = queue_of(settings.images, articles, wanted, force=selection.force)
    return queue, worded(queue, settings)


def _wanted(articles: Sequence[Article], selection: Selection) -> frozenset[str] | None:
    """Return the ids of all slots that a selection is of, None for every slot."""
    if not selection.slot_ids:
        return None
    partly = {named[0] for text in selection.slot_ids if (named := slot_named(text))}
    return selection.slot_ids | {
        slot_id(article.content.content_id, slot.number)
        for article in articles
        if article.content.content_id not in partly
        for slot in article.slots
    }


def _notes(queue: Queue, images: Sequence[Worded]) -> Iterator[str]:
    """Yield what a job should say of slots that are left out and of templates that do not fit."""
    yield from (one.sentence for one in queue.excluded if one.reason != "not-pending")
    for one in images:
        if one.warning is not None:
            yield f"{label_of(one.item.slot)} of {one.item.content.title!r}: {one.warning}."
