"""What is most likely a slip of the hand is asked for again, or rejected until it is confirmed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from lifecycle.ledger.store import Ledger
from tests.commands.cli.test_record import Terminal
from tests.commands.conftest import Answer, Cli
from tests.given import REPORTED, of, reported
from tests.ledgers import fill

ADVICE = "confirm it: --confirm-unusual"
CONTRACT = {"contract_investment": "15000", "contract_fixed_assets": "9000"}


@pytest.fixture
def signed(cli: Cli) -> Cli:
    """The given project with a contract of 15,000 and an entry into statistics."""
    with Ledger.open(cli.url) as ledger:
        records = [
            of("AgreementSigned", "2024-02-01", **CONTRACT),
            of("StatisticsEntered", "2024-02-10"),
        ]
        fill(ledger, records, keep=False)
    return cli


def figure(cli: Cli, month: str, amount: str, *options: str) -> Answer:
    """Record the figure of a month."""
    fields = ("--project", "P", "--month", month, "--fixed-assets", amount)
    return cli("record", "InvestmentReported", *fields, *options)


def is_unusual(answer: Answer) -> bool:
    return (answer.code, "[unusual]" in answer.err, ADVICE in answer.err) == (1, True, True)


# Options -----------------------------------------------------------------------------------------


def test_a_figure_above_the_contract_is_rejected_until_confirmed(signed: Cli) -> None:
    before = signed.events
    assert is_unusual(figure(signed, "2024-03", "99999999"))
    assert signed.events == before
    assert figure(signed, "2024-03", "15000").code == 0
    assert figure(signed, "2024-04", "99999999", "--confirm-unusual").code == 0
    # Keys are looked up first: what is recorded already is not asked for again.
    again = figure(signed, "2024-04", "99999999")
    assert (again.code, "already_recorded" in again.err) == (0, True)


def test_a_figure_a_thousand_times_the_median_is_unusual_from_three_on(signed: Cli) -> None:
    assert figure(signed, "2024-03", "1").code == 0
    assert figure(signed, "2024-04", "2").code == 0
    # Zero says nothing about what is usual.
    assert figure(signed, "2024-05", "0").code == 0
    assert figure(signed, "2024-06", "2000").code == 0
    assert is_unusual(figure(signed, "2024-07", "2000"))
    assert figure(signed, "2024-07", "1999.999999").code == 0


def test_taxes_are_compared_with_taxes(signed: Cli) -> None:
    def tax(month: str, amount: str) -> Answer:
        return signed("record", "TaxPaid", "--project", "P", "--month", month, "--amount", amount)

    for month in ("2024-03", "2024-04", "2024-05"):
        assert tax(month, "3").code == 0
    assert is_unusual(tax("2024-06", "3000"))
    assert tax("2024-06", "2999").code == 0


@pytest.mark.parametrize(
    ("day", "unusual"), [("2018-12-31", True), ("2019-01-09", True), ("2019-01-10", False)]
)
def test_a_day_over_five_years_from_its_neighbours_is_unusual(
    cli: Cli, day: str, *, unusual: bool
) -> None:
    options = ("--project", "P", "--occurred-on", day, "--outcome", "passed")
    answer = cli("record", "ConsultationHeld", *options)
    assert is_unusual(answer) if unusual else answer.code == 0


def test_contract_fixed_assets_above_the_total_are_unusual_for_a_new_project(cli: Cli) -> None:
    def sign(project: str) -> Answer:
        sums = ("--contract-investment", "900", "--contract-fixed-assets", "1000")
        return cli("record", "正式签约", "--project", project, "--occurred-on", "2024-02-01", *sums)

    with Ledger.open(cli.url) as ledger:
        fill(ledger, [reported("T", kind="technical_upgrade")], keep=False)
    assert is_unusual(sign("P"))
    assert sign("T").code == 0


def test_a_planned_investment_of_zero_is_unusual(cli: Cli) -> None:
    fields = reported("Z", planned_investment="0", planned_fixed_assets="0")
    del fields["event"]
    options = []
    for name, value in fields.items():
        options += [f"--{name.replace('_', '-')}", value]
    assert is_unusual(cli("record", "InformationReported", *options))
    assert cli("record", "InformationReported", *options, "--confirm-unusual").code == 0


def test_a_correction_is_examined_by_what_it_makes_of_the_fact(signed: Cli) -> None:
    words = ("--reason", "误录", "--approved-by", "余敏")
    assert figure(signed, "2024-03", "100").code == 0
    assert is_unusual(signed("correct", "P", "4", "fixed_assets=1000000", *words))
    # A contract that falls below a figure makes that figure unusual.
    assert is_unusual(
        signed("correct", "P", "2", "contract_investment=99", "contract_fixed_assets=50", *words)
    )
    assert signed("correct", "P", "4", "fixed_assets=15000", *words).code == 0
    # The corrected figure takes the place of the recorded one.
    assert signed("correct", "P", "4", "--void", *words).code == 0
    answer = signed(
        "correct", "P", "2", "contract_investment=99", "contract_fixed_assets=50", *words
    )
    assert answer.code == 0


def test_a_unit_s_events_are_not_examined(cli: Cli) -> None:
    visit = ("--occurred-on", "2012-02-01", "--activity", "赴杭", "--led-by-head", "是")
    assert cli("record", "ActivityHeld", "--unit", "华埠", *visit).code == 0


# Files -------------------------------------------------------------------------------------------


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ["event", "project", "month", "fixed_assets", "确认"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(month: str, amount: str, confirmed: str = "") -> dict[str, str]:
    figures = {"event": "投资出数", "project": "P", "month": month, "fixed_assets": amount}
    return {**figures, "确认": confirmed}


def test_a_row_is_confirmed_in_its_column(signed: Cli, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "rows.csv", [row("2024-03", "5"), row("2024-04", "20000")])
    answer = signed("import", file)
    assert is_unusual(answer)
    assert "line 3" in answer.err
    write_csv(file, [row("2024-03", "5", "否"), row("2024-04", "20000", "是")])
    answer = signed("import", file)
    assert (answer.code, answer.err) == (0, "")
    # Imported again without its confirmation it is recorded already: the column is no field.
    write_csv(file, [row("2024-03", "5"), row("2024-04", "20000")])
    answer = signed("import", file, "--format", "json")
    assert answer.json["already_recorded"] == 2


def test_what_is_neither_yes_nor_no_is_rejected(signed: Cli, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "rows.csv", [row("2024-03", "5", "也许")])
    answer = signed("import", file)
    assert (answer.code, "[confirmation]" in answer.err) == (1, True)


def test_the_option_confirms_a_whole_file(signed: Cli, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "rows.csv", [row("2024-03", "16000"), row("2024-04", "20000")])
    assert signed("import", file).code == 1
    assert signed("import", file, "--confirm-unusual").code == 0


def test_rows_of_one_file_are_examined_beside_each_other(signed: Cli, tmp_path: Path) -> None:
    small = [row(f"2024-0{month}", "1") for month in (3, 4, 5)]
    file = write_csv(tmp_path / "rows.csv", [*small, row("2024-06", "1000")])
    assert is_unusual(signed("import", file, "--dry-run"))
    assert signed("import", file, "--partial").code == 1
    sheet = openpyxl.load_workbook(tmp_path / "rows.refused.xlsx")["投资出数"]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("确认") + 1, "是")
    sheet.parent.save(tmp_path / "mended.xlsx")
    answer = signed("import", tmp_path / "mended.xlsx")
    assert (answer.code, "recorded 1" in answer.out) == (0, True)


def test_a_migration_is_not_asked_and_its_facts_show_as_anomalies(
    bare: Cli, tmp_path: Path
) -> None:
    history = [
        *REPORTED,
        of("AgreementSigned", "2024-02-01", **CONTRACT),
        of("StatisticsEntered", "2024-02-10"),
    ]
    amounts = ["1", "2", "3", "16000"]
    for month, amount in enumerate(amounts, start=3):
        month_figures = {"month": f"2024-{month:02}", "fixed_assets": amount}
        history.append(of("InvestmentReported", None, **month_figures))
    history.append(of("ConsultationHeld", "2017-05-01", outcome="passed"))
    history.append(reported("Z", planned_investment="0", planned_fixed_assets="0"))
    lines = [json.dumps({**fact, "recorded_at": "2024-08-01T09:00:00+08:00"}) for fact in history]
    file = tmp_path / "old.jsonl"
    file.write_text("\n".join(lines))
    assert bare("init").code == 0
    assert is_unusual(bare("import", file, "--dry-run"))
    answer = bare("import", file, "--keep-recorded-at")
    assert (answer.code, answer.err) == (0, "")
    anomalies = bare("project", "show", "P", "--format", "json").json["anomalies"]
    assert "the figure of 2024-06, 16000 万元, is above the contract's total" in str(anomalies)
    assert "at least 1000 times the project's usual 2 万元" in str(anomalies)
    assert "2017-05-01 is more than 5 years from" in str(anomalies)
    anomalies = bare("project", "show", "Z", "--format", "json").json["anomalies"]
    assert anomalies == ["the planned investment is 0"]


# A terminal --------------------------------------------------------------------------------------


def test_a_person_is_asked_again_and_nothing_typed_is_lost(signed: Cli) -> None:
    fields = ("--project", "P", "--month", "2024-03", "--fixed-assets", "99999999")
    command = ("--db", signed.url, "record", "投资出数", *fields)
    clerk = Terminal(*command, LIFECYCLE_LANG="zh_CN")
    clerk.sees("高于合同总额15000万元")
    clerk.sees("确认无误")
    clerk.types("n\n")
    assert clerk.ends() == 1
    clerk = Terminal(*command, LIFECYCLE_LANG="zh_CN")
    clerk.sees("确认无误")
    clerk.types("y\n")
    clerk.sees("已录入 P#4")
    assert clerk.ends() == 0
