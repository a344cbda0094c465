"""A rulebook: one county's policy for a span of time, as typed data (spec 6)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from lifecycle.events.field_types import Slug
from lifecycle.events.vocabulary import BUILT_IN, WordList
from lifecycle.rulebook.board_policy import Boards
from lifecycle.rulebook.deadline_policy import Deadlines, UrgencyDays
from lifecycle.rulebook.incentive_policy import CountyTarget, Incentive, NearMiss
from lifecycle.rulebook.kinds import Rule
from lifecycle.rulebook.left_out_policy import LeftOutClauses
from lifecycle.rulebook.limit_policy import TimeLimit
from lifecycle.rulebook.parts import Part
from lifecycle.rulebook.reward_policy import Reward
from lifecycle.rulebook.rulebook_cases import Case
from lifecycle.rulebook.scoring_policy import (
    AssessedPeriod,
    AssessmentPeriod,
    Coefficient,
    CreditTable,
    Eligibility,
    Exclusion,
    FundsSource,
    Grade,
    Group,
    MidYearChange,
    Module,
    NodesByTax,
    Ranking,
    Recognition,
    RoundingPlaces,
    ScheduleChecks,
    TotalLimits,
)
from lifecycle.rulebook.sheet_policy import SheetLadder
from lifecycle.rulebook.vocabulary_policy import Vocabulary


class Rulebook(Part):
    """One county's policy. A table that the policy does not need may be absent."""

    id: Slug
    title: str
    issuer: str
    effective_from: date
    effective_to: date
    rounding: RoundingPlaces
    modules: Annotated[tuple[Module, ...], Field(min_length=1)]
    groups: tuple[Group, ...] = ()
    total: TotalLimits | None = None
    grades: tuple[Grade, ...] | None = None
    assessed: AssessedPeriod | None = None
    change: MidYearChange | None = None
    clauses: tuple[str, ...] | None = None
    left_out: LeftOutClauses | None = None
    ranking: Ranking
    credit: CreditTable | None = None
    exclusions: tuple[Exclusion, ...] = ()
    recognition: Recognition | None = None
    eligibility: tuple[Eligibility, ...] = ()
    assessment_period: AssessmentPeriod | None = None
    nodes: NodesByTax | None = None
    funds: tuple[FundsSource, ...] = ()
    schedule_checks: ScheduleChecks | None = None
    coefficients: tuple[Coefficient, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    incentives: tuple[Incentive, ...] = ()
    near_miss: NearMiss | None = None
    rewards: Annotated[tuple[Reward, ...], Field(min_length=1)] | None = None
    targets: tuple[CountyTarget, ...] = ()
    boards: Boards | None = None
    ladder: SheetLadder | None = None
    deadlines: Deadlines | None = None
    limits: Annotated[tuple[TimeLimit, ...], Field(min_length=1)] | None = None
    vocabulary: Vocabulary | None = None
    case: Annotated[tuple[Case, ...], Field(exclude=True)] = ()
    """Facts and points worked out by hand; no part of what the digest is over."""

    def words(self, word_list: WordList) -> tuple[str, ...]:
        """The words of a vocabulary that the rulebook knows: those built in and its own."""
        built_in = BUILT_IN[word_list]
        if self.vocabulary is None:
            return built_in
        return (*built_in, *(word.name for word in self.vocabulary.declared(word_list)))

    @property
    def figures_by_last_period(self) -> frozenset[str]:
        """The figures of projects of which the last period counts, and not the sum of all."""
        figures = () if self.vocabulary is None else self.vocabulary.figures or ()
        return frozenset(figure.name for figure in figures if figure.take == "last")

    @property
    def modules_of_year(self) -> list[Module]:
        """The modules that add to the total; those assessed by period have nothing to show."""
        return [module for module in self.modules if module.assessed is None]

    @property
    def deadline_levels(self) -> UrgencyDays | None:
        """The days of each level; None where only limits with levels of their own are watched."""
        return None if self.deadlines is None else self.deadlines.levels

    @property
    def watches_plots(self) -> bool:
        """Whether a plot that lies idle after its allotment is a deadline."""
        return self.deadlines is not None and self.deadlines.idle_plot is not None
