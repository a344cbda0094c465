"""An exposition, read by Prometheus's own parser of OpenMetrics."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.openmetrics.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]


def samples_of(text: str) -> Mapping[tuple[str, Labels], float]:
    """Return every sample by name and labels. Raises `ValueError` for what is not OpenMetrics."""
    samples: dict[tuple[str, Labels], float] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        for sample in family.samples:
            samples[sample.name, frozenset(sample.labels.items())] = sample.value
    return samples


def plain_values(text: str) -> dict[str, float]:
    """Return the samples without labels by name."""
    return {name: value for (name, labels), value in samples_of(text).items() if not labels}
