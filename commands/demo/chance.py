"""The lives that chance gives: a reported project walks through the nodes, on time or late, or stops on the way."""

import random
from datetime import date, timedelta
from decimal import Decimal

from commands.demo import names
from commands.demo.days import month_after, month_end, months_between, working_from
from commands.demo.life import (
    Fact,
    Life,
    Venture,
    assessed,
    consulted,
    ended,
    entered,
    figure,
    filed,
    land,
    moved,
    plan,
    signed,
    tax,
)

_LUCK = 50  # chosen among a hundred: with the seed 2024 it gives a believable year
HORIZON = date(2024, 12, 31)
_GAPS = {  # days from the node before, as planned
    "signing": (25, 70),
    "land": (45, 120),
    "filing": (12, 40),
    "statistics": (45, 140),
    "investment": (20, 45),
}
_UNDUE = (
    "前期要素保障调整，顺延计划",
    "企业设备采购周期延长",
    "地块平整交付推迟，经联席会议同意调整",
    "规划方案优化，重排节点",
)
_ENDINGS = (
    "企业战略调整，协议解除",
    "投资方资金链出现问题，终止合作",
    "用能指标未落实，双方协商终止",
    "市场变化，企业放弃投资",
)
_LOOKED = (
    "项目按协议推进，设备已到位，协助办理用工招聘",
    "投产运行正常，产能利用约七成",
    "建设进度滞后，已约谈企业并明确时间表",
    "企业反映用电负荷不足，已协调供电部门",
    "协议约定事项基本兑现，无异常",
)


class Walk:
    """One venture's walk; `drive` (1 to 5) is how hard its unit pushes."""

    def __init__(self, venture: Venture, drive: int) -> None:
        self.venture, self.drive = venture, drive
        self.rng = random.Random(f"{venture.luck}/{_LUCK}")
        self.facts: list[Fact] = []
        self.reached: dict[str, date] = {}
        self.due: dict[str, date] = {}
        self.sound = self.rng.random() < 0.78 + 0.04 * drive

    def live(self) -> Life:
        """The whole life."""
        passed = self._consult()
        if passed:
            self._nodes(passed)
            self._plans(passed)
            self._figures()
            self._transfer()
            self._end()
            self._follow_up()
        return Life(self.venture, self.facts, care=30)

    def _consult(self) -> date | None:
        """Most pass at once, some after a deferral or a rejection, some never."""
        rng, fate = self.rng, self.rng.random()
        day = _later(self.venture.reported.date(), rng.randint(12, 50))
        if fate < 0.05:
            return None
        outcomes = (
            ["rejected"] if fate < 0.09 else ["deferred", "passed"] if fate < 0.17 else ["passed"]
        )
        if 0.17 <= fate < 0.20:
            outcomes.insert(0, "rejected")
        for outcome in outcomes:
            if day > HORIZON:
                return None
            self.facts.append(consulted(day, outcome))
            if outcome == "passed":
                return day
            day = _later(day, rng.randint(25, 60))
        return None

    def _nodes(self, passed: date) -> None:
        """Plan the nodes after the consultation and reach them, punctually or not, until one stalls."""
        rng = self.rng
        punctual = rng.random() < 0.25 + 0.1 * self.drive
        planned = actual = passed
        stalled = False
        for stage in self._path():
            planned += timedelta(days=rng.randint(*_GAPS[stage]))
            self.due[stage] = planned
            slip = rng.randint(-14, 3) if punctual else rng.randint(0, 55)
            actual = working_from(max(actual + timedelta(days=6), planned + timedelta(days=slip)))
            stalled = stalled or rng.random() < 0.03 + 0.02 * (5 - self.drive) or actual > HORIZON
            if not stalled:
                self._reach(stage, actual)

    def _path(self) -> tuple[str, ...]:
        if self.venture.sector == "service":
            return ("signing", "statistics", "investment")
        settled = self.venture.site != "new_land" or self.venture.kind == "technical_upgrade"
        return tuple(stage for stage in _GAPS if not (settled and stage == "land"))

    def _reach(self, stage: str, day: date) -> None:
        self.reached[stage] = day
        if stage == "signing":
            self.facts.append(signed(day, *self._contract(), late=self._lateness()))
        elif stage == "land":
            self.facts.append(self._land(day))
        elif stage == "filing":
            self.facts.append(filed(day))
        elif stage == "statistics":
            self.facts.append(entered(day, late=self._lateness()))

    def _lateness(self) -> int | None:
        """A few facts are entered a month or two after they happened."""
        return self.rng.randint(33, 70) if self.rng.random() < 0.05 else None

    def _contract(self) -> tuple[Decimal, Decimal]:
        """Contract amounts: usually what was planned, else somewhat more or less."""
        share = self.rng.choice((100, 100, 100, 96, 93, 105, 110))
        venture = self.venture
        return venture.investment * share // 1000 * 10, (
            venture.fixed_assets * share / 100
        ).quantize(Decimal("0.1"))

    def _land(self, day: date) -> Fact:
        """Industrial land is cheap, land for homes is not; the county's own firms hold a share in some."""
        rng, fixed = self.rng, int(self.venture.fixed_assets)
        if not self.venture.sector.startswith("real_estate"):
            area = max(6, fixed // rng.randint(220, 420))
            return land(
                day, Decimal(area) + Decimal(rng.randint(0, 99)) / 100, area * rng.randint(14, 28)
            )
        fee = fixed * rng.randint(34, 52) // 100
        return land(day, fixed // 420, fee, fee * rng.choice((0, 0, 30, 49)) // 100)

    def _plans(self, passed: date) -> None:
        """A schedule soon after the consultation, in some lives revised once."""
        rng = self.rng
        since = 2023 if rng.random() < 0.15 else 2024
        set_on = working_from(passed + timedelta(days=rng.randint(2, 9)))
        if rng.random() < 0.2 or passed.year < since or set_on >= min(self.due.values()):
            return
        self.facts.append(plan(set_on, self.due))
        still = {
            stage: due for stage, due in self.due.items() if self.reached.get(stage, HORIZON) > due
        }
        if not still or rng.random() > 0.3:
            return
        revised = working_from(min(still.values()) - timedelta(days=rng.randint(6, 14)))
        shift = timedelta(days=rng.randint(25, 60))
        moved_on = {stage: due + shift for stage, due in self.due.items() if due > revised}
        if set_on < revised <= HORIZON and moved_on:
            self.facts.append(plan(revised, moved_on, rng.choice(_UNDUE)))

    def _figures(self) -> None:
        """Monthly figures once in the statistics, or taxes once a service is signed."""
        if self.venture.sector == "service" and "signing" in self.reached:
            self._taxes(self.reached["signing"])
        elif "statistics" in self.reached:
            self._investments(self.reached["statistics"])

    def _investments(self, since: date) -> None:
        """The contract's sum spread unevenly over the building time; less of it where the project is not sound."""
        rng = self.rng
        scale = int(self.venture.fixed_assets)
        count = (
            rng.randint(7, 12)
            if scale < 10000
            else rng.randint(14, 20)
            if scale <= 50000
            else rng.randint(24, 32)
        )
        mean = (
            scale * (rng.randint(112, 127) if self.sound else rng.randint(25, 55)) // (100 * count)
        )
        first = month_after(f"{since:%Y-%m}", rng.choice((0, 0, 1)))
        for month in months_between(first, min(month_after(first, count - 1), "2024-12")):
            if rng.random() < 0.12:
                continue
            amount = Decimal(mean * rng.randint(45, 155)) / 100
            held = (
                {"self_held": amount // 3} if self.venture.sector == "real_estate_balanced" else {}
            )
            self.facts.append(figure(month, amount, self._lateness(), **held))

    def _taxes(self, since: date) -> None:
        """Monthly or quarterly payments of very different size; some never pay."""
        rng = self.rng
        base = rng.choices(
            (0, rng.randint(15, 60), rng.randint(120, 420), rng.randint(500, 1100)),
            (10, 22, 50, 18),
        )[0]
        quarterly = rng.random() < 0.75
        first = month_after(f"{since:%Y-%m}", rng.randint(1, 3))
        for month in (
            months_between(first, "2024-12") if base and "investment" in self.reached else ()
        ):
            if quarterly and month[5:] not in ("01", "04", "07", "10"):
                continue
            day = month_end(month).replace(day=rng.randint(8, 15)) if rng.random() < 0.15 else None
            amount = Decimal(base * (3 if quarterly else 1) * rng.randint(70, 130)) / 10000
            self.facts.append(tax(month, amount.quantize(Decimal("0.0001")), day, self._lateness()))

    def _transfer(self) -> None:
        """Outpost groups hand most signed projects over to a township or a department."""
        if (
            self.venture.unit.startswith("驻")
            and "signing" in self.reached
            and self.rng.random() < 0.62
        ):
            day = _later(self.reached["signing"], self.rng.randint(8, 60))
            takers = [
                unit
                for unit in names.UNITS
                if unit.category == "township" and unit.flavour != "green"
            ]
            taker = self.rng.choice(takers)
            if day <= HORIZON:
                self.facts.append(moved(day, unit=taker.name))

    def _end(self) -> None:
        """A few are terminated after signing; what would have come later did not."""
        if "signing" not in self.reached or self.rng.random() > (0.03 if self.sound else 0.3):
            return
        day = _later(max(self.reached.values()), self.rng.randint(60, 260))
        if day <= HORIZON:
            self.facts = [fact for fact in self.facts if fact.day < day]
            self.facts.append(ended(day, self.rng.choice(_ENDINGS)))

    def _follow_up(self) -> None:
        """Performance assessed in 2024 of what was signed before, and the half-yearly look-back."""
        signing = self.reached.get("signing")
        if signing is None or signing.year == 2024:
            return
        rng = self.rng
        over = any(fact.event == "ProjectTerminated" for fact in self.facts)
        if rng.random() < 0.8:
            failing = (
                0.7 if over or not self.sound else 0.06 if "statistics" in self.reached else 0.45
            )
            day = _later(rng.choice((date(2024, 6, 3), date(2024, 11, 4))), rng.randint(0, 24))
            method = rng.choice(("both", "both", "on_site", "written"))
            result = "unfulfilled" if rng.random() < failing else "fulfilled"
            self.facts.append(assessed(day, result, _assessor(self.venture.sector), method))
        for half, share in (("2023-05", 0.1), ("2023-11", 0.2), ("2024-05", 0.8), ("2024-11", 0.6)):
            if rng.random() < share and half[:4] > f"{signing:%Y}" and not over:
                day = _later(date.fromisoformat(half + "-06"), rng.randint(0, 40))
                self.facts.append(Fact("ReviewHeld", day, {"findings": rng.choice(_LOOKED)}))


def _later(day: date, days: int) -> date:
    """A working day, so many days later or soon after."""
    return working_from(day + timedelta(days=days))


def _assessor(sector: str) -> str:
    """The department that assesses performance in the sector."""
    departments = {
        "agricultural": "县农业农村局",
        "industrial": "县经信局",
        "cultural_tourism": "县文广旅体局",
    }
    return departments.get(sector, "县发改局")
