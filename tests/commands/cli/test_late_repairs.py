"""A correction of what may change on a day: asked about on a terminal, shown as an anomaly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Cli
from tests.given import REPORTED, TOWN, JsonRecord, of
from tests.ledgers import fill

RECORDED = datetime.fromisoformat("2024-04-01T09:00:00+08:00")
LISTED: JsonRecord = {
    "event": "ResourceListed",
    "resource": "ZY-1",
    "occurred_on": "2024-03-01",
    "kind": "plot",
    "name": "北区",
    "location": "城北",
    "area_mu": "20",
}
SIGNED = of("AgreementSigned", contract_investment="9000", contract_fixed_assets="8000")


@pytest.mark.parametrize(
    ("subject", "change", "instead"),
    [
        (TOWN, "sequence=经济部门", "UnitRegrouped"),
        ("ZY-1", "area_mu=25", "ResourceChanged"),
        ("P", "investor=另一投资方", "InvestorChanged"),
    ],
)
@pytest.mark.parametrize("store_kind", ["sqlite"])
def test_a_terminal_asks_whether_it_changed_on_a_day(
    cli: Cli, subject: str, change: str, instead: str
) -> None:
    with Ledger.open(cli.url) as ledger:
        fill(ledger, [LISTED], keep=False)
    before = cli.events
    approved = ("--reason", "调整", "--approved-by", "余敏")
    clerk = Terminal("--db", cli.url, "correct", subject, "1", change, *approved)
    clerk.sees("works back to")
    clerk.sees(instead)
    clerk.types("n\n")
    assert clerk.ends() == 1
    assert cli.events == before


def corrected(stream: dict[str, str], version: int, days: int, **fields: Any) -> JsonRecord:
    """A correction that many days after everything else was recorded."""
    moment = RECORDED + timedelta(days=days)
    return {
        "event": "FactCorrected",
        **stream,
        "occurred_on": moment.date().isoformat(),
        "recorded_at": moment.isoformat(),
        "corrects": version,
        "replacement": fields,
        "reason": "调整",
        "approved_by": "余敏",
    }


def facts() -> list[JsonRecord]:
    return [
        {**record, "recorded_at": RECORDED.isoformat()} for record in (*REPORTED, SIGNED, LISTED)
    ]


def test_a_late_correction_that_may_be_a_change_is_an_anomaly(bare: Cli) -> None:
    project = {"project": "P"}
    corrections = [
        corrected(project, 2, 30, contract_investment="9100"),
        corrected(project, 1, 31, investor="另一投资方", sector="service"),
        corrected(project, 2, 60, note="附件另存"),
        corrected({"unit": TOWN}, 1, 61, sequence="部门"),
        corrected({"resource": "ZY-1"}, 1, 62, price="20", price_per="mu"),
    ]
    with Ledger.open(bare.url, create=True) as ledger:
        fill(ledger, [*facts(), *corrections])
    # Within a month it was a slip, and a note cannot change on a day.
    (anomaly,) = [
        text
        for text in bare("project", "show", "P", "--format", "json").json["anomalies"]
        if "InvestorChanged" in text or "AgreementAmended" in text
    ]
    assert "P#4 of 2024-05-02" in anomaly
    assert "31 days" in anomaly
    assert "InvestorChanged" in anomaly
    # What no event changes on a day is not named.
    assert "sector" not in anomaly
    assert "Sector" not in anomaly
    assert "UnitRegrouped" in bare("unit", "show", TOWN).out
    assert "ResourceChanged" in bare("resources", "show", "ZY-1").out
    before = bare("project", "show", "P", "--as-of", "2024-05-01", "--format", "json").json
    assert not any("InvestorChanged" in text for text in before["anomalies"])


def test_a_correction_that_was_voided_is_no_anomaly(bare: Cli) -> None:
    late = corrected({"project": "P"}, 1, 60, investor="另一投资方")
    void = corrected({"project": "P"}, 3, 61) | {"replacement": None}
    with Ledger.open(bare.url, create=True) as ledger:
        fill(ledger, [*facts(), late, void])
    texts = bare("project", "show", "P", "--format", "json").json["anomalies"]
    assert not any("InvestorChanged" in text for text in texts)
