"""A schedule over an import warns of its rows when it is saved, and each job when it is run."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from studio.domain.batches.model import BatchImport
from studio.domain.schedules.model import Budget
from studio.services.orders.intake import JobRequestIntake
from studio.services.schedules.import_warnings import import_warnings
from studio.services.schedules.save_schedule import SaveSchedule
from tests.support.builders import TENANT
from tests.support.fakes.edges import FakeBlobStore
from tests.support.fakes.schedules import FakeScheduleStore, FakeScheduleTarget, a_schedule
from tests.support.workflows.batches import BatchStudio, memory_batches

ENDING, SUCCESSOR = "gpt-image-1.5", "gpt-image-2.6-sunburst"
HEADER = "prompt,size,provider,model\n"


def row(prompt: str, model: str = "gpt-image-2") -> str:
    return f"{prompt},1024x1024,openai,{model}\n"


@dataclass
class Bureau:
    """A studio in which a schedule over an import is saved."""

    studio: BatchStudio = field(default_factory=memory_batches)

    def checked(self, *rows: str) -> BatchImport:
        value = self.studio.checked(HEADER + "".join(rows))
        assert value.totals.valid == len(rows)
        return value

    def save(self, value: BatchImport) -> tuple[str, ...]:
        """Save a schedule over an import and return its warnings."""
        service = SaveSchedule(
            FakeScheduleStore(),
            FakeScheduleTarget(),
            self.studio.intake,
            lambda: self.studio.imports,
            lambda: self.studio.base.raw.blobs,
            self.studio.base.clock,
        )
        schedule = replace(
            a_schedule(), recipe_id=None, import_id=value.import_id, changes={}, budget=Budget()
        )
        return service.run(schedule, None).warnings


def test_a_model_that_ends_is_a_warning_with_its_rows() -> None:
    here = Bureau()
    value = here.checked(row("fox"), row("owl", ENDING), row("a hen", ENDING))
    (warning,) = here.save(value)
    assert warning.startswith("Row 3 and 1 more: ")
    assert "2026-12-01" in warning
    assert SUCCESSOR in warning
    assert here.save(here.checked(row("fox"))) == ()


def test_the_day_of_the_save_decides_and_not_that_of_the_check() -> None:
    here = Bureau()
    value = here.checked(row("owl", ENDING))
    (before,) = here.save(value)
    here.studio.base.clock.at = datetime(2026, 12, 2, tzinfo=UTC)
    (after,) = here.save(here.studio.imports.get(TENANT, value.import_id))
    assert before != after
    assert after.startswith("Row 2: ")
    assert SUCCESSOR in after


def test_a_row_that_is_refused_today_is_a_warning() -> None:
    here = Bureau()
    value = here.checked(row("fox"))
    here.studio.without_keys.add("openai")
    (warning,) = here.save(value)
    assert warning == "Row 2: no key is stored for provider openai"


def test_a_row_whose_body_is_refused_today_is_a_warning() -> None:
    here = Bureau()
    value = here.studio.checked("prompt,size,recipe_id\nfox,1024x1024,\n")
    key = value.key("manifest.jsonl")
    blobs = here.studio.base.raw.blobs
    assert isinstance(blobs, FakeBlobStore)
    body = b'{"recipe_id":"gone","prompt":"fox"}'
    text = body.ljust(len(blobs.blobs[key].data) - 1) + b"\n"
    blobs.write(key, text, "application/x-ndjson")
    (warning,) = here.save(value)
    assert warning == "Row 2: there is no recipe 'gone'"


def test_rows_that_are_alike_are_planned_once_and_a_limit_is_said() -> None:
    here = Bureau()
    alike = here.checked(*(row(f"fox {number}", ENDING) for number in range(300)))
    planned: list[str] = []

    class Keys:
        def missing(self, tenant: str, providers: object) -> frozenset[str]:
            planned.append(tenant)
            return frozenset()

        def disabled(self, tenant: str, providers: object) -> frozenset[str]:
            return frozenset()

    intake: JobRequestIntake = replace(here.studio.intake, keys=Keys())
    blobs = here.studio.base.raw.blobs
    (warning,) = import_warnings(intake, blobs, alike, "ann")
    assert warning.startswith("Row 2 and 299 more: ")
    assert len(planned) == 1

    sizes = (f"{16 * number}x1024" for number in range(64, 64 + 101))
    text = "".join(f"fox,{size},builtin,\n" for size in sizes)
    many = here.studio.checked(HEADER + text)
    found = import_warnings(here.studio.intake, blobs, many, "ann")
    assert found[-1].startswith(f"{many.totals.valid - 100} rows were not looked at")


def test_the_jobs_of_a_run_have_the_warnings_of_their_day() -> None:
    here = Bureau()
    batch = here.studio.submit(here.checked(row("owl", ENDING)))
    here.studio.base.clock.at = datetime(2026, 12, 2, tzinfo=UTC)
    step = here.studio.step(batch, 2)
    job = here.studio.base.raw.jobs.get(TENANT, step["job_id"])
    assert any(SUCCESSOR in text for text in job.warnings)
