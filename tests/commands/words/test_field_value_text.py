"""Values of events as people read them: every amount with its unit, every time in words."""

from __future__ import annotations

import pytest

from commands.words.field_value_text import change_text, field_value_text
from commands.words.typed_words import SUMS_OF_MONEY


@pytest.mark.parametrize("name", SUMS_OF_MONEY)
def test_every_amount_is_shown_with_its_unit(name: str) -> None:
    assert field_value_text(name, "13000.5") == "13000.5 万元"
    assert change_text(name, None, "0") == "— → 0 万元"


@pytest.mark.parametrize(
    ("name", "event", "value", "text"),
    [
        ("amount", "TaxPaid", "12", "12 万元"),
        # An indicator may count heads.
        ("amount", "IndicatorReported", "12", "12"),
        ("area_mu", "LandAcquired", "30", "30"),
        ("contract_investment", "AgreementSigned", "█", "█"),
        ("reported_at", "InformationReported", "2024-01-06T00:00:00+08:00", "2024-01-06 00:00"),
        ("reported_at", "InformationReported", "2024-01-06T01:02:03Z", "2024-01-06 09:02:03"),
        ("reported_at", "InformationReported", "2024-01-06Txx", "2024-01-06Txx"),
        ("sector", "InformationReported", "industrial", "工业"),
    ],
)
def test_other_values_are_shown_as_what_they_are(
    name: str, event: str, value: str, text: str
) -> None:
    assert field_value_text(name, value, event) == text


def test_a_correction_shows_its_fields_with_their_units() -> None:
    replacement = {"contract_investment": "13000", "note": None}
    assert field_value_text("replacement", replacement) == "协议总投资 13000 万元，备注 —"
    assert not field_value_text("replacement", None)
