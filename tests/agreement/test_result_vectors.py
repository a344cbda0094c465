"""Hand-worked vectors of what looks at units' results: conditions, ranks, unranked units."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rejections import Rejected
from lifecycle.rulebook import canonical, parse
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.agreement.test_shape_vectors import UNITS, Facts, figure
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, OUTCOME, RULE
from tests.reference.results import evaluate_book
from tests.reference.scoring import shown

PER_FIGURE = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'
FALSE = 'any_of = [{ all = [{ measure = "indicator", indicator = "false", at_least = 1 }] }]\n'
UNRANKED = PER_FIGURE + RULE.replace("r.1", "o") + OUTCOME + "unranked = true\n" + FALSE
FIVE_FOUR_THREE = [figure("5"), figure("4", "乙镇"), figure("3", "丙镇")]
PLACES: dict[str, tuple[str, Facts, list[tuple[str, int | None]]]] = {
    "all are ranked": (
        UNRANKED,
        FIVE_FOUR_THREE,
        [("甲镇", 1), ("乙镇", 2), ("丙镇", 3)],
    ),
    "the others close up": (
        UNRANKED,
        [*FIVE_FOUR_THREE, figure("1", indicator="false")],
        [("乙镇", 1), ("丙镇", 2), ("甲镇", None)],
    ),
    "just below the bound": (
        UNRANKED,
        [*FIVE_FOUR_THREE, figure("0.99", indicator="false")],
        [("甲镇", 1), ("乙镇", 2), ("丙镇", 3)],
    ),
    "two out of the ranking": (
        UNRANKED,
        [
            *FIVE_FOUR_THREE,
            figure("1", "乙镇", indicator="false"),
            figure("1", "丙镇", indicator="false"),
        ],
        [("甲镇", 1), ("乙镇", None), ("丙镇", None)],
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_vector_gives_its_places_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, places = PLACES[name]
    rows = rows_in_all_three(HEAD + rules, facts, tmp_path)
    assert [(row["unit"], row["rank"]) for row in rows] == places


OTHER_MODULE = '[[modules]]\nid = "n"\nchinese = "其他"\nclause = "一"\nbasis = "policy"\ncap = 8\n'
GROUP = (
    '[[groups]]\nid = "g"\nchinese = "板块"\nmodules = ["m", "n"]\ncap = 10\n'
    'clause = "一"\nbasis = "policy"\n'
)
OF_N = PER_FIGURE.replace("r.1", "r.2").replace('"m"', '"n"').replace('"x"', '"y"')
TWO = OTHER_MODULE + PER_FIGURE + OF_N


def gate(gates: str, *conditions: str, name: str = "gate") -> str:
    """A gate of the rule r.1, of a module such as `n`, or of the total."""
    module = gates if gates in ("m", "n") else "m"
    text = RULE.replace("r.1", name).replace('"m"', f'"{module}"') + 'kind = "gate"\n'
    if gates in ("m", "n"):
        text += 'gates = "module"\n'
    else:
        text += f'gates = "{gates}"\n' + ('rule = "r.1"\n' if gates == "rule" else "")
    joined = ", ".join(conditions)
    return text + f"any_of = [{{ all = [{joined}] }}]\n"


def figures(x: str, y: str, *others: tuple[str, str]) -> Facts:
    """Figures of the two indicators: of 甲镇, then of the next units."""
    facts: Facts = []
    for unit, (first, second) in zip(UNITS, ((x, y), *others), strict=False):
        facts += [figure(first, unit), figure(second, unit, indicator="y")]
    return facts


def listed(condition: str) -> str:
    """An outcome under a condition."""
    return RULE.replace("r.1", "o") + OUTCOME + f"any_of = [{{ all = [{condition}] }}]\n"


CAP_OF_TOTAL = '[total]\ncap = 6\nclause = "一"\nbasis = "policy"\n'
RULE_READ = '{ result = { rule = "r.2" }, at_least = 3 }'
N_AT_LEAST_2 = '{ result = { modules = ["n"] }, at_least = 2 }'
BOTH_READ = '{ result = { modules = ["m", "n"] }, at_least = 12 }'
TOTALS: dict[str, tuple[str, Facts, str]] = {
    # A rule's points, at the bound and just below it.
    "a rule reads another": (TWO + gate("rule", RULE_READ), figures("5", "3"), "8"),
    "a rule reads another: below": (TWO + gate("rule", RULE_READ), figures("5", "2.99"), "2.99"),
    "a module reads a rule of another": (
        TWO + gate("m", RULE_READ),
        figures("5", "2.99"),
        "2.99",
    ),
    "a rule reads itself as it was": (
        TWO + gate("rule", '{ result = { rule = "r.1" }, at_least = 5 }'),
        figures("5", "3"),
        "8",
    ),
    "a rule reads itself: below": (
        TWO + gate("rule", '{ result = { rule = "r.1" }, at_least = 5 }'),
        figures("4.99", "3"),
        "3",
    ),
    # What is read is final: the gate of the rule that is read acts first, wherever it stands.
    "a gate waits for the one it reads": (
        TWO
        + gate("rule", RULE_READ)
        + gate("rule", '{ result = { rule = "r.2" }, at_least = 9 }', name="h").replace(
            'rule = "r.1"', 'rule = "r.2"'
        ),
        figures("5", "8"),
        "0",
    ),
    # Modules: final after their cap; their own before it.
    "a module is read after its cap": (
        TWO + gate("m", '{ result = { modules = ["n"] }, above = 8 }'),
        figures("5", "9"),
        "8",
    ),
    "a module is read after its floor": (
        TWO.replace("cap = 8", "floor = 2") + gate("m", N_AT_LEAST_2),
        figures("5", "1"),
        "7",
    ),
    "its own before the floor": (
        TWO.replace("cap = 8", "floor = 2") + gate("n", N_AT_LEAST_2),
        figures("5", "1"),
        "7",  # the gate takes the 1, and the floor gives 2
    ),
    "its own before the cap": (
        TWO + gate("n", '{ result = { modules = ["n"] }, above = 8 }'),
        figures("5", "9"),
        "13",
    ),
    "its own at the bound": (
        TWO + gate("n", '{ result = { modules = ["n"] }, above = 8 }'),
        figures("5", "8"),
        "5",
    ),
    "modules together": (TWO + gate("total", BOTH_READ), figures("4", "8"), "12"),
    "modules together: below": (
        TWO + gate("total", BOTH_READ),
        figures("3.99", "9"),
        "0",
    ),
    "one module is low": (
        TWO + gate("total", '{ result = { modules = ["m", "n"] }, each_below = 5, at_least = 2 }'),
        figures("4.99", "5"),
        "0",
    ),
    "two modules are low": (
        TWO + gate("total", '{ result = { modules = ["m", "n"] }, each_below = 5, at_least = 2 }'),
        figures("4.99", "4.99"),
        "9.98",
    ),
    # A group after its cap; the total after its own.
    "a group after its cap": (
        GROUP + TWO + gate("total", '{ result = { group = "g" }, above = 10 }'),
        figures("5", "8"),
        "0",
    ),
    "a group at its cap": (
        GROUP + TWO + gate("total", '{ result = { group = "g" }, at_least = 10 }'),
        figures("5", "8"),
        "10",
    ),
    "the total after its cap": (
        CAP_OF_TOTAL + TWO + gate("total", "{ result = { total = true }, above = 6 }"),
        figures("5", "3"),
        "0",
    ),
    "the total at its cap": (
        CAP_OF_TOTAL + TWO + gate("total", "{ result = { total = true }, at_least = 6 }"),
        figures("5", "3"),
        "6",
    ),
    "the total reads itself": (
        TWO + gate("total", "{ result = { total = true }, at_least = 8 }"),
        figures("5", "3"),
        "8",
    ),
    # Two gates of the total see one state: the first closes the other's reason for nobody.
    "gates of the total act together": (
        TWO
        + gate("total", RULE_READ.replace("3", "9"), name="first")
        + gate("total", "{ result = { total = true }, at_least = 8 }", name="second"),
        figures("5", "3"),
        "0",
    ),
    # Places, from either end.
    "first from the top": (
        TWO + gate("total", '{ result = { total = true }, place = "top", at_most = 1 }'),
        figures("5", "3", ("4", "3.99"), ("0", "0")),
        "8",
    ),
    "equals share the first place": (
        TWO + gate("total", '{ result = { total = true }, place = "top", at_most = 1 }'),
        figures("5", "3", ("4", "4"), ("0", "0")),
        "8",
    ),
    "second from the top": (
        TWO + gate("total", '{ result = { total = true }, place = "top", at_most = 1 }'),
        figures("5", "3", ("4", "4.01"), ("0", "0")),
        "0",
    ),
    "competition ranking skips": (
        TWO + gate("total", '{ result = { total = true }, place = "bottom", at_most = 2 }'),
        figures("5", "3", ("1", "1"), ("2", "0")),
        "0",  # two share the last place, and 甲镇 is third from the bottom
    ),
    "as many units as are needed": (
        TWO
        + gate(
            "total", '{ result = { total = true }, place = "top", at_most = 1, of_at_least = 3 }'
        ),
        figures("5", "3"),
        "8",
    ),
    "one unit too few": (
        TWO
        + gate(
            "total", '{ result = { total = true }, place = "top", at_most = 1, of_at_least = 4 }'
        ),
        figures("5", "3"),
        "0",
    ),
    "a place by a module, before its gate": (
        TWO + gate("n", '{ result = { modules = ["n"] }, place = "top", at_most = 1 }'),
        figures("5", "3", ("0", "3.01"), ("0", "9")),
        "5",
    ),
    "of units that the condition takes": (
        TWO
        + gate(
            "total", '{ result = { total = true }, at_least = 0, where = { sequence = ["园区"] } }'
        ),
        figures("5", "3"),
        "0",
    ),
}


def times(changed: str, *rows: str, more: str = "", name: str = "k") -> str:
    """A factor by achievement on rules, modules or the total."""
    joined = ", ".join(rows)
    text = RULE.replace("r.1", name) + f'kind = "coefficient"\n{changed}\n'
    return text + f"rows = [{joined}]\n{more}"


def row(condition: str, factor: str) -> str:
    """A row of factors under a condition."""
    return f"{{ any_of = [{{ all = [{condition}] }}], factor = {factor} }}"


Y_AT_LEAST_3 = '{ measure = "indicator", indicator = "y", at_least = 3 }'
R2_AT_LEAST_3 = '{ result = { rule = "r.2" }, at_least = 3 }'
OTHERWISE = "otherwise = 0.8\n"
TOTALS |= {
    # Factors by achievement.
    "a factor on a rule: reached": (
        TWO + times('rules = ["r.1"]', row(Y_AT_LEAST_3, "1"), more=OTHERWISE),
        figures("5", "3"),
        "8",
    ),
    "a factor on a rule: otherwise": (
        TWO + times('rules = ["r.1"]', row(Y_AT_LEAST_3, "1"), more=OTHERWISE),
        figures("5", "2.99"),
        "6.99",
    ),
    "without otherwise 1": (
        TWO + times('rules = ["r.1"]', row(Y_AT_LEAST_3, "1.5")),
        figures("5", "2.99"),
        "7.99",
    ),
    "a factor reads a rule that a gate stops": (
        TWO
        + times('rules = ["r.1"]', row(R2_AT_LEAST_3, "2"), more=OTHERWISE)
        + gate("rule", '{ result = { rule = "r.2" }, at_least = 9 }').replace(
            'rule = "r.1"', 'rule = "r.2"'
        ),
        figures("5", "8"),
        "4",
    ),
    "a module's factor comes after its cap": (
        TWO + times('modules = ["n"]', row(R2_AT_LEAST_3, "1.5")),
        figures("5", "9"),
        "17",  # 9 capped at 8, × 1.5
    ),
    "a module's factor comes after its floor": (
        TWO.replace("cap = 8", "floor = 2")
        + times('modules = ["n"]', row(Y_AT_LEAST_3, "1"), more=OTHERWISE),
        figures("5", "1"),
        "6.6",  # 1 raised to 2, × 0.8
    ),
    "a module's factor comes after its gate": (
        TWO
        + times('modules = ["n"]', row(R2_AT_LEAST_3, "1.5"))
        + gate("n", '{ result = { modules = ["n"] }, above = 9 }'),
        figures("5", "9"),
        "5",
    ),
    "a gate reads a module with its factor": (
        TWO
        + times('modules = ["n"]', row(R2_AT_LEAST_3, "1.5"))
        + gate("m", '{ result = { modules = ["n"] }, at_least = 12 }'),
        figures("5", "8"),
        "17",
    ),
    "a gate reads it: below": (
        TWO
        + times('modules = ["n"]', row(R2_AT_LEAST_3, "1.5"))
        + gate("m", '{ result = { modules = ["n"] }, at_least = 12.01 }'),
        figures("5", "8"),
        "12",
    ),
    "two modules by one factor, one gated by the other": (
        TWO
        + times('modules = ["m", "n"]', row(R2_AT_LEAST_3, "2"))
        + gate("n", '{ result = { modules = ["m"] }, at_least = 10 }'),
        figures("5", "3"),
        "16",
    ),
    "the total's factor comes after the groups": (
        GROUP + TWO + times("total = true", row(R2_AT_LEAST_3, "1.5")),
        figures("5", "8"),
        "15",  # 13 capped at 10, × 1.5
    ),
    "the total's factor comes before its cap": (
        CAP_OF_TOTAL + TWO + times("total = true", row(R2_AT_LEAST_3, "0.5")),
        figures("5", "5"),
        "5",  # half of 10, not half of 6
    ),
    "the total's factor reads a group": (
        GROUP + TWO + times("total = true", row('{ result = { group = "g" }, below = 8 }', "0.5")),
        figures("5", "3"),
        "8",
    ),
    "the total's factor reads a group: below": (
        GROUP + TWO + times("total = true", row('{ result = { group = "g" }, below = 8 }', "0.5")),
        figures("4.5", "3"),
        "3.75",
    ),
    "a gate of the total reads it with its factor": (
        TWO
        + times("total = true", row(R2_AT_LEAST_3, "0.5"))
        + gate("total", "{ result = { total = true }, at_least = 4.01 }"),
        figures("5", "3"),
        "0",
    ),
    "the highest of two": (
        TWO
        + times(
            'rules = ["r.1"]',
            row(Y_AT_LEAST_3, "1.2"),
            row(R2_AT_LEAST_3, "1.5"),
            more='combine = "highest"\n',
        ),
        figures("5", "3"),
        "10.5",
    ),
    "the product of two": (
        TWO
        + times(
            'rules = ["r.1"]',
            row(Y_AT_LEAST_3, "1.2"),
            row(R2_AT_LEAST_3, "1.5"),
            more='combine = "product"\n',
        ),
        figures("5", "3"),
        "12",
    ),
    "two factors on a module, each on what it was": (
        TWO
        + times('modules = ["n"]', row(R2_AT_LEAST_3, "1.5"))
        + times('modules = ["n"]', row(R2_AT_LEAST_3, "2"), name="l"),
        figures("5", "4"),
        "15",  # 5 + 4 + 2 + 4
    ),
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_vector_gives_its_total_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, points = TOTALS[name]
    rows = {row["unit"]: row for row in rows_in_all_three(HEAD + rules, facts, tmp_path)}
    assert rows["甲镇"]["total"] == points


THREE = figures("5", "3", ("4", "3"), ("0", "0"))
LISTED: dict[str, tuple[str, Facts, list[str]]] = {
    "the last": (
        TWO + listed('{ result = { total = true }, place = "bottom", at_most = 1 }'),
        THREE,
        ["丙镇"],
    ),
    "all who share the last place": (
        TWO + listed('{ result = { total = true }, place = "bottom", at_most = 1 }'),
        figures("5", "3", ("0", "0"), ("0", "0")),
        ["乙镇", "丙镇"],
    ),
    "the last two": (
        TWO + listed('{ result = { total = true }, place = "bottom", at_most = 2 }'),
        THREE,
        ["乙镇", "丙镇"],
    ),
    # Outcomes read results as they are shown: after the gates of the total.
    "after the gates of the total": (
        TWO
        + gate("total", "{ result = { total = true }, at_least = 8 }")
        + listed('{ result = { modules = ["m"] }, at_most = 0 }'),
        THREE,
        ["乙镇", "丙镇"],
    ),
    # Places are of all units: those that the outcome takes out of the ranking too.
    "out of the ranking by a place": (
        TWO
        + listed('{ result = { total = true }, place = "top", at_most = 1 }')
        + "unranked = true\n",
        THREE,
        ["甲镇"],
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_an_outcome_follows_from_results_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, units = LISTED[name]
    rows = {row["unit"]: row for row in rows_in_all_three(HEAD + rules, facts, tmp_path)}
    assert [unit for unit in UNITS if rows[unit]["outcomes"]] == units


CIRCLES: dict[str, tuple[str, str]] = {
    "of a factor and its own rule": (
        TWO + times('rules = ["r.2"]', row(R2_AT_LEAST_3, "2")),
        "k → r.2 → k",
    ),
    "of a factor and its own total": (
        TWO + times("total = true", row("{ result = { total = true }, below = 8 }", "0.5")),
        "k → total → k",
    ),
    "of a factor and places": (
        TWO
        + times(
            "total = true", row('{ result = { total = true }, place = "top", at_most = 1 }', "2")
        ),
        "k → total → k",
    ),
    "of a factor and a gate": (
        TWO
        + times('rules = ["r.1"]', row(R2_AT_LEAST_3, "2"))
        + gate("rule", '{ result = { rule = "r.1" }, at_least = 1 }').replace(
            'rule = "r.1"\nany_of', 'rule = "r.2"\nany_of'
        ),
        "k → gate → k",
    ),
    "of two rules": (
        TWO
        + gate("rule", RULE_READ)
        + gate("rule", '{ result = { rule = "r.1" }, at_least = 1 }', name="h").replace(
            'rule = "r.1"\nany_of', 'rule = "r.2"\nany_of'
        ),
        "gate → h → gate",
    ),
    "of two modules": (
        TWO
        + gate("m", '{ result = { modules = ["n"] }, at_least = 1 }')
        + gate("n", '{ result = { modules = ["m"] }, at_least = 1 }', name="h"),
        "gate → h → gate",
    ),
    "of a rule and its module": (
        TWO + gate("rule", '{ result = { modules = ["m"] }, at_least = 1 }'),
        "gate → r.1 → m → gate",
    ),
    "of a module and the total": (
        TWO + gate("m", "{ result = { total = true }, at_least = 1 }"),
        "gate → m → total → gate",
    ),
    "of a module and places": (
        TWO + gate("m", '{ result = { total = true }, place = "top", at_most = 1 }'),
        "gate → m → total → gate",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_refused_with_its_path(name: str) -> None:
    rules, path = CIRCLES[name]
    with pytest.raises(Rejected) as rejected:
        parse(HEAD + rules)
    (problem,) = rejected.value.problems
    assert (problem.rule, problem.values) == ("circle", {"path": path})


def rows_in_all_three(text: str, facts: Facts, folder: Path) -> list[dict[str, Any]]:
    """Every unit's row at the end of 2024, the same by evaluator, verifier and reference."""
    loaded = parse(text)
    day = date(2024, 12, 31)
    units = [
        {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": unit}
        | {"sequence": "乡镇", "category": "township"}
        for unit in UNITS
    ]
    records = [{"recorded_by": "甲", **record} for record in (*units, *facts)]
    with new_ledger(folder) as ledger:
        fill(ledger, records, keep=False)
        view = View(2024, day, ledger.head().position, loaded)
        rows: list[dict[str, Any]] = score_json(evaluate(ledger, view))["units"]
        assert rows == recomputed(ledger, canonical(loaded.rulebook), day)
        assert_lines_agree(ledger, view)
    stamped = [{"recorded_at": "2025-01-05T09:00:00+08:00", **record} for record in records]
    assert rows == shown(evaluate_book(loaded.data(), stamped, 2024, day))
    return rows
