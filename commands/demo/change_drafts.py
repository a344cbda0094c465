"""Drafts of what changed from a day on: units, projects, follow-ups, land and buildings.

They are drafted last and draw from generators of their own: what is added here leaves every other
draft as it was.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from commands.demo.county_data import read_county_file
from commands.demo.day_book import DayBook, KeyedDrafts
from commands.demo.demo_calendar import working_day_from
from commands.demo.project_drafts import draft_later_events
from commands.demo.project_life import LifeEvent, ProjectLife, follow_up
from commands.demo.storylines import history_events

_USUAL_DELAY = 2
_FOLLOWED_UP = 8
_FIRST_TALK = date(2024, 3, 1)
_LAST_TALK = date(2024, 12, 31)


class DraftedLife(NamedTuple):
    """A life and its drafts."""

    life: ProjectLife
    drafts: KeyedDrafts


def draft_changes(
    book: DayBook,
    stories: Mapping[str, DraftedLife],
    drawn: Sequence[DraftedLife],
    seed: int,
) -> None:
    """Draft the changes of the county's file, and follow-ups of a few drawn projects."""
    content = read_county_file("changes")
    for row in content["unit"]:
        _draft_row(book, row, stories, stream_field="unit")
    for row in content["project"]:
        story = stories[row["story"]]
        events = history_events(row["history"])
        draft_later_events(book, story.life.venture, events, story.drafts, seed)
    for row in content["resource"]:
        _draft_row(book, row, stories, stream_field="resource")
    _draft_follow_ups(book, drawn, content["follow_ups"], seed)


def _draft_row(
    book: DayBook,
    row: Mapping[str, Any],
    stories: Mapping[str, DraftedLife],
    stream_field: str,
) -> None:
    """Draft one event of a unit or a resource as the county's file writes it."""
    fields = dict(row)
    stream = {stream_field: fields.pop(stream_field)}
    event = fields.pop("event")
    on = fields.pop("on")
    delay = timedelta(days=fields.pop("days_later", _USUAL_DELAY))
    after = None
    if "story" in fields:
        story = stories[fields.pop("story")]
        fields["project"] = story.life.venture.code
        # The resource's event names the project, which has to be recorded before it.
        after = story.drafts["InformationReported"]
    book.note(event, stream, on, on + delay, fields, after=after)


def _draft_follow_ups(
    book: DayBook,
    drawn: Sequence[DraftedLife],
    texts: Mapping[str, list[str]],
    seed: int,
) -> None:
    """Draft the talks with the investors of a few projects that have signed nothing yet."""
    rng = random.Random(f"{seed}/follow-ups")
    talked_about = [drafted for drafted in drawn if _is_talked_about(drafted.life)]
    for life, drafts in rng.sample(talked_about, _FOLLOWED_UP):
        talks = _talks(life, texts, rng)
        draft_later_events(book, life.venture, talks, drafts, seed)


def _is_talked_about(life: ProjectLife) -> bool:
    """Whether a project of 2024 is still short of an agreement, and nobody has given it up."""
    is_of_2024 = life.venture.reported.date() >= _FIRST_TALK
    is_signed = any(event.event == "AgreementSigned" for event in life.events)
    return is_of_2024 and not is_signed and life.terminated_on is None


def _talks(
    life: ProjectLife,
    texts: Mapping[str, list[str]],
    rng: random.Random,
) -> list[LifeEvent]:
    """One to three talks, each about when the one before announced it."""
    talks = []
    next_on = life.venture.reported.date() + timedelta(days=rng.randint(10, 30))
    for _ in range(rng.randint(1, 3)):
        talked_on = working_day_from(next_on + timedelta(days=rng.randint(-3, 6)))
        next_on = working_day_from(talked_on + timedelta(days=rng.randint(25, 60)))
        content = rng.choice(texts["contents"])
        next_step = rng.choice(texts["next_steps"])
        if talked_on <= _LAST_TALK:
            talks.append(follow_up(talked_on, content, next_step, next_on))
    return talks
