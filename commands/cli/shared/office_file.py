"""`--office`: the file of who issues notices, to whom they go and who prints them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.cli.shared.data_folder import data_folder
from commands.cli.shared.typed_path import TypedPath
from commands.reports.issuing_office import NO_OFFICE, IssuingOffice, read_issuing_office
from commands.words.messages import _

F = TypeVar("F", bound=Callable[..., Any])


def office_option(function: F) -> F:
    """Add `--office`; the command takes it as `office_file`."""
    return click.option(
        "--office",
        "office_file",
        type=TypedPath(path_type=Path, dir_okay=False, exists=True),
        envvar="LIFECYCLE_OFFICE",
        help=_(
            "A TOML file of who issues notices, to whom they go and who prints them. Default: "
            "LIFECYCLE_OFFICE, or office.toml in the data folder."
        ),
    )(function)


def chosen_office(office_file: Path | None) -> IssuingOffice:
    """Return the office of the file that was named, or of the one in the data folder.

    Raises `Rejected` for a mistake in it, and `OSError`.
    """
    path = office_file or data_folder() / "office.toml"
    if office_file is None and not path.exists():
        return NO_OFFICE
    return read_issuing_office(path)
