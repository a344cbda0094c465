"""Land and buildings on offer: what is allotted is never more than there is (spec 7)."""

from __future__ import annotations

from typing import Any

from tests.given import REPORTED, JsonRecord, World, correction, reported

LISTING: JsonRecord = {
    "kind": "plot",
    "name": "城北一号地",
    "location": "城北园区",
    "area_mu": "50",
    "floor_area_m2": "2000",
}


def resource(event: str, on: str = "2024-02-01", /, **fields: Any) -> JsonRecord:
    return {"event": event, "resource": "ZY-1", "occurred_on": on} | fields


def listed(**changes: Any) -> JsonRecord:
    return resource("ResourceListed", **(LISTING | changes))


def allotted(on: str = "2024-03-01", **fields: Any) -> JsonRecord:
    return resource("ResourceAllotted", on, **({"project": "P"} | fields))


def corrected(corrects: int, replacement: JsonRecord | None) -> JsonRecord:
    record = correction(corrects, replacement, resource="ZY-1")
    del record["project"]
    return record


def test_a_listing_needs_an_area_and_says_per_what_its_price_is(world: World) -> None:
    ((rule, _field, text),) = world.rejections(listed(area_mu=None, floor_area_m2=None))
    assert rule == "area"
    assert "area_mu" in text
    assert world.rules(listed(price="12.5")) == ["price_per"]
    assert world.rules(listed(price_per="mu")) == ["price_per"]
    world.given(listed(price="12.5", price_per="mu"))
    world.given(resource("ResourceChanged", price="13"))


def test_a_code_is_listed_once_however_it_is_written(world: World) -> None:
    world.given(listed())
    assert world.rules(listed(name="另一块地")) == ["second_listing"]
    ((rule, field, text),) = world.rejections(listed(resource="ｚｙ－1"))
    assert (rule, field) == ("second_listing", "resource")
    assert "ZY-1" in text
    world.given(corrected(1, None), listed(resource="ｚｙ－1"))


def test_a_code_that_only_looks_like_a_listed_one_is_understood_as_it(world: World) -> None:
    world.given(*REPORTED, listed())
    entry = world.record(allotted(resource="zy-1", project="ｐ"))
    assert entry.ref == "ZY-1#2"
    assert world.rules(allotted(resource="ZY-2")) == ["resource_not_listed"]


def test_nothing_comes_before_the_listing(world: World) -> None:
    world.given(*REPORTED)
    assert world.rules(allotted()) == ["resource_not_listed"]
    world.given(listed())
    assert world.rules(allotted("2024-01-31")) == ["resource_not_listed"]
    world.given(allotted())
    assert world.rules(corrected(1, {"occurred_on": "2024-03-02"})) == ["resource_not_listed"]
    assert world.rules(corrected(1, None)) == ["resource_not_listed"]


def test_only_a_reported_project_takes_of_it(world: World) -> None:
    world.given(*REPORTED, listed())
    ((rule, field, _text),) = world.rejections(allotted(project="Q"))
    assert (rule, field) == ("project_not_reported", "project")


def test_no_more_is_allotted_than_is_free(world: World) -> None:
    world.given(*REPORTED, listed(), allotted(area_mu="30"))
    ((rule, field, text),) = world.rejections(allotted("2024-04-01", area_mu="20.000001"))
    assert (rule, field) == ("too_little_free", "area_mu")
    assert "20 mu free on 2024-04-01" in text
    assert world.rules(allotted(floor_area_m2="2000.5")) == ["too_little_free"]
    assert world.rules(allotted(area_mu="0")) == ["nothing_allotted"]
    world.given(allotted("2024-04-01", area_mu="20"))


def test_an_earlier_day_counts_though_it_is_recorded_later(world: World) -> None:
    world.given(*REPORTED, listed(), allotted("2024-05-01", area_mu="30"))
    assert world.rules(allotted("2024-04-01")) == ["too_little_free"]
    assert world.rules(resource("ResourceChanged", "2024-04-01", area_mu="29")) == [
        "too_little_free"
    ]
    assert world.rules(resource("ResourceWithdrawn", "2024-04-01", reason="收回")) == [
        "resource_withdrawn"
    ]
    world.given(resource("ResourceChanged", "2024-04-01", area_mu="30"))


def test_all_that_is_free_is_allotted_where_no_area_is_named(world: World) -> None:
    world.given(*REPORTED, listed(), allotted())
    assert world.rules(allotted("2024-03-02", area_mu="0.1")) == ["too_little_free"]
    assert world.rules(allotted("2024-03-02")) == ["nothing_allotted"]


def test_what_is_released_is_free_again(world: World) -> None:
    world.given(*REPORTED, reported("Q"), listed(), allotted())
    released = resource("ResourceReleased", "2024-04-01", project="Q")
    ((rule, field, text),) = world.rejections(released)
    assert (rule, field) == ("nothing_to_release", "project")
    assert "P" in text
    world.given(released | {"project": "P"}, allotted("2024-04-02", project="Q"))
    assert world.rules(corrected(3, None)) == ["nothing_allotted"]


def test_a_correction_leaves_at_no_day_less_than_nothing(world: World) -> None:
    world.given(*REPORTED, listed(), allotted(area_mu="30"), allotted("2024-04-01", area_mu="20"))
    assert world.rules(corrected(1, {"area_mu": "49"})) == ["too_little_free"]
    assert world.rules(corrected(2, {"area_mu": "31"})) == ["too_little_free"]
    world.given(corrected(2, {"area_mu": "29"}), corrected(1, {"area_mu": "49"}))


def test_a_withdrawn_resource_is_changed_no_more_but_given_back(world: World) -> None:
    world.given(*REPORTED, listed(), allotted(area_mu="30"))
    world.given(resource("ResourceWithdrawn", "2024-04-01", reason="收回"))
    assert world.rules(allotted("2024-04-02", area_mu="1")) == ["resource_withdrawn"]
    assert world.rules(resource("ResourceChanged", "2024-04-02", name="改名")) == [
        "resource_withdrawn"
    ]
    world.given(resource("ResourceReleased", "2024-04-02", project="P"))


def test_a_change_gives_at_least_one_field(world: World) -> None:
    world.given(listed())
    assert world.rules(resource("ResourceChanged")) == ["change"]
    world.given(resource("ResourceChanged", industries=[]))


def test_events_of_resources_belong_to_resources(world: World) -> None:
    world.given(*REPORTED)
    record = listed() | {"project": "P"}
    del record["resource"]
    assert "stream" in world.rules(record)
