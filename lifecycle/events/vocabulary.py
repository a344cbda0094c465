"""The closed vocabularies of the policy, as stored (spec 1); commands/words has their terms."""

from __future__ import annotations

from typing import Final, Literal, get_args

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
