"""How an import of a register is shown: the lists as sentences, or as JSON (spec 5)."""

from __future__ import annotations

from typing import Any, Final

import click

from commands.cli.shared.print_message import print_message
from commands.handlers.register_findings import ListName, RegisterFinding, RegisterResult
from commands.handlers.register_subjects import RESOURCES
from commands.words.event_words import field_name
from commands.words.field_value_text import field_value_text
from commands.words.messages import labelled, say, shortened
from commands.words.problem_text import problem_text, row_place, typed_at
from lifecycle.rejections import Problem, msg

_LISTED: Final = 40
"""So many entries of a list are printed; JSON has them all."""
_HEADINGS: Final[dict[ListName, str]] = {
    "corrections": msg("changed cells, proposed as corrections ({count}):"),
    "outdated": msg("cells that are outdated in the workbook, not recorded ({count}):"),
    "cleared": msg("cells that were cleared, not recorded ({count}):"),
    "missing": msg("events that the workbook does not give whole ({count}):"),
    "vanished": msg("projects that are not in the workbook ({count}):"),
    "passed_over": msg("rows or cells that were passed over ({count}):"),
}
_VANISHED_RESOURCES: Final = msg("resources that are not in the workbook ({count}):")
_HEADING_IN: Final = msg("{place}, {heading}")
_PROJECT_AT: Final = msg("{place} ({project})")
_NOT_CORRECTED: Final = msg(
    "the changed cells are corrected by --corrections record --reason … --approved-by …"
)
_MAP_WORDS: Final = msg(
    'the office\'s own words are given in the map: words = {{ "{typed}" = "…" }} with one of the '
    'allowed words, or "" for an empty cell'
)


def print_findings(result: RegisterResult, *, is_corrected: bool) -> None:
    """Print each list that is not empty."""
    for problem in result.notes:
        print_message(problem_text(problem))
    for name, heading in _HEADINGS.items():
        findings = result.list_named(name)
        if not findings:
            continue
        is_of_resources = name == "vanished" and result.subject is RESOURCES
        template = _VANISHED_RESOURCES if is_of_resources else heading
        click.echo(say(template, count=len(findings)))
        for finding in findings[:_LISTED]:
            click.echo(f"  {_placed_sentence(result.sheet, finding)}")
        if len(findings) > _LISTED:
            template = msg("… and {count} more; --format json lists all")
            click.echo("  " + say(template, count=len(findings) - _LISTED))
        if name == "corrections" and not is_corrected:
            click.echo("  " + say(_NOT_CORRECTED))


def print_words_hint(result: RegisterResult) -> None:
    """Say how a map takes an office's own words, where a cell has one that is of no vocabulary."""
    for row, problems, _correction in result.rejected:
        for problem in problems:
            typed = typed_at(problem.field, row.record)
            if problem.rule == "vocabulary" and typed:
                print_message(say(_MAP_WORDS, typed=typed))
                return


def _placed_sentence(sheet: str, finding: RegisterFinding) -> str:
    """Return an entry behind its place: sheet, row, heading and the project's code."""
    sentence = _sentence(finding)
    if finding.row is None:
        return sentence
    place = row_place(sheet, finding.row)
    if finding.heading:
        place = say(_HEADING_IN, place=place, heading=finding.heading)
    if finding.code:
        place = say(_PROJECT_AT, place=place, project=finding.code)
    return labelled(place, sentence)


def _sentence(finding: RegisterFinding) -> str:
    problem = finding.problem
    values: dict[str, object] = {}
    for name, value in problem.values.items():
        values[name] = _shown(name, value, finding)
    return say(problem.template, **values)


def _shown(name: str, value: object, finding: RegisterFinding) -> object:
    """Return a value in words: a field's value as a cell shows it, lacking fields by name."""
    if name in ("before", "after"):
        text = field_value_text(finding.field or "", value, finding.event or "")
        return text or "—"
    if name == "text":
        # Totals and footers are quoted to be found again, not to be read.
        return shortened(str(value))
    if name == "fields" and isinstance(value, list):
        return [field_name(str(field)) for field in value]
    return value


def register_summary(result: RegisterResult, *, dry_run: bool) -> str:
    """Return the line that counts what was recorded."""
    if dry_run:
        template = msg(
            "would record {recorded}, already recorded {already}, rejected {refused}; "
            "nothing was recorded"
        )
    elif result.rejected:
        template = msg("rejected {refused}, so nothing was recorded (all or nothing)")
    else:
        template = msg(
            "recorded {recorded}, of which corrections {corrected}; already recorded {already}"
        )
    return say(
        template,
        recorded=result.recorded,
        corrected=result.corrected,
        already=result.already_recorded,
        refused=len(result.rejected),
    )


def findings_json(result: RegisterResult) -> dict[str, Any]:
    """Return the lists by their names, each entry with sheet, row and heading."""
    lists: dict[str, Any] = {}
    for name in ("missing", "corrections", "outdated", "cleared", "vanished", "passed_over"):
        findings = result.list_named(name)
        lists[name] = [_finding_json(result, finding) for finding in findings]
    return lists


def _finding_json(result: RegisterResult, finding: RegisterFinding) -> dict[str, Any]:
    problem: Problem = finding.problem
    entry: dict[str, Any] = {
        "sheet": result.sheet,
        "row": finding.row,
        "heading": finding.heading,
        result.subject.kind: finding.code,
        "rule": problem.rule,
        "message": _sentence(finding),
    }
    if finding.event is not None:
        entry["event"] = finding.event
    if finding.field is not None:
        entry["field"] = finding.field
    if finding.fact is not None:
        entry |= {"fact": finding.fact, "old": finding.before, "new": finding.after}
    return entry
