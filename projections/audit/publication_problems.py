"""Every publication recomputed, and what is wrong with those that history does not give."""

from __future__ import annotations

from collections.abc import Iterable

from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg
from projections.audit.publications import PublicationCheck, check_publication, publication_records


def check_publications(ledger: Ledger) -> list[PublicationCheck]:
    """Recompute every publication, in the order of recording."""
    return [check_publication(ledger, record) for record in publication_records(ledger)]


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
