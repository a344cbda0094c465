"""The changes of a unit that its name, its place in the ranking and its points rest on."""

from __future__ import annotations

from collections.abc import Iterator

from commands.words.messages import say
from commands.words.vocabulary_words import word
from lifecycle.rejections import msg
from projections.facts.units_of_day import UnitsOfDay


def unit_change_texts(units: UnitsOfDay, unit: str) -> Iterator[str]:
    """Say which events gave a unit its name, its sequence, and what dissolved units earned."""
    yield from standing_texts(units, unit)
    for dissolved in units.dissolved_into(unit):
        yield from _succession_texts(units, dissolved)


def standing_texts(units: UnitsOfDay, unit: str) -> Iterator[str]:
    """Say which events gave a unit its name and its sequence."""
    yield from _renaming_texts(units, unit)
    yield from _regrouping_texts(units, unit)


def succession_events(units: UnitsOfDay, unit: str) -> list[str]:
    """Return the dissolutions by which a unit's successors follow each other, each by its name."""
    references = []
    for name in units.succession(unit):
        dissolution = units.standings[name].dissolution
        if dissolution is not None:
            references.append(f"{name}#{dissolution.version}")
    return references


def _renaming_texts(units: UnitsOfDay, unit: str) -> Iterator[str]:
    standing = units.standings.get(unit)
    if standing is None or standing.renaming is None:
        return
    template = msg("{unit} is named {name} since {day}, by {event}")
    yield say(
        template,
        name=standing.shown_name,
        day=standing.renaming.on,
        event=f"{unit}#{standing.renaming.version}",
        unit=unit,
    )


def _regrouping_texts(units: UnitsOfDay, unit: str) -> Iterator[str]:
    standing = units.standings.get(unit)
    if standing is None or standing.regrouping is None:
        return
    template = msg("{name} is in the sequence {sequence}, as {category}, since {day}, by {event}")
    yield say(
        template,
        name=standing.shown_name,
        sequence=standing.sequence,
        category=word(standing.category),
        day=standing.regrouping.on,
        event=f"{unit}#{standing.regrouping.version}",
    )


def _succession_texts(units: UnitsOfDay, dissolved: str) -> Iterator[str]:
    dissolution = units.standings[dissolved].dissolution
    if dissolution is None:
        return
    template = msg("what {dissolved} earned is included: it was dissolved on {day}, by {events}")
    yield say(
        template,
        dissolved=units.shown_name(dissolved),
        day=dissolution.on,
        events=succession_events(units, dissolved),
    )
