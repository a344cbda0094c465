"""Changes of a project: an event of their own day, no correction of the past (spec 7)."""

from __future__ import annotations

import pytest

from tests.given import REPORTED, JsonRecord, World, correction, of, reported

SIGNED = of(
    "AgreementSigned", "2024-03-01", contract_investment="3000", contract_fixed_assets="2000"
)
LAND = of("LandAcquired", "2024-03-10", area_mu="10", transfer_fee="100")
FILED = of("ProjectFiled", "2024-03-20", project_code="2403-330824-04-01-123456")


def amended(on: str = "2024-06-01", **fields: str) -> JsonRecord:
    return of("AgreementAmended", on, **(fields or {"contract_fixed_assets": "12000"}))


# Supplements --------------------------------------------------------------------------------------


def test_an_agreement_is_amended_after_it_is_signed(world: World) -> None:
    world.given(*REPORTED)
    ((rule, field, text),) = world.rejections(amended())
    assert (rule, field) == ("no_signing", None)
    assert "正式签约" in text
    world.given(SIGNED)
    ((rule, field, text),) = world.rejections(amended("2024-02-29"))
    assert (rule, field) == ("before_signing", "occurred_on")
    assert "2024-03-01" in text
    world.given(amended("2024-03-01"), amended("2024-06-01"))


def test_an_amendment_changes_at_least_one_amount(world: World) -> None:
    world.given(*REPORTED, SIGNED)
    ((rule, _field, text),) = world.rejections(of("AgreementAmended", reason="增资"))
    assert rule == "amendment"
    assert "contract_fixed_assets" in text
    world.given(amended(contract_investment="9000"))
    unset = {"contract_investment": None}
    assert world.rules(correction(3, unset)) == ["amendment"]
    world.record(correction(3, {**unset, "contract_fixed_assets": "8000"}))


def test_a_correction_of_the_signing_leaves_no_amendment_before_it(world: World) -> None:
    world.given(*REPORTED, SIGNED, amended())
    assert world.rules(correction(2, None)) == ["no_signing"]
    assert world.rules(correction(2, {"occurred_on": "2024-06-02"})) == ["before_signing"]
    world.given(correction(2, {"occurred_on": "2024-06-01"}))
    assert world.rules(correction(3, {"occurred_on": "2024-05-31"})) == ["before_signing"]


def test_the_signing_is_voided_once_its_amendments_are(world: World) -> None:
    world.given(*REPORTED, SIGNED, amended(), correction(3, None), correction(2, None))
    assert world.rules(amended("2024-06-02")) == ["no_signing"]
    # Revived alone, the amendment would change a contract that is not there.
    assert world.rules(correction(4, None)) == ["no_signing"]


def test_a_terminated_project_has_no_new_amendment(world: World) -> None:
    world.given(*REPORTED, SIGNED, of("ProjectTerminated", "2024-05-01", reason="撤资"))
    assert world.rules(amended()) == ["terminated"]
    world.given(amended("2024-05-01"))


@pytest.mark.parametrize("amount", ["-1", "1e3", "1.2345678", 1.5])
def test_an_amended_amount_is_an_exact_decimal(world: World, amount: object) -> None:
    world.given(*REPORTED, SIGNED)
    record = {**amended(), "contract_fixed_assets": amount}
    ((_rule, field, _text),) = world.rejections(record)
    assert field == "contract_fixed_assets"


# Parcels and filings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parcel", "again"), [(None, ""), ("A-1", "ａ－1"), ("1号地块", "1号\u200b地块"), ("", None)]
)
def test_a_parcel_is_acquired_once(world: World, parcel: str | None, again: str | None) -> None:
    def acquired(name: str | None) -> JsonRecord:
        return LAND if name is None else {**LAND, "parcel": name}

    world.given(*REPORTED, acquired(parcel), {**LAND, "parcel": "另一地块"})
    ((rule, field, text),) = world.rejections({**acquired(again), "area_mu": "11"})
    assert (rule, field) == ("second", "parcel")
    if parcel:
        assert f"“{parcel}”" in text  # the parcel that is held, as it is named
    else:
        assert "if this is another parcel, give it a name in parcel" in text
    world.record({**LAND, "parcel": "A-2"})


def test_a_parcel_that_is_corrected_is_held_by_its_corrected_name(world: World) -> None:
    world.given(*REPORTED, {**LAND, "parcel": "B-1"})
    land_version = 2
    world.given(correction(land_version, {"parcel": "A-1"}))
    ((_rule, _field, text),) = world.rejections({**LAND, "parcel": "ａ－1", "area_mu": "11"})
    assert "“A-1”" in text
    world.given(correction(land_version, {"parcel": "Ａ-1"}))
    ((_rule, _field, text),) = world.rejections({**LAND, "parcel": "a-1", "area_mu": "11"})
    assert "“Ａ-1”" in text
    world.record({**LAND, "parcel": "B-1"})


def test_a_project_is_filed_again_under_another_code(world: World) -> None:
    world.given(*REPORTED, FILED, reported("Q"))
    other = "2403-330824-04-01-000002"
    world.given({**FILED, "project_code": other})
    ((rule, field, text),) = world.rejections({**FILED, "project": "Q", "project_code": other})
    assert (rule, field) == ("filing_code_taken", "project_code")
    assert "P" in text
    assert world.rules(correction(3, {"project_code": FILED["project_code"]})) == ["second"]
    world.given(correction(3, None))
    world.record({**FILED, "project": "Q", "project_code": other})
