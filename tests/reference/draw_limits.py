"""Random time limits and cadences of a rulebook (spec 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

from .recognition import MILESTONES, STAGES

Table = dict[str, Any]
LIMIT_IDS: Final = ("l0", "l1", "l2")
NODES: Final = (*STAGES, *MILESTONES)
LENGTHS: Final[tuple[Table, ...]] = (
    {"days": 7},
    {"days": 40},
    {"months": 1},
    {"months": 6},
    {"working_days": 5},
    {"working_days": 60},
)
CADENCES: Final = (["any"], ["FollowedUp"], ["ReviewHeld", "ScheduleSet", "FollowedUp"])
LEVELS: Final = {"orange": 0, "yellow": 10, "blue": 45}


def limit_table(draw: st.DrawFn, limit_id: str, filters: Sequence[Table]) -> Table:
    """A limit, or a cadence; some hold for some projects alone."""
    # Most projects of a history have few nodes: the first ones begin a limit more often.
    first = draw(st.sampled_from((*NODES[:3], *NODES[:3], *NODES)))
    last = draw(st.sampled_from([node for node in NODES if node != first]))
    limit: Table = {"id": limit_id, "chinese": f"时限{limit_id}", "from": first}
    if draw(st.booleans()):
        limit["to"] = last
    else:
        limit |= {"every": True, "by": draw(st.sampled_from(CADENCES))}
        limit |= {"until": last} if draw(st.booleans()) else {}
    if draw(st.integers(0, 2)) == 0:
        limit["where"] = draw(st.sampled_from(filters))
    if draw(st.integers(0, 2)) == 0:
        limit["needs"] = draw(st.sampled_from((["recognised"], ["eligible"])))
    if draw(st.booleans()):
        limit["levels"] = LEVELS
    length = draw(st.sampled_from(LENGTHS))
    return {**limit, **length, "clause": "意8", "basis": "policy"}
