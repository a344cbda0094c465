"""What `rulebook check` finds beside what cannot be read: a text that fails and one that passes."""

from __future__ import annotations

import pytest

from lifecycle.rulebook import parse, shipped, shipped_ids
from lifecycle.rulebook.rulebook_review import review
from lifecycle.rulebook.toml_places import TomlPlaces

HEAD = """
id = "a-2024"
title = "某县2024年招商引资考核办法"
issuer = "某县"
effective_from = 2024-01-01
effective_to = 2024-12-31
rounding = { shown = 2, json = 10, clause = "一", basis = "policy" }
ranking = { within = "sequence", clause = "一", basis = "policy" }
[[modules]]
id = "m"
chinese = "得分"
clause = "一"
basis = "policy"
"""
RULE = '[[rules]]\nid = "r.1"\nchinese = "规则"\nmodule = "m"\nclause = "一"\nbasis = "policy"\n'
FIGURE = 'measure = "indicator"\nindicator = "x"\n'
SIGNED = 'measure = "projects_signed"\n'
RATIO = RULE + FIGURE + 'kind = "ratio"\nweight = 10\nwhen_zero = 0\n'
REPORTED = 'target = { source = "reported" }\n'
SET_TARGET = 'target = { source = "set", indicator = "x" }\nwhen_missing = "none"\n'
QUARTERS = '[assessed]\nperiod = "quarter"\nclause = "一"\nbasis = "policy"\n'
OUTCOME = 'kind = "outcome"\noutcome = "降等"\n'
STEPPED = RULE + FIGURE + 'kind = "stepped"\nbase = 5\ntarget = { fixed = 3 }\n'
PARTS = RULE + 'kind = "composite"\nweight = 10\nout_of = 100\n'
NODE_COUNT = 'measure = "nodes_reached"\nkind = "per_item"\n'
NODES = RULE + NODE_COUNT + "points = 1\n"
NODE_POINTS = RULE + NODE_COUNT + "points_by = "
GRADES = '[[grades]]\nchinese = "优"\ntotal = "(,)"\nclause = "一"\nbasis = "policy"\n'


ONE_THIRD, TWO_THIRDS = '"1/3"', '"2/3"'


def part(share: str, take: str = "sum", silence: str = "") -> str:
    """A part of a composite."""
    return (
        f'{{ measure = "indicator", indicator = "x", share = {share}, take = "{take}"{silence} }}'
    )


def conditions(bounds: str) -> str:
    """The alternatives of a rule with one condition."""
    return f'any_of = [{{ all = [{{ measure = "indicator", indicator = "x", {bounds} }}] }}]\n'


def result(bounds: str) -> str:
    """The alternatives of a rule with one condition on a module's result."""
    return f'any_of = [{{ all = [{{ result = {{ modules = ["m"] }}, {bounds} }}] }}]\n'


def second(text: str) -> str:
    """The text as a second rule."""
    return text.replace("r.1", "r.2")


PER_ITEM = RULE + SIGNED + 'kind = "per_item"\npoints = 1\n'
SMALL = 'where = { sector = ["industrial"], investment = "[5000,10000)" }\n'
LARGE = 'where = { investment = "[10000,)" }\n'
CASES = {
    "when_missing": (RATIO + REPORTED, RATIO + REPORTED + 'when_missing = "none"\n'),
    "when_missing: short of": (
        RULE + FIGURE + 'kind = "deduct"\npoints = -1\nshort_of = { source = "reported" }\n',
        RULE + FIGURE + 'kind = "deduct"\npoints = -1\nshort_of = { fixed = 3 }\n',
    ),
    "when_missing: condition": (
        PER_ITEM
        + second(RULE)
        + OUTCOME
        + conditions('target = { source = "reported" }, when_zero = 0, at_least = 1'),
        PER_ITEM
        + second(RULE)
        + OUTCOME
        + conditions(
            'target = { source = "reported" }, when_zero = 0, when_missing = "fails", at_least = 1'
        ),
    ),
    "target_per": (
        RATIO + SET_TARGET + QUARTERS,
        RATIO + SET_TARGET.replace('"x"', '"x", per = "share"') + QUARTERS,
    ),
    "when_missing: mean": (
        PARTS + f"parts = [{part('1', 'mean')}]\n",
        PARTS + f"parts = [{part('1', 'mean', ', when_missing = 0')}]\n",
    ),
    "deduct_positive": (
        RULE + FIGURE + 'kind = "deduct"\npoints = 1\n',
        RULE + FIGURE + 'kind = "deduct"\npoints = -1\n',
    ),
    "step_negative": (
        STEPPED + 'segments = [{ percent = "(,)", step = -1 }]\n',
        STEPPED + 'segments = [{ percent = "(,)", step = 1 }]\n',
    ),
    "ends_crossed: result": (
        PER_ITEM + second(RULE) + OUTCOME + result("at_least = 3, at_most = 2"),
        PER_ITEM + second(RULE) + OUTCOME + result("at_least = 3, at_most = 3"),
    ),
    "unreachable: modules": (
        PER_ITEM + second(RULE) + OUTCOME + result("each_below = 3, at_least = 2"),
        PER_ITEM + second(RULE) + OUTCOME + result("each_below = 3, at_least = 1"),
    ),
    "unreachable: place": (
        PER_ITEM + second(RULE) + OUTCOME + result('place = "top", at_most = 0'),
        PER_ITEM + second(RULE) + OUTCOME + result('place = "top", at_most = 1'),
    ),
    "ends_crossed": (
        PER_ITEM + second(RULE) + OUTCOME + conditions("at_least = 3, at_most = 2"),
        PER_ITEM + second(RULE) + OUTCOME + conditions("at_least = 2, at_most = 2"),
    ),
    "steps_without_grades": (
        PER_ITEM + second(RULE) + OUTCOME + "steps = -1\n" + conditions("at_least = 1"),
        GRADES + PER_ITEM + second(RULE) + OUTCOME + "steps = -1\n" + conditions("at_least = 1"),
    ),
    "module_without_rules": (
        '[[modules]]\nid = "n"\nchinese = "空"\nclause = "二"\nbasis = "policy"\n' + PER_ITEM,
        PER_ITEM,
    ),
    "shares": (
        PARTS + f"parts = [{part('0.3')}, {part('0.6')}]\n",
        PARTS + f"parts = [{part('0.3')}, {part('0.7')}]\n",
    ),
    "shares: thirds": (
        PARTS + f"parts = [{part('0.333333')}, {part('0.666666')}]\n",
        PARTS + f"parts = [{part(ONE_THIRD)}, {part(TWO_THIRDS)}]\n",
    ),
    "amount_in_100_million": (
        PER_ITEM + 'where = { investment = "[1,5)" }\n',
        PER_ITEM + 'where = { investment = "[10000,50000)" }\n',
    ),
    "clause_twice": (
        PER_ITEM + SMALL + second(PER_ITEM),
        PER_ITEM + SMALL + second(PER_ITEM) + LARGE,
    ),
    "clause_twice: nodes": (
        NODES + 'stages = ["land", "completed"]\n' + second(NODES),
        NODES + 'stages = ["completed"]\n' + second(NODES),
    ),
    "clause_twice: nodes with points": (
        NODES + 'stages = ["signing"]\n' + second(NODE_POINTS + "{ signing = 1 }\n"),
        NODES + 'stages = ["signing"]\n' + second(NODE_POINTS + "{ completed = 1 }\n"),
    ),
    "clause_twice: beyond": (
        RATIO
        + "target = { fixed = 5 }\n"
        + second(RULE + FIGURE + 'kind = "per_item"\npoints = 1\nbeyond = { fixed = 4 }\n'),
        RATIO
        + "target = { fixed = 5 }\n"
        + second(RULE + FIGURE + 'kind = "per_item"\npoints = 1\nbeyond = { fixed = 5 }\n'),
    ),
}
DOUBTS = {"shares", "amount_in_100_million", "clause_twice", "other_year", "when_missing: mean"}


@pytest.mark.parametrize("name", CASES)
def test_each_check_finds_the_text_that_fails_and_lets_the_other_pass(name: str) -> None:
    failing, passing = CASES[name]
    [finding] = review(parse(HEAD + failing).rulebook)
    assert finding.problem.rule == name.partition(":")[0]
    is_doubt = name in DOUBTS or name.partition(":")[0] in DOUBTS
    assert finding.level == ("doubt" if is_doubt else "error")
    assert review(parse(HEAD + passing).rulebook) == []


@pytest.mark.parametrize(("field", "old"), [("id", "a-2024"), ("title", "某县2024年")])
def test_a_name_with_another_year_is_a_doubt(field: str, old: str) -> None:
    text = HEAD.replace(old, old.replace("2024", "2023")) + PER_ITEM
    [finding] = review(parse(text).rulebook)
    assert (finding.level, finding.problem.rule, finding.problem.field) == (
        "doubt",
        "other_year",
        field,
    )


@pytest.mark.parametrize("name", shipped_ids())
def test_nothing_is_found_in_a_shipped_rulebook(name: str) -> None:
    assert review(shipped(name).rulebook) == []


def shown_at(text: str, place: str) -> str:
    """What an editor shows from the place on, up to the end of the line."""
    line, column = TomlPlaces(text).place(place)
    return text.splitlines()[line - 1][column - 1 :]


def test_a_place_leads_to_its_line_and_column() -> None:
    text = HEAD + PER_ITEM + SMALL + second(PARTS) + f"parts = [\n  {part('1')},\n]\n"
    assert shown_at(text, "modules.m") == "[[modules]]"
    assert shown_at(text, "rules.r.1") == "[[rules]]"
    assert shown_at(text, "rules.r.1.points") == "points = 1"
    assert shown_at(text, "rules.r.1.where.investment") == 'investment = "[5000,10000)" }'
    assert shown_at(text, "rules.r.2.parts.0").startswith("{ measure")
    assert shown_at(text, "rules.1.composite.parts.0.share") == 'share = 1, take = "sum" },'
    # What stands nowhere leads to the table around it.
    assert shown_at(text, "rules.r.2.when_missing") == "[[rules]]"
    words = text + '[[vocabulary.traits]]\nname = "a"\n[[vocabulary.traits]]\nname = "b"\n'
    assert shown_at(words, "vocabulary.traits.1.name") == 'name = "b"'
    assert shown_at(words, "vocabulary.stages") == "[[vocabulary.traits]]"
    limited = text + RULE + 'limit = "t"\n'
    assert shown_at(limited, "rules.2.deduct.time_limit") == 'limit = "t"'
    # An outcome is a kind and a field as well.
    outcome = text + RULE + OUTCOME + conditions("at_least = 1")
    assert shown_at(outcome, "rules.2.outcome.steps") == "[[rules]]"
    assert shown_at(outcome, "rules.2.outcome.kind") == 'kind = "outcome"'
    assert shown_at(outcome, "rules.2.outcome") == 'outcome = "降等"'
    assert shown_at(text, "title") == 'title = "某县2024年招商引资考核办法"'


def test_what_lacks_a_table_leads_to_the_first_beside_it() -> None:
    text = HEAD + "[boards.red]\nplaces = 1\n[boards.interview]\nconsecutive_months = 2\n"
    assert shown_at(text, "boards.last") == "[boards.red]"
    assert shown_at(text, "boards.interview.clause") == "[boards.interview]"


@pytest.mark.parametrize("name", shipped_ids())
def test_every_field_of_a_shipped_rulebook_has_a_place(name: str) -> None:
    text = shipped(name).content
    lines, places = text.splitlines(), TomlPlaces(text)
    for number, rule in enumerate(shipped(name).data()["rules"]):
        for field in rule:
            line, column = places.place(f"rules.{number}.{field}")
            assert lines[line - 1][column - 1 :].startswith(field)
            assert places.place(f"rules.{rule['id']}.{field}") == (line, column)
