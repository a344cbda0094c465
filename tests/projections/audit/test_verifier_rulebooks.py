"""The standalone verifier rejects by name what it does not know of a rulebook.

What it left aside could move points.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.rulebook import canonical, shipped, shipped_ids
from projections.audit.verifier import verify_bundle as verifier

BOOK: dict[str, Any] = json.loads(canonical(shipped("kaihua-2024").rulebook))
CITY: dict[str, Any] = json.loads(canonical(shipped("city-2024").rulebook))
NAME = "rulebook kaihua-2024"


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data = deepcopy(BOOK)
    change(data)
    return data


def rule(**fields: Any) -> Callable[[dict[str, Any]], object]:
    """A rule put in front."""
    return lambda data: data["rules"].insert(
        0,
        {
            "id": "r",
            "chinese": "规则",
            "module": "bonus",
            "clause": "一",
            "basis": "policy",
            **fields,
        },
    )


def by_quarter(*, assessed: str = "quarter", **part: Any) -> Callable[[dict[str, Any]], object]:
    """The bonus assessed by quarter, and a part of another module that takes it."""

    def change(data: dict[str, Any]) -> None:
        bonus = next(module for module in data["modules"] if module["id"] == "bonus")
        bonus["assessed"] = assessed
        taken = {"result": {"module": "bonus"}, "each": "quarter", "take": "sum", "share": "1"}
        parts = [{**taken, **part}]
        fields = {"id": "r", "chinese": "规则", "clause": "一", "basis": "policy", "parts": parts}
        shape = {"kind": "composite", "weight": "1", "out_of": "1", "module": "routine"}
        data["rules"].insert(0, {**fields, **shape})

    return change


def test_a_rulebook_with_a_module_assessed_by_quarter_is_known() -> None:
    data = changed(by_quarter())
    # Factors and gates of other modules on the bonus are no longer the year's.
    book = verifier.CheckedRulebook(data)
    assert list(book.period_books) == ["quarter"]
    assert {rule["module"] for rule in book.period_books["quarter"].data["rules"]} == {"bonus"}
    assert "bonus" not in {rule["module"] for rule in book.data["rules"]}
    assert "bonus" in book.modules


def gate_on(result: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The fields of a gate with one condition on a result."""
    return {"kind": "gate", "gates": "total", "any_of": [{"all": [{"result": result, **fields}]}]}


@pytest.mark.parametrize("name", shipped_ids())
def test_every_shipped_rulebook_is_known(name: str) -> None:
    data = json.loads(canonical(shipped(name).rulebook))
    book = verifier.CheckedRulebook(data)
    modules_of_year = [module["id"] for module in data["modules"] if "assessed" not in module]
    rules_of_year = [rule for rule in data["rules"] if rule["module"] in modules_of_year]
    assert (book.data | {"modules": []}, book.modules, book.places) == (
        data | {"rules": rules_of_year, "modules": []},
        [module["id"] for module in data["modules"]],
        data["rounding"]["json"],
    )
    assert book.checked_every == data.get("schedule_checks", {}).get("every", "quarter")
    assert (book.sectors_by_tax, book.period_limits) == (
        set(data.get("nodes", {}).get("by_tax", [])),
        set(data.get("assessment_period", {}).get("limits", [])),
    )
    assert book.coefficients == {table["id"]: table for table in data.get("coefficients", [])}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda data: data.update(more=1, again=2),
            f"{NAME}: this verifier does not know 'again', 'more'",
        ),
        (
            lambda data: data["coefficients"][0].update(combine="mean"),
            f"{NAME}: coefficients combined by 'mean'",
        ),
        (
            lambda data: data["credit"].update(share="0.5"),
            f"{NAME}: its credit, checks or ranking are unknown to this verifier",
        ),
        (
            lambda data: data["schedule_checks"].update(every="week"),
            f"{NAME}: its credit, checks or ranking are unknown to this verifier",
        ),
        (
            lambda data: data["ranking"].update(within="county"),
            f"{NAME}: its credit, checks or ranking are unknown to this verifier",
        ),
        (
            lambda data: data["rounding"].update(json=21),
            f"{NAME}: it has too many places, or rules",
        ),
        (lambda data: data["rounding"].update(json="2"), "rounding.json is not a count"),
        (
            lambda data: data["rules"][0].update(places=21),
            f"{NAME}: it has too many places, or rules",
        ),
        (lambda data: data["rules"][0].update(places="2"), "places is not a count"),
        (
            lambda data: data.update(rules=data["rules"][:1] * 1001),
            f"{NAME}: it has too many places, or rules",
        ),
        (
            rule(kind="lottery"),
            f"{NAME}, rule r has the kind 'lottery', unknown to this verifier",
        ),
        (
            rule(kind="per_item", measure="awards_won", points="1", more=1),
            f"{NAME}, rule r: this verifier does not know 'more'",
        ),
        (
            rule(kind="ratio", measure="awards_won", weight="1", points="1"),
            f"{NAME}, rule r: this verifier does not know 'points'",
        ),
        (
            rule(kind="gate", gates="total", any_of=[], more=1),
            f"{NAME}, rule r: this verifier does not know 'more'",
        ),
        (
            rule(kind="gate", gates="total", any_of=[], measure="awards_won"),
            f"{NAME}, rule r: this verifier does not know 'measure'",
        ),
        (
            rule(kind="per_item", measure="luck", points="1"),
            f"{NAME}, rule r: this verifier does not know 'luck'",
        ),
        (
            rule(kind="per_item", measure="awards_won", points="1", needs=["rich"]),
            f"{NAME}, rule r: this verifier does not know 'rich'",
        ),
        (
            rule(kind="per_item", measure="awards_won", points="1", where={"colour": 1}),
            f"{NAME}, rule r: this verifier does not know 'colour'",
        ),
        (
            rule(
                kind="gate",
                gates="total",
                any_of=[{"all": [{"measure": "awards_won", "at_least": "1", "share": "1"}]}],
            ),
            f"{NAME}, rule r: this verifier does not know 'share'",
        ),
        (
            rule(kind="coefficient", total=True, rows=[{"factor": "1", "colour": "red"}]),
            f"{NAME}, rule r: this verifier does not know 'colour'",
        ),
        (
            rule(kind="coefficient", modules=["nowhere"], rows=[]),
            f"{NAME}, rule r: this verifier does not know 'nowhere'",
        ),
        (
            rule(**gate_on({"rule": "r"}, at_least="1", in_a_row=2)),
            f"{NAME}, rule r: this verifier does not know 'in_a_row'",
        ),
        (
            rule(**gate_on({"grade": "优"}, at_least="1")),
            f"{NAME}, rule r: this verifier does not know 'grade'",
        ),
        (
            rule(**gate_on({"rule": "nowhere"}, at_least="1")),
            f"{NAME}, rule r: this verifier does not know 'nowhere'",
        ),
        (
            rule(**gate_on({"total": True}, place="middle", at_most="1")),
            f"{NAME}, rule r, place: this verifier does not know 'middle'",
        ),
        (
            rule(
                kind="composite",
                weight="1",
                out_of="1",
                parts=[{"measure": "awards_won", "share": "1", "take": "sum", "at_least": "1"}],
            ),
            f"{NAME}, rule r: this verifier does not know 'at_least'",
        ),
        (by_quarter(each="month"), f"{NAME}, rule r: this verifier does not know 'month'"),
        (by_quarter(each="week"), f"{NAME}, rule r, each: this verifier does not know 'week'"),
        (by_quarter(only=["Q5"]), f"{NAME}, rule r: this verifier does not know 'Q5'"),
        (by_quarter(take="last"), f"{NAME}, rule r, take: this verifier does not know 'last'"),
        (by_quarter(luck="1"), f"{NAME}, rule r: this verifier does not know 'luck'"),
        (
            by_quarter(when_missing="holds"),
            f"{NAME}, rule r, when_missing: this verifier does not know 'holds'",
        ),
        (
            by_quarter(result={"module": "routine"}),
            f"{NAME}, rule r: this verifier does not know 'routine'",
        ),
        (
            by_quarter(result={"module": "bonus", "rule": "r"}),
            f"{NAME}, rule r: this verifier does not know 'rule'",
        ),
        (by_quarter(assessed="week"), f"{NAME}, assessed: this verifier does not know 'week'"),
        (
            lambda data: (by_quarter()(data), data.update(assessed={"period": "quarter"})),
            f"{NAME}: all of it and a module are assessed by period",
        ),
        (
            rule(kind="rank", measure="awards_won", bands=[], first="greatest", ties="lots"),
            f"{NAME}, rule r, ties: this verifier does not know 'lots'",
        ),
        (
            rule(kind="ratio", measure="awards_won", weight="1", each="week"),
            f"{NAME}, rule r, each: this verifier does not know 'week'",
        ),
        (
            rule(
                kind="composite",
                weight="1",
                out_of="1",
                parts=[{"measure": "awards_won", "share": "1", "take": "most"}],
            ),
            f"{NAME}, rule r, take: this verifier does not know 'most'",
        ),
        (
            rule(
                kind="ratio",
                measure="awards_won",
                weight="1",
                target={"counted": {"measure": "luck"}},
            ),
            f"{NAME}, rule r: this verifier does not know 'luck'",
        ),
        (
            rule(
                kind="bracket",
                measure="awards_won",
                bands=[],
                short_of={"counted": {"measure": "luck"}},
            ),
            f"{NAME}, rule r: this verifier does not know 'luck'",
        ),
        (
            rule(
                kind="bracket",
                measure="awards_won",
                bands=[],
                beyond={"counted": {"measure": "awards_won", "needs": ["rich"]}},
            ),
            f"{NAME}, rule r: this verifier does not know 'rich'",
        ),
    ],
)
def test_anything_unknown_in_a_rulebook_is_rejected_by_name(
    change: Callable[[dict[str, Any]], object],
    sentence: str,
) -> None:
    with pytest.raises(verifier.VerificationError) as failure:
        verifier.CheckedRulebook(changed(change))
    assert str(failure.value) == sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["rounding"].update(json=20),
        lambda data: data["rules"][0].update(places=20),
        lambda data: data.update(rules=data["rules"][:1] * 1000),
        lambda data: data["credit"].update(share="1.0"),
        lambda data: data["schedule_checks"].update(every="month"),
        lambda data: data["coefficients"][0].update(combine="product"),
        rule(
            kind="gate",
            gates="total",
            any_of=[{"all": [{"measure": "awards_won", "at_least": "1"}]}],
        ),
        rule(
            kind="composite",
            weight="1",
            out_of="1",
            parts=[{"measure": "awards_won", "share": "1", "take": "sum"}],
        ),
        rule(
            kind="per_item",
            measure="days_between",
            from_stage="signing",
            to_stage="land",
            points="1",
        ),
        rule(kind="per_item", measure="indicator", indicator="x", points="1"),
        rule(
            kind="per_item",
            measure="nodes_reached",
            points="1",
            needs=["recognised", "eligible", "not_excluded"],
            coefficient="size",
            places=2,
        ),
    ],
)
def test_a_rulebook_at_the_limits_is_accepted(change: Callable[[dict[str, Any]], object]) -> None:
    verifier.CheckedRulebook(changed(change))


# A project under tables that it does not know -----------------------------------------------------


def project(
    book: dict[str, Any],
    **fields: Any,
) -> verifier.AssessedProject:
    """An industrial project as reported, nothing more."""
    report = {
        "reported_at": "2024-01-10T09:00:00+08:00",
        "reporting_unit": "甲",
        "sector": "industrial",
        "kind": "new",
        "planned_fixed_assets": "2000",
        "planned_investment": "3000",
        "outside_ratio": "0.3",
    }
    facts = [
        verifier.EffectiveFact(
            verifier.StoredEvent(1, "project/P", 1, "InformationReported/1", b"{}"),
            {**report, **fields},
        )
    ]
    rulebook = verifier.CheckedRulebook(book)
    span = verifier.AssessedSpan(rulebook, 2024, date(2024, 12, 31))
    return verifier.AssessedProject("P", facts, rulebook, span, verifier.Units())


def test_unknown_words_in_tables_are_rejected_by_name() -> None:
    with pytest.raises(
        verifier.VerificationError, match=r"^the condition 'luck' is unknown to this verifier$"
    ):
        project(BOOK).meets_condition({"measure": "luck", "at_least": "1"})
    with pytest.raises(
        verifier.VerificationError, match=r"^a filter: this verifier does not know 'colour'$"
    ):
        project(BOOK).fits({"colour": "red"})
    funds = changed(
        lambda data: data.update(funds=[{"sector": ["industrial"], "source": "luck", "share": "1"}])
    )
    with pytest.raises(
        verifier.VerificationError, match=r"^funds from 'luck' are unknown to this verifier$"
    ):
        verifier.funds_in_place(project(funds))
    signed = verifier.EffectiveFact(
        verifier.StoredEvent(2, "project/P", 2, "AgreementSigned/1", b"{}"),
        {"occurred_on": "2024-02-01", "contract_fixed_assets": "-1"},
    )
    unscaled = project(BOOK)
    unscaled.scale = Fraction(-1)
    unscaled.book.data = {
        **unscaled.book.data,
        "assessment_period": {"bands": [{"scale": "[0,)", "months": 12}]},
    }
    with pytest.raises(
        verifier.VerificationError, match=r"^no assessment period for the scale -1$"
    ):
        unscaled.assessment_period_end(signed)


@pytest.mark.parametrize("text", ["1e3", "x", "", "1.", ".5", "--1", "1_0"])
def test_text_that_is_no_number_is_rejected(text: str) -> None:
    with pytest.raises(verifier.VerificationError, match=r"^'.*' is not a number$"):
        project(BOOK, planned_investment=text)


def test_an_event_that_cannot_be_read_is_named() -> None:
    for fields in ({}, {"occurred_on": 5}, {"occurred_on": "x"}):
        with pytest.raises(verifier.VerificationError, match=r"^P#7 cannot be read$"):
            verifier.EffectiveFact(
                verifier.StoredEvent(9, "project/P", 7, "AgreementSigned/1", b"{}"), fields
            )
    with pytest.raises(verifier.VerificationError, match=r"^county#7 cannot be read$"):
        verifier.EffectiveFact(verifier.StoredEvent(9, "county", 7, "TargetSet/1", b"{}"), {})
    with pytest.raises(
        verifier.VerificationError, match=r"^the event at position 9 is not a JSON object$"
    ):
        _ = verifier.StoredEvent(9, "county", 7, "TargetSet/1", b"[]").fields
    with pytest.raises(verifier.VerificationError, match=r"^month is not text$"):
        _ = verifier.EffectiveFact(
            verifier.StoredEvent(9, "unit/x", 7, "UnitListed/1", b"{}"),
            {"occurred_on": "2024-01-01"},
        ).month


@pytest.mark.parametrize(
    ("kind", "fields", "day"),
    [
        (
            "InformationReported",
            {"reported_at": "2024-01-11T16:30:00Z", "occurred_on": "2023-01-01"},
            "2024-01-12",
        ),
        ("InformationReported", {"reported_at": "2024-01-11T16:30:00+08:00"}, "2024-01-11"),
        ("InformationReported", {"reported_at": "2024-01-11T23:30:00"}, "2024-01-11"),
        ("InformationReported", {"reported_at": "2024-01-11T23:30:00+00:00"}, "2024-01-12"),
        ("TaxPaid", {"month": "2024-02"}, "2024-02-29"),
        ("InvestmentReported", {"month": "2023-12", "occurred_on": "2023-12-05"}, "2023-12-05"),
        ("UnitListed", {"month": "2023-02"}, "2023-02-28"),
        ("RoutineAssessed", {"month": "2023-11"}, "2023-11-30"),
        ("AwardWon", {"occurred_on": "2024-05-01"}, "2024-05-01"),
    ],
)
def test_the_day_of_a_fact(
    kind: str,
    fields: dict[str, Any],
    day: str,
) -> None:
    assert (
        verifier.EffectiveFact(
            verifier.StoredEvent(1, "unit/x", 1, f"{kind}/1", b"{}"), fields
        ).on.isoformat()
        == day
    )


def test_a_moment_of_universal_time_is_read_by_a_python_that_knows_no_z(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Older(datetime):
        """As `datetime` was before Python 3.11."""

        @classmethod
        def fromisoformat(cls, text: str) -> Older:
            assert "Z" not in text
            return super().fromisoformat(text)

    monkeypatch.setattr(verifier, "datetime", Older)
    assert verifier.parse_moment("2024-01-11T16:30:00Z").isoformat() == "2024-01-11T16:30:00+00:00"
    assert verifier.parse_moment("2024-01-11T16:30:00").isoformat() == "2024-01-11T16:30:00+08:00"


def test_a_circle_of_conditions_is_rejected_and_not_followed() -> None:
    data = deepcopy(BOOK)
    first, second = (each["id"] for each in data["rules"][:2])
    for name, read in ((first, second), (second, first)):
        gate = gate_on({"rule": read}, at_least="1") | {"gates": "rule", "rule": name}
        rule(**gate)(data)
        data["rules"][0]["id"] = f"gate of {name}"
    book = verifier.CheckedRulebook(data)
    span = verifier.AssessedSpan(book, 2024, date(2024, 12, 31))
    points = verifier.YearPoints(book, verifier.Units(), span, {}, explains=False)
    with pytest.raises(verifier.VerificationError, match="reads what it changes itself"):
        points.conclude()
