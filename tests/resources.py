"""Resources of tests: a county of two plots and two buildings, of which two projects have some."""

from __future__ import annotations

from typing import Any

from tests.given import UNITS, JsonRecord, reported

PARK, EAST = "城北园区", "城东园区"


def resource(event: str, code: str, on: str, /, **fields: Any) -> JsonRecord:
    """Return an event of a resource."""
    return {"event": event, "resource": code, "occurred_on": on, **fields}


def plot(code: str, area_mu: str, on: str = "2024-01-05", **changes: Any) -> JsonRecord:
    """Return the listing of a plot of land."""
    fields = {"kind": "plot", "name": f"{code}地块", "location": PARK, "area_mu": area_mu}
    return resource("ResourceListed", code, on, **fields | changes)


def allotted(code: str, project: str, on: str, /, **areas: str) -> JsonRecord:
    """Return an allotment of a resource to a project."""
    return resource("ResourceAllotted", code, on, project=project, **areas)


RESOURCES: list[JsonRecord] = [
    plot("ZY-1", "50", industries=["有机硅", "竹木加工"], price="12.5", price_per="mu"),
    plot("ZY-2", "20.5", available_on="2024-09-01"),
    resource(
        "ResourceListed",
        "ZY-3",
        "2024-01-05",
        kind="standard_plant",
        name="三号厂房",
        location=EAST,
        area_mu="8",
        floor_area_m2="4000",
    ),
    resource(
        "ResourceListed",
        "ZY-4",
        "2024-01-05",
        kind="building",
        name="商务楼",
        location=EAST,
        floor_area_m2="900",
    ),
    allotted("ZY-1", "P", "2024-03-01", area_mu="30") | {"source_ref": "开资〔2024〕3号"},
    allotted("ZY-1", "Q", "2024-04-01", area_mu="5"),
    allotted("ZY-3", "P", "2024-03-02"),
    resource("ResourceWithdrawn", "ZY-4", "2024-05-01", reason="自用"),
]
COUNTY_WITH_RESOURCES = [*UNITS, reported(), reported("Q"), *RESOURCES]
