"""Clauses left out that are encoded all the same, or that the text does not have (spec 6)."""

from __future__ import annotations

from collections.abc import Iterator

from lifecycle.rejections import Problem, msg
from lifecycle.rulebook.rulebook_model import Rulebook


def left_out_and_encoded(rulebook: Rulebook) -> Iterator[Problem]:
    """Clauses named in `left_out` that a rule, an incentive, a reward or a limit names too."""
    encoded_at: dict[str, str] = {}
    for reference, place in _encoded_references(rulebook):
        for clause in _single_clauses(reference):
            encoded_at.setdefault(clause, place)
    for number, left_out in enumerate(rulebook.left_out or ()):
        for clause in _single_clauses(left_out.clause):
            if clause not in encoded_at:
                continue
            # A doubt and no error: of a clause with two sentences one may be left out.
            yield Problem(
                "left_out_encoded",
                msg(
                    "the clause {clause} is left out, and {place} names it too: "
                    "if only a part is left out, let the clause say which"
                ),
                {"clause": clause, "place": encoded_at[clause]},
                f"left_out.{number}.clause",
            )


def unlisted_left_out(rulebook: Rulebook) -> Iterator[Problem]:
    """Clauses in `left_out` that the rulebook's own list of clauses does not have: slips.

    A part of a clause, such as `四 第二句`, goes by the clause that it begins with.
    """
    if rulebook.clauses is None:
        return
    for number, left_out in enumerate(rulebook.left_out or ()):
        for clause in _single_clauses(left_out.clause):
            if not clause.startswith(rulebook.clauses):
                yield Problem(
                    "left_out_unlisted",
                    msg("{clause} is none of the clauses: {allowed}"),
                    {"clause": clause, "allowed": list(rulebook.clauses)},
                    f"left_out.{number}.clause",
                )


def _single_clauses(reference: str) -> list[str]:
    # One reference may name several clauses, such as 考(二),(十).
    return [clause.strip() for clause in reference.split(",")]


def _encoded_references(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """References of what gives points, money or a time limit, each with its place."""
    # Modules, groups and limits of points stay out: their clause is the heading of what is below.
    for rule in rulebook.rules:
        yield rule.clause, f"rules.{rule.id}"
    for incentive in rulebook.incentives:
        yield incentive.clause, f"incentives.{incentive.id}"
    for reward in rulebook.rewards or ():
        yield reward.clause, f"rewards.{reward.id}"
    for limit in rulebook.limits or ():
        yield limit.clause, f"limits.{limit.id}"
