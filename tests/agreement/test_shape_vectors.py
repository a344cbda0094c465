"""Hand-worked vectors on both sides of each edge: the evaluator, the verifier and the reference.

Every vector is a rule with the facts of one unit, and the points worked out by hand from the spec.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lifecycle.rulebook import canonical, parse
from projections.facts.county_facts import county_facts
from projections.scoring.evaluation import evaluate
from projections.scoring.result_view import View
from projections.scoring.score_json import score_json
from tests.agreement.test_policies_agreement import assert_lines_agree, recomputed
from tests.ledgers import fill, new_ledger
from tests.lifecycle.rulebook.test_rulebook_review import FIGURE, HEAD, PARTS, RATIO, RULE, part
from tests.reference.results import evaluate_book
from tests.reference.scoring import shown

Facts = list[dict[str, Any]]
UNITS = ("甲镇", "乙镇", "丙镇")
DAYS = 'measure = "days_between"\nfrom_stage = "consultation"\nto_stage = "signing"\n'
EACH = 'each = "project"\n'
LATE = RULE + DAYS + 'kind = "deduct"\npoints = -0.1\n'
PER_DAY = RULE + DAYS + 'kind = "per_amount"\nper = 10\npoints = 1\n'
BEYOND_90 = "beyond = { fixed = 90 }\n"
ASSETS = 'measure = "fixed_assets"\n'
REPORTED = 'target = { source = "reported" }\n'
SET_TARGET = 'target = { source = "set", indicator = "goal" }\n'
RANK = (
    RULE
    + FIGURE
    + 'kind = "rank"\nfirst = "greatest"\nties = "share"\nwhen_zero = 0\n'
    + 'bands = [{ place = "[1,1]", points = 7 }, { place = "[2,2]", points = 4 }]\n'
)


def figure(actual: str, unit: str = "甲镇", **fields: Any) -> dict[str, Any]:
    """A figure of the year."""
    record = {"event": "IndicatorReported", "unit": unit, "occurred_on": "2024-12-01"}
    return record | {"indicator": "x", "period": "2024", "actual": actual} | fields


def goal(amount: str, unit: str | None = "甲镇", **fields: Any) -> dict[str, Any]:
    """A target set for the year, or a period of it."""
    record = {"event": "TargetSet", "occurred_on": "2024-02-01", "year": 2024}
    return record | {"indicator": "goal", "amount": amount, "for_unit": unit} | fields


def project(code: str, consulted: str, signed: str | None, *amounts: str) -> Facts:
    """A project with its consultation, signing, and the fixed assets of months from June on."""
    facts: Facts = [
        {
            "event": "InformationReported",
            "project": code,
            "occurred_on": "2024-01-02",
            "reported_at": "2024-01-02T09:00:00+08:00",
            "name": code,
            "investor": f"投资方{code}",
            "sector": "industrial",
            "kind": "new",
            "planned_investment": "20000",
            "planned_fixed_assets": "15000",
            "outside_ratio": "1",
            "reporting_unit": "甲镇",
        },
        {
            "event": "ConsultationHeld",
            "project": code,
            "occurred_on": consulted,
            "outcome": "passed",
        },
    ]
    if signed is not None:
        amounts_signed = {"contract_investment": "20000", "contract_fixed_assets": "15000"}
        signing = {"event": "AgreementSigned", "project": code, "occurred_on": signed}
        facts.append(signing | amounts_signed)
    if amounts:
        entry = {"event": "StatisticsEntered", "project": code, "occurred_on": "2024-05-20"}
        facts.append(entry)
    for month, amount in enumerate(amounts, start=6):
        report = {"event": "InvestmentReported", "project": code, "month": f"2024-{month:02}"}
        facts.append(report | {"fixed_assets": amount})
    return facts


TWO_OF_60 = [*project("A", "2024-02-01", "2024-04-01"), *project("B", "2024-03-01", "2024-04-30")]
OF_91 = project("C", "2024-02-01", "2024-05-02")
UNSIGNED = project("D", "2024-02-01", None)
TERMINATED = {
    "event": "ProjectTerminated",
    "project": "D",
    "occurred_on": "2024-03-02",
    "reason": "终止",
}
ASSESSMENT_PERIOD = (
    '[assessment_period]\ncounts_from = "signing"\nlimits = ["nodes_reached"]\n'
    'bands = [{ scale = "(,)", months = 12 }]\nclause = "一"\nbasis = "policy"\n'
)
NODES = RULE + 'measure = "nodes_reached"\nkind = "per_item"\n'
BUILT = [
    *project("A", "2024-02-01", "2024-03-01", "1500"),
    {
        "event": "MilestoneReached",
        "project": "A",
        "occurred_on": "2024-05-01",
        "milestone": "construction_started",
    },
]
"""Five of the seven nodes, all but land and filing, and one milestone."""


def parcel(code: str, on: str, area_mu: str, **fields: Any) -> dict[str, Any]:
    """A parcel that a project acquires."""
    record = {"event": "LandAcquired", "project": code, "occurred_on": on, "area_mu": area_mu}
    return record | {"transfer_fee": "100"} | fields


def amended(code: str, on: str, **fields: Any) -> dict[str, Any]:
    """A supplement to a project's contract."""
    return {"event": "AgreementAmended", "project": code, "occurred_on": on} | fields


def award(on: str) -> dict[str, Any]:
    """An award of the unit."""
    record = {"event": "AwardWon", "unit": "甲镇", "occurred_on": on}
    return record | {"title": "招商能手", "person": "江"}


def listed(board: str, month: str) -> dict[str, Any]:
    """A month on a list of the county."""
    record = {"event": "UnitListed", "unit": "甲镇", "board": board, "month": month}
    return record | {"reason": "位次"}


PARCELS = [
    *project("A", "2024-02-01", "2024-03-01"),
    parcel("A", "2024-04-01", "30.5"),
    parcel("A", "2024-05-01", "10", parcel="二期"),
    *project("B", "2023-02-01", "2023-03-01"),
    parcel("B", "2025-01-01", "99"),
]
"""40.5 mu of two parcels in the year, and one of the next year."""

SIZE_TABLE = """[[coefficients]]
id = "size"
chinese = "规模系数"
combine = "highest"
rows = [{ where = [{ sector = ["industrial"] }], factor = 1.2 }]
clause = "一"
basis = "policy"
"""


COUNTED = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'
VECTORS: dict[str, tuple[str, Facts, str]] = {
    # A target that was never told.
    "no target: former meaning": (RATIO + REPORTED, [figure("5")], "0"),
    "no target: none": (RATIO + REPORTED + 'when_missing = "none"\n', [figure("5")], "0"),
    "no target: points": (RATIO + REPORTED + "cap = 2\nwhen_missing = 3\n", [figure("5")], "3"),
    "no target: a fraction, unrounded": (
        RATIO + REPORTED + 'places = 1\nwhen_missing = "1/3"\n',
        [figure("5")],
        "1/3",
    ),
    "a target of 0 is told": (
        RATIO.replace("when_zero = 0", "when_zero = 0.5") + REPORTED + "when_missing = 3\n",
        [figure("5", target="0")],
        "5",
    ),
    "one report of two bears a target": (
        RATIO + REPORTED + 'when_missing = "none"\n',
        [figure("5"), figure("3", target="4", period="2024-05")],
        "20",
    ),
    "a target set": (RATIO + SET_TARGET + "when_missing = 3\n", [goal("10"), figure("5")], "5"),
    "a target after others that do not count": (
        RATIO + SET_TARGET + "when_missing = 3\n",
        [goal("40", unit="乙镇"), goal("20", unit=None), goal("10"), figure("5")],
        "5",
    ),
    "figures after others that do not count": (
        RATIO + SET_TARGET + "when_missing = 3\n",
        [
            figure("9", indicator="y"),
            figure("8", occurred_on="2025-01-01"),
            goal("10"),
            figure("5"),
        ],
        "5",
    ),
    "a mark outside the range, and one within it": (
        RULE + FIGURE + 'range = "[0,100]"\nkind = "per_amount"\nper = 1\npoints = 1\n',
        [figure("100.01", period="2024-01", occurred_on="2024-02-01"), figure("5")],
        "5",
    ),
    "a target not set": (RATIO + SET_TARGET + "when_missing = 3\n", [figure("5")], "3"),
    "a full start needs its target": (
        RULE
        + FIGURE
        + 'kind = "deduct"\npoints = -1\nstart = 5\nwhen_missing = "none"\n'
        + 'short_of = { source = "set", indicator = "goal" }\n',
        [figure("5")],
        "0",
    ),
    "a full start with its target": (
        RULE
        + FIGURE
        + 'kind = "deduct"\npoints = -1\nstart = 5\nwhen_missing = "none"\n'
        + 'short_of = { source = "set", indicator = "goal" }\n',
        [goal("7"), figure("5")],
        "3",
    ),
    "outside the places of others": (
        RANK + SET_TARGET + 'when_missing = "none"\n',
        [goal("10"), goal("10", "乙镇"), figure("5"), figure("4", "乙镇"), figure("9", "丙镇")],
        "7",
    ),
    "a mean without marks": (
        PARTS + f"parts = [{part('0.5')}, {part('0.5', 'mean', ', when_missing = 80')}]\n",
        [],
        "4",
    ),
    "a mean without marks: none": (
        PARTS + "parts = [" + part("1", "mean", ', when_missing = "none"') + "]\n",
        [],
        "0",
    ),
    "a part that looks at others lacks its target": (
        PARTS
        + 'parts = [{ measure = "indicator", indicator = "x", share = 1, take = "sum", '
        + 'where = { sequence = ["街道"] }, target = { source = "reported" }, when_zero = 0, '
        + "when_missing = 50 }]\n",
        [figure("5", target="5")],
        "5",
    ),
    # Each project by itself.
    "two of 60 days, added up": (LATE + BEYOND_90, TWO_OF_60, "-3"),
    "two of 60 days, each": (LATE + EACH + BEYOND_90, TWO_OF_60, "0"),
    "one of 91 days": (LATE + EACH + BEYOND_90, [*TWO_OF_60, *OF_91], "-0.1"),
    "a full start without items": (LATE + EACH + BEYOND_90 + "start = 2\nfloor = 0\n", [], "2"),
    "unreached is left out": (LATE + EACH + BEYOND_90, UNSIGNED, "0"),
    "unreached counts to the day": (
        LATE + EACH + BEYOND_90 + 'unreached = "as_of"\n',
        UNSIGNED,
        "-24.4",  # 334 days from 1 February to 31 December, 244 beyond 90
    ),
    "at most of one project": (
        LATE + EACH + BEYOND_90 + 'unreached = "as_of"\nat_most_per_project = 3\n',
        [*UNSIGNED, *OF_91],
        "-3.1",
    ),
    "the project that crosses the floor is cut": (
        LATE + EACH + BEYOND_90 + 'unreached = "as_of"\nstart = 10\nfloor = 0\n',
        UNSIGNED,
        "0",
    ),
    "the days of a unit's projects, one by one": (PER_DAY, TWO_OF_60, "12"),
    "to the day where it is not reached": (
        PER_DAY + 'unreached = "as_of"\n',
        UNSIGNED,
        "33.4",  # 334 days from 1 February to 31 December
    ),
    "to the day, within what counts of a quarter": (
        RULE
        + DAYS
        + EACH
        + 'kind = "per_item"\npoints = 1\nlimit = 50\nlimit_per = "quarter"\n'
        + 'unreached = "as_of"\n',
        [*TWO_OF_60, *UNSIGNED],
        "100",  # twice 60 days in one quarter, 334 that end in another
    ),
    "a project that was signed before took no day": (
        RULE + DAYS + EACH + 'kind = "bracket"\nbands = [{ value = "[0,0]", points = 5 }]\n',
        project("A", "2024-03-10", "2024-03-01"),
        "5",
    ),
    "to the termination": (
        PER_DAY + 'unreached = "as_of"\n',
        [*UNSIGNED, TERMINATED],
        "3",  # 30 days from 1 February to 2 March
    ),
    "to the end of the assessment period": (
        PER_DAY.replace("signing", "land").replace("consultation", "signing")
        + 'unreached = "as_of"\n'
        + ASSESSMENT_PERIOD,
        project("A", "2023-02-01", "2023-03-01"),
        "36.6",  # 366 days to 1 March 2024
    ),
    "what each project is short of": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "per_amount"\nper = 1000\npoints = 1\nshort_of = { fixed = 2000 }\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1500"),
            *project("B", "2024-02-01", "2024-03-01", "2500"),
        ],
        "0.5",
    ),
    "an investment as its last supplement has it": (
        RULE + 'measure = "signed_investment"\nkind = "per_amount"\nper = 1000\npoints = 1\n',
        [
            *project("A", "2024-02-01", "2024-03-01"),
            amended("A", "2024-04-01", contract_investment="26000"),
            amended("A", "2024-05-01", contract_fixed_assets="14000"),
            *project("B", "2024-02-01", "2024-03-01"),
        ],
        "46",
    ),
    "months on the red list": (
        RULE + 'measure = "red_listings"\nkind = "per_item"\npoints = 1\n',
        [listed("red", "2024-03"), listed("red", "2024-04"), listed("black", "2024-05")],
        "2",
    ),
    # Nodes and milestones; parcels.
    "nodes are the seven": (NODES + "points = 1\n", BUILT, "5"),
    "nodes that are named": (
        NODES + 'points = 1\nstages = ["signing", "construction_started"]\n',
        BUILT,
        "2",
    ),
    "a milestone alone": (NODES + 'points = 1\nstages = ["completed"]\n', BUILT, "0"),
    "a milestone with points of its own": (
        NODES + "points_by = { signing = 1, construction_started = 2.5 }\n",
        BUILT,
        "3.5",
    ),
    "days to a milestone": (
        RULE
        + 'measure = "days_between"\nfrom_stage = "signing"\nto_stage = "construction_started"\n'
        + EACH
        + 'kind = "deduct"\npoints = -1\nbeyond = { fixed = 60 }\n',
        BUILT,  # 61 days from 1 March to 1 May
        "-1",
    ),
    "where construction began in the year": (
        RULE
        + ASSETS
        + 'kind = "per_amount"\nper = 1000\npoints = 1\n'
        + 'where = { reached = { stage = "construction_started", period = "year" } }\n',
        [*BUILT, *project("B", "2024-02-01", "2024-03-01", "4000")],
        "1.5",
    ),
    "two parcels": (
        RULE + 'measure = "parcels_acquired"\nkind = "per_item"\npoints = 2\n',
        PARCELS,
        "4",
    ),
    "their area": (
        RULE + 'measure = "land_area"\nkind = "per_amount"\nper = 10\npoints = 1\n',
        PARCELS,
        "4.05",
    ),
    "their area beyond 40 mu of each project": (
        RULE
        + 'measure = "land_area"\n'
        + EACH
        + 'kind = "per_amount"\nper = 1\npoints = 1\nbeyond = { fixed = 40 }\n',
        PARCELS,
        "0.5",
    ),
    "projects that reach a number": (
        RULE + ASSETS + EACH + 'kind = "per_item"\npoints = 2\nreaching = 3000\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1000", "2000"),
            *project("B", "2024-02-01", "2024-03-01", "2999.99"),
        ],
        "2",
    ),
    "projects within a limit of each quarter, by the last month of each": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "per_item"\npoints = 2\nreaching = 1000\nlimit = 2\nlimit_per = "quarter"\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1000"),
            *project("B", "2024-02-01", "2024-03-01", "1", "1000"),
            *project("C", "2024-02-01", "2024-03-01", "1000", "1"),
        ],
        "4",
    ),
    "bands of each project": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "bracket"\n'
        + 'bands = [{ value = "[0,1000)", points = 1 }, { value = "[1000,)", points = 5 }]\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1000"),
            *project("B", "2024-02-01", "2024-03-01", "999.99"),
            *project("C", "2024-02-01", "2024-03-01"),
        ],
        "6",
    ),
    "a base for each project": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "stepped"\nbase = 5\ntarget = { fixed = 1000 }\nleast = -2\n'
        + 'segments = [{ percent = "(,)", step = 0.1 }]\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1100"),
            *project("B", "2024-02-01", "2024-03-01", "500"),
        ],
        "9",  # 5 + 10 × 0.1, and 5 − 50 × 0.1 cut at −2
    ),
    "points of each project, times its coefficient, rounded, within its limit": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "bracket"\nplaces = 1\ncoefficient = "size"\nat_most_per_project = 2\n'
        + 'bands = [{ value = "[0,1000)", points = 0.3 }, { value = "[1000,2000)", points = 5 }, '
        + '{ value = "[2000,)", points = -4 }]\n'
        + SIZE_TABLE,
        [
            *project("A", "2024-02-01", "2024-03-01", "999"),
            *project("B", "2024-02-01", "2024-03-01", "1000"),
            *project("C", "2024-02-01", "2024-03-01", "2000"),
            *project("D", "2024-02-01", "2024-03-01", "1"),
        ],
        "0.8",  # 0.36 is 0.4, twice; 6 and −4.8 are cut at 2 and −2
    ),
    "the rule whose lines together give a project most": (
        RULE
        + 'measure = "parcels_acquired"\nkind = "per_item"\npoints = 2\n'
        + RULE.replace("r.1", "r.2")
        + 'measure = "projects_signed"\nkind = "per_item"\npoints = 3\n'
        + RULE.replace("r.1", "r.3")
        + 'kind = "exclusive"\nrules = ["r.1", "r.2"]\nper = "project"\n',
        PARCELS[:5],
        "4",  # two parcels of 2, more than one signing of 3
    ),
    "where no rule gives anything none stands in another's way": (
        RULE
        + ASSETS
        + 'kind = "per_amount"\nper = 1000\npoints = 1\n'
        + RULE.replace("r.1", "r.2")
        + ASSETS
        + 'kind = "per_amount"\nper = 1000\npoints = 2\n'
        + RULE.replace("r.1", "r.3")
        + 'kind = "exclusive"\nrules = ["r.1", "r.2"]\nper = "project"\n',
        project("A", "2024-02-01", "2024-03-01", "0"),
        "0",
    ),
    "and of the next project one line does stand in for another": (
        RULE
        + 'measure = "parcels_acquired"\nkind = "per_item"\npoints = 2\nat_most_per_project = 2\n'
        + RULE.replace("r.1", "r.2")
        + 'measure = "projects_signed"\nkind = "per_item"\npoints = 3\n'
        + RULE.replace("r.1", "r.3")
        + 'kind = "exclusive"\nrules = ["r.1", "r.2"]\nper = "project"\n',
        [
            *PARCELS[:5],
            *project("B", "2024-02-01", "2024-03-01"),
            parcel("B", "2024-04-01", "5"),
        ],
        "6",
    ),
    "beyond a project's bound nothing stands in for a line": (
        RULE
        + 'measure = "parcels_acquired"\nkind = "per_item"\npoints = 2\nat_most_per_project = 2\n'
        + RULE.replace("r.1", "r.2")
        + 'measure = "projects_signed"\nkind = "per_item"\npoints = 3\n'
        + RULE.replace("r.1", "r.3")
        + 'kind = "exclusive"\nrules = ["r.1", "r.2"]\nper = "project"\n',
        PARCELS[:5],
        "3",  # the first parcel's 2 are less than 3; the second's were none before
    ),
    # Lines of what counts for nothing, and of several rules and alternatives.
    "nothing of a start, and then something": (
        RULE + ASSETS + 'kind = "deduct"\npoints = -1\nstart = 5\n',
        project("A", "2024-02-01", "2024-03-01", "0", "2"),
        "3",
    ),
    "nothing above a floor, and then something": (
        RULE + ASSETS + 'kind = "deduct"\npoints = -1\nfloor = -1\n',
        project("A", "2024-02-01", "2024-03-01", "0", "2"),
        "-1",
    ),
    "further ones by their places, and beyond the last band": (
        RULE
        + 'measure = "awards_won"\nkind = "escalating"\napplies_to = "further"\n'
        + 'bands = [{ count = "[1,1]", points = 1 }, { count = "[2,2]", points = 2 }]\n',
        [award("2024-03-01"), award("2024-04-01"), award("2024-05-01")],
        "3",
    ),
    "one figure that counts as several further ones, and one as none": (
        RULE
        + FIGURE
        + 'kind = "escalating"\napplies_to = "further"\n'
        + 'bands = [{ count = "[1,2]", points = 1 }, { count = "[3,)", points = 10 }]\n',
        [figure("0", period="2024-01"), figure("4", period="2024-02")],
        "22",
    ),
    "a factor by the first of its alternatives": (
        COUNTED
        + RULE.replace("r.1", "r.2")
        + 'kind = "coefficient"\nrules = ["r.1"]\ncombine = "highest"\n'
        + 'rows = [{ factor = 2, any_of = [{ all = [{ measure = "indicator", indicator = "x", '
        + 'at_least = 5 }] }, { all = [{ measure = "awards_won", at_least = 0 }] }] }]\n',
        [figure("5")],
        "10",
    ),
    "a run that is too short": (
        COUNTED
        + RULE.replace("r.1", "r.2")
        + 'kind = "gate"\ngates = "rule"\nrule = "r.1"\n'
        + 'any_of = [{ all = [{ measure = "indicator", indicator = "x", each = "month", '
        + "at_least = 1, in_a_row = 3 }] }]\n",
        [figure("1", period=f"2024-{month}") for month in ("02", "03", "05", "06")],
        "0",
    ),
    # Whole steps.
    "whole steps of each project, times its coefficient": (
        RULE
        + ASSETS
        + EACH
        + 'kind = "per_amount"\nper = 1000\npoints = 1\nwhole_steps = true\n'
        + 'coefficient = "size"\n'
        + SIZE_TABLE,
        project("A", "2024-02-01", "2024-03-01", "1500"),
        "1.2",
    ),
    "whole steps of the unit's sum": (
        RULE + ASSETS + 'kind = "per_amount"\nper = 1000\npoints = 1\nwhole_steps = true\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1500"),
            *project("B", "2024-02-01", "2024-03-01", "1499.99"),
        ],
        "2",
    ),
    "whole steps of each project": (
        RULE + ASSETS + EACH + 'kind = "per_amount"\nper = 1000\npoints = 1\nwhole_steps = true\n',
        [
            *project("A", "2024-02-01", "2024-03-01", "1500"),
            *project("B", "2024-02-01", "2024-03-01", "1500"),
        ],
        "2",
    ),
    "whole steps of a unit's figures": (
        RULE + FIGURE + 'kind = "per_amount"\nper = 2\npoints = "1/3"\nwhole_steps = true\n',
        [figure("1.5"), figure("2.5", period="2024-05")],
        "2/3",
    ),
    "a ratio just under a step": (
        RATIO + "target = { fixed = 100 }\nwhole_steps = 5\n",
        [figure("94.99")],
        "9",
    ),
    "a ratio on a step": (
        RATIO + "target = { fixed = 100 }\nwhole_steps = 5\n",
        [figure("95")],
        "9.5",
    ),
    "steps from 100 down": (
        RULE
        + FIGURE
        + 'kind = "stepped"\nbase = 20\ntarget = { fixed = 100 }\nwhole_steps = 5\n'
        + 'segments = [{ percent = "(,)", step = 1 }]\n',
        [figure("90.01")],
        "15",
    ),
    # Marks within a range.
    "marks on both ends of a range": (
        RULE + FIGURE + 'kind = "per_item"\npoints = 1\nrange = "[5,20]"\n',
        [figure("5"), figure("20", period="2024-05"), figure("20.01", period="2024-06")],
        "25",
    ),
    "the range is of the figure before it is shared": (
        RULE + FIGURE + 'kind = "per_item"\npoints = 1\nrange = "[5,20]"\n',
        [figure("6", shared_by=3), figure("3", period="2024-05")],
        "2",
    ),
    "a target out of the range is none": (
        RATIO + REPORTED + 'range = "[5,20]"\nwhen_missing = 3\n',
        [figure("21", target="7")],
        "3",
    ),
}


HALF_OF_YEAR = '[assessed]\nperiod = "half_year"\nclause = "一"\nbasis = "policy"\n'
QUARTER_OF_YEAR = HALF_OF_YEAR.replace("half_year", "quarter")
MONTH_OF_YEAR = HALF_OF_YEAR.replace("half_year", "month")
COUNT = RULE + FIGURE + 'kind = "per_item"\npoints = 1\n'
OF_EACH_LENGTH = [
    figure("1", period="2024", occurred_on="2024-01-31"),
    figure("2", period="2024-H1", occurred_on="2024-01-31"),
    figure("4", period="2024-Q2", occurred_on="2024-01-31"),
    figure("8", period="2024-06", occurred_on="2024-01-31"),
    figure("16", period="2024-07", occurred_on="2024-01-31"),
]
SHARED_TARGET = SET_TARGET.replace('"goal"', '"goal", per = "share"')
YEARS_TARGET = SET_TARGET.replace('"goal"', '"goal", per = "year"')
SIX_A_MONTH = [
    figure("6", period=f"2024-{month:02}", occurred_on="2024-02-01") for month in range(1, 13)
]
SIGNED_ON_THE_EDGE = [
    *project("A", "2024-02-01", "2024-06-30"),
    *project("B", "2024-02-01", "2024-07-01"),
]
SIGNED_IN_HALF = (
    RULE
    + 'measure = "days_between"\nfrom_stage = "consultation"\nto_stage = "signing"\n'
    + 'each = "project"\nkind = "per_item"\npoints = 1\nreaching = 1\n'
    + 'where = { reached = { stage = "signing", period = "half_year" } }\n'
)
VECTORS_BY_DAY: dict[str, tuple[str, Facts, str, str]] = {
    # A figure lies in every period that contains its own, in none finer.
    "the year holds all": (COUNT, OF_EACH_LENGTH, "2024-12-31", "31"),
    "a half-year on its last day": (COUNT + HALF_OF_YEAR, OF_EACH_LENGTH, "2024-06-30", "14"),
    "the next half-year": (COUNT + HALF_OF_YEAR, OF_EACH_LENGTH, "2024-07-01", "16"),
    "the half-year that begins on the day": (
        COUNT + HALF_OF_YEAR,
        [figure("3", period="2024-H2", occurred_on="2024-07-01")],
        "2024-07-01",
        "3",
    ),
    "a quarter of the half-year": (COUNT + QUARTER_OF_YEAR, OF_EACH_LENGTH, "2024-06-30", "12"),
    "the quarter that begins with it": (
        COUNT + QUARTER_OF_YEAR,
        OF_EACH_LENGTH,
        "2024-03-31",
        "0",
    ),
    "the month that begins with it": (COUNT + MONTH_OF_YEAR, OF_EACH_LENGTH, "2024-01-31", "0"),
    "half-years that reach a number": (
        COUNT + 'each = "half_year"\nreaching = 14\n',
        OF_EACH_LENGTH,
        "2024-12-31",
        "2",
    ),
    "half-years just short of a number": (
        COUNT + 'each = "half_year"\nreaching = 14.01\n',
        OF_EACH_LENGTH,
        "2024-12-31",
        "1",
    ),
    "a half-year that is not over": (
        COUNT + 'each = "half_year"\nreaching = 14\n',
        OF_EACH_LENGTH,
        "2024-12-30",
        "1",
    ),
    "quarters hold no half-year": (
        COUNT + 'each = "quarter"\nreaching = 12.01\n',
        OF_EACH_LENGTH,
        "2024-12-31",
        "1",  # 16 of the third; 12 of the second
    ),
    "a limit in each half-year": (
        COUNT + 'limit = 10\nlimit_per = "half_year"\n',
        OF_EACH_LENGTH,
        "2024-12-31",
        "21",  # 14 cut to 10, 16 cut to 10, and the year's own 1
    ),
    "short of a number in a half-year": (
        COUNT + 'each = "half_year"\nshort_of = { fixed = 15 }\n',
        OF_EACH_LENGTH,
        "2024-12-31",
        "1",
    ),
    # An assessed period's own target, else what `per` takes of the year's.
    "the year's target, undivided": (
        RATIO + YEARS_TARGET + QUARTER_OF_YEAR,
        [goal("36"), *SIX_A_MONTH],
        "2024-06-30",
        "5",
    ),
    "a quarter's share of the year's": (
        RATIO + SHARED_TARGET + QUARTER_OF_YEAR,
        [goal("36"), *SIX_A_MONTH],
        "2024-06-30",
        "20",
    ),
    "a half-year's share": (
        RATIO + SHARED_TARGET + HALF_OF_YEAR,
        [goal("36"), *SIX_A_MONTH],
        "2024-06-30",
        "20",
    ),
    "a month's share": (
        RATIO + SHARED_TARGET + MONTH_OF_YEAR,
        [goal("36"), *SIX_A_MONTH],
        "2024-06-30",
        "20",
    ),
    "the year's share is all of it": (
        RATIO + SHARED_TARGET,
        [goal("36"), *SIX_A_MONTH],
        "2024-12-31",
        "20",
    ),
    "without per the former meaning": (
        RATIO + SET_TARGET + QUARTER_OF_YEAR,
        [goal("36"), *SIX_A_MONTH],
        "2024-06-30",
        "5",
    ),
    "a period's own target is never divided": (
        RATIO + SHARED_TARGET + QUARTER_OF_YEAR,
        [goal("36"), goal("18", period="2024-Q2"), *SIX_A_MONTH],
        "2024-06-30",
        "10",
    ),
    "its own target though the year's is set later": (
        RATIO + SHARED_TARGET + QUARTER_OF_YEAR,
        [goal("18", period="2024-Q2"), goal("36", occurred_on="2024-04-01"), *SIX_A_MONTH],
        "2024-06-30",
        "10",
    ),
    "the neighbour's target is not its own": (
        RATIO + SHARED_TARGET + QUARTER_OF_YEAR,
        [goal("36"), goal("18", period="2024-Q2"), *SIX_A_MONTH],
        "2024-07-01",
        "20/3",
    ),
    "a period's target alone is told": (
        RATIO + SHARED_TARGET + "when_missing = 3\n" + HALF_OF_YEAR,
        [goal("18", period="2024-H1"), *SIX_A_MONTH],
        "2024-06-30",
        "20",
    ),
    "in the next period it is missing": (
        RATIO + SHARED_TARGET + "when_missing = 3\n" + HALF_OF_YEAR,
        [goal("18", period="2024-H1"), *SIX_A_MONTH],
        "2024-07-01",
        "3",
    ),
    "a year is not assessed by a quarter's target": (
        RATIO + SET_TARGET + "when_missing = 3\n",
        [goal("18", period="2024-Q2"), *SIX_A_MONTH],
        "2024-12-31",
        "3",
    ),
    "nor by the target of the quarter that ends with it": (
        RATIO + SET_TARGET + "when_missing = 3\n",
        [goal("18", period="2024-Q4"), *SIX_A_MONTH],
        "2024-12-31",
        "3",
    ),
    "short of a month's share": (
        RULE
        + FIGURE
        + 'kind = "deduct"\npoints = -1\nwhen_missing = "none"\n'
        + 'short_of = { source = "set", indicator = "goal", per = "share" }\n'
        + MONTH_OF_YEAR,
        [goal("84"), *SIX_A_MONTH],
        "2024-06-30",
        "-1",
    ),
    "reached on the half-year's last day": (SIGNED_IN_HALF, SIGNED_ON_THE_EDGE, "2024-06-30", "1"),
    "reached on the next one's first day": (SIGNED_IN_HALF, SIGNED_ON_THE_EDGE, "2024-07-01", "1"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_gives_its_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, points = VECTORS[name]
    assert_points_in_all_three(tmp_path, rules, facts, date(2024, 12, 31), points)


@pytest.mark.parametrize("name", VECTORS_BY_DAY)
def test_a_vector_of_a_day_gives_its_points_in_all_three(name: str, tmp_path: Path) -> None:
    rules, facts, day, points = VECTORS_BY_DAY[name]
    assert_points_in_all_three(tmp_path, rules, facts, date.fromisoformat(day), points)


def assert_points_in_all_three(
    folder: Path,
    rules: str,
    facts: Facts,
    day: date,
    points: str,
) -> None:
    """The points of 甲镇 by a rule of the rulebook and the facts, as of a day."""
    loaded = parse(HEAD + rules)
    units = [
        {"event": "UnitRegistered", "occurred_on": "2024-01-01", "unit": unit}
        | {"sequence": "乡镇", "category": "township"}
        for unit in UNITS
    ]
    records = [{"recorded_by": "甲", **record} for record in (*units, *facts)]
    with new_ledger(folder) as ledger:
        fill(ledger, records, keep=False)
        county = county_facts(ledger, ledger.head().position)
        view = View(day.year, day, county.position, loaded, county=county)
        result = evaluate(ledger, view)
        totals = {score.unit: score.total for score in result.scores}
        assert totals["甲镇"] == Fraction(points)
        rows = score_json(result)["units"]
        assert rows == recomputed(ledger, canonical(loaded.rulebook), day)
        assert_lines_agree(ledger, view)
    stamped = [{"recorded_at": "2025-01-05T09:00:00+08:00", **record} for record in records]
    assert rows == shown(evaluate_book(loaded.data(), stamped, day.year, day))
