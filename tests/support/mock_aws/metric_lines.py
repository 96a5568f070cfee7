"""Reads what CloudWatch would make of the lines that functions print."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the embedded metric format, with all its members."""

    members: Mapping[str, Any]

    def values(self, namespace: str, name: str, dimensions: Mapping[str, str]) -> list[float]:
        """Return the values of a metric with exactly these dimensions."""
        found: list[float] = []
        for directive in self.members["_aws"]["CloudWatchMetrics"]:
            names = {metric["Name"] for metric in directive["Metrics"]}
            if directive["Namespace"] != namespace or name not in names:
                continue
            for keys in directive["Dimensions"]:
                if {key: self.members[key] for key in keys} == dimensions:
                    found += self.members[name]
        return found


def metric_lines(printed: str) -> list[Line]:
    """Return the lines with metrics among those that were printed."""
    return [Line(document) for document in log_lines(printed) if "_aws" in document]


def log_lines(printed: str) -> Iterator[dict[str, Any]]:
    """Yield every line that is a JSON document."""
    for line in printed.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def values_of(
    printed: str, namespace: str, name: str, dimensions: Mapping[str, str]
) -> list[float]:
    """Return the values of a metric in the order in which they were printed."""
    return [
        value
        for line in metric_lines(printed)
        for value in line.values(namespace, name, dimensions)
    ]
