"""A small ledger to write worked examples in.

Plain defaults, so that an example names only what matters to it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from .rules import Line
from .scoring import evaluate, score_lines

TOWN, OUTPOST, BUREAU = "华埠镇", "驻外一组", "县经信局"
RECORDED = "2025-06-01T09:00:00+08:00"
YEAR_END = date(2024, 12, 31)


class Ledger:
    """Raw records, added one by one; a township, an outpost and a department are registered."""

    def __init__(self) -> None:
        """Register the three units in one sequence."""
        self.records: list[dict[str, Any]] = []
        for unit, category in (
            (TOWN, "township"),
            (OUTPOST, "outpost_group"),
            (BUREAU, "department"),
        ):
            self.unit(unit, "UnitRegistered", "2023-01-01", sequence="一", category=category)

    def add(
        self,
        event: str,
        **fields: Any,
    ) -> Ledger:
        """Any record."""
        self.records.append(
            {"event": event, "recorded_at": RECORDED, "recorded_by": "甲", **fields}
        )
        return self

    def unit(
        self,
        unit: str,
        event: str,
        on: str,
        **fields: Any,
    ) -> Ledger:
        """A unit event."""
        return self.add(event, unit=unit, occurred_on=on, **fields)

    def about(
        self,
        project: str,
        event: str,
        on: str,
        **fields: Any,
    ) -> Ledger:
        """A project event of a day."""
        return self.add(event, project=project, occurred_on=on, **fields)

    def project(
        self,
        code: str = "P",
        **changes: Any,
    ) -> Ledger:
        """A small new industrial project of the township, reported on 2024-01-10.

        `changes` override.
        """
        plain = {
            "reporting_unit": TOWN,
            "reported_at": "2024-01-10T09:00:00+08:00",
            "name": f"项目{code}",
            "investor": f"投资方{code}",
            "sector": "industrial",
            "kind": "new",
            "planned_investment": "3000",
            "planned_fixed_assets": "2000",
            "outside_ratio": "0.3",
        }
        return self.add("InformationReported", project=code, **{**plain, **changes})

    def passed(
        self,
        on: str = "2024-02-01",
        code: str = "P",
    ) -> Ledger:
        """A consultation that passed."""
        return self.about(code, "ConsultationHeld", on, outcome="passed")

    def signed(
        self,
        on: str,
        fixed_assets: str,
        code: str = "P",
        investment: str = "0",
    ) -> Ledger:
        """An agreement."""
        return self.about(
            code,
            "AgreementSigned",
            on,
            contract_investment=investment,
            contract_fixed_assets=fixed_assets,
        )

    def invested(
        self,
        month: str,
        fixed_assets: str,
        code: str = "P",
        **fields: Any,
    ) -> Ledger:
        """A month's fixed assets, the date left out."""
        return self.add(
            "InvestmentReported", project=code, month=month, fixed_assets=fixed_assets, **fields
        )

    def taxed(
        self,
        month: str,
        amount: str,
        code: str = "P",
    ) -> Ledger:
        """A month's tax, the date left out."""
        return self.add("TaxPaid", project=code, month=month, amount=amount)

    def land(
        self,
        on: str,
        fee: str = "8000",
        code: str = "P",
        **fields: Any,
    ) -> Ledger:
        """Land acquired."""
        return self.about(code, "LandAcquired", on, area_mu="50", transfer_fee=fee, **fields)

    def plan(
        self,
        on: str,
        code: str = "P",
        reason: str = "排定",
        **due: str,
    ) -> Ledger:
        """A schedule, stage by stage."""
        milestones = [{"stage": stage, "due_on": day} for stage, day in due.items()]
        return self.about(code, "ScheduleSet", on, milestones=milestones, reason=reason)

    def correct(
        self,
        version: int,
        replacement: dict[str, Any] | None,
        **stream: str,
    ) -> Ledger:
        """A correction of a version of the stream."""
        owner = stream or {"project": "P"}
        fields = {"occurred_on": "2025-06-01", "corrects": version, "replacement": replacement}
        return self.add("FactCorrected", **owner, **fields, reason="有误", approved_by="主任")

    def row(
        self,
        unit: str = TOWN,
        as_of: date = YEAR_END,
        year: int = 2024,
    ) -> dict[str, Any]:
        """A unit's row of the scores."""
        (unit_row,) = [
            row for row in evaluate(self.records, year, as_of)["units"] if row["unit"] == unit
        ]
        return dict(unit_row)

    def module(
        self,
        module: str,
        unit: str = TOWN,
        as_of: date = YEAR_END,
        year: int = 2024,
    ) -> Fraction:
        """A unit's points in a module."""
        return Fraction(self.row(unit, as_of, year)["modules"][module])

    def lines(
        self,
        rule: str,
        as_of: date = YEAR_END,
        year: int = 2024,
    ) -> list[Line]:
        """The lines of a rule."""
        return [line for line in score_lines(self.records, year, as_of) if line.rule == rule]

    def points(
        self,
        rule: str,
        as_of: date = YEAR_END,
        year: int = 2024,
    ) -> Fraction:
        """The points of a rule over all units."""
        return sum((line.points for line in self.lines(rule, as_of, year)), Fraction(0))


def all_nodes(size: str) -> Ledger:
    """Every node of 2024 of an industrial project of this size."""
    ledger = (
        Ledger()
        .project(planned_fixed_assets=size)
        .passed()
        .signed("2024-03-01", size)
        .land("2024-04-01")
    )
    ledger.about("P", "ProjectFiled", "2024-05-01", project_code="2403-330824-04-01-000001")
    return (
        ledger.about("P", "StatisticsEntered", "2024-06-01")
        .invested("2024-06", "0")
        .invested("2024-07", "1000")
    )
