"""`rulebook adopt`: show what a rulebook changes, then record its adoption."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.axes_options import day_option
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.finding_output import print_findings
from commands.cli.shared.parameter_output import print_parameter_changes
from commands.cli.shared.policy_text_output import print_clauses_in
from commands.cli.shared.print_message import print_message
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.rulebook_choice import RulebookText, loaded
from commands.cli.shared.store_access import author, evidence_store, open_store
from commands.cli.shared.typed_path import TypedPath
from commands.handlers.adopting import UnfitRulebook, adopt_rulebook
from commands.handlers.evidence_intake import EvidenceIntake
from commands.words.messages import _, say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from lifecycle.rulebook import LoadedRulebook
from lifecycle.rulebook.rulebook_parameters import parameter_changes
from lifecycle.rulebook.rulebook_review import has_errors
from projections.facts.county_facts import county_facts
from projections.scoring import rulebook_in_force as in_force


@click.command("adopt")
@click.argument("rulebook")
@day_option("--occurred-on", _("The day of adoption. Default: today."))
@click.option("--source-ref", help=_("The document that adopts it."))
@click.option(
    "--evidence",
    "files",
    multiple=True,
    type=TypedPath(path_type=Path),
    metavar="FILE",
    help=_(
        "A file that goes with it, such as the policy's text (.docx, .txt, .md), whose clauses "
        "pages show beside the points; may be repeated."
    ),
)
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@click.option(
    "--doubts-read",
    is_flag=True,
    help=_("Adopt it although `rulebook check` has doubts: you have read them."),
)
@receipt_option
@clock_option
def command(
    rulebook: str,
    occurred_on: date | None,
    source_ref: str | None,
    files: tuple[Path, ...],
    on_behalf_of: str | None,
    receipt: Path | None,
    *,
    doubts_read: bool,
) -> None:
    """Adopt a rulebook."""
    policy = loaded(rulebook)
    evidence = EvidenceIntake(evidence_store())
    for file in files:
        evidence.digest(str(file))
    print_clauses_in(policy, files)
    with open_store() as ledger:
        # Before the adoption is recorded: afterwards the new rulebook would be compared with
        # itself.
        _print_changes_against_current(ledger, policy)
        try:
            entry = adopt_rulebook(
                ledger,
                policy,
                occurred_on or ledger.clock().date(),
                author(ledger, on_behalf_of),
                source_ref=source_ref,
                evidence=evidence,
                doubts_read=doubts_read,
            )
        except UnfitRulebook as rejection:
            _print_rejection(RulebookText(rulebook, policy.content), rejection)
            raise click.exceptions.Exit(1) from None
        print_entry(ledger, entry, receipt)
        _print_if_not_in_force(policy, ledger.clock().date())


def _print_rejection(text: RulebookText, rejection: UnfitRulebook) -> None:
    print_findings(text, rejection.findings)
    if has_errors(rejection.findings):
        print_message(say(msg("not adopted: correct the errors first")))
    else:
        print_message(
            say(msg("not adopted: read the doubts; if they are meant, add --doubts-read"))
        )


def _print_changes_against_current(ledger: Ledger, policy: LoadedRulebook) -> None:
    adopted = in_force.adopted(county_facts(ledger, ledger.head().position))
    # The day on which the new rulebook begins counts, not the day of adoption.
    current = in_force.at_day(adopted, policy.rulebook.effective_from)
    # A county's first rulebook is not compared with another county's.
    if not adopted and current.rulebook.issuer != policy.rulebook.issuer:
        return
    # The id alone does not tell: a rulebook may be adopted again with another text.
    if current.digest != policy.digest:
        click.echo(say(msg("compared with {id}, in force until now:"), id=current.id))
        print_parameter_changes(parameter_changes(current.data(), policy.data()))
    elif any(earlier.digest == policy.digest for earlier in adopted):
        template = msg("{id} was adopted with just this text: adopting it again changes nothing")
        click.echo(say(template, id=policy.id))
    else:
        # It serves its years unless the county adopts another, so that no result changes.
        template = msg(
            "{id} comes with the program and serves {begin} to {end} without an adoption: results "
            "stay as they are, and the ledger has its text"
        )
        book = policy.rulebook
        click.echo(say(template, id=policy.id, begin=book.effective_from, end=book.effective_to))


def _print_if_not_in_force(policy: LoadedRulebook, today: date) -> None:
    """Say so where the adopted rulebook does not serve this year: scores would miss it."""
    begin, end = policy.rulebook.effective_from, policy.rulebook.effective_to
    if begin.year <= today.year <= end.year:
        return
    template = msg(
        "note: {id} is in force from {begin} to {end} and not in {year}; draft the rulebook of "
        "{year} with: lifecycle rulebook new ID --from {id} --year {year}"
    )
    note = say(
        template,
        id=policy.id,
        begin=begin,
        end=end,
        year=today.year,
    )
    print_message(note)
