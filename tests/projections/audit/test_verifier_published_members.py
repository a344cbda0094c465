"""The standalone verifier on the members that a region's publication names."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from lifecycle.rulebook import canonical, shipped
from projections.audit.verifier import verify_bundle as verifier

ORIGIN = "县.example/A"
ROOT = bytes(range(32))


def counted(unit: str = "甲", *, origin: str = ORIGIN, **fields: Any) -> dict[str, Any]:
    """A member that a region's publication counts, with a checkpoint of the tree that it names."""
    checkpoint = f"{origin}\n5\n{b64encode(ROOT).decode()}\n\n— {origin} AAAA\n"
    tree = {"origin": origin, "tree_size": 5, "root": ROOT.hex(), "position": 5}
    verdict = {"verdict": "VERIFIED", "counted": True, "checkpoint": checkpoint}
    return {"unit": unit, "left_out": None} | tree | verdict | fields


def absent(unit: str, reason: str | None = None) -> dict[str, Any]:
    """A member that is not counted."""
    return {"unit": unit, "verdict": "DIFFERS", "counted": False, "left_out": reason}


def named(*entries: dict[str, Any]) -> list[verifier.PublishedMember]:
    """The members that a publication names."""
    members = verifier.published_members({"members": list(entries)})
    assert members is not None
    return members


def test_a_counted_member_is_read_with_its_tree_and_an_absent_one_with_its_reason() -> None:
    assert verifier.published_members({}) is None
    assert named(counted(), absent("乙", "停电")) == [
        ("甲", True, None, 5, ORIGIN, 5, ROOT.hex()),
        ("乙", False, "停电", 0, "", 0, ""),
    ]


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([counted(), counted(origin="b")], "names a member twice"),
        ([absent("丙"), counted(), counted("乙")], f"counts one ledger, {ORIGIN}, as 甲 and 乙"),
        ([counted(verdict="DIFFERS")], "甲: counted, although its verdict is DIFFERS"),
        ([counted(left_out="停电")], "the reason to leave it out: 停电"),
        ([counted(tree_size=6)], "甲: its signed checkpoint names another tree"),
        ([counted(root="00" * 32)], "甲: its signed checkpoint names another tree"),
        ([counted() | {"origin": "b"}], "甲: its signed checkpoint names another tree"),
        ([counted(position=6)], "甲: more events are counted than its checkpoint covers"),
        ([counted(position="5")], "甲: position"),
    ],
)
def test_a_member_that_no_region_counts_so_is_a_difference(
    entries: list[dict[str, Any]], complaint: str
) -> None:
    with pytest.raises(verifier.VerificationError, match=complaint):
        named(*entries)


def test_two_ledgers_and_any_number_of_absent_ones_are_counted() -> None:
    members = named(absent("丙"), absent("丁"), counted(), counted("乙", origin="b", position=0))
    assert [member.is_counted for member in members] == [False, False, True, True]


@pytest.mark.parametrize(
    ("entries", "stand"),
    [
        ([counted()], True),
        ([counted(position=4)], False),
        ([counted(), absent("乙", "停电")], True),
        ([counted(), absent("乙")], False),
        ([absent("乙", "停电")], False),
        ([], False),
    ],
)
def test_a_result_is_whole_where_every_member_counts_in_full_or_is_named_as_absent(
    entries: list[dict[str, Any]], *, stand: bool
) -> None:
    assert verifier.all_members_stand(named(*entries)) is stand


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([counted()], "; 1 of 1 members counted"),
        (
            [absent("丙"), counted(), absent("乙", "停电")],
            "; 1 of 3 members counted, without 丙 (no reason), 乙 (停电)",
        ),
        (None, ""),
    ],
)
def test_a_standing_says_which_members_count(
    entries: list[dict[str, Any]] | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shipped("kaihua-2024")
    fields = {
        "year": 2024,
        "as_of": "2024-12-31",
        "position": 2,
        "tree_size": 3,
        "rulebook_id": book.id,
        "rulebook_digest": book.digest,
        "evaluator": "lifecycle 0.2.0",
        "unofficial": "核对",
        "members": entries,
    }
    books = {book.digest: verifier.CheckedRulebook(json.loads(canonical(book.rulebook)))}
    state = json.dumps(fields).encode()
    event = verifier.StoredEvent(3, "county", 1, "ScoresPublished/1", state)

    verifier.report_standing(event, [], books, {})

    known = f"known at position 2 of 3{said}; reason given: 核对"
    assert capsys.readouterr().out.splitlines()[0].endswith(known)


def publication(*entries: dict[str, Any]) -> verifier.StoredEvent:
    """Scores of a region that name these members."""
    fields = {"year": 2024, "as_of": "2024-12-31", "members": list(entries)}
    return verifier.StoredEvent(3, "county", 1, "ScoresPublished/1", json.dumps(fields).encode())


def test_members_without_a_bundle_that_reaches_what_counted_are_named() -> None:
    event = publication(absent("丙"), counted(), counted("乙", origin="b", tree_size=5))
    older = verifier.MemberBundle("b.zip", 4, {}, {}, [])

    streams, lacking = verifier.published_history(event, {"county": []}, {"b": older})

    assert lacking == [
        f"甲 (no bundle of {ORIGIN})",
        "乙 (b.zip is older: 4 of the 5 events counted)",
    ]
    assert isinstance(streams, verifier.RegionStreams)
    assert dict(streams) == {"county": []}
