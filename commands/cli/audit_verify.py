"""`audit verify`: rebuild the tree from every stored byte and compare it with what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.evidence_options import evidence_options, read_receipts
from commands.cli.shared.print_message import print_message
from commands.cli.shared.progress_output import progress_bar
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.signing_access import trusted_keys
from commands.cli.shared.store_access import evidence_store, open_store, store_url
from commands.cli.shared.time_correction_output import ledger_time_corrections
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.all_cores import engine_for
from lifecycle.ledger.audit_expectations import EventPlace, LedgerDifference
from lifecycle.ledger.derived_differences import DERIVED_RULES, TREE_RULES
from lifecycle.ledger.evidence_check import verify_evidence
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import Verdict, VerificationResult, verify
from lifecycle.rejections import Problem, StoreError, msg
from projections import readmodels
from projections.audit.publication_problems import (
    check_publications,
    publication_problems,
    unchecked_publications,
)
from projections.readmodels.query_tables import CONTENT_TABLES

QUERY_TABLE: Final = msg(
    "the query table {table} differs from history, first at {row} (rows that differ: {rows})"
)


@click.command("verify")
@evidence_options
@click.option(
    "--key",
    "given_keys",
    multiple=True,
    metavar="KEY",
    help=_("The public key that you noted, name+id+key; may be repeated."),
)
@click.option(
    "--cosigner",
    "cosigners",
    multiple=True,
    metavar="KEY",
    help=_("The public key of a cosigner that you noted, name+id+key; may be repeated."),
)
@table_or_json_option
def command(
    witnesses: tuple[Path, ...],
    receipt_files: tuple[Path, ...],
    given_keys: tuple[str, ...],
    cosigners: tuple[str, ...],
    form: str,
) -> None:
    """Verify, and name the first event that differs; exit 0 only if something outside vouches."""
    with open_store() as ledger:
        named_receipts = read_receipts(receipt_files)
        keys = trusted_keys(ledger, given_keys, cosigners)
        with progress_bar(_("events"), ledger.head().position) as advance:
            result = verify(
                ledger,
                witnesses,
                named_receipts,
                advance,
                keys=keys,
                choose_engine=engine_for,
            )
        _add_evidence(ledger, result)
        _add_query_tables(ledger, result)
        _add_publications(ledger, result)
        time_notes = ledger_time_corrections(ledger)
    if form == "json":
        corrections = {"record_time_corrections": time_notes} if time_notes else {}
        print_json(_result_json(result) | corrections)
    else:
        for note in time_notes:
            click.echo(note)
        _print_result(result)
    # A timer goes by the exit code: consistent alone is not vouched for.
    if result.verdict is not Verdict.VERIFIED:
        raise click.exceptions.Exit(1)


def _add_evidence(ledger: Ledger, result: VerificationResult) -> None:
    """Read the stored evidence again. A file that differs, or is gone, is a difference."""
    evidence = verify_evidence(ledger, evidence_store())
    counts = {
        "evidence": evidence.sound + len(evidence.differences),
        "evidence_elsewhere": len(evidence.never_kept),
        "evidence_unknown": len(evidence.unknown),
    }
    for name, count in counts.items():
        if count:
            result.checked[name] = count
    for problem in evidence.differences:
        result.differences.append(LedgerDifference(problem))


def _add_query_tables(ledger: Ledger, result: VerificationResult) -> None:
    """Compare the query tables, if any, with history; each table that differs is a difference."""
    try:
        # Tables that cannot be read are a finding among others: the rest is still checked.
        comparison = readmodels.compare_tables(ledger, store_url())
    except StoreError as error:
        problem = Problem("query_table", error.template, error.values)
        result.differences.append(LedgerDifference(problem))
        return
    if comparison is None:
        return
    name = "query_tables" if comparison.is_comparable else "query_tables_skipped"
    result.checked[name] = len(CONTENT_TABLES)
    for difference in comparison.differences:
        values: dict[str, object] = {
            "table": difference.table,
            "row": difference.row,
            "rows": difference.rows,
        }
        result.differences.append(LedgerDifference(Problem("query_table", QUERY_TABLE, values)))


def _add_publications(ledger: Ledger, result: VerificationResult) -> None:
    """Recompute the publications; each that differs or cannot be recomputed is a difference."""
    try:
        checks = check_publications(ledger)
    except StoreError as error:
        problem = Problem("publication", error.template, error.values)
        result.differences.append(LedgerDifference(problem))
        return
    for problem in publication_problems(checks):
        result.differences.append(LedgerDifference(problem))
    result.not_shown.extend(unchecked_publications(checks))
    unofficial = [check for check in checks if not check.publication.standing.official]
    if unofficial:
        result.checked["publications_unofficial"] = len(unofficial)


def _result_json(result: VerificationResult) -> dict[str, Any]:
    return {
        "verdict": result.verdict.value,
        "verified": result.verdict is Verdict.VERIFIED,
        "vouched_up_to": result.vouched_up_to,
        "not_shown": [_problem_json(problem) for problem in result.not_shown],
        "events": result.size,
        "root": result.root.hex(),
        "checked": result.checked,
        "differences": [_difference_json(difference) for difference in result.differences],
    }


def _problem_json(problem: Problem) -> dict[str, str]:
    return {"rule": problem.rule, "message": problem_text(problem)}


def _difference_json(difference: LedgerDifference) -> dict[str, Any]:
    place = difference.place
    # Without a place the difference is of the tree as a whole.
    return {
        **_problem_json(difference.problem),
        "position": place and place.position,
        "stream": place and place.stream,
        "version": place and place.version,
        "recorded_at": place and place.recorded_at,
    }


def _print_result(result: VerificationResult) -> None:
    root = result.root.hex()
    click.echo(
        say(
            msg("events: {size}, root {root}"),
            size=result.size,
            root=root,
        )
    )
    _print_counts(result.checked)
    if result.differences:
        _print_differences(result)
        return
    if result.verdict is Verdict.VERIFIED:
        template = msg("VERIFIED up to position {position}; events behind it: {behind}")
        behind = result.size - result.vouched_up_to
        click.echo(say(template, position=result.vouched_up_to, behind=behind))
    else:
        click.echo(_("CONSISTENT: the ledger agrees with itself and with all that was given"))
    for problem in result.not_shown:
        template = msg("not shown: {problem}")
        if problem.rule == "unreadable_void":
            template = msg("note: {problem}")
        click.echo(say(template, problem=problem))


def _print_differences(result: VerificationResult) -> None:
    """Print the first event that differs, and every difference."""
    print_message(_("DIFFERS"))
    # Everything after the first changed event differs too, so only the first tells where to look.
    first_place = result.differences[0].place
    if first_place is not None:
        print_message(_place_text(first_place))
    for difference in result.differences:
        print_message(problem_text(difference.problem))
    rules = {difference.problem.rule for difference in result.differences}
    if "query_table" in rules:
        print_message(_("`lifecycle projections rebuild` rebuilds the query tables from history"))
    if rules & (DERIVED_RULES | TREE_RULES):
        print_message(_("`lifecycle audit repair` restores these places from the events"))


def _print_counts(checked: dict[str, int]) -> None:
    """Print how many of what were checked."""
    labels = {
        "checkpoints": _("signed checkpoints"),
        "cosignatures": _("cosignatures"),
        "publications": _("publications"),
        "witnessed": _("witnessed checkpoints"),
        "receipts": _("receipts"),
        "evidence": _("evidence files"),
        "query_tables": _("query tables"),
        "logins": _("events by the login that appended them"),
    }
    for name, label in labels.items():
        if name in checked:
            click.echo(
                say(
                    msg("{what}: {count} checked"),
                    what=label,
                    count=checked[name],
                )
            )
    if checked.get("publications_unofficial"):
        template = msg(
            "publications that are not official: {count}; `lifecycle audit publications` names them"
        )
        click.echo(say(template, count=checked["publications_unofficial"]))
    if checked.get("query_tables_skipped"):
        click.echo(
            _(
                "query tables of another version of lifecycle were not compared: run `lifecycle "
                "projections rebuild`"
            )
        )
    if checked.get("evidence_elsewhere"):
        # An import brings digests alone, so that a file that is not here may never have been.
        template = msg("evidence recorded by digest only, not stored here: {count}")
        click.echo(say(template, count=checked["evidence_elsewhere"]))
    if checked.get("evidence_unknown"):
        template = msg("evidence recorded by an earlier version, not known whether kept: {count}")
        click.echo(say(template, count=checked["evidence_unknown"]))


def _place_text(place: EventPlace) -> str:
    if place.stream is None:
        return say(msg("first difference: position {position}"), position=place.position)
    return say(
        msg(
            "first difference: position {position}, version {version} of {stream}, "
            "recorded {recorded_at}"
        ),
        position=place.position,
        version=place.version,
        stream=place.stream,
        recorded_at=place.recorded_at,
    )
