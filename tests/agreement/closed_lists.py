"""The closed lists of the product, and the code that must know each of their words.

The standalone verifier and the reference share no code with the product, so each repeats its lists:
measures, kinds of rule and their fields, events and their shapes, filters, choices. A word that one
of them lacks makes a sound bundle fail, or goes untested. `complaints` says what is missing where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from lifecycle.events import BY_NAME, codec, vocabulary
from lifecycle.rulebook import scoring_policy
from lifecycle.rulebook.conditions import Condition
from lifecycle.rulebook.counted import Counted
from lifecycle.rulebook.kinds import KINDS
from lifecycle.rulebook.kinds.composite_rule import CompositePart
from lifecycle.rulebook.measure_selection import MeasureSelection
from lifecycle.rulebook.measures import MEASURES
from lifecycle.rulebook.parts import Filter, Need
from lifecycle.rulebook.result_conditions import ResultCondition, ResultSelection
from lifecycle.rulebook.rulebook_model import Rulebook
from projections.audit.verifier import verify_bundle as verifier
from tests.reference import (
    assessed_periods,
    draw_policies,
    draw_words,
    kinds,
    policies,
    projects,
    recognition,
    schema,
)

Words = frozenset[str]
Lists = Mapping[str, Words]

# County events that say nothing about scores, targets or meetings: random histories leave them out.
# A project's figure needs a rulebook that declares it: `draw_words` draws it.
NOT_DRAWN = {
    "ProjectFigureReported",
    "RulebookAdopted",
    "ScoresPublished",
    "BoardPublished",
    "SigningKeyChanged",
    "RecordTimeCorrected",
}


def complaints(product: Lists) -> list[str]:
    """Return what the verifier or the reference lacks, or knows beyond the product, by list."""
    sentences: list[str] = []
    for reader, known in KNOWN_BY.items():
        for title, words in known.items():
            missing = sorted(product[title] - words)
            sentences += [f"{reader} does not know the {title} {word}" for word in missing]
            unknown = sorted(words - product[title])
            sentences += [
                f"{reader} knows the {title} {word}, which there is not" for word in unknown
            ]
    return sentences


# The product --------------------------------------------------------------------------------------


def product_lists() -> dict[str, Words]:
    """Every closed list of the product."""
    lists = {
        "measure": words(MEASURES),
        "kind of rule": words(rule_models()),
        "filter field": fields(Filter),
        "need": choices(Need),
        "exclusion": field_choices(scoring_policy.Exclusion, "fact"),
        "condition": field_choices(scoring_policy.NeededCondition, "measure"),
        "source of funds": field_choices(scoring_policy.FundsSource, "source"),
        "period of checks": field_choices(scoring_policy.ScheduleChecks, "every"),
        "combination": field_choices(scoring_policy.Coefficient, "combine"),
        "basis": choices(vocabulary.Basis),
        "stage": words(vocabulary.STAGES),
        # Cases are no part of the canonical content: no other reader meets them.
        "table": fields(Rulebook) - {"case"},
        "field of a condition": fields(Condition),
        "field of a condition on results": fields(ResultCondition),
        "result": fields(ResultSelection),
        "field of a part": fields(CompositePart),
        "field of a measure": fields(MeasureSelection),
        "event": words(BY_NAME),
        "shape of an event": words([*codec.CURRENT_TOPICS, *codec.UPCASTS]),
        "monthly event": words(name for name, event in BY_NAME.items() if is_monthly(event)),
        "field of an event": words(event_fields()),
        "milestone": words(vocabulary.MILESTONES),
        "sector": choices(vocabulary.Sector),
        "kind of project": choices(vocabulary.ProjectKind),
        "trait": choices(vocabulary.InvestorTrait),
        "chain": choices(vocabulary.Chain),
        "site": choices(vocabulary.SiteKind),
        "category": choices(vocabulary.Category),
        "meeting": choices(vocabulary.Meeting),
    }
    lists["drawn event"] = lists["event"] - NOT_DRAWN
    for kind, model in rule_models().items():
        lists[f"field of {kind}"] = fields(model)
    lists["choice"] = words(model_choices())
    return lists


def words(names: Iterable[str]) -> Words:
    """Words as a set."""
    return frozenset(names)


def rule_models() -> dict[str, type[BaseModel]]:
    """The model of each kind of rule."""
    return {str(*field_choices(model, "kind")): model for model in KINDS}


def fields(model: type[BaseModel]) -> Words:
    """The fields of a table by their names in a file."""
    return words(field.alias or name for name, field in model.model_fields.items())


def field_choices(
    model: type[BaseModel],
    name: str,
) -> Words:
    """The choices of a table's field."""
    declared = {field.alias or key: field for key, field in model.model_fields.items()}
    return choices(declared[name].annotation)


def choices(annotation: Any) -> Words:
    """Return the words of any Literal within an annotation."""
    origin = get_origin(annotation)
    if origin is Literal:
        return words(str(word) for word in get_args(annotation))
    if origin in (Annotated, Union, UnionType):
        return words(word for inner in get_args(annotation) for word in choices(inner))
    return words(())


def model_choices() -> Iterator[str]:
    """`kind.field=choice` of every rule, and `field=choice` of everything counted."""
    common = fields(Counted) | {"kind", "basis"}
    for kind, model in rule_models().items():
        for name in fields(model) - common:
            yield from (f"{kind}.{name}={word}" for word in field_choices(model, name))
    for model in (Counted, CompositePart, ResultCondition):
        for name in fields(model):
            yield from (f"{name}={word}" for word in field_choices(model, name))


def is_monthly(event: type[Any]) -> bool:
    """Whether an event belongs to a month."""
    return "month" in event.model_fields and event.__name__ != "BoardPublished"


def event_fields() -> Iterator[str]:
    """`Event.field` of every event that random histories draw, its envelope left out."""
    envelope = set(schema.ENVELOPE)
    for name, event in BY_NAME.items():
        if name in NOT_DRAWN or name == "FactCorrected":
            continue
        for field in event.model_fields:
            if field not in envelope:
                yield f"{name}.{field}"


# The lists elsewhere ------------------------------------------------------------------------------


def verifier_choices() -> Iterator[str]:
    """The choices that the verifier knows, as `model_choices` writes them."""
    for kind, by_field in verifier.RULE_CHOICES.items():
        for field, known in by_field.items():
            yield from (f"{kind}.{field}={word}" for word in known)
    for field, known in (*verifier.COUNTED_CHOICES.items(), *verifier.RESULT_CHOICES.items()):
        yield from (f"{field}={word}" for word in known)


def verifier_lists() -> dict[str, Words]:
    """The lists of the standalone verifier."""
    own_measures = {*verifier.PROJECT_MEASURES, *verifier.UNIT_MEASURES}
    shapes = [
        f"{event}/{shape}"
        for event, known_shapes in verifier.EVENT_SHAPES.items()
        for shape in known_shapes
    ]
    lists = {
        "measure": words(own_measures | {*verifier.MEASURES_WITH_FIELDS}),
        "kind of rule": words([*verifier.RULE_FIELDS, *verifier.COMBINING_FIELDS]),
        "filter field": words(verifier.PROJECT_FILTERS),
        "need": words(verifier.NEEDS),
        "exclusion": words(verifier.EXCLUSIONS),
        "condition": words([*verifier.ELIGIBILITY_FLAGS, *verifier.ELIGIBILITY_AMOUNTS]),
        "source of funds": words(verifier.FUND_SOURCES),
        "period of checks": words(verifier.CHECK_PERIODS),
        "combination": words(verifier.COMBINATIONS),
        "basis": words(verifier.BASES),
        "stage": words(verifier.STAGES),
        "milestone": words(verifier.MILESTONES),
        "table": words(verifier.TABLES),
        "field of a condition": words(verifier.CONDITION_FIELDS),
        "field of a condition on results": words(verifier.RESULT_CONDITION_FIELDS),
        "result": words(verifier.RESULT_FIELDS),
        "field of a part": words(verifier.PART_FIELDS),
        "field of a measure": words(verifier.MEASURE_FIELDS),
        "event": words(verifier.EVENT_SHAPES),
        "shape of an event": words(shapes),
        "monthly event": words(verifier.MONTHLY),
        "choice": words(verifier_choices()),
    }
    for kind in lists["kind of rule"]:
        lists[f"field of {kind}"] = words(verifier.known_fields(kind))
    return lists


def reference_lists() -> dict[str, Words]:
    """The lists of the reference."""
    kinds_known = (
        *kinds.ITEM_KINDS,
        *kinds.VALUE_KINDS,
        *kinds.SEQUENCE_KINDS,
        *kinds.CHANGING_KINDS,
    )
    events = {
        **schema.PROJECT_EVENTS,
        **schema.UNIT_EVENTS,
        **schema.COUNTY_EVENTS,
        **schema.RESOURCE_EVENTS,
    }
    known_fields = [
        f"{event}.{field.removesuffix('?')}" for event, checks in events.items() for field in checks
    ]
    return {
        "measure": words([*projects.PROJECT_MEASURES, *policies.UNIT_MEASURES]),
        "kind of rule": words(kinds_known),
        "filter field": words([*projects.PROJECT_FILTERS, *projects.UNIT_FILTERS]),
        "need": words(projects.NEEDS),
        "exclusion": words(projects.EXCLUSIONS),
        "condition": words(projects.CONDITIONS),
        "source of funds": words(projects.FUND_SOURCES),
        "period of checks": words(assessed_periods.MONTHS_IN_PERIOD) - {"year"},
        "basis": words(kinds.BASES),
        "stage": words(recognition.STAGES),
        "milestone": words(recognition.MILESTONES),
        "drawn event": words([*events, "FactCorrected"]),
        "field of an event": words(known_fields),
        "sector": words(schema.SECTORS),
        "kind of project": words(schema.KINDS),
        "trait": words(schema.TRAITS),
        "chain": words(schema.CHAINS),
        "site": words(schema.SITES),
        "category": words(schema.CATEGORIES),
        "meeting": words(schema.MEETINGS),
    }


def drawn_lists() -> dict[str, Words]:
    """What random rulebooks draw, so that all three evaluators are compared on it."""
    wheres = (*draw_policies.PROJECT_FILTERS, *draw_words.FIGURE_FILTERS)
    filters = [field for where in wheres for field in where]
    conditions = [need["measure"] for row in draw_policies.ELIGIBLE for need in row["needs"]]
    return {
        "measure": words(
            [
                *draw_policies.OF_UNIT,
                *draw_policies.OF_PROJECTS,
                "indicator",
                draw_words.FIGURE_MEASURE,
            ]
        ),
        "kind of rule": words([*draw_policies.KINDS, *draw_policies.CHANGING_KINDS]),
        "filter field": words(filters),
        "condition": words(conditions),
        "exclusion": words(draw_policies.EXCLUSIONS),
        "source of funds": words(draw_policies.FUND_SOURCES),
        "period of checks": words(draw_policies.CHECK_PERIODS),
    }


KNOWN_BY: Mapping[str, Lists] = {
    "the standalone verifier": verifier_lists(),
    "the reference": reference_lists(),
    "the generator of rulebooks": drawn_lists(),
}
