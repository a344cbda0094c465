"""Random valid tables of rewards."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from .draw_policies import Data, Draw
from .limit_days import LIMIT_MEASURES
from .projects import PROJECT_MEASURES
from .recognition import MILESTONES, STAGES

SHARES: tuple[tuple[str, ...], ...] = (
    ("1",),
    ("0.4", "0.6"),
    ("1/3", "1/3", "1/3"),
    ("0.25", "0.25", "0.5"),
)
# A stage at a node that most projects reach says more than one that hardly any does.
NODES = ("information", "consultation", "signing", "signing", *STAGES, *MILESTONES)
NEEDS_MORE = ("days_between", "project_figure", *LIMIT_MEASURES)
MEASURES = (
    "fixed_assets",
    "fixed_assets",
    "signed_investment",
    "nodes_reached",
    *(name for name in PROJECT_MEASURES if name not in NEEDS_MORE),
)


@st.composite
def rewards(draw: st.DrawFn) -> list[Data]:
    """One to three rewards; a later one may replace earlier ones."""
    drawn = Draw(draw)
    return [_reward(drawn, number) for number in range(draw(st.integers(1, 3)))]


def _reward(drawn: Draw, number: int) -> Data:
    reward: Data = {
        "id": f"a{number}",
        "chinese": f"奖励{number}",
        "clause": "二",
        "basis": "policy",
        "amount": drawn.pick((Decimal(100), Decimal("0.7"), "1/3")),
        "stages": _stages(drawn),
        "to": drawn.pick(("credit_unit", "first_reporter", "investor")),
        **drawn.maybe(
            where=drawn.project_filter,
            needs=lambda: drawn.pick((["recognised"], ["eligible"], ["not_excluded"])),
        ),
    }
    if drawn.draw(st.booleans()):
        reward |= {"measure": drawn.pick(MEASURES), "per": drawn.pick((Decimal(1000), Decimal(3)))}
        reward |= drawn.maybe(at_most=Decimal(200))
    if number and drawn.draw(st.booleans()):
        reward["instead_of"] = [drawn.pick([f"a{earlier}" for earlier in range(number)])]
    return reward


def _stages(drawn: Draw) -> list[Data]:
    stages: list[Data] = []
    for share in drawn.pick(SHARES):
        exact_share = share if "/" in share else Decimal(share)
        stage = {"share": exact_share, "at": drawn.pick(NODES)}
        stages.append(stage | drawn.maybe(months=lambda: drawn.pick((0, 1, 6, 12))))
    return stages
