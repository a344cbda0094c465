"""A trial of a parameter as one page: for each sequence, the ranks at each value tried."""

from __future__ import annotations

from itertools import groupby

from commands.web.page_chart import PageChart
from commands.web.score_charts import sequence_of
from commands.web.self_contained import self_contained_page
from commands.words import page_words
from commands.words.messages import in_chinese
from commands.words.rank_words import rank_cell
from lifecycle.rulebook.parts import exact_text
from projections.views.parameter_trial import ParameterTrial


def trial_page(trial: ParameterTrial) -> str:
    """The text of the whole page, which opens anywhere and reads nothing from a network."""
    with in_chinese():
        return self_contained_page(
            "trial.html",
            trial=trial,
            present=exact_text(trial.present),
            charts=trial_charts(trial),
        )


def trial_charts(trial: ParameterTrial) -> list[PageChart]:
    """A chart for each sequence: its units' ranks at each value that the rulebook may have."""
    if not trial.tried:
        return []
    ranks_by_value = []
    for tried in trial.tried:
        ranks_by_value.append({score.unit: rank_cell(score.rank) for score in tried.scores})
    charts = []
    # Every value scores the same units, so that the last one names all of them.
    sequences = groupby(trial.tried[-1].scores, key=sequence_of)
    for number, (sequence, scores) in enumerate(sequences, start=1):
        rows = []
        for score in scores:
            ranks = [ranks_of_value[score.unit] for ranks_of_value in ranks_by_value]
            rows.append([score.name, *ranks])
        chart = PageChart(
            kind="ranks",
            name=f"ranks-{number}",
            title=page_words.trial_title(sequence),
            reading=page_words.TRIAL_READING,
            headings=[page_words.UNIT, *[exact_text(tried.value) for tried in trial.tried]],
            rows=rows,
        )
        charts.append(chart)
    return charts
