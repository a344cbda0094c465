"""What is written as OpenMetrics is read back by Prometheus's own parser."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from commands.metrics.openmetrics import Metric, Sample, gauge, metrics_text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='"\\\n')))
def test_any_label_and_help_come_back(text: str) -> None:
    metric = Metric("requests", "counter", "help", (Sample(3, {"route": text}, "_total"),))
    (family,) = text_string_to_metric_families(metrics_text([metric]))
    (sample,) = family.samples
    assert (family.type, sample.name, sample.value) == ("counter", "requests_total", 3)
    assert sample.labels == {"route": text}


def test_a_help_text_keeps_its_quotes_and_line_ends() -> None:
    text = metrics_text([gauge("size_bytes", 'a "size"\nof \\', 1, "bytes")])
    (family,) = text_string_to_metric_families(text)
    assert (family.documentation, family.unit) == ('a "size"\nof \\', "bytes")


def test_a_value_that_nobody_knows_has_no_sample() -> None:
    (family,) = text_string_to_metric_families(metrics_text([gauge("age", "help", None)]))
    assert family.samples == []


def test_a_text_that_was_cut_off_is_seen_as_such() -> None:
    text = metrics_text([gauge("age", "help", 1)])
    with pytest.raises(ValueError, match="EOF"):
        list(text_string_to_metric_families(text.removesuffix("# EOF\n")))
