"""Where the projects of a result come from, if not from the ledger that the result is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from lifecycle.part_engine import PartEngine
from projections.facts.ledger_parts import SharedParts
from projections.facts.project_facts import ProjectFacts


class ProjectSource(Protocol):
    """Where the projects of a result come from, if not from the ledger that the result is of."""

    def project_facts(
        self,
        day: date,
        codes: Sequence[str] | None = None,
    ) -> Iterator[ProjectFacts]:
        """Yield every project that is there by a day, or those of the codes."""

    def parts_for(
        self,
        engine: PartEngine,
    ) -> SharedParts | None:
        """Return the projects cut into parts for an engine; None where it cannot read them."""

    def units_with_projects(
        self,
        day: date,
        names: set[str],
    ) -> set[str]:
        """Return those of the units that a project names by a day."""
