"""The units and projects that a name means: by the whole, by its look, or by a part (spec 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.deciding.claims import normalised_name
from lifecycle.deciding.understood_names import held_name
from lifecycle.events import StreamKind
from lifecycle.events.folded_text import folded_name

if TYPE_CHECKING:
    from lifecycle.ledger.unit_of_work import UnitOfWork


class HeldName(NamedTuple):
    """A unit by its name, or a project by its code, with what a reader knows it by."""

    kind: StreamKind
    name: str
    title: str


def names_meant(work: UnitOfWork, kinds: Sequence[StreamKind], text: str) -> Sequence[HeldName]:
    """Return the units and projects that a text means, which names none of them exactly.

    By whole names if any, else by parts.
    """
    for kind in kinds:
        alike = held_name(kind, text, work)
        if alike is not None:
            return (HeldName(kind, alike, alike),)
    matches: list[HeldName] = []
    if "unit" in kinds:
        matches.extend(_units_with_part(work, text))
    if "project" in kinds:
        matches.extend(_projects_with_part(work, text))
    whole = [match for match in matches if normalised_name(match.title) == normalised_name(text)]
    return whole or matches


def _units_with_part(work: UnitOfWork, text: str) -> Iterator[HeldName]:
    part = folded_name(text)
    if not part:
        return
    for unit in sorted(work.registered_units()):
        # A row of the index that no registration confirms names nothing.
        if part in folded_name(unit) and work.is_unit(unit):
            yield HeldName("unit", unit, unit)


def _projects_with_part(work: UnitOfWork, text: str) -> Iterator[HeldName]:
    # Only names are matched by parts: half a code would mean whatever project comes first.
    part = normalised_name(text)
    if not part:
        return
    for stream_id, name in sorted(work.names_of_projects().items()):
        if part not in name:
            continue
        project = work.named_project(stream_id)
        if project is not None:
            yield HeldName("project", project.code, project.information.name)
