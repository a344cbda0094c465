"""The vocabularies of the policy, as stored (spec 1); commands/words has their terms.

Seven of them are open: the words here are built in, and a rulebook declares further ones (spec 6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from pydantic_core import PydanticCustomError

from lifecycle.events.read_by import CheckedText
from lifecycle.rejections import msg

Stage = Literal[
    "information", "consultation", "signing", "land", "filing", "statistics", "investment"
]
MilestoneName = Literal[
    "construction_started", "completed", "production_started", "full_production"
]
Sector = Literal[
    "industrial",
    "cultural_tourism",
    "agricultural",
    "service",
    "real_estate",
    "real_estate_balanced",
    "other",
]
ProjectKind = Literal["new", "technical_upgrade"]
InvestorTrait = Literal[
    "out_of_province",
    "foreign",
    "unicorn",
    "specialised",
    "state_owned",
    "central_soe",
    "listed",
    "top500_private",
]
Chain = Literal["silicone", "sugar_alcohol", "pv_semiconductor", "cards", "digital_economy"]
SiteKind = Literal["new_land", "standard_factory", "idle_revitalised"]
ConsultationOutcome = Literal["passed", "rejected", "deferred"]
AssessmentResult = Literal["fulfilled", "unfulfilled"]
AssessmentMethod = Literal["written", "on_site", "both"]
Category = Literal[
    "township", "department", "outpost_group", "area_group", "industry_squad", "landing_group"
]
SecondmentGroup = Literal["area_group", "landing_group"]
Award = Literal["招商能手", "双招双引能手"]
LandingFailure = Literal["not_first_time", "absent_from_decision"]
BoardColour = Literal["red", "black"]
Meeting = Literal[
    "monthly_consultation", "quarterly_joint", "half_year_promotion", "annual_summary", "ad_hoc"
]
ResourceKind = Literal["plot", "standard_plant", "idle_plant", "building", "tourism_asset"]
PriceUnit = Literal["mu", "m2_year"]
ResourceStatus = Literal["free", "partly", "taken", "withdrawn"]
Basis = Literal["policy", "interpretation", "assumption"]

WordList = Literal["stages", "traits", "sectors", "chains", "sites", "categories", "figures"]
"""The vocabularies to which a rulebook adds words."""

WORD_LISTS: Final[tuple[WordList, ...]] = get_args(WordList)

WORD: Final = "^[a-z][a-z0-9_]{0,39}$"
"""What a declared word looks like as it is stored."""

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""The seven nodes (重要节点), in order: 考(三)."""

MILESTONES: Final[tuple[MilestoneName, ...]] = get_args(MilestoneName)
"""What is reached after the seven nodes, in order: further stages to measures and filters."""

ReachedStage = Stage | MilestoneName
"""A stage that a rule may ask for; schedules and tasks have the seven nodes alone."""

REACHED_STAGES: Final[tuple[str, ...]] = (*STAGES, *MILESTONES)
"""Every stage that a project may reach, in order."""

RESOURCE_KINDS: Final[tuple[ResourceKind, ...]] = get_args(ResourceKind)
"""What the county offers."""

RESOURCE_STATUSES: Final[tuple[ResourceStatus, ...]] = get_args(ResourceStatus)
"""How much of a resource is taken; no event stores it."""

SECTORS: Final[tuple[Sector, ...]] = get_args(Sector)
"""What a project belongs to."""

BUILT_IN: Final[dict[WordList, tuple[str, ...]]] = {
    "stages": REACHED_STAGES,
    "traits": get_args(InvestorTrait),
    "sectors": SECTORS,
    "chains": get_args(Chain),
    "sites": get_args(SiteKind),
    "categories": get_args(Category),
    "figures": (),
}
"""The words that every rulebook has, by vocabulary."""

_WORD: Final = re.compile(WORD)


@dataclass(frozen=True, slots=True)
class OpenWords(CheckedText):
    """A validator of the words of an open vocabulary: those built in, and whatever looks like one.

    Which words are declared depends on the ledger: deciding looks at it, reading does not.
    """

    word_list: WordList
    built_in: tuple[str, ...]


def _open_words(word_list: WordList, built_in: tuple[str, ...]) -> OpenWords:
    built_in_words = frozenset(built_in)

    def check(word: str) -> str:
        if word in built_in_words or _WORD.fullmatch(word):
            return word
        raise PydanticCustomError(
            "vocabulary",
            msg("must be one of {expected}"),
            {"expected": list(built_in), "word_list": word_list},
        )

    return OpenWords(check, word_list, built_in)


SectorWord = Annotated[str, _open_words("sectors", SECTORS)]
TraitWord = Annotated[str, _open_words("traits", BUILT_IN["traits"])]
ChainWord = Annotated[str, _open_words("chains", BUILT_IN["chains"])]
SiteWord = Annotated[str, _open_words("sites", BUILT_IN["sites"])]
CategoryWord = Annotated[str, _open_words("categories", BUILT_IN["categories"])]
MilestoneWord = Annotated[str, _open_words("stages", MILESTONES)]
"""A stage after the seven nodes; the nodes have events of their own."""
FigureWord = Annotated[str, _open_words("figures", ())]
