"""Which measure is counted, and of which projects or units (spec 6)."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events import vocabulary as v
from lifecycle.rejections import msg
from lifecycle.rulebook.intervals import Band
from lifecycle.rulebook.measure_names import MeasureName
from lifecycle.rulebook.measures import LIMIT_MEASURES, MEASURES
from lifecycle.rulebook.open_words import Figure, LimitId, Stage
from lifecycle.rulebook.parts import Filter, Need, Part, is_quotient


class MeasureSelection(Part):
    """A measure, and of which projects or units.

    `indicator` names the figure of an indicator, `figure` that of a project, `time_limit` the limit
    whose due days are counted (a file may write `limit`).
    """

    measure: MeasureName
    indicator: str | None = None
    where: Filter | None = None
    needs: tuple[Need, ...] = ()
    from_stage: Stage | None = None
    to_stage: Stage | None = None
    unreached: Literal["as_of", "none"] | None = None
    range: Band | None = None
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] | None = None
    figure: Figure | None = None
    time_limit: LimitId | None = None

    @model_validator(mode="before")
    @classmethod
    def _reads_limit_by_its_id(cls, data: Any) -> Any:
        # `per_item` has a `limit` of points: a text there names a time limit, a number or a
        # quotient such as "1/30" is the points.
        if not isinstance(data, dict) or "time_limit" in data:
            return data
        limit = data.get("limit")
        if not isinstance(limit, str) or is_quotient(limit):
            return data
        return {name: value for name, value in data.items() if name != "limit"} | {
            "time_limit": limit
        }

    @property
    def counts_projects(self) -> bool:
        """Whether the measure counts what projects do; else what units do."""
        return MEASURES[self.measure].of == "project"

    @property
    def subject(self) -> str:
        """What is counted: the indicator or figure where the measure is one, else the measure."""
        return self.indicator or self.figure or self.measure

    @property
    def counted_stages(self) -> tuple[str, ...]:
        """The nodes that `nodes_reached` counts: the seven, unless others are named."""
        return v.STAGES if self.stages is None else self.stages

    @model_validator(mode="after")
    def _names_stages_of_nodes(self) -> "MeasureSelection":
        if self.stages is None:
            return self
        if self.measure != "nodes_reached":
            raise PydanticCustomError(
                "stages", msg("give stages only where the measure is nodes_reached")
            )
        if len(set(self.stages)) < len(self.stages):
            raise PydanticCustomError("stages", msg("name each of the stages once"))
        return self

    @model_validator(mode="after")
    def _has_its_parameters(self) -> "MeasureSelection":
        if (self.indicator is not None) != (self.measure == "indicator"):
            raise PydanticCustomError(
                "indicator", msg("give indicator if, and only if, the measure is indicator")
            )
        if (self.figure is not None) != (self.measure == "project_figure"):
            raise PydanticCustomError(
                "figure", msg("give figure if, and only if, the measure is project_figure")
            )
        if (self.time_limit is not None) != (self.measure in LIMIT_MEASURES):
            raise PydanticCustomError(
                "time_limit",
                msg(
                    "give limit, the id of a time limit, if, and only if, the measure is one of "
                    "{allowed}"
                ),
                {"allowed": list(LIMIT_MEASURES)},
            )
        # Only days run from a node to a node.
        needs_stages = self.measure == "days_between"
        has_from, has_to = self.from_stage is not None, self.to_stage is not None
        if has_from != needs_stages or has_to != needs_stages:
            raise PydanticCustomError(
                "stages",
                msg("give from_stage and to_stage if, and only if, the measure is days_between"),
            )
        if self.unreached is not None and not needs_stages:
            raise PydanticCustomError(
                "stages", msg("give unreached only where the measure is days_between")
            )
        if self.range is not None and self.indicator is None:
            raise PydanticCustomError(
                "range", msg("give range only where the measure is indicator")
            )
        return self

    @model_validator(mode="after")
    def _asks_only_of_what_it_measures(self) -> "MeasureSelection":
        if not self.counts_projects and self._asks_of_projects():
            raise PydanticCustomError(
                "of_unit",
                msg("{measure} measures units: only the filters category and sequence apply"),
                {"measure": self.measure},
            )
        return self

    def _asks_of_projects(self) -> bool:
        if self.needs:
            return True
        return self.where is not None and bool(self.where.of_projects)


# As of the filter: it is a part of each reference, and of what else a rule looks at.
MeasureSelection.model_rebuild()
