"""The county at a view, each part computed when first asked for and cached for later readers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from threading import Condition
from typing import Any, TypeVar, cast

from cachetools import cachedmethod

from commands.intake.policy_sources import PolicySource, policy_source
from commands.words import member_words, page_words
from commands.words.record_time_words import printed_time_correction
from lifecycle.events import Stream
from lifecycle.ledger import verification
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from projections.audit.publication_problems import check_publications
from projections.audit.publications import PublicationCheck
from projections.facts.county_facts import county_facts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring.evaluation import Result
from projections.scoring.explanation import Explanation, explain_units
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View, view_of_month
from projections.scoring.unit_scores import UnitScore
from projections.views.board_view import (
    MonthBoard,
    assemble_board,
    previous_month,
    units_with_listings,
)
from projections.views.county_overview import MonthOverview, monthly_overviews, projects_by_stage
from projections.views.county_parts import CountyParts
from projections.views.county_results import (
    deadlines_of_parts,
    due_sheets_of_parts,
    open_tasks_of_parts,
    result_of_parts,
    targets_of_parts,
)
from projections.views.deadline_view import DeadlineRow
from projections.views.kept_parts import KeptParts
from projections.views.project_labels import ProjectLabel, ProjectLabels, project_label
from projections.views.project_sums import Addition, ProjectSums
from projections.views.record_time_view import time_corrections
from projections.views.resource_view import ResourceDetails, resource_details
from projections.views.sheet_view import DueSheet, TaskRow
from projections.views.target_view import TargetProgress
from projections.views.year_comparison import a_year_before, county_amounts

M = TypeVar("M", bound=Callable[..., Any])
T = TypeVar("T")


def _computed_once(method: M) -> M:
    """Compute a part at its first use; readers who ask for it meanwhile wait for the result."""

    def key(_county: CountyView, *arguments: object) -> tuple[object, ...]:
        return (method.__name__, *arguments)

    cached = cachedmethod(
        attrgetter("_parts"),
        key=key,
        condition=attrgetter("_condition"),
    )
    return cast("M", cached(method))


class CountyView:
    """The county at a view: year, day, position and rulebook.

    A view says the same for ever, so nothing cached here becomes stale. `evidence` has the text of
    an adopted policy, if there is one; `kept` has what earlier positions gave, to build on.
    """

    def __init__(
        self,
        ledger: Ledger,
        view: View,
        evidence: EvidenceStore | None = None,
        kept: KeptParts | None = None,
    ) -> None:
        self.ledger = ledger
        self.view = view
        self._evidence = evidence
        self._kept = KeptParts() if kept is None else kept
        self._county_parts = CountyParts(ledger, view, self._kept)
        self._parts: dict[tuple[object, ...], Any] = {}
        self._condition = Condition()

    @property
    def whole(self) -> str:
        """What the whole of it is called: 全县, or 全市 where the projects are of members."""
        if self.view.projects is None:
            return page_words.WHOLE_COUNTY
        return member_words.whole_region(self.view.rulebook.rulebook.issuer)

    def source_of(
        self,
        unit: str,
        code: str,
    ) -> tuple[Ledger, View, Stream]:
        """Where the events of a unit's project are: a ledger, the view of it, the stream."""
        return self.ledger, self.view, Stream("project", code)

    @property
    def standing(self) -> str:
        """How many members a region's figures count; empty for a county."""
        return ""

    @property
    def members_state(self) -> Hashable:
        """What of a region's members the view rests on; None for a county."""
        return None

    # Scores

    @_computed_once
    def scores(self) -> list[UnitScore]:
        """Every unit's score, by sequence and rank."""
        return self._result(self.view).scores

    @_computed_once
    def _result(self, view: View) -> Result:
        """The scores on a day of the view's year, with the lines that the board looks at."""
        return result_of_parts(self.ledger, view, self._county_parts)

    def score_of(self, unit: str) -> UnitScore:
        """A registered unit's score."""
        return next(score for score in self.scores() if score.unit == unit)

    @_computed_once
    def explanations(self) -> dict[str, Explanation]:
        """Each unit's points, with what each of them rests on."""
        return explain_units(self.ledger, self.view)

    @_computed_once
    def policy(self) -> PolicySource:
        """The text of the policy that the view's rulebook encodes."""
        adoptions = county_facts(self.ledger, self.view.position).adoptions
        return policy_source(self.view.rulebook, adoptions, self._evidence)

    @_computed_once
    def months(self) -> list[MonthOverview]:
        """Scores, ranks and targets at the month ends of the year."""
        return monthly_overviews(self.ledger, self.view)

    @_computed_once
    def board(self) -> MonthBoard | None:
        """The board of the day's month; None if the day lies before the year.

        Its lists are the very same as at an earlier position where all that they rest on is.
        """
        if self.view.as_of.year != self.view.year:
            return None
        month = f"{self.view.as_of:%Y-%m}"
        earlier = previous_month(month)
        scores_before: list[UnitScore] = []
        if earlier is not None:
            scores_before = self._result(view_of_month(self.view, earlier)).scores
        result = self._result(self.view)
        listed_units = units_with_listings(self.ledger, result)
        board = self._county_parts.derived(
            "board",
            (result.scores, result.lines, listed_units, scores_before),
            lambda: assemble_board(month, result, scores_before, listed_units),
        )
        return replace(board, result=result)

    def ranks_before(self) -> dict[str, int | None]:
        """Each unit's rank at the end of the month before the day's; empty in January.

        None for a unit out of the ranking.
        """
        board = self.board()
        return {} if board is None else board.before

    # Units and projects

    def kept_while_same(
        self,
        name: str,
        basis: tuple[object, ...],
        work_out: Callable[[], T],
    ) -> T:
        """What follows from its basis and the axes alone, from an earlier position if it was there.

        It stands while each part of the basis is the very same.
        """
        return self._kept.while_same(name, self.view.position, basis, work_out)

    @_computed_once
    def units(self) -> UnitsOfDay:
        """The units that are there, in the order of their registration."""
        return self._county_parts.units(self.view)

    @_computed_once
    def projects(self) -> Mapping[str, JudgedProject]:
        """Every project that exists by the day, judged, by its code."""
        return self._county_parts.projects()

    @_computed_once
    def project_labels(self) -> Mapping[str, ProjectLabel]:
        """What each project is called, and whose it is, by its code."""
        labels = self._county_parts.collected("labels", self.view, ProjectLabels, project_label)
        return labels.by_code

    def project_sums(
        self,
        name: str,
        additions_of: Callable[[JudgedProject], Iterable[Addition]],
    ) -> Mapping[Hashable, Fraction]:
        """The sums of what each project adds, by key; a name stands for one way to add."""
        sums = self._county_parts.collected(name, self.view, ProjectSums, additions_of)
        return sums.amounts

    @_computed_once
    def resources(self) -> dict[str, ResourceDetails]:
        """Every resource that is listed by the day, by its code."""
        details = resource_details(self.ledger, self.view)
        return {each.row.resource: each for each in details}

    @_computed_once
    def projects_by_stage(self) -> dict[str, dict[str, int]]:
        """Unit → node → projects that reached it."""
        return projects_by_stage(self.projects().values())

    # Targets, deadlines and task sheets

    @_computed_once
    def targets(self) -> list[TargetProgress]:
        """The year's targets, and what is reached of them by the day."""
        return targets_of_parts(self.ledger, self.view, self._county_parts)

    @_computed_once
    def reached_a_year_before(self) -> dict[str, Fraction]:
        """What was reached of the county's targets by the same day of the year before."""
        before = a_year_before(self.view)
        if before is None:
            return {}
        targets = targets_of_parts(self.ledger, before, self._county_parts)
        return self._county_parts.derived(
            "reached a year before",
            (targets,),
            lambda: county_amounts(targets),
        )

    @_computed_once
    def deadlines(self) -> list[DeadlineRow]:
        """What is due, the most urgent first; nothing if the rulebook watches no deadlines."""
        return deadlines_of_parts(self.view, self._county_parts)

    @_computed_once
    def open_tasks(self) -> list[TaskRow]:
        """The tasks that are not cleared, the longest overdue first."""
        return open_tasks_of_parts(self.view, self._county_parts)

    @_computed_once
    def due_sheets(self) -> list[DueSheet]:
        """The sheets that ought to be issued by the day (日清)."""
        return due_sheets_of_parts(self.view, self._county_parts)

    def time_correction_lines(self) -> list[str]:
        """Which record times were corrected; never from memory, as corrections count backwards."""
        rows = time_corrections(self.ledger, self.view.position, self.view.known_at)
        return [printed_time_correction(row) for row in rows]

    # Verification, which asks about the stored bytes as they are now: never from memory, since an
    # edited event changes them without moving the head

    def verification(self) -> verification.VerificationResult:
        """Whether every stored byte still gives the tree."""
        return verification.verify(self.ledger)

    def publications(self) -> list[PublicationCheck]:
        """Each published result, and what computing it again gives."""
        return check_publications(self.ledger)
