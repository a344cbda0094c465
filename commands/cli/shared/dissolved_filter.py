"""What a list of one unit says where that unit is dissolved: emptiness would look like calm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands.words.messages import say
from lifecycle.late_module import LateModule
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg
from projections.scoring.result_view import View

# Most lists are of all units, and these rows load what computes scores.
if TYPE_CHECKING:
    from projections.views import unit_list_view
else:
    unit_list_view = LateModule("projections.views.unit_list_view")


def note_dissolved_filter(ledger: Ledger, view: View, unit: str | None) -> None:
    """Say on standard error that the unit was dissolved by the view's day, and its successor."""
    if unit is None:
        return
    for row in unit_list_view.unit_rows(ledger, view):
        if row.unit != unit:
            continue
        fields = row.as_json()
        if fields["dissolved_on"] is None:
            return
        template = msg("note: {unit} was dissolved on {day}; successor: {successor}")
        successor = fields["successor"] or "—"
        text = say(template, unit=fields["name"], day=fields["dissolved_on"], successor=successor)
        click.echo(text, err=True)
