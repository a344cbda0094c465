"""Invented firms and their projects: name, investor with a valid credit code, size, traits.

The order in which chances are drawn is part of the county: another order is another county.
"""

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from commands.demo.county_data import CountyUnit, firm_names, people
from commands.demo.demo_calendar import moment, working_day_from
from commands.demo.project_life import Venture

# The letters of a credit code: those that cannot be taken for another one.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100-2015: the weights are the powers of 3 modulo 31.
_CODE_WEIGHTS = [pow(3, place, 31) for place in range(17)]
# GB 11714-1997, of the eight digits of the organisation within the code.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_LARGE_PROJECT = 10000
# Earlier years brought more of the large projects that carry the county's funds.
_LARGE_WEIGHTS = {2021: 7, 2022: 7, 2023: 2, 2024: 1}
# Of 2024's projects, none is reported in the last two months.
_REPORTING_DAYS = {2021: 340, 2022: 340, 2023: 340, 2024: 300}

# Weights of what is drawn, by name. Most firms come from the cities of the province.
_ORIGINS = {
    "home": 8,
    "near": 50,
    "far": 42,
}
# In the order of the flavours' weights in firms.toml; the last stands for the other sectors.
_SECTOR_CHOICES = (
    "chain",
    "industrial",
    "cultural_tourism",
    "agricultural",
    "service",
    "",
)
_SERVICE_CHAINS = {
    "digital_economy": 2,
    "": 5,
}
_OTHER_SECTORS = {
    "real_estate": 3,
    "real_estate_balanced": 2,
    "other": 5,
}
_OUTSIDE_RATIOS = {
    "1": 60,
    "0.8": 12,
    "0.65": 10,
    "0.51": 9,
    "0.3": 5,
    "0.28": 4,
}
_RARE_TRAITS = {
    "specialised": 40,
    "listed": 18,
    "state_owned": 14,
    "top500_private": 10,
    "central_soe": 6,
    "unicorn": 5,
    "foreign": 7,
}


def credit_code(area: str, rng: random.Random) -> str:
    """A unified social credit code (GB 32100-2015) with both of its check characters right."""
    organisation = "MA"
    for _ in range(6):
        organisation += rng.choice(_ALPHABET)
    total = 0
    for character, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True):
        total += int(character, 36) * weight
    code = f"91{area}{organisation}" + "0123456789X"[(11 - total % 11) % 11]
    check = 0
    for character, weight in zip(code, _CODE_WEIGHTS, strict=True):
        check += _ALPHABET.index(character) * weight
    return code + _ALPHABET[(31 - check % 31) % 31]


def lead_person(unit: str, number: int) -> str:
    """An invented person who leads projects of a unit; the same number is the same person."""
    rng = random.Random(f"{unit}/{number}")
    return rng.choice(people().surnames) + rng.choice(people().given_names)


def _weighted_choice(rng: random.Random, weights: Mapping[str, int]) -> str:
    """One of the names, drawn by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


class _FirmDraw(NamedTuple):
    """A firm's city code, name and the part of the name that says its trade."""

    area: str
    name: str
    suffix: str

    @property
    def brand(self) -> str:
        """The name without city and trade."""
        return self.name.removesuffix(self.suffix)[2:]


class VentureRegistry:
    """Draws projects and firms whose names never repeat."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._names: set[str] = set()

    def draw(
        self,
        unit: CountyUnit,
        year: int,
        number: int,
    ) -> Venture:
        """A project that the unit reports in the year; its chances depend on nothing else."""
        luck = f"{self._seed}/{unit.name}/{year}/{number}"
        rng = random.Random(f"{luck}/firm")
        sector, chain = _sector(unit.flavour, rng)
        suffix, title = self._unused(lambda: _title(sector, chain, rng))
        origin = _weighted_choice(rng, _ORIGINS)
        firm = _FirmDraw(*self._unused(lambda: _firm(origin, suffix, rng)), suffix)
        is_upgrade = origin == "home" and sector == "industrial"
        fixed_assets = _fixed_assets(sector, year, rng)
        if is_upgrade and fixed_assets < _LARGE_PROJECT:
            fixed_assets *= 3
        return Venture(
            unit=unit.name,
            reported=_reported(year, rng),
            name=_project_name(firm.brand, title, sector, is_upgrade=is_upgrade),
            investor=firm.name,
            investor_code=credit_code(firm.area, rng) if rng.random() < 0.9 else None,
            sector=sector,
            investment=Decimal(fixed_assets * rng.randint(112, 145) // 1000 * 10),
            fixed_assets=Decimal(fixed_assets) + _odd_amount(rng),
            outside_ratio=_outside_ratio(origin, rng),
            kind="technical_upgrade" if is_upgrade else "new",
            traits=_traits(origin, rng),
            chains=(chain,) if chain else (),
            site=_site(sector, fixed_assets, rng),
            government_funded=rng.random() < 0.015,
            meets_city_standard=is_upgrade and rng.random() < 0.6,
            lead_person=_drawn_lead_person(unit.name, rng),
            luck=luck,
        )

    def _unused(self, draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        """Draw again until the second part is a name not drawn before."""
        first, name = draw()
        while name in self._names:
            first, name = draw()
        self._names.add(name)
        return first, name


def _sector(flavour: str, rng: random.Random) -> tuple[str, str | None]:
    """A sector, and the chain of an industrial or service project that belongs to one."""
    choice = rng.choices(_SECTOR_CHOICES, firm_names().flavours[flavour])[0]
    if choice == "chain":
        chains = firm_names().chains
        weights = {name: industry.weight for name, industry in chains.items()}
        return "industrial", _weighted_choice(rng, weights)
    if choice == "service":
        return choice, _weighted_choice(rng, _SERVICE_CHAINS) or None
    # Drawn whether needed or not: the draws that follow depend on it.
    other_sector = _weighted_choice(rng, _OTHER_SECTORS)
    return (choice or other_sector), None


def _title(
    sector: str,
    chain: str | None,
    rng: random.Random,
) -> tuple[str, str]:
    """The suffix of a firm in that trade, and what it would build."""
    names = firm_names()
    if sector == "industrial":
        industry = names.chains[chain] if chain else names.other_industry
        scale = rng.choice(industry.scales)
        product = rng.choice(industry.products)
        return industry.firm_suffix, industry.undertaking.format(scale=scale, product=product)
    trade = names.trades[sector]
    return trade.firm_suffix, rng.choice(trade.heads) + rng.choice(trade.tails)


def _firm(
    origin: str,
    suffix: str,
    rng: random.Random,
) -> tuple[str, str]:
    """The area code of a firm's city, and the firm's name."""
    cities = firm_names().cities[origin]
    city = rng.choice(list(cities))
    return cities[city], city + rng.choice(firm_names().brands) + suffix


def _project_name(
    brand: str,
    title: str,
    sector: str,
    *,
    is_upgrade: bool,
) -> str:
    """The project's full name, with the brand where many firms make similar things."""
    name = title
    if sector in ("industrial", "service"):
        name = brand + name
    if is_upgrade:
        name += "技术改造"
    if title.endswith(("中心", "基地", "区")):
        return name
    return f"{name}项目"


def _reported(year: int, rng: random.Random) -> datetime:
    first = date(year, 1, 4)
    day = working_day_from(first + timedelta(days=rng.randrange(_REPORTING_DAYS[year])))
    return moment(day, rng.randint(8, 17), rng.randint(0, 59))


def _fixed_assets(
    sector: str,
    year: int,
    rng: random.Random,
) -> int:
    """Planned fixed assets in 万元, mostly below a hundred million yuan."""
    bands = firm_names().sizes[sector]
    weights = []
    for band in bands:
        is_large = band.low >= _LARGE_PROJECT
        weights.append(band.weight * (_LARGE_WEIGHTS[year] if is_large else 1))
    band = rng.choices(bands, weights)[0]
    return rng.randrange(band.low, band.high + 1, band.step)


def _odd_amount(rng: random.Random) -> Decimal:
    """What makes some plans no round number."""
    return Decimal(rng.choice(("0", "0", "0", "0", "36.5", "60", "-25.8")))


def _outside_ratio(origin: str, rng: random.Random) -> str:
    """The share of investment from outside the county; firms of the county bring little."""
    if origin == "home":
        return rng.choice(("0.2", "0.25", "0.35", "0.4"))
    return _weighted_choice(rng, _OUTSIDE_RATIOS)


def _traits(origin: str, rng: random.Random) -> tuple[str, ...]:
    """What kind of investor it is."""
    traits = []
    if origin == "far":
        traits.append("out_of_province")
    if rng.random() < 0.2:
        traits.append(_weighted_choice(rng, _RARE_TRAITS))
    return tuple(traits)


def _site(
    sector: str,
    fixed_assets: int,
    rng: random.Random,
) -> str:
    """Where it settles; only smaller projects fit into existing buildings."""
    is_small = fixed_assets < _LARGE_PROJECT
    if sector == "industrial" and is_small and rng.random() < 0.3:
        return "standard_factory"
    if sector == "cultural_tourism" and is_small and rng.random() < 0.35:
        return "idle_revitalised"
    if sector == "service" and rng.random() < 0.1:
        return "standard_factory"
    return "new_land"


def _drawn_lead_person(unit: str, rng: random.Random) -> str | None:
    # The number is drawn only for reports that name a person.
    if rng.random() >= 0.85:
        return None
    return lead_person(unit, rng.randint(1, 3))
