"""Parameters by place: what an office may fill in, quotients included."""

from __future__ import annotations

from lifecycle.rulebook.rulebook_library import read_toml
from lifecycle.rulebook.rulebook_parameters import (
    ParameterEntry,
    fill_in_parameters,
    rulebook_parameters,
)

TEXT = """
[[rules]]
id = "r"
points = "1/3"
places = 2
bands = [{ value = "[1,2]", points = 3 }]
clause = "2024/5"
document = "2024/5"
basis = "policy"
"""


def test_a_quotient_is_a_parameter_and_the_number_of_a_document_is_none() -> None:
    values = {
        parameter.place: parameter.value for parameter in rulebook_parameters(read_toml(TEXT))
    }
    assert values == {
        "rules.r.points": "1/3",
        "rules.r.places": "2",
        "rules.r.bands.0.value": "[1,2]",
        "rules.r.bands.0.points": "3",
    }


def test_a_number_and_a_quotient_may_stand_for_each_other_and_for_no_band() -> None:
    entries = [
        ParameterEntry("rules.r.points", "0.5", ""),
        ParameterEntry("rules.r.places", "7/3", ""),
        ParameterEntry("rules.r.bands.0.value", "1/2", ""),
        ParameterEntry("rules.r.bands.0.points", "1/0", ""),
    ]
    data, problems = fill_in_parameters(read_toml(TEXT), entries)
    values = {parameter.place: parameter.value for parameter in rulebook_parameters(data)}
    assert (values["rules.r.points"], values["rules.r.places"]) == ("0.5", "7/3")
    places = [problem.field for problem in problems]
    assert places == ["rules.r.bands.0.value", "rules.r.bands.0.points"]
