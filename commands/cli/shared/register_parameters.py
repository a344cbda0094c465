"""The options of `import` that are about a county's own ledger: `--map` and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.axes_options import MONTH
from commands.cli.shared.register_import import RegisterRequest
from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import _, say
from lifecycle.rejections import msg

F = TypeVar("F", bound=Callable[..., Any])
_Decorator = Callable[[Any], Any]
_MAP_OPTIONS: Final = ("corrections", "reason", "approved_by", "month", "same", "new")
_NEEDS_MAP: Final = msg("{options} belong to --map")
_EXCLUDES: Final = msg("{first} and {second} exclude each other")


def register_parameters(function: F) -> F:
    """Add `--map`, `--propose`, and the options of an import by a map."""
    options = [*_map_options(), *_correction_options(), *_row_options()]
    # click lists options in the reverse of the order in which they are added.
    for option in reversed(options):
        function = option(function)
    return function


def _map_options() -> list[_Decorator]:
    return [
        click.option(
            "--map",
            "map_file",
            type=TypedPath(path_type=Path),
            help=_("Read the county's own ledger, a row for each project or plot, by this map."),
        ),
        click.option(
            "--propose",
            type=TypedPath(path_type=Path),
            help=_("Write a map for the ledger to this file; asks on a terminal. Records nothing."),
        ),
    ]


def _correction_options() -> list[_Decorator]:
    return [
        click.option(
            "--corrections",
            type=click.Choice(["list", "record"]),
            help=_("With --map: list changed cells, or record them as corrections."),
        ),
        click.option("--reason", help=_("Why the changed cells are corrected.")),
        click.option("--approved-by", help=_("Who approved the corrections.")),
    ]


def _row_options() -> list[_Decorator]:
    return [
        click.option(
            "--month",
            type=MONTH,
            help=_("The month of the map's column that has no month itself."),
        ),
        click.option(
            "--same",
            multiple=True,
            metavar="CODE=ROW",
            help=_(
                "The row is this project or resource, though its name, investor or location "
                "differs."
            ),
        ),
        click.option(
            "--new", multiple=True, metavar="ROW", help=_("The row is a new project or resource.")
        ),
    ]


def register_request(
    values: dict[str, Any],
    *,
    partial: bool,
    keeps_times: bool,
) -> RegisterRequest | None:
    """Return what `--map` is asked for, None without it. Raises `UsageError`."""
    if values["map_file"] is None:
        # Left unsaid, an option that does nothing would be taken for one that did.
        used = [name for name in _MAP_OPTIONS if values[name]]
        if used:
            names = [f"--{name.replace('_', '-')}" for name in used]
            raise click.UsageError(say(_NEEDS_MAP, options=names))
        return None
    for is_used, name in (
        (values["propose"] is not None, "--propose"),
        (partial, "--partial"),
        (keeps_times, "--keep-recorded-at"),
    ):
        if is_used:
            raise click.UsageError(say(_EXCLUDES, first="--map", second=name))
    return RegisterRequest(
        values["map_file"],
        values["month"],
        values["corrections"] or "list",
        values["reason"],
        values["approved_by"],
        values["same"],
        values["new"],
    )
