"""The text format of OpenMetrics 1.0 (prometheus.io/docs/specs/om/open_metrics_spec)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from commands.words.messages import _

CONTENT_TYPE: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
MetricType = Literal["counter", "gauge", "info", "summary"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a metric; `suffix` is what its type demands behind the metric's name."""

    value: int | float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with its samples.

    `help` is the message in English that says what it counts. `unit` is also the end of the name,
    as the specification demands.
    """

    name: str
    type: MetricType
    help: str
    samples: tuple[Sample, ...]
    unit: str = ""


def gauge(
    name: str,
    explanation: str,
    value: float | None,
    unit: str = "",
) -> Metric:
    """Return a metric with one value; without a sample where the value is not known."""
    # A gauge of 0 would claim what nobody knows: a metric without samples is allowed.
    samples = () if value is None else (Sample(value),)
    return Metric(name, "gauge", explanation, samples, unit)


def metrics_text(metrics: Iterable[Metric]) -> str:
    """Return the exposition: metrics with type, unit, help and samples, and the end marker."""
    lines: list[str] = []
    for metric in metrics:
        lines.extend(_metric_lines(metric))
    # A reader takes a text without this line for one that was cut off.
    lines.append("# EOF\n")
    return "\n".join(lines)


def _metric_lines(metric: Metric) -> Iterator[str]:
    yield f"# TYPE {metric.name} {metric.type}"
    if metric.unit:
        yield f"# UNIT {metric.name} {metric.unit}"
    yield f"# HELP {metric.name} {_escaped(_(metric.help))}"
    for sample in metric.samples:
        yield f"{metric.name}{sample.suffix}{_labels_text(sample.labels)} {sample.value}"


def _labels_text(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    pairs = [f'{name}="{_escaped(value)}"' for name, value in labels.items()]
    return "{" + ",".join(pairs) + "}"


def _escaped(text: str) -> str:
    """Escape what the format gives a meaning within help texts and label values."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
