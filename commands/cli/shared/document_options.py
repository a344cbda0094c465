"""The options of a printed document: folder, formats, template, date, number, persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.axes_options import DAY
from commands.cli.shared.office_file import chosen_office, office_option
from commands.cli.shared.typed_path import TypedPath
from commands.reports.issuing_office import IssuingOffice
from commands.words.messages import _
from lifecycle.events.field_types import SHANGHAI
from lifecycle.rejections import Rejected, msg
from projections.views.requested_axes import RequestedAxes

_FOLDER: Final = TypedPath(path_type=Path, file_okay=False)
_PRESENT_FILE: Final = TypedPath(
    path_type=Path,
    dir_okay=False,
    exists=True,
)
DATED_HELP: Final = _(
    "The date of the document; it states what was so, and recorded, by the end of that day. "
    "Default: today."
)
_FORMAT_OF_TEMPLATE: Final = {
    ".docx": "docx",
    ".typ": "pdf",
}


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """What was typed; `formats` is empty for the command's default."""

    folder: Path
    formats: tuple[str, ...]
    template: Path | None
    dated: date | None
    number: str
    contacts: bool
    office_file: Path | None

    @property
    def office(self) -> IssuingOffice:
        """Who issues and who receives. Raises `Rejected` for a mistake in the file, `OSError`."""
        return chosen_office(self.office_file)

    def axes_of_day(self, axes: RequestedAxes, today: date) -> RequestedAxes:
        """Return the axes, as of and as known by the end of the document's day unless given."""
        return axes_of_document(axes, self.dated, today)

    def formats_to_write(self, default: tuple[str, ...]) -> tuple[str, ...]:
        """The kinds of file to write: with a template, the one that it is for.

        Raises `Rejected` for a template of another kind.
        """
        formats = self.formats or default
        if self.template is None:
            return formats
        template_format = _FORMAT_OF_TEMPLATE.get(self.template.suffix.lower())
        if template_format is None or template_format not in formats:
            raise unusable_template(self.template)
        return (template_format,)


def axes_of_document(axes: RequestedAxes, dated: date | None, today: date) -> RequestedAxes:
    """Return the axes as of a document's day and as known by its end; those given stay."""
    if dated is None:
        return axes
    # A document of 5 June states nothing that happened or was recorded after 5 June.
    as_of = axes.as_of or min(dated, today)
    known_at = axes.known_at or datetime.combine(dated, time.max, SHANGHAI)
    return replace(axes, as_of=as_of, known_at=known_at)


def unusable_template(path: Path) -> Rejected:
    """Return the rejection of a template that is neither of the two kinds."""
    return Rejected.by(
        "template_kind",
        msg("{path}: a template must be a .docx file for Word or a .typ file for PDF"),
        path=path,
    )


Function = Callable[..., Any]
_TYPED_OPTIONS: Final = (
    "folder",
    "formats",
    "template",
    "dated",
    "number",
    "contacts",
    "office_file",
)


def document_options(*formats: str) -> Callable[[Function], Function]:
    """Add the options; the command takes them as `document`, of type `DocumentOptions`."""

    def decorate(function: Function) -> Function:
        @wraps(function)
        def with_document(*args: Any, **options: Any) -> Any:
            typed = {name: options.pop(name) for name in _TYPED_OPTIONS}
            return function(*args, document=DocumentOptions(**typed), **options)

        # click lists options in the reverse of the order in which they are added.
        command: Function = with_document
        for add in reversed([*_file_options(formats), *_heading_options()]):
            command = add(command)
        return command

    return decorate


def _file_options(formats: tuple[str, ...]) -> list[Callable[[Function], Function]]:
    """Where to write, as what, by which template."""
    return [
        click.option(
            "--to",
            "folder",
            type=_FOLDER,
            default=Path(),
            help=_("The output folder. Default: the current folder."),
        ),
        click.option(
            "--format",
            "formats",
            type=click.Choice(formats),
            multiple=True,
            help=_("The file format; may be repeated. Default: all."),
        ),
        click.option(
            "--template",
            type=_PRESENT_FILE,
            help=_(
                "Your own template, .docx or .typ; `report template` writes the standard one "
                "to start from."
            ),
        ),
    ]


def _heading_options() -> list[Callable[[Function], Function]]:
    """What the document bears: date, number, persons."""
    return [
        click.option(
            "--dated",
            type=DAY,
            metavar="DATE",
            help=DATED_HELP,
        ),
        click.option(
            "--number",
            default="",
            help=_(
                "The document's number, such as 开招办〔2024〕5号; a notice without one is a draft "
                "(送审稿), with the proposals for the lists."
            ),
        ),
        office_option,
        click.option(
            "--with-contacts",
            "contacts",
            is_flag=True,
            help=_(
                "Include the names of persons and, on a project's form, the investor's contacts, "
                "for authorized readers only. All other telephone numbers are left out."
            ),
        ),
    ]
