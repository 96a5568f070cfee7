"""The alarms of the template, and what CloudWatch makes of the values of their metrics."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from tests.support.template.functions import resources, text

_COMPARE = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}
_STATISTIC: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Average": fmean,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm.

    Attributes:
        dimensions: Value of each dimension by name, as text.
    """

    name: str
    properties: Mapping[str, Any]
    dimensions: Mapping[str, str]

    @property
    def metric(self) -> tuple[str, str]:
        """Namespace and name of its metric."""
        return self.properties["Namespace"], self.properties["MetricName"]

    def sounds(self, *periods: Sequence[float]) -> bool | None:
        """Tell whether it is in alarm after the values of its newest periods; None for no change.

        A period without values counts as the alarm treats missing data.
        """
        wanted = self.properties["EvaluationPeriods"]
        assert len(periods) == wanted, f"{self.name} looks at {wanted} periods"
        missing = self.properties["TreatMissingData"]
        if missing == "ignore" and not any(periods):
            return None
        return all(self._breaches(values) for values in periods)

    def _breaches(self, values: Sequence[float]) -> bool:
        if not values:
            return bool(self.properties["TreatMissingData"] == "breaching")
        compare = _COMPARE[self.properties["ComparisonOperator"]]
        value = _STATISTIC[self.properties["Statistic"]](values)
        return bool(compare(value, self.properties["Threshold"]))


def alarms() -> dict[str, Alarm]:
    """Return every alarm of the template by its logical id."""
    return {
        one.logical_id: Alarm(one.logical_id, one.properties, _dimensions(one.properties))
        for one in resources("AWS::CloudWatch::Alarm")
    }


def _dimensions(properties: Mapping[str, Any]) -> dict[str, str]:
    return {one["Name"]: text(one["Value"]) for one in properties.get("Dimensions", [])}
