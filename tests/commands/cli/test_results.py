"""Results at the command line: scores, explanations, projects, query tables, the demo."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len

from commands.demo.county_records import records, rejected_claims
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected
from lifecycle.rulebook import shipped, shipped_ids
from projections.audit.verifier import verify_bundle
from tests.agreement.test_shape_vectors import figure
from tests.commands.conftest import Cli, process
from tests.ledgers import CLERK, fill
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, RULE
from tests.outside_changes import change_outside
from tests.reference.scoring import evaluate as reference, shown


@pytest.mark.parametrize("as_of", ["2024-03-31", "2024-06-30", "2024-12-31", "2025-06-30"])
def test_score_says_what_the_reference_says(county: Cli, as_of: str) -> None:
    expected = shown(reference(records(), 2024, date.fromisoformat(as_of), None))
    scores = county("score", "--year", "2024", "--as-of", as_of, "--format", "json").json
    assert scores["units"] == expected["units"]
    assert (scores["as_of"], scores["rulebook"]["id"]) == (min(as_of, "2024-12-31"), "kaihua-2024")


def test_score_at_a_moment_of_knowledge(county: Cli) -> None:
    from datetime import datetime

    from lifecycle.events.field_types import SHANGHAI

    moment = datetime(2024, 7, 1, 23, 59, 59, 999999, SHANGHAI)
    expected = shown(reference(records(), 2024, date(2024, 12, 31), moment))
    scores = county("score", "--year", "2024", "--known-at", "2024-07-01", "--format", "json").json
    assert scores["units"] == expected["units"]
    assert scores["known_at"].startswith("2024-07-01T23:59:59")
    assert (
        county(
            "score", "--year", "2024", "--known-at", "2024-07-01T23:59:59+08:00", "--format", "json"
        ).json["units"]
        == scores["units"]
    )


def test_score_as_a_table_and_as_csv(county: Cli) -> None:
    table = county("score", "--year", "2024")
    assert (table.code, table.err) == (0, "")
    assert "华埠镇" in table.out
    assert all(cell_len(line) <= 110 for line in table.out.splitlines())
    lines = county("score", "--year", "2024", "--format", "csv").out.strip().splitlines()
    assert lines[0].startswith("sequence,rank,unit,total,information")
    # Of 31 registered units one has been dissolved.
    assert len(lines) == 31
    unit_score = county("score", "华埠镇", "--year", "2024", "--format", "json").json
    assert [row["unit"] for row in unit_score["units"]] == ["华埠镇"]


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("score", "--year", "2023"), 1, "kaihua-2024"),
        (("score", "无", "--year", "2024"), 1, "华埠镇"),
        (("score", "--year", "2024", "--as-of", "yesterday"), 2, "2024-03-05"),
        (("score", "--year", "2024", "--known-at", "2024-13-01"), 2, "2024-03-05"),
        (("score", "--year", "2024", "--known-at", "soon"), 2, "2024-03-05"),
        (("score", "--year", "2024", "--rulebook", "none"), 1, "kaihua-2024"),
        (("score", "--year", "x"), 2, "x"),
        (("explain", "无", "--year", "2024"), 1, "无"),
        (("project", "show", "KH-2024-9999"), 1, "KH-2024-"),
        (("project", "history", "KH"), 1, "KH"),
        (("rulebook", "show", "none"), 1, "none"),
        (("rulebook", "check", "none.toml"), 3, "none.toml"),
        (("rulebook", "check", str(Path("/etc"))), 3, str(Path("/etc"))),
    ],
)
def test_an_unknown_name_is_reported_with_the_known_ones(
    county: Cli, arguments: tuple[str, ...], code: int, word: str
) -> None:
    answer = county(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert word in answer.err


def test_a_named_rulebook_applies_to_another_year(county: Cli) -> None:
    scores = county("score", "--year", "2023", "--rulebook", "kaihua-2024", "--format", "json").json
    assert scores["as_of"] == "2023-12-31"


def test_explain_adds_up_to_the_score(county: Cli) -> None:
    score = county("score", "马金镇", "--year", "2024", "--format", "json").json["units"][0]
    explanation = county("explain", "马金镇", "--year", "2024", "--format", "json").json
    assert explanation["subject"] == "马金镇"
    sums = dict.fromkeys(score["modules"], Fraction(0))
    for line in explanation["lines"]:
        sums[line["module"]] += Fraction(line["points"])
        assert set(line) == {
            "rule",
            "module",
            "points",
            "clause",
            "basis",
            "unit",
            "project",
            "inputs",
            "events",
        }
    for module, points in score["modules"].items():
        assert abs(sums[module] - Fraction(points)) < Fraction(1, 10**8)
    assert all(
        set(row) == {"project", "rule", "reason", "clause"} for row in explanation["not_counted"]
    )


def test_explain_reads_well(county: Cli) -> None:
    text = county("explain", "县住建局", "--year", "2024").out
    for word in ("项目推进", "× 1.5", "考(三)", "总分", "未计分", "过程与加分"):
        assert word in text
    limited = county("explain", "华埠镇", "--year", "2024").out
    assert "→ 30.00（封顶 30）" in limited
    project = county("explain", "KH-2024-016", "--year", "2024")
    assert "credited to 华埠镇" in project.out
    assert county("explain", "KH-2024-016", "--year", "2024", "--format", "csv").out.startswith(
        "module,rule,points"
    )


def test_why_projects_earn_nothing(county: Cli) -> None:
    rows = [
        row
        for unit in county("score", "--year", "2024", "--format", "json").json["units"]
        for row in county("explain", unit["unit"], "--year", "2024", "--format", "json").json[
            "not_counted"
        ]
        # What the rulebook passes over stands beside, and names no rule.
        if "what" not in row
    ]
    rules = {row["rule"].partition(".")[0] for row in rows}
    assert {
        "exclusion",
        "recognition",
        "eligibility",
        "information",
        "progress",
        "performance",
    } <= rules
    text = " ".join(row["reason"] for row in rows)
    for words in (
        "excluded",
        "no consultation passed",
        "not eligible",
        "required:",
        "not reached in 2024",
        "assessment period ended",
    ):
        assert words in text


def test_projects_are_listed_and_filtered(county: Cli) -> None:
    every = county("project", "list", "--format", "json").json
    assert len(every) == 179
    mine = county(
        "project",
        "list",
        "--unit",
        "华埠镇",
        "--stage",
        "投资出数",
        "--sector",
        "工业",
        "--format",
        "json",
    ).json
    assert mine
    assert all(
        "华埠镇" in (row["unit"], row["reporting_unit"]) and row["stage"] == "investment"
        for row in mine
    )
    assert len(county("project", "list", "--text", "KH-2024-016", "--format", "json").json) == 1
    assert "projects: 179" in county("project", "list").out
    assert len(county("project", "list", "--as-of", "2022-01-01", "--format", "json").json) < 60
    assert county("project", "list", "--format", "csv").out.startswith("project,name")


def test_a_project_is_shown_with_its_oddities(county: Cli) -> None:
    answer = county("project", "show", "KH-2024-016")
    assert "考核期限  2025-05-08" in answer.out
    shown = (
        county("project", "show", row["project"], "--format", "json").json
        for row in county("project", "list", "--format", "json").json
    )
    # The first that has any: to show all 179 takes seconds.
    odd = next(project for project in shown if project["anomalies"])
    assert county("project", "show", odd["project"]).out.count("Anomaly  ") == len(odd["anomalies"])


def test_history_shows_corrections_beside_what_they_change(county: Cli) -> None:
    corrected = [
        record
        for record in records()
        if record["event"] == "FactCorrected" and record.get("project")
    ]
    voids = [
        (record["project"], record["corrects"])
        for record in corrected
        if record["replacement"] is None
    ]
    drafts = [
        county("project", "history", code, "--format", "json").json[int(str(version)) - 1][
            "corrected"
        ]
        for code, version in voids
    ]
    assert {text[:2] for text in drafts} == {"作废", "更正"}
    changed = next(record for record in corrected if record["replacement"])
    rows = county("project", "history", changed["project"], "--format", "json").json
    assert "→" in rows[int(str(changed["corrects"])) - 1]["corrected"]
    assert "更正" in county("project", "history", changed["project"]).out
    early = county(
        "project",
        "history",
        changed["project"],
        "--known-at",
        "2024-01-01",
        "--as-of",
        "2023-12-31",
        "--format",
        "json",
    )
    assert early.code == 1 or len(early.json) < len(rows)


def test_rulebooks(cli: Cli, tmp_path: Path) -> None:
    assert {row["adopted"] for row in cli("rulebook", "list", "--format", "json").json} == {False}
    shown_book = cli("rulebook", "show", "kaihua-2024").out
    assert all(rule.clause in shown_book for rule in shipped("kaihua-2024").rulebook.rules)
    assert cli("rulebook", "show", "kaihua-2024", "--format", "json").json["id"] == "kaihua-2024"
    assert cli("rulebook", "show", "kaihua-2024", "--format", "csv").out.startswith("module,rule")
    reach = {
        row["module"]: (row["least"], row["greatest"])
        for row in cli("rulebook", "check", "kaihua-2024", "--format", "json").json
    }
    assert reach["information"] == ("0", "10")
    assert (reach["progress"], reach["deduction"], reach["routine"]) == (
        ("0", None),
        (None, "0"),
        ("0", "5"),
    )
    content = (
        shipped("kaihua-2024")
        .content.replace("points = 10\n", "points = 12\n", 1)
        .replace('id = "kaihua-2024"', 'id = "kaihua-2024b"', 1)
    )
    file = tmp_path / "next.toml"
    file.write_text(content, encoding="utf-8")
    assert "is valid" in cli("rulebook", "check", file).out
    assert cli("rulebook", "adopt", file, "--source-ref", "开招〔2024〕9号").code == 0
    assert [row["id"] for row in cli("rulebook", "list", "--format", "json").json] == [
        *shipped_ids(),
        "kaihua-2024b",
    ]
    assert (
        cli("score", "--year", "2024", "--format", "json").json["rulebook"]["id"] == "kaihua-2024b"
    )
    assert (
        cli("score", "--year", "2024", "--rulebook", "kaihua-2024", "--format", "json").json[
            "rulebook"
        ]["id"]
        == "kaihua-2024"
    )
    assert cli("rulebook", "show", "kaihua-2024b").code == 0
    for old, new in (
        ('scale = "[10000,)"', 'scale = "[10001,)"'),
        ('scale = "(,10000)"', 'scale = "(,20000)"'),
        ("cap = 10", "cap = 10\nfloor = 11"),
    ):
        file.write_text(content.replace(old, new, 1), encoding="utf-8")
        answer = cli("rulebook", "check", file)
        assert (answer.code, answer.out) == (1, ""), (old, answer.err)
    file.write_bytes(b"\xff\xff")
    assert cli("rulebook", "check", file).code == 3
    # Editors on Windows begin a file with a byte order mark.
    file.write_text(content, encoding="utf-8-sig")
    assert "is valid" in cli("rulebook", "check", file).out
    file.write_text("id =")
    answer = cli("rulebook", "check", file)
    assert (answer.code, ":1:5: error" in answer.err) == (1, True)
    # An unknown field is shown itself, and a misspelled table by its header.
    for text in ("[[ruls]]\n", "titel = 1\n"):
        file.write_text(f"\n{text}")
        answer = cli("rulebook", "check", file)
        assert ":2:1: error" in answer.err


def test_an_unwritable_file_is_reported_by_its_own_name(cli: Cli, tmp_path: Path) -> None:
    answer = cli("template", tmp_path / "none" / "x.xlsx")
    assert (answer.code, f"{tmp_path / 'none' / 'x.xlsx'} cannot be used" in answer.err) == (
        3,
        True,
    )


def test_rulebooks_are_listed_without_a_store(bare: Cli) -> None:
    assert "kaihua-2024" in bare("rulebook", "show", "none").err
    assert [row["id"] for row in bare("rulebook", "list", "--format", "json").json] == shipped_ids()


def test_correcting(cli: Cli) -> None:
    assert (
        cli("record", "StatisticsEntered", "--project", "P", "--occurred-on", "2024-02-01").code
        == 0
    )
    base = ("--reason", "误录", "--approved-by", "余敏")
    answer = cli("correct", "P", "2", "occurred_on=2024-02-05", "依据文号=开统〔2024〕1号", *base)
    assert answer.code == 0, answer.err
    assert "2024-02-01 → 2024-02-05" in answer.err
    assert cli("correct", "P", "2", "source_ref=", *base).code == 0
    assert "is void" in cli("correct", "P", "2", "--void", *base).err
    assert cli("correct", "P", "5", "--void", *base, "--note", "仍有效").code == 0
    assert cli("correct", "华埠镇", "1", "sequence=一类", *base).code == 0
    assert (
        cli(
            "record",
            "TargetSet",
            "--occurred-on",
            "2024-01-01",
            "--year",
            "2024",
            "--indicator",
            "funds_in_place",
            "--amount",
            "5",
        ).code
        == 0
    )
    assert cli("correct", "county", "1", "amount=6", *base).code == 0
    for arguments in (
        ("P", "99", "--void"),
        ("none", "1", "--void"),
        ("P", "1", "name"),
        ("P", "1"),
        ("P", "3", "x=y"),
        ("P", "1", "colour=red"),
    ):
        answer = cli("correct", *arguments, *base)
        assert (answer.code, answer.out) == (1, ""), arguments
    assert cli("correct", "P", "1", "--void").code == 2


def test_status(cli: Cli) -> None:
    status = cli("status", "--format", "json").json
    assert (status["events"], status["tree_size"], status["rulebook"]) == (4, 4, "kaihua-2024")
    assert "not built yet" in cli("status").out
    cli("projections", "rebuild")
    assert "position 4, 0 behind" in cli("status").out


def test_query_tables_from_the_command_line(cli: Cli) -> None:
    assert cli("projections", "status", "--format", "json").json == {
        "position": None,
        "head": 4,
        "behind": None,
        "differing": [],
    }
    assert "not built yet" in cli("projections", "status").out
    assert "position 4" in cli("projections", "rebuild").out
    assert "position 4 of 4" in cli("projections", "status").out
    assert cli("projections", "check").code == 0


def test_a_check_of_tables_that_were_never_built_says_so(
    store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Cli(store_url, capsys)
    store("init")
    answer = store("projections", "check")
    assert answer.code == 0
    assert answer.out == "not built yet: run `lifecycle projections rebuild`\n"
    assert "not built yet" in store("projections", "status").out  # nor were they built by the check
    store("projections", "rebuild")
    assert "every query table matches history" in store("projections", "check").out
    # A table that is left shows that they were built: the check builds what is missing.
    change_outside(store_url, "DROP TABLE read_tables", "DROP TABLE projects")
    assert "every query table matches history" in store("projections", "check").out


def test_tampered_tables_are_found_by_a_check(cli: Cli) -> None:
    cli("projections", "rebuild")
    change_outside(cli.url, "UPDATE projects SET name = 'x'", "UPDATE scores SET rank = 7")
    scores = cli("score", "--year", "2024", "--format", "json")
    assert scores.json["units"][0]["rank"] == 1  # results come from history, not from the tables
    answer = cli("projections", "check")
    assert (answer.code, "projects" in answer.out) == (1, True)
    assert cli("projections", "check").code == 0


def test_init_creates_a_store_once(bare: Cli) -> None:
    missing = bare("status")
    assert (missing.code, "lifecycle init" in missing.err) == (3, True)
    assert bare("init").code == 0
    again = bare("init")
    assert (again.code, "already exists" in again.err) == (1, True)


def test_an_unusable_url_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    for url in ("mysql://x", "postgresql+psycopg://nobody@localhost:1/none"):
        assert Cli(url, capsys)("status").code == 3


def test_the_default_store_is_in_the_users_folder(tmp_path: Path) -> None:
    folders = {"XDG_DATA_HOME": str(tmp_path), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(tmp_path)}
    answer = process("init", **folders)
    assert answer.code == 0
    assert (tmp_path / "lifecycle" / "ledger.db").exists()
    assert process("status", "--format", "json", **folders).json["events"] == 0


def test_the_demo_shows_the_main_job_in_a_store_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    answer = process("demo", folder, LIFECYCLE_LANG="zh")
    assert answer.code == 0, answer.err
    for words in (
        "华埠镇",
        "排名",
        "identity_claimed",
        "接下来可以试试",
        "拒绝 0 条",
        "没有签名密钥",
    ):
        assert words in answer.out
    assert {"ledger.xlsx", "ledger.jsonl", "ledger.db"} <= {
        entry.name for entry in folder.iterdir()
    }
    # A store that is named before the command is not the sample county's, and it is said.
    named_store = tmp_path / "own.db"
    answer = process("--db", named_store, "demo", folder)
    assert answer.code == 0
    assert f"the sample county is in {folder / 'ledger.db'}, not in {named_store}" in answer.err
    assert not named_store.exists()
    # The variable may be set for the commands that come after.
    assert "not in" not in process("demo", folder, LIFECYCLE_DB=str(named_store)).err
    (folder / "mine.txt").write_text("x")
    answer = process("demo", folder)
    assert (answer.code, "mine.txt" in answer.err) == (1, True)
    again = process(
        "--db",
        f"sqlite:///{folder / 'ledger.db'}",
        "import",
        folder / "ledger.jsonl",
        "--keep-recorded-at",
    )
    assert "recorded 0, already recorded 2915" in again.out


def test_the_demo_county_is_believable_and_lawful() -> None:
    county_records = records()
    events = {record["event"] for record in county_records}
    assert {
        "FactCorrected",
        "ProjectTransferred",
        "ViolationFound",
        "TaskReopened",
        "ExposurePublished",
        "TargetSet",
    } <= events
    assert len({record.get("project") for record in county_records} - {None}) >= 160
    units = [record for record in county_records if record["event"] == "UnitRegistered"]
    assert [
        sum(record["category"] == category for record in units)
        for category in ("township", "department", "outpost_group")
    ] == [15, 12, 4]
    assert county_records == records(2024)
    assert county_records != records(7)
    assert any(
        str(record["occurred_on"])[:7] < str(record["recorded_at"])[:7]
        for record in county_records
        if "occurred_on" in record
    )


def test_rejected_claims_name_the_holder(county: Cli) -> None:
    with Ledger.open(county.url) as ledger:
        for claim in rejected_claims():
            with pytest.raises(Rejected, match="already registered as"):
                ledger.record(read_record(claim), CLERK)


# Errors, pipes and settings -----------------------------------------------------------------------


def test_an_error_of_the_program_shows_no_traceback(
    bare: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare("init")

    def fails(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("lifecycle.ledger.store.Ledger.tree", fails)
    answer = bare("status")
    assert (answer.code, "boom" in answer.err, "Traceback" in answer.err) == (3, True, False)
    monkeypatch.setenv("LIFECYCLE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        bare("status")


def test_a_closed_pipe_ends_quietly(county_store: Path) -> None:
    store = f"sqlite:///{county_store}"
    command = [sys.executable, "-m", "commands", "--db", store, "project", "list"]
    with subprocess.Popen(
        [*command, "--format", "csv"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()

    # click ends with 1 where the system calls it a broken pipe.
    assert process.returncode in (0, 1)
    assert errors == b""


def test_csv_cells_cannot_become_formulas(cli: Cli) -> None:
    cli("correct", "P", "1", "name==HYPERLINK(1)", "--reason", "x", "--approved-by", "y")
    assert "'=HYPERLINK(1)" in cli("project", "list", "--format", "csv").out


def test_json_is_chinese_text_not_escapes(county: Cli) -> None:
    text = county("score", "--year", "2024", "--format", "json").out
    assert "华埠镇" in text
    assert json.loads(text)


def test_completion_and_version() -> None:
    assert "lifecycle, version 0.2.0" in process("--version").out
    verifier_file = Path(verify_bundle.__file__).read_bytes()
    digest = hashlib.sha256(verifier_file).hexdigest()
    for arguments in (("--version", "--verbose"), ("--verbose", "--version")):
        printed = process(*arguments)
        assert (printed.code, digest in printed.out) == (0, True)
    assert process("--verbose", "status").code == 2
    answer = process(_LIFECYCLE_COMPLETE="bash_complete", COMP_WORDS="lifecycle sc", COMP_CWORD="1")
    assert answer.code in (0, 2)


FACTOR = """
[[rules]]
id = "k"
chinese = "任务系数"
module = "m"
kind = "coefficient"
total = true
rows = [{ any_of = [{ all = [{ result = { rule = "r.1" }, at_least = 3 }] }], factor = 1.5 }]
clause = "二"
basis = "policy"
"""


def test_what_a_factor_adds_to_the_total_has_a_column(tmp_path: Path, bare: Cli) -> None:
    counting = 'kind = "per_item"\npoints = 1\n'
    book = tmp_path / "b.toml"
    book.write_text(HEAD + RULE + FIGURE + counting + FACTOR, encoding="utf-8")
    history = []
    for unit, actual in (("甲镇", "4"), ("乙镇", "2")):
        place = {"sequence": "乡镇", "category": "township", "occurred_on": "2024-01-01"}
        history.append({"event": "UnitRegistered", "unit": unit, **place})
        history.append(figure(actual, unit))
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        fill(ledger, [{"recorded_by": "甲", **record} for record in history], keep=False)
    scores = bare("score", "--year", "2024", "--rulebook", str(book), "--format", "csv").out
    assert [line.split(",")[2:6] for line in scores.strip().splitlines()] == [
        ["unit", "total", "m", "total_factors.k"],
        ["甲镇", "6", "4", "2"],
        ["乙镇", "2", "2", ""],
    ]
    # 4 × 1.5: what the total rests on is told of 6, not of the 4 in lines.
    explained = bare("explain", "甲镇", "--year", "2024", "--rulebook", str(book)).out
    total, rests_on = explained.strip().splitlines()[-2:]
    assert Fraction(total.split()[-1]) == 6
    assert sum(Fraction(points) for points in rests_on.split()[1::2]) == 6
