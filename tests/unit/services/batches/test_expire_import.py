"""ExpireImport: an import does not wait for a check that is dead."""

from studio.domain.batches.model import BatchImport
from studio.services.batches.expire_import import ExpireImport
from tests.support.builders import TENANT
from tests.support.workflows.batches import BatchStudio, memory_batches


def looked_at(studio: BatchStudio, value: BatchImport) -> BatchImport:
    return ExpireImport(studio.imports, studio.base.clock).run(value)


def test_an_import_whose_check_is_dead_is_invalid_after_a_while() -> None:
    studio = memory_batches()
    value = studio.taken("prompt\nfox\n")
    studio.base.clock.advance(19 * 60)
    assert looked_at(studio, value) == value
    studio.base.clock.advance(60)

    ended = looked_at(studio, value)

    assert (ended.status, [error.code for error in ended.errors]) == ("invalid", ["check-failed"])
    assert studio.imports.get(TENANT, value.import_id) == ended
    assert studio.validate.run(TENANT, value.import_id) == "invalid"


def test_a_check_that_ends_during_the_expiry_stands() -> None:
    studio = memory_batches()
    value = studio.taken("prompt,size\nfox,1024x1024\n")
    studio.base.clock.advance(30 * 60)
    studio.validate.run(TENANT, value.import_id)

    assert looked_at(studio, value).status == "validated"
    assert looked_at(studio, looked_at(studio, value)).status == "validated"
