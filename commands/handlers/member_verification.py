"""Verify members' ledgers, each in whatever process an engine runs it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from commands.handlers.member_ledgers import differences
from commands.handlers.member_places import opened_place, unverified_place
from commands.handlers.region_file import RegionMember
from lifecycle.ledger.store import Ledger
from lifecycle.part_engine import PartEngine
from lifecycle.rejections import LedgerError, Problem
from projections.facts.ledger_parts import (
    LedgerPlace,
    OpenLedger,
    opened_store,
    place_here,
)


class MemberFindings(NamedTuple):
    """What does not fit in a member's ledger, or the error that kept it from being verified."""

    problems: Sequence[Problem] = ()
    error: LedgerError | OSError | None = None


class MemberToVerify(NamedTuple):
    """A member, and the place at which its ledger is opened.

    `witness_lines` are those of its witness file, where the process has no such file; None where
    it reads the file itself.
    """

    member: RegionMember
    place: LedgerPlace
    witness_lines: bytes | None = None


def verified_members(
    ledgers: Mapping[str, Ledger],
    members: Mapping[str, RegionMember],
    engine: PartEngine | None,
) -> dict[str, MemberFindings]:
    """Verify open ledgers by an engine, or here; return what was found of each by its unit."""
    findings: dict[str, MemberFindings] = {}
    tasks = []
    for unit, ledger in ledgers.items():
        task = None
        if engine is not None:
            task = _task(members[unit], ledger, is_remote=engine.is_remote)
        if task is None:
            findings[unit] = findings_in(members[unit], ledger)
        else:
            tasks.append(task)
    if engine is not None and tasks:
        open_ledger: OpenLedger = opened_place if engine.is_remote else opened_store
        outcomes = engine.outcomes(verified_member, open_ledger, tasks)
        for task, outcome in zip(tasks, outcomes, strict=True):
            findings[task.member.unit] = outcome
    return findings


def _task(
    member: RegionMember,
    ledger: Ledger,
    *,
    is_remote: bool,
) -> MemberToVerify | None:
    """Return what another process needs; None where it cannot open the ledger."""
    if not is_remote:
        place = place_here(ledger)
        if place is None:
            return None
        return MemberToVerify(member, place)
    lines = b""
    if member.witness.exists():
        lines = member.witness.read_bytes()
    # The place says where; a store's URL in the file may hold a password.
    return MemberToVerify(replace(member, store=None), unverified_place(member), lines)


def verified_member(
    open_ledger: OpenLedger,
    task: MemberToVerify,
) -> MemberFindings:
    """Open a member's ledger, in any process, and verify it."""
    with open_ledger(task.place) as ledger:
        if task.witness_lines is None:
            return findings_in(task.member, ledger)
        with TemporaryDirectory(prefix="lifecycle-") as folder:
            # Differences name the file without its folder.
            witness = Path(folder) / task.member.witness.name
            if task.witness_lines:
                witness.write_bytes(task.witness_lines)
            findings = findings_in(replace(task.member, witness=witness), ledger)
        return _with_path(findings, witness, task.member.witness)


def findings_in(
    member: RegionMember,
    ledger: Ledger,
) -> MemberFindings:
    """Verify a member's open ledger in this process."""
    try:
        return MemberFindings(differences(member, ledger))
    except (LedgerError, OSError) as error:
        return MemberFindings(error=error)


def _with_path(
    findings: MemberFindings,
    copy: Path,
    original: Path,
) -> MemberFindings:
    """Return the findings with the region's own witness file in place of a worker's copy."""
    problems = []
    for problem in findings.problems:
        values = _renamed(problem.values, copy, original)
        problems.append(replace(problem, values=values))
    error = findings.error
    if isinstance(error, LedgerError):
        error.values.update(_renamed(error.values, copy, original))
    return MemberFindings(problems, error)


def _renamed(
    values: Mapping[str, object],
    copy: Path,
    original: Path,
) -> dict[str, object]:
    renamed: dict[str, object] = {}
    for name, value in values.items():
        if value == copy:
            renamed[name] = original
        elif value == str(copy):
            renamed[name] = str(original)
        else:
            renamed[name] = value
    return renamed
