"""The standalone verifier on the projects of a region's members, worked by hand.

Which of them look like one, whose they are, and which units of the region they make known.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from lifecycle.rulebook import canonical, shipped
from projections.audit.verifier import verify_bundle as verifier

DAY = date(2024, 12, 31)
POSITION = 9
Stream = list[tuple[str, dict[str, Any]]]
FILED = "2403-330824-04-01-123456"


def stored(stream: str, *events: tuple[str, dict[str, Any]]) -> list[verifier.StoredEvent]:
    """A stream's events, at the positions of their versions."""
    return [
        verifier.StoredEvent(version, stream, version, f"{kind}/1", json.dumps(fields).encode())
        for version, (kind, fields) in enumerate(events, start=1)
    ]


def report(**fields: Any) -> tuple[str, dict[str, Any]]:
    """A project's first report."""
    record = {"reported_at": "2024-01-10T09:00:00+08:00", "name": "光伏", "investor": "晶科"}
    return "InformationReported", record | {"reporting_unit": "华埠镇"} | fields


def dated(kind: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    """Any other event."""
    return kind, {"occurred_on": "2024-03-01"} | fields


def filed(code: str = FILED) -> tuple[str, dict[str, Any]]:
    """The filing under a code of the investment platform."""
    return dated("ProjectFiled", project_code=code)


def region(**members: dict[str, Stream]) -> verifier.RegionStreams:
    """A region without events of its own, and its members' projects."""
    histories = [
        verifier.MemberHistory(
            unit,
            {f"project/{code}": stored(f"project/{code}", *of) for code, of in projects.items()},
            POSITION,
        )
        for unit, projects in members.items()
    ]
    return verifier.RegionStreams({}, histories, set())


def group(*projects: str, same: bool = True, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    """Projects that look like one."""
    return {"same_identity": same, "project_codes": list(codes), "projects": list(projects)}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([report()], [report()], [group("甲/A", "乙/B")], id="name and investor"),
        pytest.param(
            [report(name="Ａ区 光伏", investor="JK")],
            [report(name="a区光伏", investor="ｊｋ")],
            [group("甲/A", "乙/B")],
            id="names that look alike",
        ),
        pytest.param([report()], [report(investor="天合")], [], id="another investor"),
        pytest.param([report()], [report(name="储能")], [], id="another name"),
        pytest.param(
            [report(investor_code="X")],
            [report(investor_code="X", investor="晶科能源")],
            [group("甲/A", "乙/B")],
            id="one investor by its code",
        ),
        pytest.param(
            [report(investor_code="X")],
            [report(investor_code="Y")],
            [],
            id="two investors of one name by their codes",
        ),
        pytest.param(
            [report(investor_code="X")],
            [report()],
            [group("甲/A", "乙/B")],
            id="by name where one gives no code",
        ),
        pytest.param(
            [report(investor="天合"), dated("InvestorChanged", investor="晶科")],
            [report()],
            [group("甲/A", "乙/B")],
            id="a later investor",
        ),
        pytest.param(
            [report(), dated("InvestorChanged", investor="天合")],
            [report()],
            [group("甲/A", "乙/B")],
            id="an earlier investor",
        ),
        pytest.param(
            [report(name="储能"), filed()],
            [report(), filed()],
            [group("甲/A", "乙/B", same=False, codes=(FILED,))],
            id="one filing",
        ),
        pytest.param(
            [report(name="储能"), filed(), filed(FILED[:-1] + "7")],
            [report(), filed()],
            [group("甲/A", "乙/B", same=False, codes=(FILED,))],
            id="one filing of two",
        ),
        pytest.param(
            [dated("ReviewHeld", occurred_on="2024-01-01", findings="正常"), report()],
            [report()],
            [group("甲/A", "乙/B")],
            id="something before the report",
        ),
        pytest.param(
            [report(), filed()],
            [report(), filed(FILED[:-1] + "7")],
            [group("甲/A", "乙/B")],
            id="two filings",
        ),
        pytest.param(
            [report(), dated("RecognitionDenied", reason="重复")], [report()], [], id="one denied"
        ),
        pytest.param(
            [report(), dated("ProjectTransferred", to_zone="江山经开区", reason="落地")],
            [report()],
            [],
            id="one given to another county",
        ),
        pytest.param(
            [report(), dated("ProjectTransferred", to_unit="池淮镇", reason="移交")],
            [report()],
            [group("甲/A", "乙/B")],
            id="one given to another unit",
        ),
        pytest.param([filed()], [report(), filed()], [], id="one that was never reported"),
        pytest.param(
            [report(reported_at="2025-01-01T09:00:00+08:00")], [report()], [], id="one of next year"
        ),
    ],
)
def test_two_members_projects_look_like_one(
    first: Stream, second: Stream, expected: list[dict[str, Any]]
) -> None:
    assert verifier.counted_twice(region(乙={"B": second}, 甲={"A": first}), DAY) == [
        {**row, "projects": sorted(row["projects"])} for row in expected
    ]


@pytest.mark.parametrize("codes", [("A", "B"), ("2024/7", "2025/8")])
def test_projects_of_one_member_are_its_own_matter(codes: tuple[str, str]) -> None:
    first, second = codes  # a code may have a slash of its own
    streams = region(甲={first: [report()], second: [report()]})
    assert verifier.counted_twice(streams, DAY) == []


@pytest.mark.parametrize("second", ["丙", "丁"])
def test_what_links_three_projects_makes_one_group(second: str) -> None:
    other = "丁" if second == "丙" else "丙"
    members = {
        "乙": {"A": [report(), filed()]},
        second: {"B": [report()]},
        other: {"C": [report(name="储能"), filed()]},
    }
    rows = verifier.counted_twice(region(**members), DAY)
    names = sorted(["乙/A", f"{second}/B", f"{other}/C"])
    assert rows == [group(*names, codes=(FILED,))]


def test_groups_that_a_later_pair_joins_keep_what_each_was_known_by() -> None:
    other_code = FILED[:-1] + "7"
    members: dict[str, dict[str, Stream]] = {
        "甲": {"A": [report(name="一"), filed()]},
        "乙": {"B": [report(name="二"), filed(), filed(other_code)]},
        "丙": {"C": [report(name="二")]},
        "丁": {"D": [report(name="三"), filed(other_code)]},
    }
    rows = verifier.counted_twice(region(**members), DAY)
    names = sorted(["甲/A", "乙/B", "丙/C", "丁/D"])
    assert rows == [group(*names, codes=(FILED, other_code))]


def test_groups_stand_in_the_order_of_their_first_projects() -> None:
    members: dict[str, dict[str, Stream]] = {
        "1": {"C": [report(name="一")], "A": [report(name="二")]},
        "2": {"B": [report(name="一")], "D": [report(name="二")]},
    }
    assert verifier.counted_twice(region(**members), DAY) == [
        group("1/A", "2/D"),
        group("1/C", "2/B"),
    ]


def test_a_name_is_folded_without_blanks_and_punctuation() -> None:
    assert verifier.folded_name("Ａ区 光伏（一期）\u200b") == "a区光伏一期"


# Moved projects, and units that are known by name alone -------------------------------------------


def voided(version: int, **fields: Any) -> tuple[str, dict[str, Any]]:
    """The void of an event of the stream, perhaps because the project is recorded anew."""
    return dated("FactCorrected", corrects=version, replacement=None, reason="录错", **fields)


MOVED_TO_B = [report(), voided(1, moved_to="B")]


@pytest.mark.parametrize(
    ("projects", "code"),
    [
        pytest.param({"A": [report()]}, "A", id="never moved"),
        pytest.param({"A": MOVED_TO_B, "B": [report()]}, "B", id="moved"),
        pytest.param(
            {"A": MOVED_TO_B, "B": [report(), voided(1, moved_to="C")], "C": [report()]},
            "C",
            id="moved twice",
        ),
        pytest.param(
            {"A": MOVED_TO_B, "B": [report(), voided(1, moved_to="A")]}, "B", id="moved in a circle"
        ),
        pytest.param(
            {
                "A": MOVED_TO_B,
                "B": [report(), voided(1, moved_to="C")],
                "C": [report(), voided(1, moved_to="B")],
            },
            "C",
            id="moved into a circle",
        ),
        pytest.param({"A": [*MOVED_TO_B, report()]}, "A", id="reported again"),
        pytest.param({"A": [*MOVED_TO_B, voided(2)]}, "A", id="moved by mistake"),
        pytest.param(
            {"A": [report(), voided(1, moved_to="C"), report(), voided(3, moved_to="B")]},
            "B",
            id="the last move counts",
        ),
        pytest.param({"A": [report(), voided(1)]}, "A", id="void"),
        pytest.param(
            {"A": [report(), filed(), voided(1), voided(2, moved_to="B")]},
            "A",
            id="the void of something else",
        ),
        pytest.param(
            {"A": [report(), *[filed()] * (POSITION - 2), voided(1, moved_to="B")]},
            "B",
            id="moved by the last event that is known",
        ),
        pytest.param(
            {"A": [report(), *[filed()] * POSITION, voided(1, moved_to="B")]},
            "A",
            id="moved later than is known",
        ),
    ],
)
def test_support_for_a_project_follows_it_to_its_new_code(
    projects: dict[str, Stream], code: str
) -> None:
    unit = "华埠镇"
    registration = {"occurred_on": "2020-01-01", "sequence": "乡镇", "category": "township"}
    supported = dated("MajorProjectSupported", about_project="A")
    unit_events = stored(f"unit/{unit}", ("UnitRegistered", registration), supported)
    streams = {f"unit/{unit}": unit_events}
    streams |= {f"project/{name}": stored(f"project/{name}", *of) for name, of in projects.items()}
    (registered,) = verifier.registered_units(streams, POSITION)
    assert registered.facts[-1].fields["about_project"] == code


@pytest.mark.parametrize(
    ("reported_at", "there"),
    [("2024-12-31T09:00:00+08:00", True), ("2025-01-01T09:00:00+08:00", False)],
)
@pytest.mark.parametrize("code", ["A", "2024/7"])
def test_a_member_registered_later_is_there_by_its_projects(
    reported_at: str, code: str, *, there: bool
) -> None:
    registration = {"occurred_on": "2025-02-01", "sequence": "县", "category": "county"}
    streams = region(甲={code: [report(reported_at=reported_at)]})
    streams["unit/甲"] = stored("unit/甲", ("UnitRegistered", registration))
    book = verifier.CheckedRulebook(json.loads(canonical(shipped("kaihua-2024").rulebook)))
    units = verifier.units_of_day(streams, book, DAY, POSITION)
    assert ("甲" in units) is there


def test_a_project_of_a_region_s_own_ledger_names_no_unit_and_what_stands_behind_it_does() -> None:
    registration = {"sequence": "县", "category": "county"}
    there, later = (
        ("UnitRegistered", registration | {"occurred_on": day})
        for day in ("2020-01-01", "2025-02-01")
    )
    own = {
        "project/A": stored("project/A", report(reporting_unit="丙")),
        "unit/乙": stored(
            "unit/乙", there, dated("UnitDissolved", successor="甲", occurred_on="2024-12-31")
        ),
        "unit/甲": stored("unit/甲", later),
        "unit/丙": stored("unit/丙", later),
    }
    book = verifier.CheckedRulebook(json.loads(canonical(shipped("kaihua-2024").rulebook)))
    units = verifier.units_of_day(verifier.RegionStreams(own, [], set()), book, DAY, POSITION)
    assert list(units) == ["甲"]


@pytest.mark.parametrize(
    ("successors", "unit", "holder"),
    [
        ({}, "甲", "甲"),
        ({"甲": "乙"}, "甲", "乙"),
        ({"甲": "乙"}, "乙", "乙"),
        ({"甲": None}, "甲", None),
        ({"丙": "丁", "乙": "丙", "甲": "乙"}, "甲", "丁"),
        ({"丙": "丁", "乙": "丙", "甲": "乙"}, "丙", "丁"),
        ({"甲": "乙", "乙": None}, "甲", None),
        ({"甲": "乙", "乙": "甲"}, "甲", None),
        ({"甲": "乙", "乙": "丙", "丙": "乙"}, "甲", None),
    ],
)
def test_successions_are_followed_to_their_end_and_never_in_a_circle(
    successors: dict[str, str | None], unit: str, holder: str | None
) -> None:
    units = verifier.Units()
    for name, successor in successors.items():
        kind, fields = dated("UnitDissolved", successor=successor)
        (event,) = stored(f"unit/{name}", (kind, fields))
        units.dissolutions[name] = verifier.EffectiveFact(event, fields)
    assert units.holder(unit) == holder


def test_facts_of_one_day_stand_in_the_order_of_the_units_that_they_were_of() -> None:
    registered = dated("UnitRegistered", sequence="县", category="county")
    award = dated("AwardWon", title="招商能手", person="江")
    merged = dated("UnitDissolved", successor="乙")
    reported = dated("IndicatorReported", indicator="x", period="2024", actual="5", target="4")
    listed = dated("UnitListed", board="red", month="2024-03", reason="位次")
    streams = {
        "unit/甲": stored("unit/甲", registered, award, award, listed, reported, merged),
        "unit/乙": stored("unit/乙", registered, award),
    }
    book = verifier.CheckedRulebook(json.loads(canonical(shipped("kaihua-2024").rulebook)))
    units = verifier.units_of_day(streams, book, DAY, POSITION)
    facts = units["乙"].facts_of_all_years
    assert [fact.source for fact in facts if fact.kind == "AwardWon"] == ["甲#2", "甲#3", 2]
    # Its listings stay its own, and so do the targets that it was given.
    (figure,) = [fact for fact in facts if fact.kind == "IndicatorReported"]
    assert figure.source == "甲#5"
    assert figure.number("actual") == 5
    assert "target" not in figure.fields
    assert "UnitListed" not in {fact.kind for fact in facts}
