"""`import --propose`: say what a map is sure of, and on a terminal ask for the rest."""

from __future__ import annotations

import sys
from typing import Final, NamedTuple

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.intake.register_headings import heading_key
from commands.intake.register_map import MAPPED_EVENTS
from commands.intake.register_map_sources import MADE_NUMBER
from commands.intake.register_month_columns import ProposedMonths
from commands.intake.register_proposals import (
    MapProposal,
    ProposedField,
    note_unit,
    typed_field,
)
from commands.intake.typed_fields import TypedField
from commands.words.event_words import EVENTS, field_name, field_term
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from commands.words.register_words import CUMULATIVE_WORDS, UNIT_MARKS, HeadingMeaning
from commands.words.vocabulary_words import shown_word
from lifecycle.deciding.drafts import normalised_replacement
from lifecycle.rejections import Rejected, msg

_SURE: Final = msg("{field} ← {heading}")
_CHECK: Final = msg("{field} ← {heading}: please check")
_MISSING: Final = msg("{field}: missing")
_UNKNOWN_WORDS: Final = msg("{field}: what do these mean: {words}")
_IS_RIGHT: Final = msg("{field} ← {heading}: right?")
_NO_WORD: Final = "0"
_CUMULATIVE_CHOICES: Final = ("no", "year", "all")


class ProposalCounts(NamedTuple):
    """How many fields are sure, are to be checked, and are missing."""

    sure: int
    unsure: int
    missing: int


def counts_of(proposal: MapProposal) -> ProposalCounts:
    """Return how far the headings told the map."""
    used_events = _used_events(proposal)
    used = [meaning for meaning in proposal.fields if meaning.event in used_events]
    unsure = len(proposal.unsure())
    missing = len(proposal.missing())
    return ProposalCounts(len(used) - unsure, unsure, missing)


def _used_events(proposal: MapProposal) -> list[str]:
    return [*proposal.events(), proposal.code.event]


def print_proposal(proposal: MapProposal) -> None:
    """Print each field with its column, what to check, and what is missing."""
    template = msg("sheet {sheet}, headings in the rows {rows}, amounts in {unit}")
    click.echo(say(template, sheet=proposal.sheet, rows=proposal.heading_rows, unit=proposal.unit))
    used_events = _used_events(proposal)
    for meaning, entry in proposal.fields.items():
        # An event whose day no column gives does not come into the map.
        if meaning.event in used_events:
            _print_field(meaning, entry)
    for meaning in proposal.missing():
        missing_line = say(_MISSING, field=_name(meaning))
        click.echo(f"  {missing_line}")
    if proposal.months is not None:
        _print_months(proposal.months)


def _print_field(meaning: HeadingMeaning, entry: ProposedField) -> None:
    field_title = _name(meaning)
    template = _SURE if entry.is_sure else _CHECK
    source = entry.heading or entry.value
    field_line = say(template, field=field_title, heading=source)
    click.echo(f"  {field_line}")
    if entry.unknown_words:
        question = say(_UNKNOWN_WORDS, field=field_title, words=entry.unknown_words)
        click.echo(f"  {question}")


def _print_months(months: ProposedMonths) -> None:
    # Of twelve headings the first and the last are enough to check.
    headings = list(months.columns) or [str(months.column)]
    ends = headings if len(headings) == 1 else [headings[0], headings[-1]]
    months_line = say(
        msg("monthly figures from {columns}, year {year}, cumulative: {cumulative}"),
        columns=" … ".join(ends),
        year=months.year,
        cumulative=str(CUMULATIVE_WORDS[months.cumulative]),
    )
    click.echo(f"  {months_line}")


def _name(meaning: HeadingMeaning) -> str:
    if meaning.field == "code":
        return field_name(meaning.event)
    return f"{EVENTS[meaning.event]}·{field_term(meaning.event, meaning.field)}"


# Questions ----------------------------------------------------------------------------------------


def may_ask() -> bool:
    """Return whether a person sits at a terminal."""
    return sys.stdin.isatty()


def ask_proposal(proposal: MapProposal) -> None:
    """Ask for what the headings do not tell: the columns in doubt, then what is missing."""
    if not proposal.is_unit_sure:
        proposal.unit = _ask_choice(_("unit of amounts"), list(UNIT_MARKS), proposal.unit)  # type: ignore[assignment]
        proposal.is_unit_sure = True
    _print_columns(proposal)
    for meaning in proposal.unsure():
        _check_field(proposal, meaning)
    for meaning in proposal.missing():
        _ask_source(proposal, meaning)
    for meaning, entry in proposal.fields.items():
        _ask_words(meaning, entry)
    if proposal.code not in proposal.fields:
        proposal.code_pattern = _ask_pattern(proposal.code_pattern)
    if proposal.months is not None:
        _ask_months(proposal.months)


def _print_columns(proposal: MapProposal) -> None:
    print_message(_("columns of the workbook:"))
    numbered = []
    for number, heading in enumerate(proposal.headings, start=1):
        numbered.append(f"{number}.{heading}")
    print_message("  " + "  ".join(numbered))


def _check_field(proposal: MapProposal, meaning: HeadingMeaning) -> None:
    entry = proposal.fields[meaning]
    question = say(_IS_RIGHT, field=_name(meaning), heading=entry.heading)
    if click.confirm(question, default=True, err=True):
        entry.is_sure = True
        return
    # Deleted first: Enter at the next question leaves the field out.
    del proposal.fields[meaning]
    _ask_source(proposal, meaning)


def _ask_source(proposal: MapProposal, meaning: HeadingMeaning) -> None:
    """Ask which column gives a field, or which value every row has; Enter leaves it out."""
    template = msg("{field}: number of the column, =value for all rows, Enter for none")
    target = typed_field(meaning)
    question = say(template, field=_name(meaning)) + _choices(target)
    while text := read_line(question):
        # An input method for Chinese types the full-width sign.
        if text.startswith(("=", "\uff1d")):
            value = _constant(meaning, target, text[1:].strip())
            if value is not None:
                proposal.fields[meaning] = ProposedField(None, is_sure=True, value=value)
                return
            continue
        heading = _heading(proposal, text)
        if heading is not None:
            entry = ProposedField(heading, is_sure=True)
            note_unit(meaning, entry)
            proposal.fields[meaning] = entry
            return
        print_message(say(msg("there is no column {name}"), name=text))


def _heading(proposal: MapProposal, text: str) -> str | None:
    # An input method for Chinese types full-width digits.
    text = heading_key(text)
    if text.isascii() and text.isdigit():
        number = int(text)
        if not 0 < number <= len(proposal.headings):
            return None
        return proposal.headings[number - 1]
    # A part of a heading will do where no other heading has it.
    matches = [heading for heading in proposal.headings if text in heading_key(heading)]
    if len(matches) != 1:
        return None
    return matches[0]


def _constant(
    meaning: HeadingMeaning,
    target: TypedField | None,
    text: str,
) -> str | None:
    """Return a value as the map holds it, None where the field does not take it."""
    if target is None:
        return None
    is_number = text.isascii() and text.isdigit()
    if is_number and 0 < int(text) <= len(target.choices):
        text = target.choices[int(text) - 1]
    value = target.read(text)
    try:
        normalised_replacement({target.name: value}, MAPPED_EVENTS[meaning.event])
    except Rejected as rejected:
        for problem in rejected.problems:
            print_message(problem_text(problem))
        return None
    # The map holds texts, which are read again with every row.
    if isinstance(value, str):
        return value
    return text


def _choices(target: TypedField | None) -> str:
    if target is None or not target.choices:
        return ""
    numbered = []
    for number, choice in enumerate(target.choices, start=1):
        numbered.append(f"={number} {shown_word(choice)}")
    return "  " + "  ".join(numbered)


def _ask_words(meaning: HeadingMeaning, entry: ProposedField) -> None:
    """Ask what each unknown word of a vocabulary's column means; Enter leaves it to the file."""
    target = typed_field(meaning)
    if target is None:
        return
    numbered = []
    for number, choice in enumerate(target.choices, start=1):
        numbered.append(f"{number}.{shown_word(choice)}")
    if not target.required:
        numbered.append(_("0 none of these: as an empty cell"))
    choices = "  ".join(numbered)
    # A copy: a word that is answered leaves the list.
    for unknown in list(entry.unknown_words):
        question = say(msg("{field}: what does {word} mean"), field=_name(meaning), word=unknown)
        while text := read_line(f"{question}  {choices}"):
            is_none = text == _NO_WORD and not target.required
            stored = "" if is_none else _constant(meaning, target, text)
            if stored is not None:
                entry.words[unknown] = stored
                entry.unknown_words.remove(unknown)
                break


def _ask_pattern(pattern: str) -> str:
    question = _("how codes are made, with {year} and {n:03}")
    while True:
        answer = read_line(f"{question} [{pattern}]", pattern)
        if MADE_NUMBER.search(answer):
            return answer
        print_message(_("the pattern must contain {n} or {n:03}"))


def _ask_months(months: ProposedMonths) -> None:
    # Headings such as 3月 say no year, and without one no figure has a month.
    while months.columns and months.year is None:
        text = read_line(_("year of the monthly columns"))
        if text.isascii() and text.isdigit():
            months.year = int(text)
    question = _("monthly figures: no = each month alone, year = since January, all = since begun")
    months.cumulative = _ask_choice(question, list(_CUMULATIVE_CHOICES), months.cumulative)
    months.is_sure = True


def _ask_choice(
    question: str,
    choices: list[str],
    default: str,
) -> str:
    while True:
        answer = read_line(f"{question} ({'/'.join(choices)}) [{default}]", default)
        if answer in choices:
            return answer
