"""A rejection names each wrong field once, with its error and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from lifecycle.deciding.drafts import read_record
from lifecycle.events import BY_NAME
from lifecycle.events.field_types import FORMS
from lifecycle.rejections import LedgerError, Problem, Rejected
from lifecycle.rulebook import Rulebook
from tests.given import correction, of, reported

PROOF = {"name": "a.pdf", "sha256": "a" * 64}
LAND = {"stage": "land", "due_on": "2024-05-01"}


def sentence_of(record: dict[str, Any]) -> str:
    with pytest.raises(Rejected) as rejection:
        read_record(record)
    return str(rejection.value)


OF_PERIOD = "period must be a half-year, quarter or month of 2024"


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (of("TaxPaid", None, month="2024-13", amount="1"), "month: must look like 2024-05"),
        (
            of("ProjectFiled", project_code="x"),
            "project_code: must look like 2403-330824-04-01-123456",
        ),
        (
            of("StatisticsEntered", evidence=[PROOF | {"sha256": "zz"}]),
            f"evidence.0.sha256: must look like {FORMS['^[0-9a-fA-F]{64}$']}",
        ),
        (of("StatisticsEntered", evidence=[{"name": "a.pdf"}]), "evidence.0.sha256: is missing"),
        (of("StatisticsEntered", evidence=[PROOF] * 101), "evidence: may have at most 100 entries"),
        (of("StatisticsEntered", evidence=PROOF), "evidence: must be a list"),
        (of("StatisticsEntered", evidence=["a.pdf"]), "evidence.0: must be an object"),
        (
            of("StatisticsEntered", code="x" * 65),
            "code: is not a field here; allowed: ['source_ref', 'evidence',",
        ),
        (
            of("StatisticsEntered", "2024-01-01", "x" * 65),
            "project: may have at most 64 characters",
        ),
        (of("StatisticsEntered", note="长" * 4001), "note: may have at most 4000 characters"),
        (of("StatisticsEntered", note=5), "note: must be text"),
        (of("ScheduleSet", milestones=[]), "milestones: must have at least 1 entry"),
        (
            of("ScheduleSet", milestones=[LAND | {"due_on": "bald"}]),
            "milestones.0.due_on: must be a date such as 2024-03-31",
        ),
        (of("ScheduleSet", milestones=[LAND | {"by": 1}]), "milestones.0.by: is not a field here"),
        (of("ScheduleSet", milestones=[LAND] * 7), "milestones: may have at most 6 entries"),
        (
            reported(sector="矿业"),
            "sector: must be one of ['industrial', 'cultural_tourism', 'agricultural', 'service',",
        ),
        (reported(chains="cards"), "chains: must be a list"),
        (
            reported(planned_investment=2.5),
            'planned_investment: must be text such as "96000.5": a JSON number with a decimal',
        ),
        (reported(outside_ratio="1.1"), "outside_ratio: must be between 0 and 1, such as 0.35"),
        (
            reported(name="a\x07b"),
            "name: text must not contain control characters or lone surrogates",
        ),
        (
            reported(occurred_on="2024-01-09"),
            "must be the day of reported_at in Shanghai time, 2024-01-10; omit it or give that day",
        ),
        (
            of("TaxPaid", "2024-06-01", month="2024-05", amount="1"),
            "a monthly figure must be dated within its month 2024-05",
        ),
        (correction(1, "x"), "replacement: must be an object or null; in a cell"),  # type: ignore[arg-type]
        (correction(0, None), "corrects: must be a whole number, at least 1"),
        (
            {
                "event": "TargetSet",
                "occurred_on": "2024-01-01",
                "year": 1899,
                "indicator": "x",
                "amount": "1",
            },
            "year: must be at least 1900",
        ),
        (
            {
                "event": "TargetSet",
                "occurred_on": "2024-01-01",
                "year": 2200,
                "indicator": "x",
                "amount": "1",
            },
            "year: must be at most 2199",
        ),
        *(
            (
                {
                    "event": "TargetSet",
                    "occurred_on": "2024-01-01",
                    "year": 2024,
                    "indicator": "x",
                    "amount": "1",
                    "period": period,
                },
                f"{OF_PERIOD}; the target of the year itself has none",
            )
            for period in ("2024", "2023-H2", "2025-01")
        ),
        (
            {"event": "SignedAgreement"},
            "event: unknown event SignedAgreement; allowed: ['InformationReported',",
        ),
    ],
)
def test_a_rejection_says_what_is_allowed(record: dict[str, Any], sentence: str) -> None:
    text = sentence_of(record)
    assert text.startswith(sentence)
    assert ";" not in text or sentence.count(";") == text.count(";")  # one error, reported once


def patterns(kind: Any) -> Iterator[str]:
    """The patterns in a type, in its arguments, in its fields, and in theirs."""
    for piece in (*get_args(kind), *getattr(kind, "__metadata__", ())):
        yield from patterns(piece)
    if isinstance(pattern := getattr(kind, "pattern", None), str):
        yield pattern
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for field in kind.model_fields.values():
            for piece in (field.annotation, *field.metadata):
                yield from patterns(piece)


def test_every_pattern_has_a_matching_example() -> None:
    assert {pattern for kind in (*BY_NAME.values(), Rulebook) for pattern in patterns(kind)} == set(
        FORMS
    )
    for pattern, examples in FORMS.items():
        assert all(re.fullmatch(pattern, example) for example in examples.split(", "))


def test_several_problems_stand_in_one_rejection() -> None:
    rejection = Rejected(
        [
            Problem("a", "is {what}", {"what": "wrong"}, "name"),
            Problem("b", "and {more}", {"more": "so on"}),
        ]
    )
    assert str(rejection) == "name: is wrong; and so on"
    assert isinstance(rejection, LedgerError)
