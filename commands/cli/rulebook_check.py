"""`rulebook check`: what is wrong with a rulebook, and the range of points of each module."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import click

from commands.cli.shared.finding_output import finding_rows, print_findings, reading_findings
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.passed_over_output import passed_over_rows, print_passed_over
from commands.cli.shared.row_output import format_option, print_json, print_rows
from commands.cli.shared.rulebook_choice import RulebookText, rulebook_text
from commands.cli.shared.store_access import open_store
from commands.handlers.rulebook_fitness import fitness_findings
from commands.words import table_headings as headings
from commands.words.messages import _, say
from commands.words.rule_phrases import module_text
from lifecycle.rejections import Rejected, msg
from lifecycle.rounding import decimal_text
from lifecycle.rulebook import LoadedRulebook, parse
from lifecycle.rulebook.reach import reach
from lifecycle.rulebook.rulebook_review import ReviewFinding, has_errors
from projections.scoring.passed_over import PassedOver, passed_over
from projections.scoring.result_view import View

_PLACES: Final = 6
_COLUMNS: Final = (
    OutputColumn("name", headings.MODULE),
    OutputColumn("least", headings.LEAST, number=True),
    OutputColumn("greatest", headings.GREATEST, number=True),
)


@click.command("check")
@click.argument("rulebook")
@click.option(
    "--against",
    is_flag=True,
    help=_("Say too what of this store's figures, targets and units the rulebook passes over."),
)
@format_option
def command(
    rulebook: str,
    form: str,
    *,
    against: bool,
) -> None:
    """Print every finding, and each module's range of points. An error is exit code 1."""
    text = rulebook_text(rulebook)
    try:
        policy = parse(text.content)
    except Rejected as rejection:
        _print_result(text, reading_findings(rejection.problems), [], form)
        raise click.exceptions.Exit(1) from None
    findings = fitness_findings(policy)
    overlooked = _passed_over(policy) if against else []
    rows = _reach_rows(policy)
    if form == "json":
        rows += passed_over_rows(overlooked)
    _print_result(text, findings, rows, form)
    if form == "table":
        print_passed_over(overlooked, policy.rulebook)
    if has_errors(findings):
        raise click.exceptions.Exit(1)
    # JSON and CSV hold rows alone, so that no script has to skip a sentence.
    if form == "table":
        cases = len(policy.rulebook.case)
        if cases:
            click.echo(say(msg("cases that give what they say: {count}"), count=cases))
        click.echo(say(msg("{id} is valid; digest {digest}"), id=policy.id, digest=policy.digest))


def _print_result(
    text: RulebookText,
    findings: list[ReviewFinding],
    reach_rows: list[dict[str, Any]],
    form: str,
) -> None:
    if form == "json":
        # Findings first: in a sound rulebook the rows are those of its modules alone.
        print_json([*finding_rows(text, findings), *reach_rows])
        return
    print_findings(text, findings)
    if reach_rows:
        print_rows(reach_rows, _COLUMNS, form)


def _passed_over(policy: LoadedRulebook) -> list[PassedOver]:
    """What the rulebook passes over of the store: in this year, or in the last it is in force."""
    book = policy.rulebook
    with open_store() as ledger:
        today = min(max(ledger.clock().date(), book.effective_from), book.effective_to)
        return passed_over(ledger, View(today.year, today, ledger.head().position, policy))


def _reach_rows(policy: LoadedRulebook) -> list[dict[str, Any]]:
    ranges = reach(policy.rulebook)
    rows = []
    for module in policy.rulebook.modules:
        least, greatest = ranges[module.id]
        row = {
            "module": module.id,
            "name": module_text(module),
            "least": _bound_text(least),
            "greatest": _bound_text(greatest),
        }
        rows.append(row)
    return rows


def _bound_text(points: Fraction | None) -> str | None:
    """Write an end of a range; None where it is open."""
    if points is None:
        return None
    return decimal_text(points, _PLACES)
