"""What orders would cost, and what would make the API refuse them; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.api.http.dependencies import Dependencies
from studio.api.jobs import cost_serializers
from studio.domain.ledger.model import budget_month
from studio.domain.orders.plan import Plan, check_limits, obstacle_warnings
from studio.domain.orders.plan_job import plan_job
from studio.domain.orders.request import JobRequest
from studio.errors import CostUnknownError, MaxCostExceededError
from studio.money import format_usd

if TYPE_CHECKING:
    from studio.api.jobs import responses
    from studio.services.orders.origins import Member, MemberOrigin


@dataclass(frozen=True, slots=True)
class Priced:
    """An order with its plan, and where its members come from."""

    order: JobRequest
    plan: Plan
    sources: "Mapping[Member, MemberOrigin]"


def plan_of(order: JobRequest, deps: Dependencies) -> Plan:
    """Return the plan of an order.

    Raises:
        InvalidRequestError: no model takes an image of the order.
    """
    return plan_job(replace(order, limited=deps.settings.monthly_limit is not None))


def estimate_of(tenant: str, priced: Sequence[Priced], deps: Dependencies) -> "responses.Estimate":
    """Return the estimate of a tenant's orders together."""
    limit = deps.settings.monthly_limit
    warnings = [
        f"job {number}: {text}"
        for number, one in enumerate(priced, 1)
        for text in warnings_of(one, limit)
    ]
    plans = [one.plan for one in priced]
    committed = _committed(tenant, deps)
    warnings += _month_warnings(plans, committed, limit)
    budget = cost_serializers.budget(limit, committed)
    return cost_serializers.estimate(plans, [one.sources for one in priced], warnings, budget)


def warnings_of(priced: Priced, monthly_limit: int | None) -> Sequence[str]:
    """Return the warnings of an order, and what would make POST /v1/jobs refuse it, once each."""
    return list(dict.fromkeys(_warnings(priced.order, priced.plan, monthly_limit)))


def _warnings(order: JobRequest, plan: Plan, monthly_limit: int | None) -> Iterator[str]:
    yield from plan.all_warnings
    yield from obstacle_warnings(plan)
    try:
        check_limits(plan, max_cost=order.max_cost, monthly_limit=monthly_limit)
    except MaxCostExceededError as error:
        yield error.fields[0].detail
    except CostUnknownError as error:
        yield str(error)


def _month_warnings(
    plans: Sequence[Plan], committed: int, monthly_limit: int | None
) -> Iterator[str]:
    """Yield a warning if the jobs would hold more than the month's limit leaves."""
    held = sum(plan.reserve for plan in plans)
    if held and monthly_limit is not None and committed + held > monthly_limit:
        left = max(monthly_limit - committed, 0)
        yield (
            f"the month's limit leaves {format_usd(left)} USD, "
            f"and these jobs would hold {format_usd(held)} USD"
        )


def _committed(tenant: str, deps: Dependencies) -> int:
    """Return the micro-dollars that a tenant has committed this month, 0 without a limit."""
    if deps.settings.monthly_limit is None:
        return 0
    return deps.ledger.committed(tenant, budget_month(deps.now()))
