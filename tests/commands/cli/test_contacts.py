"""`project contact`: personal data beside the ledger, changed and erased on either database."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from commands.handlers.investor_contacts import ContactChange, set_contact
from commands.reports.document_reading import read_document
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.recorders.ledger_head import read_head
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from tests.commands.conftest import Cli
from tests.given import REPORTED
from tests.ledgers import fill, new_ledger
from tests.outside_changes import change_outside

NAME, TELEPHONE, NEW_TELEPHONE = "郑怀远", "13757090001", "13757090002"
SET = ("project", "contact", "set", "P", "--person", NAME)
SHOW = ("project", "contact", "show", "P", "--format", "json")
ERASE = ("project", "contact", "erase", "P")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFECYCLE_EVIDENCE", str(tmp_path / "evidence"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def files_of(url: str) -> bytes:
    """Everything that an SQLite store has on the disk, its log included."""
    path = sqlite_path(url)
    assert path is not None
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_a_contact_is_set_changed_and_erased_without_an_event(cli: Cli) -> None:
    events = cli.events
    assert cli(*SET, "--telephone", TELEPHONE, "--position", "总经理").code == 0
    (first,) = cli(*SHOW).json
    assert (first["person"], first["telephone"], first["position"], first["remark"]) == (
        *(NAME, TELEPHONE, "总经理", ""),
    )
    assert first["changed_by"]
    assert first["changed_at"][:4].isdigit()
    # What is left out stays, what is empty is cleared.
    assert cli(*SET, "--telephone", NEW_TELEPHONE, "--remark", "上午").code == 0
    assert cli(*SET, "--position", "").code == 0
    (second,) = cli(*SHOW).json
    assert (second["telephone"], second["position"], second["remark"]) == (
        *(NEW_TELEPHONE, "", "上午"),
    )
    answer = cli(*ERASE)
    assert (answer.code, "erased 1 contacts of P" in answer.err + answer.out) == (0, True)
    assert cli(*SHOW).json == []
    assert cli.events == events
    with Ledger.open(cli.url) as ledger:
        assert verify(ledger).differences == []


def test_one_person_is_erased_and_the_others_stay(cli: Cli) -> None:
    cli(*SET, "--telephone", TELEPHONE)
    cli("project", "contact", "set", "P", "--person", "汪敏")
    assert cli(*ERASE, "--person", NAME).code == 0
    assert [row["person"] for row in cli(*SHOW).json] == ["汪敏"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("project", "contact", "set", "P", "--person", "  "), "needs the name"),
        ((*SET, "--remark", "长" * 301), "301 characters; 300 are allowed"),
        ((*SET, "--telephone", "1\n2"), "control characters"),
        (("project", "contact", "set", "没有", "--person", NAME), "没有"),
        (ERASE, "P has no contacts"),
    ],
)
def test_what_does_not_fit_is_rejected(cli: Cli, arguments: tuple[str, ...], reason: str) -> None:
    answer = cli(*arguments)
    assert (answer.code, reason in answer.err) == (1, True)
    assert cli(*SHOW).json == []


def test_a_person_who_is_not_there_is_named_with_those_who_are(cli: Cli) -> None:
    cli(*SET)
    answer = cli(*ERASE, "--person", "别人")
    assert ("别人" in answer.err, NAME in answer.err) == (True, True)
    assert [row["person"] for row in cli(*SHOW).json] == [NAME]


def test_nothing_of_a_former_contact_stays_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # While a page server, say, has the store open, its log stays beside it.
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
        cli = Cli(f"sqlite:///{tmp_path / 'ledger.db'}", capsys)
        # More than a page, so that the table's pages are freed, and a changed row with them.
        for number in range(60):
            change = ContactChange("P", f"{NAME}{number}", TELEPHONE, remark="备" * 200)
            set_contact(ledger, change, "clerk-01")
        assert TELEPHONE.encode() in files_of(cli.url)
        for number in range(60):
            set_contact(ledger, ContactChange("P", f"{NAME}{number}", NEW_TELEPHONE), "clerk-01")
        assert TELEPHONE.encode() not in files_of(cli.url)
        assert cli(*ERASE).code == 0
        content = files_of(cli.url)
    assert (NEW_TELEPHONE.encode() in content, NAME.encode() in content) == (False, False)


def test_a_reader_who_keeps_the_log_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifecycle.ledger.recorders.sqlite_contacts._WAIT_MILLISECONDS", 50)
    with new_ledger(tmp_path) as ledger:
        fill(ledger, REPORTED, keep=False)
        cli = Cli(f"sqlite:///{tmp_path / 'ledger.db'}", capsys)
        assert cli(*SET, "--telephone", TELEPHONE).code == 0
        with ledger.recorder.cursor(write=False) as cursor:
            read_head(cursor)
            answer = cli(*ERASE)
        assert (answer.code, "another process is reading" in answer.err) == (0, True)
        assert cli(*SET).code == 0
        assert TELEPHONE.encode() not in files_of(cli.url)


def test_the_ledger_and_what_leaves_it_hold_no_contact(cli: Cli, tmp_path: Path) -> None:
    cli(*SET, "--telephone", TELEPHONE)
    bundle, workbook = tmp_path / "b.zip", tmp_path / "l.xlsx"
    year = ("--year", "2024", "--as-of", "2024-12-31")
    assert cli("audit", "bundle", bundle).code == 0
    assert cli("report", "ledger", workbook, *year).code == 0
    for archive in (bundle, workbook):
        with zipfile.ZipFile(archive) as members:
            content = b"".join(members.read(name) for name in members.namelist())
        assert (TELEPHONE.encode() in content, NAME.encode() in content) == (False, False)
    shown = cli("project", "history", "P", "--format", "json")
    assert (shown.code, NAME in shown.out) == (0, False)


def test_copies_and_backups_carry_contacts(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli(*SET, "--telephone", TELEPHONE)
    contacts = cli(*SHOW).json
    assert cli("backup", tmp_path / "b.zip").code == 0
    restored = Cli(f"sqlite:///{tmp_path / 'restored.db'}", capsys)
    assert restored("restore", tmp_path / "b.zip").code == 0
    assert restored(*SHOW).json == contacts
    copied = Cli(f"sqlite:///{tmp_path / 'copy.db'}", capsys)
    assert cli("copy", "--to", copied.url).code == 0
    assert copied(*SHOW).json == contacts
    # The source takes no contacts any more, but those that it has can be erased.
    assert cli(*SET, "--telephone", NEW_TELEPHONE).code == 3
    assert cli(*ERASE).code == 0
    assert (cli(*SHOW).json, copied(*SHOW).json) == ([], contacts)


def test_contacts_follow_a_project_to_its_new_code(cli: Cli) -> None:
    cli(*SET, "--telephone", TELEPHONE)
    contacts = cli(*SHOW).json
    move = ("project", "move", "P", "KH-1", "--reason", "编号录错", "--approved-by", "余敏")
    assert cli(*move).code == 0
    moved = cli("project", "contact", "show", "KH-1", "--format", "json").json
    assert moved == [{**contacts[0], "project": "KH-1"}]
    assert cli(*ERASE).code != 0


def test_a_store_of_an_earlier_version_gets_its_place_for_contacts(cli: Cli) -> None:
    change_outside(
        cli.url,
        "DROP TABLE investor_contacts",
        "UPDATE ledger_head SET schema_version = 3",
    )
    assert cli(*SHOW).json == []
    if cli.url.startswith("postgresql"):
        answer = cli(*SET)
        assert (answer.code, "lifecycle init --upgrade" in answer.err) == (3, True)
        assert cli("init", "--upgrade").code == 0
    assert cli(*SET, "--telephone", TELEPHONE).code == 0
    assert [row["telephone"] for row in cli(*SHOW).json] == [TELEPHONE]


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_the_form_prints_contacts_on_demand_and_stays_checkable_without_them(
    cli: Cli, tmp_path: Path, ending: str
) -> None:
    cli(*SET, "--telephone", TELEPHONE, "--position", "总经理")
    form = ("report", "information", "P", "--as-of", "2024-12-31", "--format", ending)
    assert cli(*form, "--to", tmp_path / "plain").code == 0
    assert cli(*form, "--to", tmp_path / "named", "--with-contacts").code == 0
    (plain,) = (tmp_path / "plain").iterdir()
    (named,) = (tmp_path / "named").iterdir()
    assert TELEPHONE not in "".join(read_document(plain).lines)
    assert f"{NAME}总经理{TELEPHONE}" in "".join(read_document(named).lines).replace(" ", "")
    changes: tuple[tuple[str, ...], ...] = ((), (*SET, "--telephone", NEW_TELEPHONE), ERASE)
    for change in changes:
        if change:
            assert cli(*change).code == 0
        answer = cli("audit", "document", named)
        assert (answer.code, "IDENTICAL" in answer.out) == (0, True), answer
        assert (TELEPHONE in answer.err, "not compared" in answer.err) == (True, True)
    assert cli("audit", "document", plain).code == 0
