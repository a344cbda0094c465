"""Who issues a notice, to whom it goes and who prints it: a TOML file that the office keeps.

These stand around what the ledger says and not within it, so a document's code does not cover them.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from commands.intake.settings_table import settings_table
from lifecycle.regular_file import read_regular
from lifecycle.rejections import Problem, Rejected, msg


class IssuingOffice(BaseModel):
    """The parts of a notice that do not come from the ledger (GB/T 9704-2012, 7.2 to 7.4)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = ""
    """发文机关: above the number and below the text; without it the rulebook's issuer."""
    addressees: str = ""
    """主送机关."""
    copies_to: str = ""
    """抄送机关."""
    printed_by: str = ""
    """印发机关; with it stands the day of printing, the document's own."""
    requirements: tuple[str, ...] = ()
    """下步要求: the office's sentences in place of the usual ones."""


NO_OFFICE = IssuingOffice()


def read_issuing_office(path: Path) -> IssuingOffice:
    """Read the file. Raises `Rejected` with the place of each mistake, and `OSError`."""
    table = settings_table(path, read_regular(path), "issuing_office")
    try:
        return IssuingOffice.model_validate(table)
    except ValidationError as error:
        places = [".".join(map(str, detail["loc"])) for detail in error.errors()]
        template = msg("{path}: {place} is no setting of a notice, or not text; allowed: {allowed}")
        allowed = list(IssuingOffice.model_fields)
        raise Rejected(
            [
                Problem(
                    "issuing_office", template, {"path": path, "place": place, "allowed": allowed}
                )
                for place in places
            ]
        ) from None
