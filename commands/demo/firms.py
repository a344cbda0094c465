"""Invented firms and the projects they bring: a name, an investor with a valid credit code, a size, traits."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from commands.demo import names
from commands.demo.days import moment, working_from
from commands.demo.life import Venture

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_SIZES = {  # 固定资产投资规模 in 万元: from, to, step; weight
    "industrial": (
        (1200, 1900, 50, 3),
        (2100, 4800, 50, 26),
        (5000, 9700, 100, 42),
        (10000, 28000, 500, 9),
        (30000, 50000, 1000, 3),
        (52000, 76000, 1000, 1),
    ),
    "cultural_tourism": (
        (900, 1900, 50, 5),
        (2000, 4800, 100, 42),
        (5000, 9500, 100, 26),
        (10000, 26000, 500, 8),
    ),
    "agricultural": (
        (450, 950, 50, 5),
        (1000, 2900, 50, 48),
        (3000, 8000, 100, 25),
        (10000, 14000, 500, 3),
    ),
    "service": ((80, 400, 10, 30), (500, 1200, 50, 12)),
    "real_estate": ((24000, 58000, 1000, 1),),
    "real_estate_balanced": ((16000, 32000, 1000, 1),),
    "other": ((1500, 6800, 100, 5), (10000, 16000, 500, 1)),
}
_LARGE = {2021: 7, 2022: 7, 2023: 2, 2024: 1}
_REPORTING_DAYS = {2021: 340, 2022: 340, 2023: 340, 2024: 300}


def credit_code(area: str, rng: random.Random) -> str:
    """A unified social credit code of GB 32100-2015, both of its check characters right."""
    organisation = "MA" + "".join(rng.choice(_ALPHABET) for _ in range(6))
    total = sum(
        int(char, 36) * weight
        for char, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)
    )
    code = f"91{area}{organisation}" + "0123456789X"[(11 - total % 11) % 11]
    check = sum(
        _ALPHABET.index(char) * weight for char, weight in zip(code, _CODE_WEIGHTS, strict=True)
    )
    return code + _ALPHABET[(31 - check % 31) % 31]


def lead_person(unit: str, which: int) -> str:
    """One of the invented people who lead a unit's projects; the same unit and number, the same person."""
    rng = random.Random(f"{unit}/{which}")
    return rng.choice(names.SURNAMES) + rng.choice(names.GIVEN)


class Registry:
    """Draws projects and firms whose names do not repeat."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._taken: set[str] = set()

    def venture(self, unit: names.Unit, year: int, number: int) -> Venture:
        """One of the projects that the unit reports in the year; its chances are its own."""
        luck = f"{self._seed}/{unit.name}/{year}/{number}"
        rng = random.Random(f"{luck}/firm")
        sector, chain = _draw_sector(unit.flavour, rng)
        suffix, title = self._fresh(lambda: _title(sector, chain, rng))
        near = rng.choices(("home", "near", "far"), (8, 50, 42))[0]
        area, investor = self._fresh(lambda: _firm(near, suffix, rng))
        upgrade = near == "home" and sector == "industrial"
        fixed = _size(sector, year, rng)
        fixed *= 3 if upgrade and fixed < 10000 else 1
        day = working_from(date(year, 1, 4) + timedelta(days=rng.randrange(_REPORTING_DAYS[year])))
        return Venture(
            unit=unit.name,
            reported=moment(day, rng.randint(8, 17), rng.randint(0, 59)),
            name=_name(investor.removesuffix(suffix)[2:], title, sector, upgrade=upgrade),
            investor=investor,
            investor_code=credit_code(area, rng) if rng.random() < 0.9 else None,
            sector=sector,
            investment=Decimal(fixed * rng.randint(112, 145) // 1000 * 10),
            fixed_assets=Decimal(fixed)
            + Decimal(rng.choice(("0", "0", "0", "0", "36.5", "60", "-25.8"))),
            outside_ratio=_ratio(near, rng),
            kind="technical_upgrade" if upgrade else "new",
            traits=_traits(near, rng),
            chains=(chain,) if chain else (),
            site=_site(sector, fixed, rng),
            government_funded=rng.random() < 0.015,
            meets_city_standard=upgrade and rng.random() < 0.6,
            lead_person=lead_person(unit.name, rng.randint(1, 3)) if rng.random() < 0.85 else None,
            luck=luck,
        )

    def _fresh(self, draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        """What `draw` gives, once its second part is one not seen before."""
        first, text = draw()
        while text in self._taken:
            first, text = draw()
        self._taken.add(text)
        return first, text


def _draw_sector(flavour: str, rng: random.Random) -> tuple[str, str | None]:
    """A sector, and the chain of an industrial project on one."""
    drawn = rng.choices(range(6), names.FLAVOURS[flavour])[0]
    if drawn == 0:
        return "industrial", rng.choices(list(names.CHAIN_GOODS), (10, 8, 7, 3, 4))[0]
    if drawn == 4:
        return "service", rng.choices(("digital_economy", None), (2, 5))[0]
    rest = rng.choices(("real_estate", "real_estate_balanced", "other"), (3, 2, 5))[0]
    return ("industrial", "cultural_tourism", "agricultural", "", rest)[drawn - 1], None


def _title(sector: str, chain: str | None, rng: random.Random) -> tuple[str, str]:
    """The suffix of a firm in that trade, and what it would build."""
    if sector == "industrial":
        suffix, goods, pattern, scales = names.CHAIN_GOODS[chain] if chain else names.PLAIN_GOODS
        return suffix, pattern.format(n=rng.choice(scales), p=rng.choice(goods))
    trades = {
        "cultural_tourism": names.TOURISM,
        "agricultural": names.FARMING,
        "service": names.SERVICE,
        **names.REST,
    }
    suffix, heads, tails = trades[sector]
    return suffix, rng.choice(heads) + rng.choice(tails)


def _name(brand: str, title: str, sector: str, *, upgrade: bool) -> str:
    """The project's full name; where many make alike things the brand tells them apart."""
    begin = brand if sector in ("industrial", "service") else ""
    return (
        begin
        + title
        + ("技术改造" if upgrade else "")
        + ("" if title.endswith(("中心", "基地", "区")) else "项目")
    )


def _firm(near: str, suffix: str, rng: random.Random) -> tuple[str, str]:
    """The area code of a firm's city, and its name."""
    cities = {"home": names.HOME, "near": names.NEAR_CITIES, "far": names.FAR_CITIES}[near]
    city = rng.choice(list(cities))
    return cities[city], city + rng.choice(names.BRANDS) + suffix


def _size(sector: str, year: int, rng: random.Random) -> int:
    """The planned fixed assets, mostly below a hundred million yuan; the large ones were found in earlier years."""
    bands = _SIZES[sector]
    weights = [weight * (1 if low < 10000 else _LARGE[year]) for low, _, _, weight in bands]
    low, high, step, _ = rng.choices(bands, weights)[0]
    return rng.randrange(low, high + 1, step)


def _ratio(near: str, rng: random.Random) -> str:
    """The share of investment from outside the county; home firms bring little."""
    if near == "home":
        return rng.choice(("0.2", "0.25", "0.35", "0.4"))
    return rng.choices(("1", "0.8", "0.65", "0.51", "0.3", "0.28"), (60, 12, 10, 9, 5, 4))[0]


def _traits(near: str, rng: random.Random) -> tuple[str, ...]:
    """What kind of investor it is."""
    traits = ["out_of_province"] if near == "far" else []
    if rng.random() < 0.2:
        rare = (
            "specialised",
            "listed",
            "state_owned",
            "top500_private",
            "central_soe",
            "unicorn",
            "foreign",
        )
        traits.append(rng.choices(rare, (40, 18, 14, 10, 6, 5, 7))[0])
    return tuple(traits)


def _site(sector: str, fixed: int, rng: random.Random) -> str:
    """Where it settles; only the smaller ones fit into what stands already."""
    if sector == "industrial" and fixed < 10000 and rng.random() < 0.3:
        return "standard_factory"
    if sector == "cultural_tourism" and fixed < 10000 and rng.random() < 0.35:
        return "idle_revitalised"
    return "standard_factory" if sector == "service" and rng.random() < 0.1 else "new_land"
