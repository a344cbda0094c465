"""The members' ledgers beside the region's own, where something that counts them is checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from commands.cli.shared.evidence_options import PRESENT_FILE
from commands.cli.shared.region_access import RequestedRegion, open_region
from commands.cli.shared.region_output import warn_of_absent_members
from commands.cli.shared.store_access import open_store
from commands.words.messages import _
from lifecycle.ledger.store import Ledger
from projections.audit.published_members import NO_LEDGERS, MemberLedgers

region_file_option: Final = click.option(
    "--region",
    "region_file",
    type=PRESENT_FILE,
    metavar="FILE",
    help=_("The region file, to check what counts a region's members against their ledgers."),
)


@contextmanager
def open_with_members(region_file: Path | None) -> Iterator[tuple[Ledger, MemberLedgers]]:
    """Open the ledger and, with a region file, those of its members' ledgers that verify.

    The others are named on standard error.
    """
    if region_file is None:
        with open_store() as ledger:
            yield ledger, NO_LEDGERS
        return
    with open_region(RequestedRegion(region_file)) as region:
        warn_of_absent_members(region.look)
        yield region.ledger, region.look.intact_ledgers
