"""The options that choose a result's axes: `--year`, `--as-of`, `--known-at`, `--rulebook`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.rulebook_choice import is_file_name, loaded
from commands.cli.shared.time_correction_output import leave_axes
from commands.intake.axis_texts import MistypedAxis, read_day, read_moment, read_month
from commands.words.messages import _
from projections.views.requested_axes import RequestedAxes

F = TypeVar("F", bound=Callable[..., Any])


class TypedAxis(click.ParamType[object]):
    """An option's type whose texts are read by a function of `axis_texts`."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> object:
        """Read what was typed. Raises `BadParameter`."""
        # click may pass a value that is converted already.
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except MistypedAxis as error:
            self.fail(str(error), param, ctx)


DAY: Final = TypedAxis("date", read_day)
MONTH: Final = TypedAxis("month", read_month)
_MOMENT: Final = TypedAxis("time", read_moment)


def known_at_option(function: F) -> F:
    """Add `--known-at`."""
    text = _(
        "Use only what was recorded by this time; a time without a zone is Asia/Shanghai, "
        "a day means its end."
    )
    return click.option(
        "--known-at",
        type=_MOMENT,
        metavar="TIME",
        help=text,
    )(function)


def _rulebook_option(function: F) -> F:
    text = _("The rulebook's id, or its file. Default: the rulebook in force.")
    return click.option(
        "--rulebook",
        "rulebook_id",
        metavar="ID",
        help=text,
    )(function)


def _as_of_option(function: F) -> F:
    text = _("Facts as of this day, at the latest the end of the year. Default: today.")
    return click.option(
        "--as-of",
        type=DAY,
        metavar="DATE",
        help=text,
    )(function)


def _year_option(function: F) -> F:
    text = _("The year. Default: the year of --as-of.")
    return click.option(
        "--year",
        type=click.IntRange(1900, 2199),
        help=text,
    )(function)


def axes_options(
    *,
    year: bool = True,
    as_of: bool = True,
    rulebook: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of the axes that a view has; the command takes them as `axes`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def with_axes(*args: Any, **options: Any) -> Any:
            name = options.pop("rulebook_id", None)
            draft = None
            # A file is read here, so that its errors come before the store is opened.
            if name is not None and is_file_name(name):
                draft = loaded(name)
            axes = RequestedAxes(
                options.pop("year", None),
                options.pop("as_of", None),
                options.pop("known_at"),
                None if draft else name,
                draft,
            )
            leave_axes(axes)
            return function(*args, axes=axes, **options)

        # click lists options in the reverse of the order in which they are added.
        command = with_axes
        if rulebook:
            command = _rulebook_option(command)
        command = known_at_option(command)
        if as_of:
            command = _as_of_option(command)
        if year:
            command = _year_option(command)
        return command

    return decorate


def day_option(name: str, text: str) -> Callable[[F], F]:
    """Add an option that takes a day."""
    return click.option(
        name,
        type=DAY,
        metavar="DATE",
        help=text,
    )
