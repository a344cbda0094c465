"""Every publication recomputed, and what is wrong with those that history does not give."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg
from projections.audit.publications import PublicationCheck, check_publication, publication_records
from projections.audit.published_members import NO_LEDGERS, MemberLedgers

_MEMBERS_ABSENT: Final = msg(
    "that the publication {ref} follows from the ledgers of {units}: `lifecycle audit publications "
    "--region FILE` recomputes it"
)


def check_publications(
    ledger: Ledger,
    members: MemberLedgers = NO_LEDGERS,
) -> list[PublicationCheck]:
    """Recompute every publication, in the order of recording; a region's from its members."""
    return [check_publication(ledger, record, members) for record in publication_records(ledger)]


def unchecked_publications(checks: Iterable[PublicationCheck]) -> list[Problem]:
    """Return a problem for each region's publication whose members' ledgers are not at hand."""
    problems = []
    for check in checks:
        if check.absent_members:
            values: dict[str, object] = {
                "ref": check.publication.recorded.ref,
                "units": list(check.absent_members),
            }
            problems.append(Problem("members_absent", _MEMBERS_ABSENT, values))
    return problems


def publication_problems(checks: Iterable[PublicationCheck]) -> list[Problem]:
    """Return a problem for each publication that differs or cannot be recomputed."""
    problems = []
    for check in checks:
        ref = check.publication.recorded.ref
        if check.missing is not None:
            template = msg("the publication {ref} cannot be recomputed: {what} is missing here")
            problems.append(Problem("publication", template, {"ref": ref, "what": check.missing}))
        elif check.differing:
            first = check.differing[0]
            values: dict[str, object] = {
                "ref": ref,
                "what": first.path,
                "published": first.published,
                "found": first.recomputed,
                "count": len(check.differing),
            }
            template = msg(
                "the publication {ref} differs from history, first in {what}: published "
                "{published}, recomputed {found} (numbers that differ: {count})"
            )
            problems.append(Problem("publication", template, values))
    return problems
