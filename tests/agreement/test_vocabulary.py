"""Words that a rulebook declares: any such rulebook on any history, in all three evaluators."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, strategies as st

from lifecycle.rulebook import parse
from lifecycle.rulebook.rulebook_toml import write_toml
from tests.agreement.test_policies_agreement import DAYS, assert_evaluators_agree
from tests.agreement.test_shape_vectors import Facts, assert_points_in_all_three, project
from tests.lifecycle.rulebook.test_rulebook_review import RULE
from tests.reference.draw_words import PLAIN_BOOK, worded_happenings, worded_rulebooks
from tests.soak import history_examples

WORDS = parse(write_toml(PLAIN_BOOK))
ADOPTION = {
    "event": "RulebookAdopted",
    "occurred_on": "2020-01-01",
    "rulebook_id": WORDS.id,
    "digest": WORDS.digest,
    "content": WORDS.content,
}
SOURCE: Final = 'clause = "二"\nbasis = "policy"\n'
STAGES: Final = "".join(
    f'[[vocabulary.stages]]\nname = "{name}"\nchinese = "{chinese}"\n{SOURCE}'
    for name, chinese in (("energy_review", "节能审查"), ("above_scale", "上规"))
)
MINING: Final = f'[[vocabulary.sectors]]\nname = "mining"\nchinese = "矿业"\n{SOURCE}'
FIGURES: Final = "".join(
    f'[[vocabulary.figures]]\nname = "{name}"\nchinese = "{chinese}"\ntake = "{take}"\n'
    f'unit = "万元"\n{SOURCE}'
    for name, chinese, take in (("capital", "注册资本", "last"), ("exports", "出口额", "sum"))
)
NODES: Final = RULE + 'measure = "nodes_reached"\nkind = "per_item"\npoints = 1\n'
SIGNED: Final = RULE + 'measure = "projects_signed"\nkind = "per_item"\npoints = 1\n'
AMOUNT: Final = RULE + 'measure = "project_figure"\nkind = "per_amount"\nper = 10\npoints = 1\n'
CAPITAL: Final = AMOUNT + 'figure = "capital"\n'
EXPORTS: Final = AMOUNT + 'figure = "exports"\n'
RICH: Final = 'where = { figures = { capital = "[20,)" } }\n'


def reached(stage: str, on: str) -> dict[str, Any]:
    """A stage that the project reached."""
    return {"event": "MilestoneReached", "project": "A", "occurred_on": on, "milestone": stage}


def reported(
    figure: str, period: str, actual: str, on: str = "2024-07-01", **fields: str
) -> dict[str, Any]:
    """A figure of the project."""
    record = {"event": "ProjectFigureReported", "project": "A", "occurred_on": on}
    return record | {"figure": figure, "period": period, "actual": actual} | fields


A: Final = project("A", "2024-02-01", "2024-03-01")
OF_MINING: Final = [A[0] | {"sector": "mining"}, *A[1:]]
BOTH_STAGES: Final = [reached("energy_review", "2024-04-01"), reached("above_scale", "2023-12-31")]
EACH: Final = 'each = "project"\n'
VECTORS: Final[dict[str, tuple[str, Facts, str]]] = {
    "stages of the seven alone": (NODES + STAGES, [*A, *BOTH_STAGES], "3"),
    "a declared stage of the year": (
        NODES + 'stages = ["energy_review", "above_scale"]\n' + STAGES,
        [*A, *BOTH_STAGES],
        "1",
    ),
    # The declared stages come behind the others, in the order of the rule: the limit cuts the last.
    "declared stages in the order of the rule": (
        NODES.replace("points = 1\n", "points_by = { above_scale = 2, signing = 1 }\nlimit = 2.5\n")
        + 'stages = ["above_scale", "signing"]\n'
        + STAGES,
        [*A, reached("above_scale", "2024-04-01")],
        "2.5",
    ),
    "days to a declared stage": (
        RULE
        + 'measure = "days_between"\nkind = "deduct"\npoints = -0.1\n'
        + 'from_stage = "signing"\nto_stage = "energy_review"\n'
        + EACH
        + STAGES,
        [*A, *BOTH_STAGES],
        "-3.1",
    ),
    "a declared sector": (SIGNED + 'where = { sector = ["mining"] }\n' + MINING, OF_MINING, "1"),
    "another book's sector is not eligible": (SIGNED + 'needs = ["eligible"]\n', OF_MINING, "0"),
    "one's own sector is": (SIGNED + 'needs = ["eligible"]\n' + MINING, OF_MINING, "1"),
    "the last period's figure": (
        CAPITAL + FIGURES,
        [*A, reported("capital", "2024-Q2", "30"), reported("capital", "2024-05", "90")],
        "3",
    ),
    "of periods that end together the later report": (
        CAPITAL + FIGURES,
        [
            *A,
            reported("capital", "2024-H1", "30", "2024-07-02"),
            reported("capital", "2024-06", "50", "2024-07-01"),
        ],
        "3",
    ),
    "a year ends after its months": (
        CAPITAL + FIGURES,
        [*A, reported("capital", "2024-11", "30"), reported("capital", "2024", "40")],
        "4",
    ),
    "the sum of the year's periods": (
        EXPORTS + FIGURES,
        [
            *A,
            reported("exports", "2024-01", "30"),
            reported("exports", "2024-02", "0.5"),
            reported("exports", "2023-12", "70"),
            reported("capital", "2024-02", "70"),
        ],
        "3.05",
    ),
    "beyond a number of each project": (
        EXPORTS + EACH + "beyond = { fixed = 10 }\n" + FIGURES,
        [*A, reported("exports", "2024-01", "30")],
        "2",
    ),
    "a band of a figure": (
        RULE
        + 'measure = "project_figure"\nfigure = "capital"\nkind = "bracket"\n'
        + 'bands = [{ value = "(,20)", points = 1 }, { value = "[20,)", points = 4 }]\n'
        + FIGURES,
        [*A, reported("capital", "2024-Q2", "20")],
        "4",
    ),
    "short of a number in quarters: a half-year's figure lies in none": (
        EXPORTS.replace("points = 1", "points = -1")
        + 'each = "quarter"\nshort_of = { fixed = 10 }\n'
        + FIGURES,
        [*A, reported("exports", "2024-Q1", "6"), reported("exports", "2024-H2", "99")],
        "-3.4",
    ),
    "a filter takes its bound": (
        SIGNED + RICH + FIGURES,
        [*A, reported("capital", "2023", "20")],
        "1",
    ),
    "and nothing below it": (
        SIGNED + RICH + FIGURES,
        [*A, reported("capital", "2023", "20"), reported("capital", "2024-01", "19.999999")],
        "0",
    ),
    "a figure that nobody reported lies in no band": (
        SIGNED + RICH.replace("[20,)", "[0,)") + FIGURES,
        A,
        "0",
    ),
    "a filter on a sum takes all years": (
        SIGNED + RICH.replace("capital", "exports") + FIGURES,
        [*A, reported("exports", "2022", "15"), reported("exports", "2024-01", "5")],
        "1",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_with_declared_words_gives_its_points_in_all_three(
    name: str,
    tmp_path: Path,
) -> None:
    rules, facts, points = VECTORS[name]
    assert_points_in_all_three(tmp_path, rules, [ADOPTION, *facts], date(2024, 12, 31), points)


@pytest.mark.parametrize(
    ("day", "points"),
    [(date(2024, 6, 30), "0"), (date(2024, 7, 1), "3")],
)
def test_a_figure_counts_from_the_day_of_its_report(
    day: date,
    points: str,
    tmp_path: Path,
) -> None:
    facts = [ADOPTION, *A, reported("capital", "2024-05", "30")]
    assert_points_in_all_three(tmp_path, CAPITAL + FIGURES, facts, day, points)


@history_examples(40)
@given(
    book=worded_rulebooks(),
    history=worded_happenings(ADOPTION),
    day=st.sampled_from(DAYS),
)
def test_three_evaluators_agree_about_declared_words(
    book: dict[str, Any],
    history: list[dict[str, Any]],
    day: date,
) -> None:
    assert_evaluators_agree(book, history, day)
