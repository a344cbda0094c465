"""Write a proposed map as TOML, with comments on what to check and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from commands.intake.register_map import MAP_FORMAT, MAPPED_EVENTS
from commands.intake.register_month_columns import ProposedMonths
from commands.intake.register_proposals import MapProposal, ProposedField
from commands.words.event_words import EVENTS, FIELDS
from commands.words.register_words import MAP_COMMENTS, HeadingMeaning, MapUnit


def map_toml(proposal: MapProposal) -> str:
    """Return the map as text, which `read_register_map` reads."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: MapProposal) -> Iterator[str]:
    yield f"# {MAP_COMMENTS['head']}"
    yield f"format = {_text(MAP_FORMAT)}"
    yield f"sheet = {_text(proposal.sheet)}"
    yield f"headings = {json.dumps(proposal.heading_rows)}"
    yield f"skip = {_texts(proposal.skip)}"
    yield f"unit = {_text(proposal.unit)}{_mark(is_sure=proposal.is_unit_sure)}"
    yield ""
    yield f"[{proposal.subject.kind}]"
    yield f"code = {_code(proposal)}"
    missing = proposal.missing()
    for name in proposal.events():
        yield ""
        yield "[[event]]"
        yield f"event = {_text(name)}  # {EVENTS[name].chinese}"
        yield from _event_fields(proposal, name)
        for meaning in missing:
            if meaning.event == name:
                chinese = FIELDS[meaning.field].chinese
                yield f"# {MAP_COMMENTS['missing']}{meaning.field}（{chinese}）"
    if proposal.months is not None:
        yield ""
        yield from _months(proposal.months, proposal.unit)
    unused = proposal.unused()
    if unused:
        yield ""
        yield f"# {MAP_COMMENTS['unused']}{'、'.join(unused)}"


def _event_fields(proposal: MapProposal, name: str) -> Iterator[str]:
    for field_name in MAPPED_EVENTS[name].model_fields:
        entry = proposal.fields.get(HeadingMeaning(name, field_name))
        if entry is None:
            continue
        yield f"{field_name} = {_source(entry, proposal.unit)}{_mark(is_sure=entry.is_sure)}"
        if entry.unknown_words:
            yield f"# {MAP_COMMENTS['words']}{'、'.join(entry.unknown_words)}"


def _source(entry: ProposedField, sheet_unit: MapUnit) -> str:
    if entry.heading is None:
        return f"{{ value = {_text(entry.value or '')} }}"
    parts = [f"column = {_text(entry.heading)}"]
    # Only what differs from the unit of the whole sheet is written into the map.
    if entry.unit is not None and entry.unit != sheet_unit:
        parts.append(f"unit = {_text(entry.unit)}")
    if entry.words:
        parts.append(f"words = {_table(entry.words)}")
    return f"{{ {', '.join(parts)} }}"


def _code(proposal: MapProposal) -> str:
    entry = proposal.fields.get(proposal.code)
    if entry is not None:
        return f"{{ column = {_text(entry.heading or '')} }}{_mark(is_sure=entry.is_sure)}"
    pattern = proposal.code_pattern
    year = proposal.year_heading()
    if "{year}" not in pattern:
        return f"{{ make = {_text(pattern)} }}"
    if year is None:
        pattern = pattern.replace("{year}-", "").replace("{year}", "")
        return f"{{ make = {_text(pattern)} }}{_mark(is_sure=False)}"
    return f"{{ make = {_text(pattern)}, year = {_text(year)} }}{_mark(is_sure=False)}"


def _months(months: ProposedMonths, sheet_unit: MapUnit) -> Iterator[str]:
    yield "[[months]]"
    yield 'event = "InvestmentReported"'
    yield 'field = "fixed_assets"'
    if months.year is not None:
        yield f"year = {months.year}"
    yield f"cumulative = {_text(months.cumulative)}{_mark(is_sure=months.is_sure)}"
    if months.unit is not None and months.unit != sheet_unit:
        yield f"unit = {_text(months.unit)}"
    if months.column is not None:
        yield f"column = {_text(months.column)}"
        return
    columns = [f"{_text(heading)} = {number}" for heading, number in months.columns.items()]
    yield f"columns = {{ {', '.join(columns)} }}"


def _mark(*, is_sure: bool) -> str:
    return "" if is_sure else f"  # {MAP_COMMENTS['check']}"


def _text(text: str) -> str:
    # A basic string of TOML is written like a string of JSON.
    return json.dumps(text, ensure_ascii=False)


def _texts(texts: list[str]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _table(words: Mapping[str, str]) -> str:
    entries = [f"{_text(word)} = {_text(value)}" for word, value in words.items()]
    return f"{{ {', '.join(entries)} }}"
