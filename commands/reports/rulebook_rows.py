"""A rulebook as rows of words, for the terminal and for the printed page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from commands.words import table_headings
from commands.words.policy_words import Provision, provisions
from commands.words.rule_phrases import RulebookNames, module_text, policy_number
from commands.words.rule_words import rule_content, rule_points
from commands.words.scoring_table_words import scoring_tables
from lifecycle.rulebook import Rulebook
from lifecycle.rulebook.parts import Sourced
from lifecycle.rulebook.scoring_policy import Group


class LimitRow(NamedTuple):
    """A module, a group or the total, with its floor and cap."""

    name: str
    floor: str
    cap: str
    clause: str
    basis: str
    note: str | None

    def as_json(self) -> dict[str, Any]:
        """The row by its fields' names."""
        return self._asdict()


class RuleRow(NamedTuple):
    """A rule: what it counts and the points it gives."""

    rule: str
    module: str
    chinese: str
    points: str
    clause: str
    basis: str
    note: str | None

    def as_json(self) -> dict[str, Any]:
        """The row by its fields' names."""
        return self._asdict()


class ProvisionRow(NamedTuple):
    """A table that points rest on, or what a rulebook provides beyond its points."""

    subject: str
    text: str
    clause: str
    basis: str
    note: str | None

    def as_json(self) -> dict[str, Any]:
        """The row by its fields' names."""
        return self._asdict()


class LeftOutRow(NamedTuple):
    """A clause of the text that the rulebook leaves out."""

    clause: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """The row by its fields' names."""
        return self._asdict()


def limit_rows(book: Rulebook) -> list[LimitRow]:
    """List modules, groups and the total with their limits."""
    module_names = {module.id: module.chinese for module in book.modules}
    rows = [
        _limit_row(
            module_text(module), policy_number(module.floor), policy_number(module.cap), module
        )
        for module in book.modules
    ]
    # Groups have a cap alone: 考(一) limits modules together to 30 and 70 points.
    for group in book.groups:
        rows.append(
            _limit_row(_group_name(group, module_names), "", policy_number(group.cap), group)
        )
    total = book.total
    if total is not None:
        name = table_headings.TOTAL.chinese
        rows.append(_limit_row(name, policy_number(total.floor), policy_number(total.cap), total))
    return rows


def _limit_row(
    name: str,
    floor: str,
    cap: str,
    source: Sourced,
) -> LimitRow:
    return LimitRow(name, floor, cap, source.clause, source.basis, source.note)


def _group_name(group: Group, module_names: dict[str, str]) -> str:
    modules = "＋".join(module_names[module] for module in group.modules)
    return f"{group.chinese}（{modules}）"


def rule_rows(book: Rulebook) -> list[RuleRow]:
    """List the rules in the order of the rulebook."""
    names = RulebookNames(book)
    module_names = {module.id: module.chinese for module in book.modules}
    return [
        RuleRow(
            rule=rule.id,
            module=module_names[rule.module],
            chinese=rule_content(rule, names),
            points=rule_points(rule, names),
            clause=rule.clause,
            basis=rule.basis,
            note=rule.note,
        )
        for rule in book.rules
    ]


def scoring_table_rows(book: Rulebook) -> list[ProvisionRow]:
    """List the tables that points rest on: conditions, coefficients, funds, periods, ranking."""
    return [_provision_row(provision) for provision in scoring_tables(book)]


def provision_rows(book: Rulebook) -> Iterator[ProvisionRow]:
    """Yield what the rulebook provides beyond its points."""
    yield from map(_provision_row, provisions(book))


def _provision_row(provision: Provision) -> ProvisionRow:
    subject, text, source = provision
    return ProvisionRow(subject, text, source.clause, source.basis, source.note)


def left_out_rows(book: Rulebook) -> list[LeftOutRow]:
    """List the clauses that the rulebook leaves out, in its order."""
    return [LeftOutRow(left_out.clause, left_out.why) for left_out in book.left_out or ()]
