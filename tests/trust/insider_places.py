"""What an insider changes beside the events, and who notices it.

The store is that of `tests.trust.insider`, with a project, a task sheet and query tables. Every
auditor recomputes each place from the events, so a witness file or a receipt adds nothing here,
unless the events themselves are others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.recording import record_event
from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.evidence_check import verify_evidence
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from projections import readmodels
from tests.forged import append_unchecked
from tests.given import of, reported, unit
from tests.ledgers import CLERK, LATER
from tests.outside_changes import Statement, change_outside
from tests.store_copies import copied_store
from tests.trust.insider import DOCS, EYES, TOUCHED, Case, Scene

UNIT: Final = "单位1"
CHANGED_POSITION: Final = TOUCHED["after"]
"""After the last checkpoint, where the events' own change would go unnoticed."""
CLOCK: Final = "a record time set back, the tree recomputed"
UNLAWFUL: Final = "an event put in that `record` would reject, all else made to fit"
EVIDENCE: Final = "a kept evidence file deleted"
EVIDENCE_ROW: Final = "a kept evidence file deleted with its row"
FORK: Final = "a backup of position 20 put back and continued"
FORK_POSITION: Final = 20
FORK_EVENTS: Final = 30
PLACES: Final[dict[str, Sequence[Statement]]] = {
    "a uniqueness claim deleted": [("DELETE FROM ledger_claims WHERE kind = 'identity'", ())],
    "a uniqueness claim invented": [
        ("INSERT INTO ledger_claims VALUES ('filing', '2401', 'project/Q', 3)", ())
    ],
    "a sheet number set back": [("UPDATE ledger_numbers SET counter = counter - 1", ())],
    "an idempotency key deleted": [("DELETE FROM ledger_keys WHERE position = 35", ())],
    "an idempotency key given another digest": [
        ("UPDATE ledger_keys SET digest = 'x' WHERE position = 35", ())
    ],
    "the last record time put ahead": [
        ("UPDATE ledger_head SET recorded_at = '2099-01-01T00:00:00+08:00'", ())
    ],
    "the last position set back": [("UPDATE ledger_head SET position = position - 3", ())],
    "the tree's frontier changed": [("UPDATE ledger_head SET frontier = ?", (bytes(32),))],
    "a node of the tree deleted": [("DELETE FROM ledger_nodes WHERE number = 1", ())],
    CLOCK: [],
    UNLAWFUL: [],
    EVIDENCE: [],
    EVIDENCE_ROW: [("DELETE FROM ledger_evidence", ())],
    FORK: [],
    "a row of a query table changed": [("UPDATE scores SET total = 199", ())],
    "the query tables' position changed": [("UPDATE read_tables SET notification_id = 9", ())],
    "the query tables marked as another version's": [
        ("UPDATE read_tables SET fingerprint = '0'", ()),
        ("UPDATE scores SET total = 199", ()),
    ],
}
UNNOTICED: Final = "the query tables marked as another version's"
"""`audit verify` says that it did not compare them; no result rests on them."""


class PlacesScene(Scene):
    """A sound store with something in every place beside the events."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        sheet = of(
            "TaskAssigned",
            number="开招办交〔2024〕1号",
            task="办理用地手续",
            responsible_unit=UNIT,
            due_on="2024-04-01",
        )
        with Ledger.open(url, clock=lambda: LATER) as ledger:
            for record in (reported(reporting_unit=UNIT), sheet):
                ledger.record(read_record(record), CLERK)
            paper = folder / "证明.pdf"
            paper.write_bytes(b"proof")
            intake = EvidenceIntake(EvidenceStore(folder / "evidence"))
            evidence = [intake.digest(str(paper))]
            review = of("ReviewHeld", findings="正常", evidence=evidence)
            record_event(ledger, review, CLERK, intake)
            readmodels.rebuild(ledger, url)
        self._evidence = EvidenceStore(folder / "evidence")
        self._no_evidence = EvidenceStore(folder / "none")

    def suffers_beside(self, url: str, place: str) -> None:
        """Change a place, past the program."""
        change_outside(url, *PLACES[place])
        if place == CLOCK:
            self._set_back(url)
        elif place == UNLAWFUL:
            with Ledger.open(url, clock=lambda: LATER) as ledger:
                append_unchecked(ledger, unit(UNIT, note="再次登记"))
                readmodels.rebuild(ledger, url)
        elif place == FORK:
            self._fork(url)

    def _set_back(self, url: str) -> None:
        """Give an event a record time before the others', and make all else fit."""
        column = "rowid" if url.startswith("sqlite") else "notification_id"
        with Ledger.open(url) as ledger, ledger.recorder.cursor(write=False) as cursor:
            state = next(ledger.recorder.between(cursor, CHANGED_POSITION, CHANGED_POSITION))[4]
        earlier = bytes(state).replace(b"2030-01-01T", b"2029-01-01T")
        assert earlier != bytes(state)
        statement = f"UPDATE ledger_events SET state = ? WHERE {column} = ?"
        change_outside(url, (statement, (earlier, CHANGED_POSITION)))
        self.covers(url, Case("edit", tree=True, dropped=True, stolen=False, when="after"))

    def _fork(self, url: str) -> None:
        """Take the store back to a position, and record something else from there on."""
        column = "rowid" if url.startswith("sqlite") else "notification_id"
        change_outside(
            url,
            (f"DELETE FROM ledger_events WHERE {column} > ?", (FORK_POSITION,)),
            "DELETE FROM ledger_evidence",
        )
        if sqlite_path(url) is None:
            change_outside(url, ("DELETE FROM ledger_logins WHERE last > ?", (FORK_POSITION,)))
        self.covers(url, Case("truncate", tree=True, dropped=True, stolen=False, when="before"))
        with Ledger.open(url, clock=lambda: LATER) as ledger:
            for number in range(FORK_EVENTS):
                ledger.record(read_record(unit(f"另一单位{number}")), CLERK)
            readmodels.rebuild(ledger, url)

    def seen_beside(self, url: str, place: str) -> dict[str, bool]:
        """By each eye: whether the change is noticed."""
        receipts = [("receipt", self.receipts[FORK_POSITION + 5 if place == FORK else 1])]
        is_gone = place in (EVIDENCE, EVIDENCE_ROW)
        noticed_by = {}
        with Ledger.open(url) as ledger:
            comparison = readmodels.compare_tables(ledger, url)
            assert comparison is not None
            files = verify_evidence(ledger, self._no_evidence if is_gone else self._evidence)
            noticed_beside = bool(comparison.differences or files.differences)
            for eye in EYES:
                verdict = verify(
                    ledger,
                    [self.witness] if eye == "witness" else [],
                    receipts if eye == "receipts" else [],
                )
                noticed_by[eye] = bool(verdict.differences) or noticed_beside
        return noticed_by


def expected_beside(place: str, eye: str) -> bool:
    """Whether a change must be noticed by who looks."""
    if place == FORK:
        return eye != "store"
    return place not in (UNNOTICED, EVIDENCE_ROW)


# The table for auditors ---------------------------------------------------------------------------

PAGES: Final[dict[str, dict[str, str]]] = {
    "audit.md": {},
    "audit.zh-CN.md": {
        "what was changed": "改动的内容",
        "store alone": "仅凭库",
        "witness file": "见证文件",
        "receipt": "回执",
        "noticed": "发现",
        "not noticed": "未发现",
        "a uniqueness claim deleted": "删除一项唯一占用",
        "a uniqueness claim invented": "伪造一项唯一占用",
        "a sheet number set back": "单据编号改小",
        "an idempotency key deleted": "删除一个幂等键",
        "an idempotency key given another digest": "改动幂等键的摘要",
        "the last record time put ahead": "最后登记时间改后",
        "the last position set back": "最后总序号改小",
        "the tree's frontier changed": "改动树的边缘",
        "a node of the tree deleted": "删除树的一个节点",
        CLOCK: "某条登记时间改前，重算树",
        UNLAWFUL: "插入 `record` 本应不予登记的事件，其余全部改成相符",
        EVIDENCE: "删除一份已存档的佐证材料",
        EVIDENCE_ROW: "删除一份已存档的佐证材料及其存档记录",
        FORK: "换回总序号 20 时的备份并继续录入",
        "a row of a query table changed": "改动查询表的一行",
        "the query tables' position changed": "改动查询表的总序号",
        UNNOTICED: "将查询表标为其他版本所建",
    },
}
"""The pages that show the table, and each one's words."""
BEGIN: Final = "<!-- the places matrix, written by `python -m tests.trust.insider_places` -->\n"
END: Final = "<!-- end of the places matrix -->\n"


def places_table(noticed: Mapping[tuple[str, str], bool], words: Mapping[str, str]) -> str:
    """A row for each change, a column for who looks."""

    def say(text: str) -> str:
        return words.get(text, text)

    headings = ("what was changed", "store alone", "witness file", "receipt")
    lines = [f"| {' | '.join(map(say, headings))} |", "| --- | --- | --- | --- |"]
    for place in PLACES:
        cells = [say(place)]
        for eye in EYES:
            cells.append(say("noticed") if noticed[place, eye] else f"**{say('not noticed')}**")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make every change on a store of its own and write down who noticed."""
    noticed: dict[tuple[str, str], bool] = {}
    with TemporaryDirectory() as name:
        scene = PlacesScene(f"sqlite:///{name}/l.db", Path(name))
        for place in PLACES:
            with copied_store(scene.url, Path(name)) as url:
                scene.suffers_beside(url, place)
                for eye, is_noticed in scene.seen_beside(url, place).items():
                    noticed[place, eye] = is_noticed
    for page, words in PAGES.items():
        before, _, rest = (DOCS / page).read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        text = f"{before}{BEGIN}{places_table(noticed, words)}{END}{after}"
        (DOCS / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
