"""`import --map`: what its options say, and what is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from commands.cli.shared.receipt_output import keep_receipts
from commands.cli.shared.register_dialogue import (
    ask_proposal,
    counts_of,
    may_ask,
    print_proposal,
)
from commands.cli.shared.store_access import author, open_store
from commands.handlers.register_findings import RegisterResult
from commands.handlers.register_importing import (
    CorrectionOrder,
    RegisterOptions,
    import_register,
)
from commands.intake.register_map import read_register_map
from commands.intake.register_map_writing import map_toml
from commands.intake.register_proposals import propose_map
from commands.intake.register_reading import read_register
from commands.intake.typed_forms import strict_text
from commands.words.messages import say
from lifecycle.atomic_file import write_atomically
from lifecycle.rejections import Rejected, msg

# A row as a message names it, with its sheet or without: Sheet1!12 or 12.
_SAME: Final = re.compile(r"(?P<code>.+)=(?:.*!)?(?P<row>[1-9][0-9]{0,6})", re.ASCII | re.DOTALL)
_ROW: Final = re.compile(r"(?:.*!)?(?P<row>[1-9][0-9]{0,6})", re.ASCII | re.DOTALL)
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)

_MAP_EXISTS: Final = msg("{path} already exists: name another file, or delete this one first")
_PROPOSED: Final = msg(
    "wrote {path}: {sure} fields are sure, {unsure} to be checked, {missing} missing"
)
_NEXT: Final = msg("next: look through the map, then run {command}")


class RegisterRequest(NamedTuple):
    """What `import --map` was asked for."""

    map_file: Path
    month: str | None
    corrections: str
    reason: str | None
    approved_by: str | None
    same: Sequence[str]
    new: Sequence[str]


def register_options(
    request: RegisterRequest,
    *,
    dry_run: bool,
    confirm_unusual: bool,
    keep_entries: bool,
) -> RegisterOptions:
    """Return what the options mean. Raises `UsageError` where one is malformed."""
    order = None
    if request.corrections == "record":
        # Every correction names both, so that they are asked for before the file is read.
        if not (request.reason and request.approved_by):
            raise click.UsageError(
                say(msg("--corrections record needs --reason and --approved-by"))
            )
        order = CorrectionOrder(request.reason, request.approved_by)
    return RegisterOptions(
        dry_run=dry_run,
        confirm_unusual=confirm_unusual,
        keep_entries=keep_entries,
        corrections=order,
        same=_same_rows(request.same),
        new=frozenset(_row_number(text) for text in request.new),
    )


def _same_rows(texts: Sequence[str]) -> dict[int, str]:
    rows: dict[int, str] = {}
    for text in texts:
        match = _SAME.fullmatch(text)
        if match is None:
            raise click.UsageError(
                say(
                    msg("--same takes a code and a row, such as KH-2024-017=12, not {text}"),
                    text=text,
                )
            )
        rows[int(match["row"])] = match["code"].strip()
    return rows


def _row_number(text: str) -> int:
    match = _ROW.fullmatch(text)
    if match is None:
        raise click.UsageError(
            say(msg("--new takes the number of a row, such as 12, not {text}"), text=text)
        )
    return int(match["row"])


def _month(text: str | None) -> str | None:
    if text is None:
        return None
    month = strict_text("month", text)
    if not _MONTH.fullmatch(month):
        raise click.UsageError(
            say(msg("--month takes a month such as 2024-05, not {text}"), text=text)
        )
    return month


def run_register_import(
    file: Path,
    request: RegisterRequest,
    options: RegisterOptions,
    on_behalf_of: str | None,
    receipt: Path | None,
) -> RegisterResult:
    """Import a register and keep its receipts."""
    register_map = read_register_map(request.map_file)
    register = read_register(file, register_map, _month(request.month))
    with open_store() as ledger:
        importer = author(ledger, on_behalf_of, importing=True)
        result = import_register(ledger, register, importer, options)
        # Nothing is recorded yet that a receipt could prove.
        if receipt is not None and not options.dry_run:
            keep_receipts(ledger, result.entries, receipt)
    return result


def run_proposal(file: Path, map_file: Path) -> None:
    """Write a proposed map; on a terminal ask for what the headings do not tell."""
    if map_file.exists():
        raise Rejected.by("map_exists", _MAP_EXISTS, path=map_file)
    proposal = propose_map(file)
    print_proposal(proposal)
    if may_ask():
        ask_proposal(proposal)
    write_atomically(map_file, map_toml(proposal).encode())
    counts = counts_of(proposal)
    click.echo(
        say(
            _PROPOSED,
            path=map_file,
            sure=counts.sure,
            unsure=counts.unsure,
            missing=counts.missing,
        )
    )
    click.echo(say(_NEXT, command=f"lifecycle import {file.name} --map {map_file.name} --dry-run"))
