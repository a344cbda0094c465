"""What an insider with all rights on the database does to a store, and which auditor notices it.

The store has forty events. Its last checkpoint was signed at thirty and stands in an auditor's
witness file too. The clerk who recorded the events that are changed keeps their receipts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger import checkpoints
from lifecycle.ledger.audit_expectations import AuditExpectations, AuditFindings
from lifecycle.ledger.derived_repair import replace_rows
from lifecycle.ledger.recorders.stored_rows import MAX_POSITION
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import run_pass, verify
from lifecycle.log import witness_file as witness
from lifecycle.log.merkle_tree import Frontier, leaf_hash, leaf_input
from lifecycle.log.receipts import Receipts
from lifecycle.log.signed_notes import Checkpoint
from tests.ledgers import CLERK, LATER
from tests.outside_changes import change_outside
from tests.receipt_files import signed
from tests.store_copies import copied_store

EVENTS, LAST_CHECKPOINT = 40, 30
TOUCHED: Final = {"before": 10, "after": 35}
DEEDS: Final = ("edit", "delete", "reorder", "truncate", "insert")
EYES: Final = ("store", "witness", "receipts")


@dataclass(frozen=True)
class Case:
    """A deed, how far it is covered up, and on which side of the last checkpoint it lies.

    Covers: the tree rebuilt to fit, the checkpoints dropped, the changed tree signed.
    """

    deed: str
    tree: bool
    dropped: bool
    stolen: bool
    when: str

    @property
    def covers(self) -> tuple[str, ...]:
        """How it is covered up, in words."""
        words = {
            "the tree recomputed": self.tree,
            "checkpoints deleted": self.dropped,
            "signed with the stolen key": self.stolen,
        }
        return tuple(word for word, is_covered in words.items() if is_covered) or ("nothing",)

    @property
    def first(self) -> int:
        """The first position where the ledger differs."""
        return TOUCHED[self.when] + (self.deed == "truncate")


CASES: Final = [
    Case(*parts)
    for parts in product(
        DEEDS,
        (False, True),
        (False, True),
        (False, True),
        TOUCHED,
    )
]


class Scene:
    """A sound store with a witness file and receipts, of which copies are made for deeds."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.witness = folder / "witness.jsonl"
        with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
            self.key = checkpoints.create_signer(ledger, folder / "key.pem")
            entries = []
            for number in range(1, EVENTS + 1):
                entries.append(ledger.record(read_record(_unit(number)), CLERK))
                if number == LAST_CHECKPOINT:
                    note = checkpoints.sign_checkpoint(ledger, self.key)
                    witness.append_witness_line(
                        self.witness, self.key.verifier, note, ledger.leaves(1, number)
                    )
            self.receipts = {
                entry.position: Receipts.parse(signed(ledger, [entry], self.key).encode(), "r")
                for entry in entries
            }

    def suffers(self, url: str, case: Case) -> None:
        """The deed, and its cover."""
        change_outside(
            url,
            *_deed(
                case.deed,
                TOUCHED[case.when],
                "rowid" if url.startswith("sqlite") else "notification_id",
            ),
        )
        self.covers(url, case)

    def covers(self, url: str, case: Case) -> None:
        """Cover up what was changed, as the case says."""
        with Ledger.open(url) as ledger, ledger.recorder.cursor(write=False) as cursor:
            rows = list(ledger.recorder.between(cursor, 0, MAX_POSITION))
            origin = ledger.head().origin
        leaves = [leaf_hash(leaf_input(row[1], row[2], row[3], bytes(row[4]))) for row in rows]
        tree = Frontier()
        nodes = tree.append(leaves)
        covering: list[str | tuple[str, tuple[object, ...]]] = []
        if case.tree:
            covering += [
                ("UPDATE ledger_head SET position = ?, frontier = ?", (tree.size, tree.pack())),
                "DELETE FROM ledger_nodes",
                *(("INSERT INTO ledger_nodes VALUES (?, ?, ?)", node) for node in nodes),
            ]
            if not url.startswith("sqlite"):
                # As the owner's copies are marked: nobody witnessed who appended.
                covering += [
                    "DELETE FROM ledger_logins",
                    ("INSERT INTO ledger_logins VALUES (1, ?, '')", (tree.size,)),
                ]
        if case.dropped:
            covering.append("DELETE FROM ledger_checkpoints")
        if case.stolen:
            note = self.key.sign(Checkpoint(origin, tree.size, tree.root()).text)
            covering.append(
                (
                    "INSERT INTO ledger_checkpoints VALUES (?, ?, ?)",
                    (tree.size, str(self.key.verifier), str(note)),
                )
            )
        change_outside(url, *covering)
        if case.tree:
            self._fits(url)

    @staticmethod
    def _fits(url: str) -> None:
        """Make claims, keys and the head's time fit the changed events, as the repair does."""
        with Ledger.open(url) as ledger, ledger.recorder.cursor(write=True) as cursor:
            expectations, findings = AuditExpectations(), AuditFindings()
            _audit, rows = run_pass(ledger.recorder, cursor, expectations, findings)
            assert rows is not None
            replace_rows(ledger.recorder, cursor, rows)

    def seen(self, url: str, case: Case) -> dict[str, tuple[bool, int | None]]:
        """By each eye: whether the deed is noticed, and the position named."""
        touched = range(case.first, EVENTS + 1) if case.deed == "truncate" else (case.first,)
        receipts = [("receipt", self.receipts[position]) for position in touched]
        noticed_by = {}
        with Ledger.open(url) as ledger:
            for eye in EYES:
                verdict = verify(
                    ledger,
                    [self.witness] if eye == "witness" else [],
                    receipts if eye == "receipts" else [],
                )
                place = verdict.differences[0].place if verdict.differences else None
                noticed_by[eye] = bool(verdict.differences), place.position if place else None
        return noticed_by


def _unit(number: int) -> dict[str, Any]:
    return {
        "event": "UnitRegistered",
        "unit": f"单位{number}",
        "occurred_on": "2024-01-02",
        "sequence": "乡镇",
        "category": "township",
    }


def _deed(
    deed: str,
    position: int,
    column: str,
) -> Iterator[str | tuple[str, tuple[object, ...]]]:
    events = "ledger_events"
    if deed == "edit":
        state = (
            b'{"category":"department","occurred_on":"2024-01-02",'
            b'"recorded_at":"2030-01-01T00:00:00+08:00","recorded_by":"x","sequence":"y"}'
        )
        yield f"UPDATE {events} SET state = ? WHERE {column} = ?", (state, position)
    elif deed == "delete":
        yield f"DELETE FROM {events} WHERE {column} = ?", (position,)
        yield from _moved(column, position + 1, EVENTS, -1)
    elif deed == "reorder":
        for before, after in ((position, -1), (position + 1, position), (-1, position + 1)):
            yield f"UPDATE {events} SET {column} = ? WHERE {column} = ?", (after, before)
    elif deed == "truncate":
        yield f"DELETE FROM {events} WHERE {column} > ?", (position,)
    else:
        yield from _moved(column, position, EVENTS, 1)
        columns = f"{column}, originator_id, originator_version, topic, state"
        insert = (
            f"INSERT INTO {events} ({columns}) SELECT ?, 'unit/新单位', 1, topic, state"
            f" FROM {events} WHERE {column} = ?"
        )
        yield insert, (position, position + 1)


def _moved(
    column: str,
    first: int,
    last: int,
    by: int,
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """One after another, so that no two stand at one position meanwhile."""
    for position in range(first, last + 1) if by < 0 else range(last, first - 1, -1):
        yield f"UPDATE ledger_events SET {column} = ? WHERE {column} = ?", (position + by, position)


def expected(case: Case, eye: str) -> bool:
    """Return whether the deed must be noticed with this evidence."""
    if eye == "receipts" or not case.tree:
        return True
    return case.when == "before" and (eye == "witness" or not case.dropped)


# The table for auditors ---------------------------------------------------------------------------

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final[dict[str, dict[str, str]]] = {
    "audit.md": {},
    "audit.zh-CN.md": {
        "covered up by": "掩盖的办法",
        "store alone": "仅凭库",
        "witness file": "见证文件",
        "receipt": "回执",
        "noticed": "发现",
        "not noticed": "未发现",
        "nothing": "不掩盖",
        "the tree recomputed": "重算树",
        "checkpoints deleted": "删检查点",
        "signed with the stolen key": "用偷来的密钥签名",
        "edit": "改动",
        "delete": "删除",
        "reorder": "调换",
        "truncate": "截断",
        "insert": "插入",
        "not the others": "其余未发现",
        ", ": "、",
    },
}
"""The pages that show the table, and each one's words."""
BEGIN, END = (
    "<!-- the insider matrix, written by `python -m tests.trust.insider` -->\n",
    "<!-- end of the insider matrix -->\n",
)


def table(noticed: dict[tuple[Case, str], bool], words: dict[str, str]) -> str:
    """Return the table: a row for each cover, a column for each evidence and side."""

    def say(text: str) -> str:
        return words.get(text, text)

    def cell(seen: dict[str, bool]) -> str:
        deeds = [say(deed) for deed, noticed_by in seen.items() if noticed_by]
        if len(deeds) in (0, len(DEEDS)):
            return say("noticed") if deeds else f"**{say('not noticed')}**"
        return f"{say('noticed')}: {say(', ').join(deeds)}; **{say('not the others')}**"

    eyes = " | ".join(map(say, ("store alone", "witness file", "receipt")))
    lines = [
        f"| {say('covered up by')} | {eyes} | {eyes} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for covers in dict.fromkeys(case.covers for case in CASES):
        alike = [case for case in CASES if case.covers == covers]
        cells = [
            cell({case.deed: noticed[case, eye] for case in alike if case.when == when})
            for when in TOUCHED
            for eye in EYES
        ]
        lines.append(f"| {say(', ').join(map(say, covers))} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Do every deed on a store of its own and write down who noticed."""
    noticed: dict[tuple[Case, str], bool] = {}
    with TemporaryDirectory() as name:
        scene = Scene(f"sqlite:///{name}/l.db", Path(name))
        for case in CASES:
            with copied_store(scene.url, Path(name)) as url:
                scene.suffers(url, case)
                noticed |= {
                    (case, eye): noticed_by
                    for eye, (noticed_by, _) in scene.seen(url, case).items()
                }
    for name, words in PAGES.items():
        before, _, rest = (DOCS / name).read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        (DOCS / name).write_text(
            f"{before}{BEGIN}{table(noticed, words)}{END}{after}", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
