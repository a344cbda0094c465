"""The standalone verifier's arithmetic by itself.

Bands, limits, periods and rounding at their edges, worked by hand.
"""

from __future__ import annotations

import base64
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lifecycle.log import proofs
from lifecycle.log.merkle_tree import sm3
from projections.audit.verifier import verify_bundle as verifier
from tests.memory_tree import memory_tree

F = Fraction


def test_its_sm3_is_the_other_s_at_every_length_of_a_block() -> None:
    for length in range(131):
        assert verifier.sm3(bytes(range(length))) == sm3(bytes(range(length)))


def test_a_place_in_a_tree_is_proved_by_its_own_path_alone() -> None:
    leaves = [verifier.sha256(bytes([at])) for at in range(20)]
    subtree = memory_tree(leaves)
    for size in range(1, 21):
        root = proofs.root_at(subtree, size)
        for index in range(size):
            path = proofs.inclusion_proof(subtree, index, size)
            assert (
                verifier.inclusion_root(verifier.sha256, leaves[index], index, size, path) == root
            )
            wrong = [
                (index, size, [*path, root]),
                (index, 2 * size, path),
                (index, size + 16, path),
                (size, size, path),
                (-1, size, path),
                (index, index, path),
            ]
            if path:
                wrong += [(index, size, path[:-1]), (index, size, path[1:]), (index, size, [])]
            if size > 1:
                wrong += [((index + 1) % size, size, path)]
            assert all(
                verifier.inclusion_root(verifier.sha256, leaves[index], *arguments) != root
                for arguments in wrong
            ), (
                index,
                size,
            )


@pytest.mark.parametrize("algorithm", [b"\x01", b"\x02"])
@pytest.mark.parametrize("length", [31, 32, 33])
@pytest.mark.parametrize("name", ["x", ""])
def test_a_key_is_of_its_algorithm_its_length_and_its_name(
    algorithm: bytes,
    length: int,
    name: str,
) -> None:
    data = algorithm + bytes(length)
    number = verifier.sha256(name.encode() + bytes([10]) + data)[:4]
    written = f"{name}+{number.hex()}+{base64.b64encode(data).decode()}"
    if (algorithm, length, name) == (b"\x01", 32, "x"):
        key = verifier.PublicKey(written)
        assert (key.name, key.public, key.written, key.id) == (
            "x",
            bytes(32),
            written,
            verifier.sha256(b"x\n" + data)[:4],
        )
    else:
        with pytest.raises(verifier.VerificationError, match=r"is not an Ed25519 verifier key$"):
            verifier.PublicKey(written)


def test_signatures_and_keys_have_their_lengths_and_a_number_below_the_order() -> None:
    neutral, zero = (
        (1).to_bytes(32, "little"),
        bytes(32),
    )  # the point that adds nothing; its multiples by 0 and by the order are one
    assert verifier.signature_holds(neutral, neutral + zero, b"")
    assert not verifier.signature_holds(
        neutral, neutral + verifier.ORDER.to_bytes(32, "little"), b""
    )
    for public, signature in (
        (neutral + b"\0", neutral + zero),
        (neutral[:-1], neutral + zero),
        (neutral, neutral + zero + b"\0"),
        (neutral, neutral + zero[:-1]),
        (neutral, b""),
        (b"", neutral + zero),
    ):
        assert not verifier.signature_holds(public, signature, b"")


def test_points_are_the_same_whatever_their_scale_and_by_both_coordinates() -> None:
    x, y, _, _ = verifier.decode_point(verifier.BASE_Y.to_bytes(32, "little")) or (0, 0, 0, 0)

    def at(
        x: int,
        y: int,
        scale: int = 1,
    ) -> verifier.Point:
        return x * scale % verifier.P, y * scale % verifier.P, scale, x * y * scale % verifier.P

    assert verifier.points_equal(at(x, y), at(x, y))
    assert verifier.points_equal(at(x, y, 2), at(x, y, 5))
    once = verifier.add_points((x, y, 1, x * y % verifier.P), (x, y, 1, x * y % verifier.P))
    assert verifier.points_equal(once, tuple(part * 3 % verifier.P for part in once))  # type: ignore[arg-type]
    assert not verifier.points_equal(
        once, (once[0], verifier.P - once[1], once[2], verifier.P - once[3])
    )
    for unequal in (
        at(verifier.P - x, y),
        at(x, verifier.P - y),
        at(y, x),
        at(verifier.P - x, y, 7),
        at(x, verifier.P - y, 7),
    ):
        assert not verifier.points_equal(at(x, y), unequal)
        assert not verifier.points_equal(unequal, at(x, y))


def test_what_is_a_point_of_the_curve() -> None:
    def read(
        y: int,
        sign: int = 0,
    ) -> verifier.Point | None:
        return verifier.decode_point((y | sign << 255).to_bytes(32, "little"))

    assert read(1) == (0, 1, 1, 0)
    assert read(verifier.P - 1) == (0, verifier.P - 1, 1, 0)
    assert read(1, 1) is read(verifier.P - 1, 1) is None  # there is no -0
    assert read(verifier.P) is read(verifier.P + 1) is None  # written larger than it is
    assert read(2) is None  # its x would be no number of the field
    for y in range(3, 40):
        even, odd = read(y), read(y, 1)
        assert (even is None) == (odd is None)
        if even is not None and odd is not None:
            assert [point[0] & 1 for point in (even, odd)] == [0, 1]
            assert even[0] + odd[0] == verifier.P
            assert (-(even[0] ** 2) + y**2 - 1 - verifier.D * even[0] ** 2 * y**2) % verifier.P == 0
            assert (even[1:3], even[3]) == ((y, 1), even[0] * y % verifier.P)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (F(0), 2, "0"),
        (F(-1, 1000), 2, "0"),
        (F(5, 1000), 2, "0.01"),
        (F(-5, 1000), 2, "-0.01"),
        (F(4, 1000), 2, "0"),
        (F(12345, 100), 1, "123.5"),
        (F(1, 3), 4, "0.3333"),
        (F(2, 3), 0, "1"),
        (F(-7, 2), 0, "-4"),
        (F(100), 0, "100"),
        (F(100), 2, "100"),
        (F(1, 20), 2, "0.05"),
        (F(-12, 10), 3, "-1.2"),
        (F(10), 1, "10"),
        (F(1005, 100), 10, "10.05"),
        (F(10**30 + 1), 0, str(10**30 + 1)),
        (F(10**30 + 1, 10), 2, f"{10**29}.1"),
        (F(10**30 + 1), 3, str(10**30 + 1)),
    ],
)
def test_a_number_is_shown_rounded_once_half_away_from_zero(
    value: F,
    places: int,
    text: str,
) -> None:
    assert verifier.to_decimal(value, places) == text


@pytest.mark.parametrize(
    ("band", "inside", "outside"),
    [
        ("[1,2]", ("1", "1.5", "2"), ("0.9", "2.1")),
        ("(1,2)", ("1.5",), ("1", "2")),
        ("[1,2)", ("1",), ("2",)),
        ("(1,2]", ("2",), ("1",)),
        ("(,2)", ("-9", "1"), ("2", "3")),
        ("[1,)", ("1", "9"), ("0",)),
        (" [ -1.5 , 2 ] ".strip(), ("-1.5", "2"), ("-1.6",)),
        ("(,)", ("-1", "0", "7"), ()),
        ("[0,1]", ("0", "1"), ("-1", "2")),
    ],
)
def test_a_band_holds_what_lies_between_its_ends(
    band: str,
    inside: tuple[str, ...],
    outside: tuple[str, ...],
) -> None:
    assert [verifier.within(band, F(value)) for value in (*inside, *outside)] == [True] * len(
        inside
    ) + [False] * len(outside)


@pytest.mark.parametrize("band", ["1,2", "[1;2]", "[a,2]", "[1,2]]", "", None])
def test_what_is_no_band_is_refused(band: Any) -> None:
    with pytest.raises(
        verifier.VerificationError,
        match="is not an interval$" if band is not None else "^an interval is not text$",
    ):
        verifier.within(band, F(1))


@pytest.mark.parametrize(
    ("bands", "begins", "ends", "points"),
    [
        ([("(,2]", 1), ("(2,)", 10)], 0, 1, 1),
        ([("(,2]", 1), ("(2,)", 10)], 1, 2, 1),
        ([("(,2]", 1), ("(2,)", 10)], 2, 3, 10),
        ([("(,2]", 1), ("(2,)", 10)], 0, 4, 22),
        ([("(,3)", 1), ("[3,)", 10)], 1, 2, 1),
        ([("(,3)", 1), ("[3,)", 10)], 2, 3, 10),
        ([("(,3)", 1), ("[3,)", 10)], 0, 5, 32),
        ([("(,2.5]", 1), ("(2.5,)", 10)], 1, 2, 1),
        ([("(,2.5]", 1), ("(2.5,)", 10)], 2, 3, 10),
        ([("(,2.5)", 1), ("[2.5,)", 10)], 0, 3, 12),
        ([("[0,2]", 1), ("[3,4]", 10)], 0, 6, 22),
        ([("(0,2]", 1), ("(2,4)", 10)], 0, 6, 12),
        ([("[1,1]", 3), ("[2,)", 4)], 0, 2, 7),
        ([("( , 2 ]", 1), ("( 2 , )", 10)], 1, 3, 11),
        ([("(,2]", 1), ("(2,)", 10)], F(1, 2), F(5, 2), F(13, 2)),
        ([("(1,3]", 1)], F(1, 3), F(4, 3), F(1, 3)),
        ([("[4,)", 2)], 0, 3, 0),
        ([("(,1]", 2), ("(1,)", 3)], 5, F(11, 2), F(3, 2)),
        ([("[-3,2]", 1)], 0, 2, 2),
        ([("[5,6]", 2), ("[2,3)", 7)], 0, 9, 11),
    ],
)
def test_further_occurrences_each_by_their_own_place(
    bands: list[tuple[str, int]],
    begins: F,
    ends: F,
    points: F,
) -> None:
    assert (
        verifier.points_between(
            [{"count": band, "points": str(each)} for band, each in bands], F(begins), F(ends)
        )
        == points
    )


def credited(*amounts: tuple[F | int, str]) -> list[verifier.CreditedOccurrence]:
    """Things counted, each with its amount and when."""
    return [
        verifier.CreditedOccurrence(verifier.Occurrence("x", F(amount), when))
        for amount, when in amounts
    ]


@pytest.mark.parametrize(
    ("rule", "amounts", "points"),
    [
        ({"limit": "5"}, [3, 3, 3], [3, 2, 0]),
        ({"limit": "5", "limit_per": "year"}, [3, 3, 3], [3, 2, 0]),
        ({"limit": "5", "limit_per": "quarter"}, [3, 3, 3, 3, 3], [3, 2, 0, 3, 2]),
        ({"limit": "5", "limit_per": "month"}, [3, 3, 3, 3, 3], [3, 3, 3, 3, 2]),
        ({}, [3, 3], [3, 3]),
        ({"kind": "deduct", "points": "-1", "start": "5"}, [3, 3, 3], [5, -3, -3, -3]),
        ({"kind": "deduct", "points": "-1", "start": "5", "floor": "0"}, [3, 3, 3], [5, -3, -2, 0]),
        ({"kind": "deduct", "points": "-1", "floor": "-4"}, [3, 3, 3], [-3, -1, 0]),
        (
            {"kind": "deduct", "points": "-1", "start": "5", "floor": "-1"},
            [3, 3, 3],
            [5, -3, -3, 0],
        ),
        ({"places": 1}, [F(1, 4), F(1, 3)], [F(3, 10), F(3, 10)]),
        ({"kind": "per_amount", "per": "3", "points": "2"}, [3, 1], [2, F(2, 3)]),
    ],
)
def test_points_of_things_within_their_limits(
    rule: dict[str, Any],
    amounts: list[F | int],
    points: list[F | int],
) -> None:
    months = ("2024-01", "2024-03-31", "2024-02", "2024-04-01", "2024-04")
    item_points = verifier.item_points(
        {"kind": "per_item", "points": "1", **rule},
        credited(*[(amounts[at], months[at]) for at in range(len(amounts))]),
    )
    assert [each for each, _ in item_points] == points
    assert (
        [entry is None for _, entry in item_points] == [False] * len(points)
        if "start" not in rule
        else [True] + [False] * len(amounts)
    )


def test_escalating_points_by_the_count_or_by_the_place() -> None:
    bands = [{"count": "(,2]", "points": "1"}, {"count": "(2,5)", "points": "3"}]
    cases: list[tuple[str, list[F | int], list[F | int]]] = [
        ("all", [1, 1], [1, 1]),
        ("all", [1, 2], [3, 6]),
        ("all", [5], [0]),
        ("further", [1, 2], [1, 4]),
        ("further", [1, 1, 1], [1, 1, 3]),
        ("further", [2, F(1, 2)], [2, F(3, 2)]),
    ]
    for applies_to, amounts, points in cases:
        rule = {"kind": "escalating", "bands": bands, "applies_to": applies_to}
        assert [
            each
            for each, _ in verifier.item_points(
                rule, credited(*[(amount, "") for amount in amounts])
            )
        ] == points


@pytest.mark.parametrize(
    ("amount", "step", "cut"),
    [("0.6", "0.25", "0.5"), ("-0.6", "0.25", "-0.5"), ("0", "5", "0"), ("1", "5", "0")],
)
def test_an_amount_is_cut_toward_0_to_whole_steps(amount: str, step: str, cut: str) -> None:
    assert verifier.in_whole_steps(F(amount), F(step)) == F(cut)


@pytest.mark.parametrize(
    ("completion", "percent"),
    [("1.049", 100), ("1.05", 105), ("0.9501", 100), ("0.95", 95), ("0", 0)],
)
def test_a_completion_is_cut_toward_100_to_whole_steps(completion: str, percent: int) -> None:
    assert verifier.stepped_percent({"whole_steps": "5"}, F(completion)) == percent
    assert verifier.stepped_percent({}, F(completion)) == 100 * F(completion)


def test_points_by_label_leave_the_others_out() -> None:
    rule = {"kind": "per_item", "points_by": {"a": "2", "b": "-1.5"}}
    things = [
        verifier.CreditedOccurrence(verifier.Occurrence(label, F(2), ""))
        for label in ("a", "c", "b")
    ]
    assert [
        (int(points), entry.occurrence.label if entry else None)
        for points, entry in verifier.item_points(rule, things)
    ] == [(4, "a"), (-3, "b")]


@pytest.mark.parametrize(
    ("when", "month", "quarter", "half_year"),
    [
        ("2024-05-31", "2024-05", "2024-Q2", "2024-H1"),
        ("2024-05", "2024-05", "2024-Q2", "2024-H1"),
        ("2024-Q3", "", "2024-Q3", "2024-H2"),
        ("2024-Q2", "", "2024-Q2", "2024-H1"),
        ("2024-H1", "", "", "2024-H1"),
        ("2024-H2", "", "", "2024-H2"),
        ("2024", "", "", ""),
        ("", "", "", ""),
        ("2024-01", "2024-01", "2024-Q1", "2024-H1"),
        ("2024-03", "2024-03", "2024-Q1", "2024-H1"),
        ("2024-04", "2024-04", "2024-Q2", "2024-H1"),
        ("2024-06-30", "2024-06", "2024-Q2", "2024-H1"),
        ("2024-07-01", "2024-07", "2024-Q3", "2024-H2"),
        ("2024-12-01", "2024-12", "2024-Q4", "2024-H2"),
        ("2024-10", "2024-10", "2024-Q4", "2024-H2"),
        ("2024-09", "2024-09", "2024-Q3", "2024-H2"),
    ],
)
def test_the_period_that_something_lies_in(
    when: str,
    month: str,
    quarter: str,
    half_year: str,
) -> None:
    assert verifier.period_of(when, "month") == month
    assert verifier.period_of(when, "quarter") == quarter
    assert verifier.period_of(when, "half_year") == half_year


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-11-30", 1, "2024-12-30"),
        ("2024-12-31", 1, "2025-01-31"),
        ("2024-03-31", 12, "2025-03-31"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-05-31", 24, "2026-05-31"),
        ("2024-12-05", 12, "2025-12-05"),
        ("2024-08-31", 6, "2025-02-28"),
    ],
)
def test_the_corresponding_day_of_a_later_month(
    day: str,
    months: int,
    then: str,
) -> None:
    assert verifier.months_after(date.fromisoformat(day), months).isoformat() == then


@pytest.mark.parametrize(
    ("rule", "value", "points"),
    [
        ({}, "1", 25),
        ({}, "1.2", 29),
        ({}, "0.9", 24),
        ({}, "1.5", 38),
        ({"most": "10"}, "1.5", 35),
        ({"least": "-10"}, "0", 15),
        ({}, "0", 15),
        ({"least": "-5"}, "0", 20),
        ({"most": "10", "least": "-5"}, "1.1", 27),
        ({"most": "3"}, "0.9", 24),
        ({"least": "-3"}, "1.2", 29),
    ],
)
def test_steps_from_a_hundred_to_the_completion(
    rule: dict[str, object],
    value: str,
    points: int,
) -> None:
    segments = [
        {"percent": "(,100)", "step": "0.1"},
        {"percent": "[100, 130]", "step": "0.2"},
        {"percent": "( 130 ,)", "step": "0.35"},
    ]
    assert verifier.stepped_points({"base": "25", "segments": segments, **rule}, F(value)) == points


def test_points_by_place_share_or_mean() -> None:
    bands = [{"place": "[1,1]", "points": "7"}, {"place": "[2,3]", "points": "4"}]
    values = {"a": F(5), "b": F(5), "c": F(3), "d": F(0), "e": F(1)}
    for rule, points in (
        ({"first": "greatest", "ties": "share"}, [7, 7, 4, 0, 0]),
        ({"first": "greatest", "ties": "mean"}, [F(11, 2), F(11, 2), 4, 0, 0]),
        ({"first": "least", "ties": "share"}, [0, 0, 4, 7, 4]),
        ({"first": "least", "ties": "mean", "above": "0"}, [2, 2, 4, 0, 7]),
        ({"first": "greatest", "ties": "share", "above": "3"}, [7, 7, 0, 0, 0]),
    ):
        assert [
            verifier.rank_points({"bands": bands, **rule}, name, values) for name in values
        ] == points, rule


def test_marks_between_the_least_and_the_greatest() -> None:
    rule = {"span": "60", "base": "40", "out_of": "100", "weight": "20", "when_equal": "80"}
    values = {"a": F(2), "b": F(3), "c": F(6)}
    assert [verifier.minmax_points(rule, name, values) for name in values] == [8, 11, 20]
    assert verifier.minmax_points(rule, "a", {"a": F(2), "b": F(2)}) == 16
