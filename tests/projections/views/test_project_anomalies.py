"""What is unusual about a project, held against the definition that spec 5 gives."""

from __future__ import annotations

from datetime import date
from statistics import median

from hypothesis import given, strategies as st

from projections.views.project_anomalies import days_far_apart, figures_far_above_usual

_MONTHS = st.sampled_from([f"2024-{month:02d}" for month in range(1, 13)])
_AMOUNTS = st.one_of(
    st.integers(-5, 5), st.integers(1, 10).map(lambda number: number * 1_000), st.integers(0, 10**9)
)
_DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@given(st.dictionaries(_MONTHS, _AMOUNTS))
def test_a_figure_is_unusual_at_a_thousand_times_the_median_of_the_others(
    figures: dict[str, int],
) -> None:
    expected = []
    for month, amount in figures.items():
        others = [other for name, other in figures.items() if name != month and other > 0]
        if len(others) >= 3 and amount >= 1_000 * median(others):
            expected.append(month)
    assert [problem.values["month"] for problem in figures_far_above_usual(figures)] == expected


@given(st.lists(_DAYS, max_size=6))
def test_a_day_is_unusual_over_five_years_from_every_other(days: list[date]) -> None:
    expected = []
    for place, day in enumerate(sorted(days)):
        others = sorted(days)
        del others[place]
        if others and not any(_within_five_years(day, other) for other in others):
            expected.append(day)
    assert [problem.values["day"] for problem in days_far_apart(days)] == expected


def _within_five_years(day: date, other: date) -> bool:
    earlier, later = min(day, other), max(day, other)
    anniversary = f"{earlier.year + 5}-{earlier:%m-%d}"
    return later.isoformat() <= anniversary
