"""`rulebook try`: the values of a parameter at which ranks change."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.axes_options import TypedAxis, axes_options
from commands.cli.shared.existing_file import reject_existing
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import format_option, print_csv, print_json
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.rulebook_year import axes_of_rulebook
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import console, print_table
from commands.cli.shared.typed_path import TypedPath
from commands.intake.axis_texts import MistypedAxis
from commands.web.trial_page import trial_page
from commands.words import table_headings as headings
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.point_text import points
from commands.words.problem_text import problem_text
from commands.words.rank_words import rank_cell
from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import msg
from lifecycle.rulebook.parts import exact_text
from projections.views.parameter_trial import (
    ParameterTrial,
    RejectedValues,
    move_json,
    number_parameter,
    trial_json,
    try_parameter,
    value_range,
)
from projections.views.requested_axes import RequestedAxes

_NUMBER: Final = r"(-?[0-9]+(?:\.[0-9]+|/0*[1-9][0-9]*)?)"
_RANGE: Final = re.compile(rf"{_NUMBER}\.\.{_NUMBER}", re.ASCII)
_STEP: Final = re.compile(_NUMBER, re.ASCII)
_CSV_NUMBERS: Final = (
    "previous_value",
    "value",
    "rank_before",
    "rank_after",
    "total_before",
    "total_after",
)
_CSV_FIELDS: Final = ("previous_value", "value", "sequence", "unit", *_CSV_NUMBERS[2:])


def _read_range(text: str) -> tuple[Fraction, Fraction]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise MistypedAxis(say(msg("{text} is not a range such as 5..15 or 0.5..1.5"), text=text))
    return Fraction(match[1]), Fraction(match[2])


def _read_step(text: str) -> Fraction:
    match = _STEP.fullmatch(text)
    step = Fraction(match[1]) if match else Fraction(0)
    if step <= 0:
        raise MistypedAxis(say(msg("{text} is not a step above 0 such as 0.5"), text=text))
    return step


# A range may begin below 0, which click would take for an option: -5..5.
@click.command("try", context_settings={"ignore_unknown_options": True})
@click.argument("rulebook")
@click.argument("parameter")
@click.argument("values", type=TypedAxis("range", _read_range), metavar="FROM..TO")
@click.option(
    "--step",
    type=TypedAxis("number", _read_step),
    help=_("The step between the values tried. Default: a twentieth of the range."),
)
@click.option(
    "--chart",
    type=TypedPath(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help=_("Write the ranks at each value to this file, as a chart with its table."),
)
@axes_options(rulebook=False)
@format_option
def command(
    rulebook: str,
    parameter: str,
    values: tuple[Fraction, Fraction],
    step: Fraction | None,
    chart: Path | None,
    axes: RequestedAxes,
    form: str,
) -> None:
    """Score a year with each value of a parameter and list the changes of ranks."""
    book = loaded(rulebook)
    # Both before the store is opened: a slip in an argument is rejected at once.
    number_parameter(book, parameter)
    requested_range = value_range(*values, step)
    if chart is not None:
        reject_existing(chart)
    with open_store() as ledger:
        view = axes_of_rulebook(axes, ledger, book).year_view(ledger, rulebook=book)
        trial = try_parameter(ledger, view, parameter, requested_range)
    if form == "json":
        print_json(_json(trial))
    elif form == "csv":
        print_csv(_change_rows(trial), _csv_columns())
    else:
        _print_trial(trial)
    if chart is not None:
        write_atomically(chart, trial_page(trial).encode())
        # On standard error, so that JSON and CSV stay whole.
        print_message(say(msg("wrote {path}"), path=chart))


def _json(trial: ParameterTrial) -> dict[str, Any]:
    rejected = []
    for values in trial.rejected:
        row = {
            "from": exact_text(values.first),
            "to": exact_text(values.last),
            "rule": values.problem.rule,
            "message": problem_text(values.problem),
        }
        rejected.append(row)
    return trial_json(trial) | {"rejected": rejected}


def _change_rows(trial: ParameterTrial) -> list[dict[str, Any]]:
    places = trial.view.rulebook.rulebook.rounding.json_places
    return [move_json(move, places) for move in trial.moves()]


def _csv_columns() -> list[OutputColumn]:
    return [OutputColumn(name, name, number=name in _CSV_NUMBERS) for name in _CSV_FIELDS]


# Tables -------------------------------------------------------------------------------------------


def _print_trial(trial: ParameterTrial) -> None:
    template = msg(
        "{parameter} ({chinese}), at present {present}: from {least} to {greatest} by {step}; "
        "year {year}, as of {as_of}"
    )
    line = say(
        template,
        parameter=trial.parameter.place,
        chinese=trial.parameter.chinese,
        present=exact_text(trial.present),
        least=exact_text(trial.value_range.least),
        greatest=exact_text(trial.value_range.greatest),
        step=exact_text(trial.value_range.step),
        year=trial.view.year,
        as_of=trial.view.as_of,
    )
    console().print(line, style="dim")
    rows = _table_rows(trial)
    if rows:
        print_table(rows, _columns(trial))
    else:
        click.echo(_("no rank changes within this range"))
    for values in trial.rejected:
        print_message(_rejected_text(values))


def _columns(trial: ParameterTrial) -> list[OutputColumn]:
    show = points(trial.view.rulebook.rulebook.rounding.shown)
    return [
        OutputColumn("value", headings.VALUE_CHANGED, show=str, whole=True),
        OutputColumn("sequence", FIELDS["sequence"]),
        OutputColumn("unit", FIELDS["unit"], whole=True),
        OutputColumn("ranks", headings.RANK),
        OutputColumn("before", headings.TOTAL_AT_VALUE_BEFORE, number=True, show=show),
        OutputColumn("after", headings.TOTAL_AT_VALUE, number=True, show=show),
    ]


def _table_rows(trial: ParameterTrial) -> list[dict[str, Any]]:
    rows = []
    for move in trial.moves():
        row = {
            "value": f"{exact_text(move.previous_value)} → {exact_text(move.value)}",
            "sequence": move.after.sequence,
            "unit": move.after.name,
            "ranks": f"{rank_cell(move.before.rank)} → {rank_cell(move.after.rank)}",
            "before": move.before.total,
            "after": move.after.total,
        }
        rows.append(row)
    return rows


def _rejected_text(values: RejectedValues) -> str:
    if values.first == values.last:
        return say(
            msg("the rulebook may not have the value {value}: {why}"),
            value=exact_text(values.first),
            why=problem_text(values.problem),
        )
    return say(
        msg("the rulebook may not have the values {first} to {last}: {why}"),
        first=exact_text(values.first),
        last=exact_text(values.last),
        why=problem_text(values.problem),
    )
