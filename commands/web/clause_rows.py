"""The clauses that a page's points rest on, in the words of the policy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from commands.web.county_view import CountyView
from commands.web.score_rows import ModuleTexts, NotCountedTexts
from commands.words.clause_names import named_clause, policy_source_text


class ClauseRow(NamedTuple):
    """A clause: where it stands on the page, how papers cite it, and its paragraphs."""

    anchor: str
    cited: str
    paragraphs: list[str]


class PageClauses(NamedTuple):
    """The clauses of a page, their anchors by the rulebook's names, and where they are from."""

    rows: list[ClauseRow]
    anchors: dict[str, str]
    source: str


def clauses_of_points(
    modules: Iterable[ModuleTexts],
    not_counted: Iterable[NotCountedTexts],
) -> list[str]:
    """The clauses that points and what earned none rest on, by the rulebook's names."""
    references = []
    for module in modules:
        references += [line.clause for line in module.lines]
    references += [row.clause for row in not_counted]
    return references


def page_clauses(county: CountyView, references: Iterable[str]) -> PageClauses:
    """The clauses of these names as far as the policy's text has them, each once, in order."""
    policy = county.policy()
    rows: list[ClauseRow] = []
    anchors: dict[str, str] = {}
    for reference in dict.fromkeys(references):
        paragraphs = policy.clauses.paragraphs_of(reference)
        # A clause without a text is named as ever, and leads nowhere.
        if paragraphs:
            anchor = f"clause-{len(rows) + 1}"
            anchors[reference] = anchor
            rows.append(ClauseRow(anchor, named_clause(reference), paragraphs))
    return PageClauses(rows, anchors, policy_source_text(policy.files))
