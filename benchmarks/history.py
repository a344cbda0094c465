"""A lawful ledger of any size: 60 units, projects of about 57 events each, entered by date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from heapq import heappop, heappush, heapreplace, merge
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from lifecycle.calendar import add_months

UNITS: Final = 60
EVENTS_PER_PROJECT: Final = 57
_CATEGORIES: Final = ("township", "department", "outpost_group")
_SECTORS: Final = (
    "industrial",
    "industrial",
    "service",
    "cultural_tourism",
    "industrial",
    "agricultural",
    "industrial",
    "other",
)
_TRAITS: Final = ((), ("out_of_province",), ("listed",), (), ("specialised", "out_of_province"))
_STAGES: Final = ("signing", "land", "statistics")
_SIGNS: Final = {"TaskAssigned": "交", "WarningIssued": "警", "TaskCleared": "销"}
_FIRST: Final = date(2021, 1, 4)
_LAST: Final = date(2024, 12, 31)

JsonRecord = dict[str, Any]


_WORDS: Final = (
    "光伏支架有机硅胶糖醇饮料竹木餐具茶叶精深加工医用敷料数字文创"
    "康养民宿冷链物流智能装备卡牌印制粮油仓储清水鱼养殖根雕研学"
)


def _name(index: int) -> str:
    """Return a project's name; few are equal."""
    drawn = [_WORDS[(index * step + step * step) % len(_WORDS)] for step in (7, 11, 13, 17, 19, 23)]
    return f"{''.join(drawn)}{index * 7919 % 10_007}号"


def unit(index: int) -> str:
    """Return a unit's name."""
    return f"第{index % UNITS + 1:02d}镇"


def records(events: int) -> Iterator[JsonRecord]:
    """Yield about `events` records by date, each as a line of JSONL would bring it."""
    yield from _units()
    yield from _numbered(_by_date(max(1, events // EVENTS_PER_PROJECT)))


def _units() -> Iterator[JsonRecord]:
    for index in range(UNITS):
        yield {
            "event": "UnitRegistered",
            "unit": unit(index),
            "occurred_on": "2021-01-01",
            "recorded_by": "clerk-01",
            "sequence": ("乡镇", "部门", "驻外招商组")[index % 3],
            "category": _CATEGORIES[index % 3],
        }


def begun(projects: int) -> Iterator[JsonRecord]:
    """Yield projects of three events each, for costs that grow with projects, not events."""
    yield from _units()
    for index in range(projects):
        yield from (record for _on, record in islice(_life(index, projects), 3))


def _by_date(projects: int) -> Iterator[tuple[date, JsonRecord]]:
    """Merge all projects by date; only those that have begun are in memory."""
    lives: list[tuple[date, int, JsonRecord, Iterator[tuple[date, JsonRecord]]]] = []
    for index in range(projects):
        life = _life(index, projects)
        begun, report = next(life)
        yield from _until(begun, lives)
        heappush(lives, (begun, index, report, life))
    yield from _until(date.max, lives)


def _until(
    day: date, lives: list[tuple[date, int, JsonRecord, Iterator[tuple[date, JsonRecord]]]]
) -> Iterator[tuple[date, JsonRecord]]:
    while lives and lives[0][0] < day:
        on, index, record, life = lives[0]
        yield on, record
        following = next(life, None)
        if following is None:
            heappop(lives)
        else:
            heapreplace(lives, (following[0], index, following[1], life))


def _numbered(records: Iterable[tuple[date, JsonRecord]]) -> Iterator[JsonRecord]:
    """Number the sheets in the order of issue; the later ones of a task name the first."""
    counters: Counter[tuple[str, int]] = Counter()
    tasks: dict[tuple[str, str], str] = {}
    for on, record in records:
        sign = _SIGNS.get(record["event"])
        if sign is not None:
            counters[sign, on.year] += 1
            record["number"] = f"开招办{sign}〔{on.year}〕{counters[sign, on.year]}号"
            task = record["project"], record.pop("task_of", record.get("stage"))
            if record["event"] == "TaskAssigned":
                tasks[task] = record["number"]
            else:
                record["about"] = tasks[task]
        yield record


def _life(index: int, projects: int) -> Iterator[tuple[date, JsonRecord]]:
    """Return one project's events by date: nodes, a schedule, and monthly figures."""
    code = f"KH-{index:06d}"
    begun = _FIRST + timedelta(days=index * 900 // projects)
    planned = 2_000 + index * 7_919 % 90_000

    def on(day: date, event: str, **fields: Any) -> tuple[date, JsonRecord]:
        return day, {
            "event": event,
            "project": code,
            "occurred_on": day.isoformat(),
            "recorded_by": f"clerk-{index % 9:02d}",
            **fields,
        }

    signed = begun + timedelta(days=75)
    entered = signed + timedelta(days=120)
    nodes = sorted(_nodes(index, begun, signed, entered, planned, on), key=itemgetter(0))
    return merge(
        nodes, _months(entered, on, _SECTORS[index % len(_SECTORS)], planned), key=itemgetter(0)
    )


def _nodes(
    index: int, begun: date, signed: date, entered: date, planned: int, on: Any
) -> Iterator[tuple[date, JsonRecord]]:
    yield _report(index, begun, planned, on)
    yield on(
        begun + timedelta(days=30),
        "ConsultationHeld",
        outcome="passed",
        source_ref=f"县招商专班纪要〔{begun.year}〕{index % 40}号",
    )
    yield on(
        signed,
        "AgreementSigned",
        contract_investment=str(planned * 2),
        contract_fixed_assets=f"{planned}.25",
    )
    yield from _tasks(index, begun, signed, on)
    if index % 3 == 2:
        yield on(signed + timedelta(days=5), "ProjectTransferred", to_unit=unit(index + 1))
    yield on(
        signed + timedelta(days=60),
        "LandAcquired",
        area_mu="45.5",
        transfer_fee="1820",
        county_state_share="120.5",
    )
    yield on(
        signed + timedelta(days=80), "ProjectFiled", project_code=f"2101-330824-04-01-{index:06d}"
    )
    yield on(entered, "StatisticsEntered", statistics_name=f"精密器件{index}")


def _report(index: int, begun: date, planned: int, on: Any) -> tuple[date, JsonRecord]:
    """The project's information as first reported."""
    reported: tuple[date, JsonRecord] = on(
        begun,
        "InformationReported",
        reporting_unit=unit(index),
        reported_at=f"{begun}T09:30:00+08:00",
        name=_name(index),
        investor=f"浙江第{index}实业有限公司",
        sector=_SECTORS[index % len(_SECTORS)],
        kind="new",
        planned_investment=str(planned * 2),
        planned_fixed_assets=f"{planned}.5",
        outside_ratio="0.85",
        investor_traits=list(_TRAITS[index % 5]),
        chains=["silicone"] if index % 4 == 0 else [],
        lead_person="余建国",
    )
    return reported


def _tasks(index: int, begun: date, signed: date, on: Any) -> Iterator[tuple[date, JsonRecord]]:
    """The schedule, and for each milestone a task that is warned of and cleared."""
    due = [add_months(signed, months) for months in (1, 4, 8)]
    milestones = [
        {"stage": stage, "due_on": day.isoformat()} for stage, day in zip(_STAGES, due, strict=True)
    ]
    yield on(begun + timedelta(days=31), "ScheduleSet", milestones=milestones)
    for stage, day in zip(_STAGES, due, strict=True):
        task = f"{stage}前完成各项准备，每周报送进度"
        yield on(
            begun + timedelta(days=32),
            "TaskAssigned",
            task=task,
            responsible_unit=unit(index),
            due_on=day.isoformat(),
            stage=stage,
        )
        yield on(day - timedelta(days=5), "WarningIssued", task_of=stage)
        yield on(
            day,
            "TaskCleared",
            task_of=stage,
            result="已完成",
            submitted_by="汪建",
            reviewed_by="余敏",
            evidence=[{"name": "完成情况.pdf", "sha256": f"{index:064x}"}],
        )


def _months(entered: date, on: Any, sector: str, planned: int) -> Iterator[tuple[date, JsonRecord]]:
    for months in range(1, 48):
        end = add_months(entered.replace(day=1), months) - timedelta(days=1)
        if end > _LAST:
            return
        month = f"{end:%Y-%m}"
        if sector != "service" or months % 2:
            yield on(
                end, "InvestmentReported", month=month, fixed_assets=f"{planned // 30}.{months:02d}"
            )
        if sector == "service" or months % 3 == 0:
            yield on(end, "TaxPaid", month=month, amount=f"{months % 7}.{months:02d}")
        if months % 6 == 0:
            yield on(end, "ReviewHeld", findings="设备进场，施工正常，下月完成厂房封顶")
