"""`score`: totals, modules and ranks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import click

from commands.cli.main import tell
from commands.cli.shared.command_context import axes_options, opened, store_url, view_of
from commands.cli.shared.row_output import (
    OutputColumn,
    console,
    format_option,
    print_csv,
    print_json,
    print_table,
)
from commands.words.messages import _, say
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import Rulebook
from projections.scoring.evaluation import View


@click.command("score", help=_("Totals, modules and ranks of a year; of UNIT alone, if given."))
@click.argument("unit", required=False)
@axes_options()
@format_option
def command(
    unit: str | None,
    year: int | None,
    as_of: str | None,
    known_at: str | None,
    rulebook_id: str | None,
    form: str,
) -> None:
    """Show them."""
    with opened() as ledger:
        view = view_of(ledger, year, as_of, known_at, rulebook_id)
        found = _found(ledger, store_url(), view)
    units = [row for row in found["units"] if unit in (None, row["unit"])]
    if unit is not None and not units:
        raise Rejected.by(
            "unknown_unit",
            msg("no unit {unit} is registered; there are {allowed}"),
            unit=unit,
            allowed=[row["unit"] for row in found["units"]],
        )
    found["units"] = units
    book = view.rulebook.rulebook
    if form == "json":
        print_json(found)
    elif form == "csv":
        print_csv([_flat(row) for row in units], _columns(book))
    else:
        _print(found, book)


def _found(ledger: Ledger, url: str, view: View) -> dict[str, Any]:
    from projections.readmodels.year_results import scores  # noqa: PLC0415 -- --help does not pay for the read side

    found, tampered = scores(ledger, url, view)
    if tampered:
        tell(_("note: another hand had changed the read tables; they were made anew from history"))
    return found


def show_scores(ledger: Ledger, url: str, view: View) -> dict[str, Any]:
    """Print the ranking; gives it back."""
    found = _found(ledger, url, view)
    _print(found, view.rulebook.rulebook)
    return found


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = (
        {name: row[name] for name in ("sequence", "rank", "unit", "total")}
        | row["modules"]
        | row["basis"]
    )
    flat |= {group: f"{parts['counted']}" for group, parts in row["groups"].items()}
    return flat | {
        "grade": row.get("grade"),
        "outcomes": [one["outcome"] for one in row.get("outcomes", [])],
    }


def _columns(book: Rulebook) -> list[OutputColumn]:
    return [
        OutputColumn("sequence", "考核序列"),
        OutputColumn("rank", "名次", number=True),
        OutputColumn("unit", "单位"),
        *_numbers(book),
        OutputColumn("policy", "政策", number=True),
        OutputColumn("interpretation", "解读", number=True),
        OutputColumn("assumption", "假定", number=True),
    ]


def _numbers(book: Rulebook) -> list[OutputColumn]:
    shown = points(book.rounding.shown)
    named = [OutputColumn("total", "总分", number=True, show=shown)]
    parts = [(part.id, part.chinese) for part in book.modules] + [
        (part.id, part.chinese) for part in book.groups
    ]
    return named + [
        OutputColumn(name, halved(chinese), number=True, show=shown) for name, chinese in parts
    ]


def halved(heading: str) -> str:
    """A heading on two lines, so that its column is as narrow as its numbers."""
    half = (len(heading) + 1) // 2
    return f"{heading[:half]}\n{heading[half:]}" if len(heading) > half + 1 else heading


def points(places: int) -> Callable[[Any], str]:
    """Points as a screen shows them, all with the same places."""
    from fractions import Fraction  # noqa: PLC0415 -- as above

    from projections.scoring.rounding import decimal_text  # noqa: PLC0415 -- as above

    def show(value: Any) -> str:
        whole, _dot, rest = decimal_text(Fraction(value or 0), places).partition(".")
        return f"{whole}.{rest:0<{places}}" if places else str(whole)

    return show


def _print(found: dict[str, Any], book: Rulebook) -> None:
    out = console()
    out.print(axes_line(found, book), style="dim")
    columns = [
        OutputColumn("rank", "名次", number=True),
        OutputColumn("unit", "单位", whole=True),
        *_numbers(book),
    ]
    for sequence, rows in groupby(found["units"], key=lambda row: row["sequence"]):
        print_table([_flat(row) for row in rows], columns, sequence)
    shown = points(book.rounding.shown)
    from fractions import Fraction  # noqa: PLC0415 -- as above

    basis = {
        name: shown(sum(Fraction(row["basis"][name]) for row in found["units"]))
        for name in ("policy", "interpretation", "assumption")
    }
    template = msg(
        "of these points rest on the policy's text {policy}, on an interpretation {interpretation}, on an assumption {assumption}"
    )
    out.print(say(template, **basis), style="dim")


def axes_of(view: View) -> str:
    """A view's axes in one line."""
    from projections.scoring.score_json import view_json  # noqa: PLC0415 -- as above

    return axes_line(view_json(view), view.rulebook.rulebook)


def axes_line(found: dict[str, Any], book: Rulebook) -> str:
    """The axes in one line."""
    known = found["known_at"]
    told = say(
        msg("year {year}, as of {as_of}, rulebook {id} {digest}"),
        year=found["year"],
        as_of=found["as_of"],
        id=book.id,
        digest=found["rulebook"]["digest"][:12],
    )
    return told + (say(msg(", known at {moment}"), moment=known) if known else "")
