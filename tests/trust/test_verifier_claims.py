"""What the standalone verifier refuses of publications, rulebooks, receipts and witness files, each in its own words."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from projections.audit.verifier import verify_bundle as v
from tests.given import OTHER, TOWN
from tests.trust.apart import BOOK, ELSE, SIZE, STRANGER, Change, Made, Parts, Said, parted

# Publications ---------------------------------------------------------------------------------------------------------


def published(kind: str, **fields: Any) -> Change:
    return lambda parts: parts.fields(kind, lambda data: data.update(fields))


def result(kind: str, **fields: Any) -> Change:
    return lambda parts: parts.fields(kind, lambda data: data["result"].update(fields))


def unit_of(kind: str, change: Callable[[list[dict[str, Any]]], object]) -> Change:
    return lambda parts: parts.fields(kind, lambda data: change(data["result"]["units"]))


SCORES = "publication county#2 (ScoresPublished 2024, as of 2024-12-31)"
BOARD = "publication county#3 (BoardPublished 2024, as of 2024-10-31)"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            published("ScoresPublished", rulebook_digest=ELSE),
            f"{SCORES}: its rulebook kaihua-2024 is not here",
        ),
        (
            published("ScoresPublished", calendar_digest=ELSE),
            f"{SCORES}: its calendar is not the one here",
        ),
        (published("ScoresPublished", as_of=1), "a date is not text"),
        (
            published("ScoresPublished", as_of="x"),
            "the file is damaged: ValueError Invalid isoformat string: 'x'",
        ),
        (published("ScoresPublished", year="2024"), "a year is not a count"),
        (published("ScoresPublished", position="1"), "a position is not a count"),
        (published("ScoresPublished", result=None), f"{SCORES}: its result is of other axes"),
        (
            published("ScoresPublished", result=[1]),
            "the file is damaged: AttributeError 'list' object has no attribute 'get'",
        ),
        (result("ScoresPublished", year=2023), f"{SCORES}: its result is of other axes"),
        (result("ScoresPublished", as_of="2024-12-30"), f"{SCORES}: its result is of other axes"),
        (result("ScoresPublished", month="2024-12"), f"{SCORES}: its result is of other axes"),
        (result("BoardPublished", month="2024-09"), f"{BOARD}: its result is of other axes"),
        (result("ScoresPublished", units=None), "the published units is not a list"),
        (unit_of("ScoresPublished", list.reverse), f"{SCORES}: the units, or their order, differ"),
        (
            unit_of("ScoresPublished", lambda units: units.pop()),
            f"{SCORES}: the units, or their order, differ",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[1].update(total="9")),
            f"{SCORES}: {OTHER}, total: published 9, worked out -4",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[0].update(more=1)),
            f"{SCORES}: {TOWN}, more: published 1, worked out None",
        ),
        (
            unit_of("ScoresPublished", lambda units: units[0].pop("rank")),
            f"{SCORES}: {TOWN}, rank: published None, worked out 1",
        ),
        (
            unit_of("BoardPublished", lambda units: units[0].update(rank_before=9)),
            f"{BOARD}: {TOWN}, rank_before: published 9, worked out 1",
        ),
        (
            lambda parts: parts.fields(
                "BoardPublished",
                lambda data: (data.update(month=1), data["result"].update(month=1)),
            ),
            "a month is not text",
        ),
        (
            lambda parts: parts.fields(
                "BoardPublished",
                lambda data: (
                    data.update(as_of="2024-10-30"),
                    data["result"].update(as_of="2024-10-30"),
                ),
            ),
            f"{BOARD.replace('31', '30')}: it is not of its month's last day",
        ),
        (
            lambda parts: parts.fields(
                "BoardPublished",
                lambda data: (data.update(year=2023), data["result"].update(year=2023)),
            ),
            f"{BOARD.replace('ed 2024', 'ed 2023')}: it is not of its month's last day",
        ),
        (
            result("BoardPublished", candidates=[]),
            f"{BOARD}, candidates: published [], worked out ",
        ),
        (
            result("BoardPublished", listed=[]),
            f"{BOARD}, listed: published [], worked out [{{'unit': '{OTHER}', 'board': 'black', 'reason': '末位', 'event': '{OTHER}#3'}}]",
        ),
        (
            result("BoardPublished", interviews=[]),
            f"{BOARD}, interviews: published [], worked out [{{'unit': '{OTHER}', 'months': ['2024-09', '2024-10']}}]",
        ),
    ],
)
def test_a_publication_that_is_not_what_the_events_make(
    made: Made, tmp_path: Path, said: Said, change: Change, sentence: str
) -> None:
    told = said(parted(made, change).write(tmp_path / "b.zip"))[-1]
    assert told == f"FAILED: {sentence}" or (
        sentence.endswith("worked out ") and told.startswith(f"FAILED: {sentence}[")
    )


def test_a_rulebook_stands_under_its_own_digest(made: Made, tmp_path: Path, said: Said) -> None:
    def touch(parts: Parts, change: Callable[[bytes], bytes], *, renamed: bool) -> None:
        name = f"rulebooks/{BOOK.digest}.json"
        data = change(parts.rest.pop(name))
        parts.rest[f"rulebooks/{v.sha256(data).hex()}.json" if renamed else name] = data

    def told(change: Callable[[bytes], bytes], *, renamed: bool = True) -> str:
        return said(
            parted(made, lambda parts: touch(parts, change, renamed=renamed)).write(
                tmp_path / "b.zip"
            )
        )[-1]

    assert (
        told(lambda data: data + b" ", renamed=False)
        == f"FAILED: the rulebook {BOOK.digest[:12]} is not the one of that digest"
    )
    assert (
        told(lambda data: data + b" ") == f"FAILED: {SCORES}: its rulebook kaihua-2024 is not here"
    )
    assert told(lambda _: b"[]") == "FAILED: a rulebook is not what it should be"
    assert told(lambda _: b'{"id":"1E9"}') == "FAILED: '1E9' is not a plain number"
    bare = b'{"id":"x"}'
    assert (
        told(lambda _: bare)
        == f"FAILED: the rulebook {v.sha256(bare).hex()[:12]} cannot be read: KeyError('rules')"
    )


# Receipts and witness files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda data: data.update(format="x"),
            "{path} is not what it should be, lifecycle-receipt/1",
        ),
        (lambda data: data.update(origin="other"), "{path} is of another ledger"),
        (lambda data: data.update(tree_hash="sm3"), "{path} is of another ledger"),
        (lambda data: data.update(tree_size=None), "a size is not a count"),
        (lambda data: data.update(root=None), "a root is not text"),
        (lambda data: data.update(root=ELSE), "{path} says another root for the first 9 events"),
        (
            lambda data: data.update(tree_size=99),
            f"{{path}} says that there were 99 events; here are {SIZE}",
        ),
        (lambda data: data.update(events=None), "the events of {path} is not a list"),
        (lambda data: data["events"][0].update(position=None), "a position is not a count"),
        (lambda data: data["events"][0].update(leaf=None), "a leaf is not text"),
        (lambda data: data["events"][0].update(leaf="x"), "a leaf is not 64 hex digits"),
        (
            lambda data: data["events"][0].update(leaf=ELSE),
            "{path} says that another event stood at position 5, where now P#2 stands",
        ),
        (
            lambda data: data["events"][0].update(position=6),
            f"{{path}} says that another event stood at position 6, where now {TOWN}#2 stands",
        ),
        (
            lambda data: data["events"][0].update(position=0),
            "{path} says that another event stood at position 0, where now nothing stands",
        ),
        (
            lambda data: data["events"][0].update(position=50),
            f"{{path}} says that there were 50 events; here are {SIZE}",
        ),
    ],
)
def test_a_receipt_that_the_bundle_does_not_meet(
    made: Made, tmp_path: Path, said: Said, change: Callable[[Any], object], sentence: str
) -> None:
    data = deepcopy(made.receipt)
    change(data)
    path = tmp_path / "r.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert said(made.parts.write(tmp_path / "b.zip"), "--receipt", path)[
        -1
    ] == "FAILED: " + sentence.format(path=path)


def other_note(made: Made, **fields: Any) -> str:
    return made.parts.note(fields.pop("size", 9), fields.pop("root", bytes(32)), **fields)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines, _: lines[1].update(checkpoint=1), "{path}:2 is not text"),
        (lambda lines, _: lines[1].update(key=1), "{path}:2 is not text"),
        (
            lambda lines, _: lines[1].update(key=STRANGER),
            "a checkpoint is signed by none of the known keys",
        ),
        (lambda lines, _: lines[1].update(leaves=1), "{path}:2 is not text"),
        (lambda lines, _: lines[1].update(leaves="?"), "{path}:2 is not base64"),
        (lambda lines, _: lines[1].update(leaves=lines[1]["leaves"][:-16]), "{path}:2 is damaged"),
        (lambda lines, _: lines.reverse(), "{path}:1 is damaged"),
        (
            lambda lines, _: lines[1].update(checkpoint=lines[0]["checkpoint"], leaves=""),
            "{path}: this is the ledger that it saw",
        ),
        (lambda lines, _: lines.append({**lines[0], "leaves": ""}), "{path}:3 is damaged"),
        (
            lambda lines, made: lines[1].update(checkpoint=other_note(made)),
            "{path}:2 says another root for the first 9 events",
        ),
        (
            lambda lines, made: lines[1].update(checkpoint=other_note(made, origin="other")),
            "{path}:2 is of another ledger",
        ),
        (
            lambda lines, made: lines[1].update(checkpoint=other_note(made, tree_hash="sm3")),
            "{path}:2 is of another ledger",
        ),
        (
            lambda lines, _: lines[1].update(leaves=base64.b64encode(bytes(40)).decode()),
            "{path} says that another event stood at position 5, where now P#2 stands",
        ),
        (
            lambda lines, _: lines[0].update(leaves=base64.b64encode(bytes(32)).decode()),
            f"{{path}} says that another event stood at position 1, where now {TOWN}#1 stands",
        ),
        (
            lambda lines, _: lines[1].update(
                leaves=base64.b64encode(base64.b64decode(lines[1]["leaves"])[:-1] + b"\0").decode()
            ),
            "{path} says that another event stood at position 9, where now county#1 stands",
        ),
    ],
)
def test_a_witness_file_that_the_bundle_does_not_meet(
    made: Made, tmp_path: Path, said: Said, change: Callable[[Any, Made], object], sentence: str
) -> None:
    lines = deepcopy(made.witness)
    change(lines, made)
    path = tmp_path / "w.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = said(made.parts.write(tmp_path / "b.zip"), "--witness", path)
    expected = sentence.format(path=path)
    assert (
        f"ok: witness file {expected}" in told
        if "saw" in sentence
        else told[-1] == f"FAILED: {expected}"
    )


def test_a_witness_line_that_is_no_json(made: Made, tmp_path: Path, said: Said) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text("[]\n", encoding="utf-8")
    assert (
        said(made.parts.write(tmp_path / "b.zip"), "--witness", path)[-1]
        == f"FAILED: {path}:1 is not what it should be"
    )
