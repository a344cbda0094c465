"""What an insider with all rights on the database does to a store, and how it then looks to whom.

Forty events; an auditor's witness file holds the checkpoint at thirty; whoever recorded the events that are touched
keeps their receipts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lifecycle import checkpoints, receipts, witness
from lifecycle.recorders.base import MAX_POSITION
from lifecycle.records import read
from lifecycle.store import Ledger
from lifecycle.tree import Frontier, leaf_hash, leaf_input
from lifecycle.verification import verify
from tests.another_hand import execute
from tests.ledgers import CLERK, LATER

EVENTS, WITNESSED = 40, 30
TOUCHED: Final = {"before": 10, "after": 35}
DEEDS: Final = ("edit", "delete", "reorder", "truncate", "insert")
COVERS: Final = ("nothing", "tree", "tree, checkpoints dropped", "tree, signed again with the stolen key")
EYES: Final = ("store", "witness", "receipts")


@dataclass(frozen=True)
class Case:
    """A deed, how it is covered up, and whether it touches an event before or after the last checkpoint."""

    deed: str
    cover: str
    when: str


CASES: Final = [Case(*parts) for parts in product(DEEDS, COVERS, TOUCHED)]


class Scene:
    """A store with a witness file and receipts, before and after the deed."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.witness = folder / "witness.jsonl"
        with Ledger.open(url, create=True, clock=lambda: LATER) as ledger:
            self.key = checkpoints.make_signer(ledger, folder / "key.pem")
            entries = []
            for number in range(1, EVENTS + 1):
                entries.append(ledger.record(read(_unit(number)), CLERK))
                if number == WITNESSED:
                    note = checkpoints.sign(ledger, self.key)
                    witness.append(self.witness, self.key.verifier, note, ledger.leaves(1, number))
            checkpoints.sign(ledger, self.key)
            self.receipts = {entry.position: receipts.parse(receipts.written([entry], ledger.head()), "r") for entry in entries}

    def suffers(self, case: Case) -> None:
        """The deed, and its cover."""
        position = TOUCHED[case.when]
        execute(self.url, *_deed(case.deed, position, "rowid" if self.url.startswith("sqlite") else "notification_id"))
        if case.cover != "nothing":
            self._make_the_tree_fit()
        if "dropped" in case.cover or "stolen" in case.cover:
            execute(self.url, "DELETE FROM ledger_checkpoints")
        if "stolen" in case.cover:
            with Ledger.open(self.url) as ledger:
                checkpoints.sign(ledger, self.key)

    def _make_the_tree_fit(self) -> None:
        """Nodes, frontier, head and leaf hashes, all made again from what now stands."""
        with Ledger.open(self.url) as ledger, ledger.recorder.cursor(write=False) as cursor:
            rows = list(ledger.recorder.between(cursor, 0, MAX_POSITION))
        leaves = [leaf_hash(leaf_input(row[1], row[2], row[3], bytes(row[4]))) for row in rows]
        tree = Frontier()
        nodes = tree.append(leaves)
        execute(
            self.url,
            ("UPDATE ledger_head SET position = ?, frontier = ?", (tree.size, tree.pack())),
            "DELETE FROM ledger_nodes",
            *(("INSERT INTO ledger_nodes VALUES (?, ?, ?)", node) for node in nodes),
            "DELETE FROM ledger_keys",
            *(("INSERT INTO ledger_keys VALUES (?, ?, ?, ?)", (f"k{at}", "d", at, leaf)) for at, leaf in enumerate(leaves, 1)),
        )

    def seen_by(self, eye: str, case: Case) -> tuple[bool, int | None]:
        """Whether the deed is noticed, and the position named."""
        touched = range(_gone_from(case), EVENTS + 1) if case.deed == "truncate" else (TOUCHED[case.when],)
        kept = [("receipt", self.receipts[position]) for position in touched] if eye == "receipts" else []
        with Ledger.open(self.url) as ledger:
            verdict = verify(ledger, [self.witness] if eye == "witness" else [], kept)
        first = verdict.differences[0].place if verdict.differences else None
        return bool(verdict.differences), first.position if first else None


def _unit(number: int) -> dict[str, Any]:
    return {"event": "UnitRegistered", "unit": f"单位{number}", "occurred_on": "2024-01-02", "sequence": "乡镇", "category": "township"}


def _gone_from(case: Case) -> int:
    return TOUCHED[case.when] + 1


def _deed(deed: str, position: int, column: str) -> Iterator[str | tuple[str, tuple[object, ...]]]:
    events = "ledger_events"
    if deed == "edit":
        state = b'{"category":"department","occurred_on":"2024-01-02","recorded_at":"2030-01-01T00:00:00+08:00","recorded_by":"x","sequence":"y"}'
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
        yield (
            f"INSERT INTO {events} ({columns}) SELECT ?, originator_id, originator_version + 1, topic, state FROM {events} WHERE {column} = ?",
            (position, position + 1),
        )


def _moved(column: str, first: int, last: int, by: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """One after another, so that no two stand at one position meanwhile."""
    for position in range(first, last + 1) if by < 0 else range(last, first - 1, -1):
        yield f"UPDATE ledger_events SET {column} = ? WHERE {column} = ?", (position + by, position)


def expected(case: Case, eye: str) -> bool:
    """What must be noticed: all that is not covered, all before the last witnessed checkpoint, all that has its receipt."""
    uncovered = case.cover in ("nothing", "tree")  # a tree made anew alone contradicts the store's own checkpoints
    return uncovered or eye == "receipts" or (eye == "witness" and case.when == "before")



# The table in docs/audit.md --------------------------------------------------------------------------------------------

PAGE: Final = Path(__file__).parents[2] / "docs" / "audit.md"
BEGIN, END = "<!-- the insider matrix, written by `python -m tests.trust.insider` -->\n", "<!-- end of the insider matrix -->\n"


def table(seen: dict[tuple[Case, str], bool]) -> str:
    """A row for each deed and cover; a column for who looks, and whether the last witnessed checkpoint came later."""
    lines = [
        "| what the insider does | and makes fit | store alone | witness file | receipt | store alone | witness file | receipt |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for deed, cover in product(DEEDS, COVERS):
        cells = ["noticed" if seen[Case(deed, cover, when), eye] else "**not noticed**" for when in TOUCHED for eye in EYES]
        lines.append(f"| {deed} | {cover} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Do every deed on a store of its own and write down who noticed."""
    seen: dict[tuple[Case, str], bool] = {}
    for case in CASES:
        with TemporaryDirectory() as name:
            scene = Scene(f"sqlite:///{name}/l.db", Path(name))
            scene.suffers(case)
            seen |= {(case, eye): scene.seen_by(eye, case)[0] for eye in EYES}
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{table(seen)}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
