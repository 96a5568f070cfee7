"""Metrics of the stack, as lines in CloudWatch's embedded metric format.

CloudWatch Logs makes the metrics of a line, so a metric costs no call. A line is a log line, too:
its facts can be searched, and they are no dimensions. A tenant is a fact and never a dimension.
"""

from collections.abc import Mapping
from typing import Final

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE: Final = "ImageStudio"

UNITS: Final[Mapping[str, MetricUnit]] = {
    "Images": MetricUnit.Count,
    "ProviderFailures": MetricUnit.Count,
    "ProviderThrottles": MetricUnit.Count,
    "ProviderLatency": MetricUnit.Milliseconds,
    "BreakersOpened": MetricUnit.Count,
    "SpendUsd": MetricUnit.NoUnit,
    "UnknownOutcomes": MetricUnit.Count,
    "Sweeps": MetricUnit.Count,
    "OldestOpenJob": MetricUnit.Seconds,
    "Deliveries": MetricUnit.Count,
    "BatchRows": MetricUnit.Count,
    "UploadRefusals": MetricUnit.Count,
    "MonthShare": MetricUnit.Percent,
}
"""Every metric and its unit. SpendUsd is in dollars."""


def emit(
    values: Mapping[str, float],
    *groups: Mapping[str, str],
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write a line with metrics.

    Each metric is counted for the whole stack, which is the dimension ``service``, and once more
    for each group.

    Args:
        values: Values by the names of ``UNITS``.
        groups: Further dimensions, each of them a set with the stack.
        facts: Further members of the line; those that are None are left out.
    """
    line = EphemeralMetrics(namespace=NAMESPACE)
    line.add_dimension("service", line.service)
    for group in groups:
        line.add_dimensions(service=line.service, **group)
    for name, value in values.items():
        line.add_metric(name, UNITS[name], value)
    for key, fact in (facts or {}).items():
        if fact is not None:
            line.add_metadata(key, fact)
    line.flush_metrics()
