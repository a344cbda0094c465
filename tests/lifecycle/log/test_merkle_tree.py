"""The Merkle tree against Certificate Transparency's vectors and pymerkle, and as stored."""

from __future__ import annotations

import hashlib
from typing import Any

import pymerkle
import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given, strategies as st

from lifecycle.deciding.drafts import read_record
from lifecycle.ledger.recorders import sqlite_path
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.log import proofs
from lifecycle.log.merkle_tree import (
    Frontier,
    HashFunction,
    hash_named,
    leaf_hash,
    leaf_input,
    sha256,
    sm3,
)
from lifecycle.rejections import StoreError
from tests.ledgers import CLERK, LATER
from tests.library_events import insert_events
from tests.memory_tree import memory_tree
from tests.soak import examples

# certificate-transparency-go, test data for Merkle trees: the entries, the roots of the first
# 1 to 8 of them, and proofs.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST_TWO, THIRD_PAIR, LAST_FOUR, FIFTH = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
)
LAST_PAIR = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
FIFTH_PAIR = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TREE = memory_tree(LEAVES)


def hexes(path: list[bytes]) -> list[str]:
    return [node.hex() for node in path]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    frontier = Frontier()
    frontier.append(LEAVES[:size])
    expected = ROOTS[size - 1] if size else hashlib.sha256(b"").hexdigest()
    assert frontier.root().hex() == expected == proofs.root_at(TREE, size).hex()


@pytest.mark.parametrize(
    ("leaf", "size", "path"),
    [
        (1, 1, []),
        (1, 8, [FIRST_TWO, THIRD_PAIR, LAST_FOUR]),
        (6, 8, [FIFTH, LAST_PAIR, ROOTS[3]]),
        (3, 3, [ROOTS[1]]),
        (2, 5, [ROOTS[0], THIRD_PAIR, FIFTH]),
    ],
)
def test_the_published_inclusion_proofs(
    leaf: int,
    size: int,
    path: list[str],
) -> None:
    assert hexes(proofs.inclusion_proof(TREE, leaf - 1, size)) == path


@pytest.mark.parametrize(
    ("first", "size", "path"),
    [
        (1, 1, []),
        (1, 8, [FIRST_TWO, THIRD_PAIR, LAST_FOUR]),
        (6, 8, [FIFTH_PAIR, LAST_PAIR, ROOTS[3]]),
        (2, 5, [THIRD_PAIR, FIFTH]),
    ],
)
def test_the_published_consistency_proofs(
    first: int,
    size: int,
    path: list[str],
) -> None:
    assert hexes(proofs.consistency_proof(TREE, first, size)) == path


@examples(40)
@given(st.data())
def test_roots_and_proofs_are_those_of_an_independent_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    entries = [data.draw(st.binary(max_size=3)) + str(at).encode() for at in range(size)]
    leaves = [leaf_hash(entry) for entry in entries]
    tree, theirs = memory_tree(leaves), pymerkle.InmemoryTree.init_from_entries(entries)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, first_root = proofs.root_at(tree, size), proofs.root_at(tree, first)
    assert (root, first_root) == (theirs.get_root(size), theirs.get_root(first))
    path = proofs.inclusion_proof(tree, index, size)
    assert path == theirs.prove_inclusion(index + 1, size).path[1:]
    assert proofs.inclusion_root(leaves[index], index, size, path) == root
    pymerkle.verify_consistency(first_root, root, theirs.prove_consistency(first, size))
    assert proofs.is_consistent(
        first,
        first_root,
        size,
        root,
        proofs.consistency_proof(tree, first, size),
    )


@examples(60)
@given(st.data())
def test_a_changed_proof_proves_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    leaves = [leaf_hash(str(at).encode()) for at in range(size)]
    tree, index, first = (
        memory_tree(leaves),
        data.draw(st.integers(0, size - 1)),
        data.draw(st.integers(1, size - 1)),
    )
    root, first_root = proofs.root_at(tree, size), proofs.root_at(tree, first)
    path, steps = (
        proofs.inclusion_proof(tree, index, size),
        proofs.consistency_proof(tree, first, size),
    )
    for changed in touched(data, path):
        assert proofs.inclusion_root(leaves[index], index, size, changed) != root
    for changed in touched(data, steps):
        assert not proofs.is_consistent(
            first,
            first_root,
            size,
            root,
            changed,
        )
    other_index = data.draw(st.integers(0, size - 1).filter(lambda at: at != index))
    assert proofs.inclusion_root(leaves[other_index], index, size, path) != root
    assert not proofs.is_consistent(
        first,
        leaf_hash(b"other"),
        size,
        root,
        steps,
    )


def touched(data: st.DataObject, path: list[bytes]) -> list[list[bytes]]:
    at = data.draw(st.integers(0, len(path) - 1))
    return [path[:-1], [*path, path[-1]], [*path[:at], leaf_hash(b"other"), *path[at + 1 :]]]


@pytest.mark.parametrize("hash_", [sha256, sm3])
def test_every_proof_of_a_small_tree_verifies_and_every_altered_one_fails(
    hash_: HashFunction,
) -> None:
    leaves = [leaf_hash(str(at).encode(), hash_) for at in range(20)]
    tree, stranger = memory_tree(leaves, hash_), leaf_hash(b"stranger", hash_)
    roots = [proofs.root_at(tree, size, hash_) for size in range(21)]
    for size in range(1, 21):
        for index in range(size):
            path = proofs.inclusion_proof(tree, index, size, hash_)
            assert (
                proofs.inclusion_root(
                    leaves[index],
                    index,
                    size,
                    path,
                    hash_,
                )
                == roots[size]
            )
            assert [
                proofs.inclusion_root(
                    leaves[index],
                    index,
                    size,
                    wrong,
                    hash_,
                )
                for wrong in (path[1:], path[:-1], [*path, stranger])
                if wrong != path
            ] == [None] * (3 if path else 1)
            assert roots[size] not in [
                proofs.inclusion_root(
                    leaves[index],
                    other_index,
                    size,
                    path,
                    hash_,
                )
                for other_index in range(size)
                if other_index != index
            ]
        for first in range(1, size):
            steps = proofs.consistency_proof(tree, first, size, hash_)
            assert proofs.is_consistent(
                first,
                roots[first],
                size,
                roots[size],
                steps,
                hash_,
            )
            assert not any(
                proofs.is_consistent(
                    first,
                    roots[first],
                    size,
                    roots[size],
                    wrong,
                    hash_,
                )
                for wrong in (steps[1:], steps[:-1], [*steps, stranger], [])
            )
            assert not proofs.is_consistent(
                first,
                stranger,
                size,
                roots[size],
                steps,
                hash_,
            )
            # A valid proof for another size proves nothing for this one.
            assert not any(
                proofs.is_consistent(
                    first,
                    roots[first],
                    other_index,
                    roots[size],
                    steps,
                    hash_,
                )
                for other_index in (2 * size, 4 * size, size + 16)
            )
            assert not proofs.is_consistent(
                first,
                roots[first],
                size,
                stranger,
                steps,
                hash_,
            )


@pytest.mark.parametrize(("first", "size"), [(3, 2), (-1, 2), (0, 2), (2, 2)])
def test_sizes_that_do_not_fit_are_not_consistent(first: int, size: int) -> None:
    assert not proofs.is_consistent(
        first,
        LEAVES[0],
        size,
        LEAVES[1],
        [LEAVES[2]],
    )
    assert not proofs.is_consistent(
        1,
        LEAVES[0],
        2,
        LEAVES[1],
        [],
    )


def test_an_empty_tree_is_a_prefix_of_every_tree() -> None:
    assert proofs.consistency_proof(TREE, 0, 8) == []
    assert proofs.is_consistent(
        0,
        proofs.root_at(TREE, 0),
        8,
        proofs.root_at(TREE, 8),
        [],
    )
    assert proofs.inclusion_root(LEAVES[0], 8, 8, []) is None
    assert proofs.inclusion_root(LEAVES[0], 1, 1, []) is None
    assert proofs.inclusion_root(LEAVES[0], -1, 1, []) is None


def test_an_empty_proof_shows_a_tree_consistent_with_itself_and_the_empty_tree() -> None:
    for size in (0, 1, 5, 8):
        root, empty_root = proofs.root_at(TREE, size), proofs.root_at(TREE, 0)
        assert proofs.is_consistent(
            size,
            root,
            size,
            root,
            [],
        )
        assert proofs.is_consistent(
            0,
            empty_root,
            size,
            root,
            [],
        )
        for first in (0, size):
            assert not proofs.is_consistent(
                first,
                (empty_root, root)[bool(first)],
                size,
                root,
                [root],
            )
            assert not proofs.is_consistent(
                first,
                sha256(b"another"),
                size,
                root,
                [],
            )


def test_sm3_is_the_standards_own() -> None:
    # GB/T 32905-2016, A.1
    assert (hash_named("sm3"), hash_named("sha256")) == (sm3, sha256)
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_leaf_holds_the_bytes_documented_for_auditors() -> None:
    entry = leaf_input("unit/华埠镇", 3, "ActivityHeld/2", b'{"a":1}')
    assert entry == "unit/华埠镇\n3\nActivityHeld/2\n".encode() + b'{"a":1}'
    assert leaf_hash(entry) == hashlib.sha256(b"\x00" + entry).digest()


@pytest.mark.parametrize("hash_", [sha256, sm3])
def test_a_tree_grown_in_steps_equals_one_grown_at_once(hash_: HashFunction) -> None:
    leaves = [leaf_hash(str(at).encode(), hash_) for at in range(40)]
    whole = Frontier(hash_=hash_)
    nodes = whole.append(leaves)
    for first in range(41):
        for second in range(first, 41, 3):
            pieces, tree = [], Frontier(hash_=hash_)
            for start, end in ((0, first), (first, second), (second, 40)):
                tree = Frontier(tree.size, tree.pack(), hash_)  # as stored between two events
                pieces += tree.append(leaves[start:end])
            assert (tree.size, tree.roots, tree.root()) == (40, whole.roots, whole.root())
            assert sorted(pieces) == sorted(nodes)


def test_every_fourth_level_is_kept_as_whole_numbers() -> None:
    nodes = Frontier().append([leaf_hash(str(at).encode()) for at in range(300)])
    assert [(level, number) for level, number, _ in nodes] == [
        *((1, number) for number in range(18)),
        (2, 0),
    ]
    assert {type(part) for level, number, _ in nodes for part in (level, number)} == {int}


# As stored ----------------------------------------------------------------------------------------


def units(first: int, last: int) -> list[dict[str, Any]]:
    return [
        {
            "event": "UnitRegistered",
            "unit": f"单位{at}",
            "occurred_on": "2024-01-02",
            "sequence": "乡镇",
            "category": "township",
        }
        for at in range(first, last + 1)
    ]


def record_some(
    ledger: Ledger,
    first: int,
    last: int,
) -> None:
    with ledger.unit_of_work(CLERK) as work:
        for record in units(first, last):
            work.record(read_record(record))


@pytest.mark.parametrize("tree_hash", ["sha256", "sm3"])
def test_proofs_from_the_store_are_those_over_all_stored_bytes(
    store_url: str, tree_hash: Any
) -> None:
    if tree_hash == "sm3" and sqlite_path(store_url) is None:
        pytest.skip("a new store on PostgreSQL uses SHA-256")
    with Ledger.open(store_url, create=True, tree_hash=tree_hash, clock=lambda: LATER) as ledger:
        for first, last in ((1, 1), (2, 14), (15, 17), (18, 290), (291, 291), (292, 300)):
            record_some(ledger, first, last)
        with ledger.recorder.cursor(write=False) as cursor:
            rows = list(ledger.recorder.between(cursor, 1, 300))
            stored = StoredTree(ledger.recorder, cursor)
            leaves = [
                leaf_hash(leaf_input(row[1], row[2], row[3], bytes(row[4])), stored.hash_)
                for row in rows
            ]
            whole = memory_tree(leaves, stored.hash_)
            assert (
                ledger.tree().root() == stored.root(300) == proofs.root_at(whole, 300, stored.hash_)
            )
            for size in (1, 15, 16, 17, 255, 256, 257, 299, 300):
                assert stored.root(size) == proofs.root_at(whole, size, stored.hash_)
                assert stored.consistency_proof(size, 300) == proofs.consistency_proof(
                    whole, size, 300, stored.hash_
                )
                assert stored.inclusion_proof(size, 300) == proofs.inclusion_proof(
                    whole, size - 1, 300, stored.hash_
                )
                assert stored.leaf(size) == leaves[size - 1]


def test_events_appended_at_once_keep_the_tree(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        record_some(ledger, 1, 40)
        before = ledger.head()
        with ledger.recorder.cursor(write=False) as cursor:
            rows = list(ledger.recorder.between(cursor, 1, 40))

        copies = [StoredEvent(f"{row[1]}x", 1, row[3], bytes(row[4])) for row in rows]
        insert_events(ledger.recorder, copies)
        with ledger.recorder.cursor(write=False) as cursor:
            stored = StoredTree(ledger.recorder, cursor)
            assert stored.size == before.position + 40
            assert stored.root(80) == ledger.tree().root()
            assert stored.root(40) == before.tree().root()


def test_a_missing_node_is_reported(store_url: str) -> None:
    with Ledger.open(store_url, create=True, clock=lambda: LATER) as ledger:
        record_some(ledger, 1, 40)
        with ledger.recorder.cursor(write=False) as cursor:
            stored = StoredTree(ledger.recorder, cursor)
            with pytest.raises(StoreError, match="lacks nodes"):
                stored.subtree_root(4, 2)
