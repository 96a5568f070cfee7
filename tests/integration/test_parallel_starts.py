"""Many presses at once: one job, and each image is paid once."""

from concurrent.futures import ThreadPoolExecutor

from studio.adapters.dynamodb.writes import RETRY
from studio.domain.jobs.model import Job
from studio.errors import StateConflictError
from studio.ports.jobs import Replayed
from studio.services.contents.start_run import Selection
from tests.support.builders import TENANT
from tests.support.content_runs import run_key, start_run
from tests.support.contents import an_article
from tests.support.mock_aws.conflicting_dynamodb import ConflictingDynamoDB
from tests.support.mock_aws.stack import clients, mock_stack
from tests.support.reliability.invariants import is_over, keep_books
from tests.support.workflows.engine import Engine
from tests.support.workflows.jobs import aws_studio

STARTS = 20


def test_twenty_starts_of_one_content_are_one_job() -> None:
    with mock_stack():
        double = ConflictingDynamoDB(clients().dynamodb, hold_seconds=0.002)
        studio = aws_studio(dynamodb=(double.as_client(), RETRY))
        article = an_article("a fox", "a den")
        studio.raw.contents.create(article)
        service = start_run(studio)
        selection = Selection((article.content.content_id,))

        def start(number: int) -> Job | Replayed | str:
            try:
                return service.run(TENANT, "user-1", selection, None, run_key(f"key-{number}"))
            except StateConflictError as error:
                return str(error)

        with ThreadPoolExecutor(STARTS) as pool:
            answers = list(pool.map(start, range(STARTS)))

        (job,) = [answer for answer in answers if isinstance(answer, Job)]
        refused = [answer for answer in answers if isinstance(answer, str)]
        assert len(refused) == STARTS - 1
        assert all(job.job_id in answer for answer in refused)
        Engine(studio).settle(TENANT, job.job_id)
        assert set(studio.provider.paid.values()) == {1}
        assert len(studio.provider.paid) == 2
        keep_books(studio, [(TENANT, job.job_id)])
        is_over(*studio.raw.jobs.load(TENANT, job.job_id))
