"""The county at a view, each part computed when first asked for and cached for later readers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from operator import attrgetter
from threading import Condition, Lock
from typing import Any, Final, TypeVar, cast

from cachetools import LRUCache, TTLCache, cachedmethod

from commands.intake.policy_sources import PolicySource, policy_source
from commands.words import member_words, page_words
from commands.words.record_time_words import printed_time_correction
from lifecycle.ledger import verification
from lifecycle.ledger.evidence_store import EvidenceStore
from lifecycle.ledger.store import Ledger
from lifecycle.rulebook import LoadedRulebook
from projections.audit.publication_problems import check_publications
from projections.audit.publications import PublicationCheck
from projections.facts.county_facts import CountyFacts, county_facts
from projections.facts.units_of_day import UnitsOfDay
from projections.scoring import rulebook_in_force
from projections.scoring.evaluation import evaluate
from projections.scoring.explanation import Explanation, explain_units
from projections.scoring.judged_history import facts_at, judged_facts
from projections.scoring.judgement import JudgedProject
from projections.scoring.plots_of_projects import plots_at
from projections.scoring.prepared_policy import prepared
from projections.scoring.result_view import View
from projections.scoring.unit_scores import UnitScore
from projections.scoring.units_of_view import units_at
from projections.views.board_view import MonthBoard, month_board
from projections.views.county_overview import MonthOverview, monthly_overviews, projects_by_stage
from projections.views.deadline_view import DeadlineRow, listed_deadlines
from projections.views.project_deadlines import project_deadlines
from projections.views.record_time_view import time_corrections
from projections.views.resource_view import ResourceDetails, resource_details
from projections.views.sheet_view import (
    DueSheet,
    TaskRow,
    project_due_sheets,
    project_task_rows,
)
from projections.views.target_view import (
    TargetProgress,
    TargetShare,
    project_target_shares,
    target_progress,
    targets_in_force,
)
from projections.views.year_comparison import reached_a_year_before

M = TypeVar("M", bound=Callable[..., Any])

# With every recorded event the present view is another one; a few older ones stay in use.
_VIEWS: Final = 6
# Seconds for which pages stay at a position. Readers share what was computed for it, however fast
# clerks record.
HOLD: Final = 5.0


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
    an adopted policy, if there is one.
    """

    def __init__(
        self,
        ledger: Ledger,
        view: View,
        evidence: EvidenceStore | None = None,
    ) -> None:
        self.ledger = ledger
        self.view = view
        self._evidence = evidence
        self._parts: dict[tuple[object, ...], Any] = {}
        self._condition = Condition()

    @property
    def whole(self) -> str:
        """What the whole of it is called: 全县, or 全市 where the projects are of members."""
        if self.view.projects is None:
            return page_words.WHOLE_COUNTY
        return member_words.whole_region(self.view.rulebook.rulebook.issuer)

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
        return evaluate(self.ledger, self.view).scores

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
        """The board of the day's month; None if the day lies before the year."""
        if self.view.as_of.year != self.view.year:
            return None
        return month_board(self.ledger, self.view, f"{self.view.as_of:%Y-%m}")

    def ranks_before(self) -> dict[str, int | None]:
        """Each unit's rank at the end of the month before the day's; empty in January.

        None for a unit out of the ranking.
        """
        board = self.board()
        return {} if board is None else board.before

    # Units and projects

    @_computed_once
    def units(self) -> UnitsOfDay:
        """The units that are there, in the order of their registration."""
        return units_at(self.ledger, self.view)

    @_computed_once
    def projects(self) -> dict[str, JudgedProject]:
        """Every project that exists by the day, judged, by its code."""
        policy, axes = prepared(self.view.rulebook), self.view.axes
        plots = plots_at(self.ledger, self.view)
        projects = {}
        with facts_at(self.ledger, self.view) as facts:
            for project in judged_facts(facts, policy, axes, self.units(), plots):
                projects[project.facts.code] = project
        return projects

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
        targets = targets_in_force(self.ledger, self.view, self.units())
        shares: list[TargetShare] = []
        for project in self.projects().values():
            shares += project_target_shares(project)
        return target_progress(targets, shares, self.units())

    @_computed_once
    def reached_a_year_before(self) -> dict[str, Fraction]:
        """What was reached of the county's targets by the same day of the year before."""
        return reached_a_year_before(self.ledger, self.view)

    @_computed_once
    def deadlines(self) -> list[DeadlineRow]:
        """What is due, the most urgent first; nothing if the rulebook watches no deadlines."""
        levels = self.view.rulebook.rulebook.deadline_levels
        deadlines = []
        for project in self.projects().values():
            deadlines += project_deadlines(project)
        return listed_deadlines(deadlines, self.view.as_of, levels)

    @_computed_once
    def tasks(self) -> list[TaskRow]:
        """Every task that was ever assigned."""
        tasks = []
        for project in self.projects().values():
            tasks += project_task_rows(project)
        return tasks

    @_computed_once
    def due_sheets(self) -> list[DueSheet]:
        """The sheets that ought to be issued by the day (日清)."""
        sheets: list[DueSheet] = []
        for project in self.projects().values():
            sheets += project_due_sheets(project)
        return sorted(sheets, key=attrgetter("place"))

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


class CountyViews:
    """The county at the views that readers ask for; the last of them are kept."""

    def __init__(
        self,
        ledger: Ledger,
        evidence: EvidenceStore | None = None,
        *,
        hold: float = HOLD,
    ) -> None:
        self._ledger = ledger
        self._evidence = evidence
        self._lock = Lock()
        self._counties: LRUCache[View, CountyView] = LRUCache(_VIEWS)
        self._facts: LRUCache[int, CountyFacts] = LRUCache(_VIEWS)
        self._positions: TTLCache[str, int] = TTLCache(1, ttl=hold)

    @cachedmethod(attrgetter("_positions"), lock=attrgetter("_lock"))
    def position(self) -> int:
        """Where the pages stand: at the ledger's end, as it was a few seconds ago at most."""
        return self._ledger.head().position

    @cachedmethod(attrgetter("_facts"), lock=attrgetter("_lock"))
    def facts_at(self, position: int) -> CountyFacts:
        """What the county's own events say by a position."""
        return county_facts(self._ledger, position)

    def adopted(self) -> list[LoadedRulebook]:
        """The rulebooks adopted by where the pages stand."""
        return rulebook_in_force.adopted(self.facts_at(self.position()))

    def at(self, view: View) -> CountyView:
        """The county at a view."""
        return self._county(view)

    @cachedmethod(attrgetter("_counties"), lock=attrgetter("_lock"))
    def _county(self, view: View) -> CountyView:
        return CountyView(self._ledger, view, self._evidence)
