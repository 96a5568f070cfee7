"""The demo's check of a job's ledger."""

from decimal import Decimal

from rich.console import Console

from studio_cli.amounts import dollars
from studio_cli.client import StudioClient
from studio_cli.errors import CliError
from studio_cli.ledger_check import check_ledger
from studio_cli.terminal import done


def check_money(
    client: StudioClient, job_id: str, console: Console, *, quiet: bool = False
) -> None:
    """Check that the sums of a job's ledger agree, and print them unless ``quiet``.

    Raises:
        CliError: Two sums differ.
    """
    job, items, ledger = client.job(job_id), client.items(job_id), client.ledger(job_id)
    checks = check_ledger(job, items, ledger)
    wrong = [
        f"  {check.name}: {check.left} is not {check.right}" for check in checks if not check.holds
    ]
    if wrong:
        raise CliError("\n".join(["The ledger does not add up:", *wrong]))
    if quiet:
        return
    totals = ledger["totals"]
    reserved, released = Decimal(totals["reserved"]), Decimal(totals["released"])
    done(
        console,
        f"ledger checked, {len(checks)} sums agree: reserved {dollars(reserved)} = "
        f"used by calls {dollars(reserved - released)} + released {dollars(released)}; "
        f"settled {dollars(totals['settled'])} = job cost = sum of its {len(items)} images",
    )
