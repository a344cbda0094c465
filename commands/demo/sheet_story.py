"""The five sheets of 2024: tasks for some milestones, followed up the ladder as each project kept its time or not."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from commands.demo import names
from commands.demo.book import Book, Draft
from commands.demo.days import working_after, working_from
from commands.demo.life import STAGE_OF, Fact, Life, reached

SINCE, UNTIL = (
    date(2024, 3, 11),
    date(2025, 1, 17),
)  # the first sheet after the policy was issued; the last in the demo
_TASKS = {
    "signing": "完成投资协议条款磋商并正式签约",
    "land": "完成用地报批、挂牌出让，确保土地摘牌",
    "filing": "完成项目立项备案",
    "statistics": "完成开工手续，纳入统计库",
    "investment": "加快施工和设备采购，实现投资出数",
}
_PROBLEMS = {
    "signing": "协议核心条款久拖未决，企业决策层未到场洽谈",
    "land": "地块指标和征迁遗留问题未解决，无法挂牌",
    "filing": "企业资料不全，备案未按期完成",
    "statistics": "施工许可办理滞后，入库资料未提交",
    "investment": "现场施工人员不足，连续未形成实物量",
}
_RESULTS = {
    "signing": "投资协议已签署",
    "land": "已摘牌并签订出让合同",
    "filing": "已取得备案通知书",
    "statistics": "已入统计库",
    "investment": "已按月报送投资数据",
}
_PROOFS = {
    "signing": "投资协议.pdf",
    "land": "成交确认书.pdf",
    "filing": "备案通知书.pdf",
    "statistics": "入库确认截图.png",
    "investment": "投资月报.xlsx",
}
_MANDATES = ("县招商引资月会商会议纪要〔2024〕{n}号", "县招商引资联席会议纪要〔2024〕{n}号")


class Ladder:
    """One task of a project, from its assignment to its clearing, as far as the demo's time reaches."""

    def __init__(
        self, book: Book, life: Life, stage: str, unit: str, known: date | None, seed: int
    ) -> None:
        self.book, self.life, self.stage, self.unit = book, life, stage, unit
        self.rng = random.Random(f"{seed}/sheets/{life.venture.code}/{stage}")
        self.done = reached(life).get(stage)
        self.known = known

    def climb(self, assigned: date, due: date) -> None:
        """Assign, then warn, supervise and expose as the days pass, then clear; some are opened again."""
        task = self._assign(assigned, due)
        cleared = self._clearing_day(assigned)
        last = self._press(task, assigned, due)
        if cleared is None or cleared > UNTIL:
            return
        clearing = self._clear(task, last, cleared)
        if self.rng.random() < 0.05 and not self.life.ended:
            self._again(task, clearing, cleared)

    def _clearing_day(self, assigned: date) -> date | None:
        """Some days after the ledger knew that the stage was reached, or after the project was terminated."""
        if self.known:
            return working_after(self.known, self.rng.randint(1, 5))
        return working_after(self.life.ended, 3) if self.life.ended else None

    def _assign(self, assigned: date, due: date) -> Draft:
        fields: dict[str, object] = {
            "task": _TASKS[self.stage],
            "responsible_unit": self.unit,
            "due_on": due.isoformat(),
            "stage": self.stage,
        }
        if self.rng.random() < 0.5:
            fields["mandate"] = self.rng.choice(_MANDATES).format(n=assigned.month)
        return self._issue("TaskAssigned", assigned, fields)

    def _press(self, task: Draft, assigned: date, due: date) -> Draft:
        """Warning, supervision, exposure, while the stage is not reached and the project alive; the last of them."""
        end = min(self.done or date.max, self.life.ended or date.max, UNTIL + timedelta(days=1))
        warned = working_from(max(assigned, due - timedelta(days=self.rng.randint(1, 6))))
        last = task
        if warned <= due and warned < end:
            last = self._issue("WarningIssued", warned, {}, task, last)
        supervised = working_after(due, self.rng.randint(1, 4))
        if supervised >= end or self.rng.random() < 0.12:
            return last
        rectify_by = working_after(supervised, 5)
        problem = {"problem": _PROBLEMS[self.stage], "rectify_by": rectify_by.isoformat()}
        last = self._issue("SupervisionIssued", supervised, dict(problem), task, last)
        exposed = working_after(rectify_by, self.rng.randint(2, 6))
        if exposed < end and self.rng.random() < 0.25:
            facts = {
                "facts": f"督办期满仍未整改：{_PROBLEMS[self.stage]}",
                "approved_by": self.rng.choice(names.DIRECTORS),
            }
            last = self._issue("ExposurePublished", exposed, dict(facts), task, last)
        return last

    def _clear(self, task: Draft, last: Draft, day: date, result: str | None = None) -> Draft:
        """A clearing with its proof, submitted and reviewed by two people."""
        name = _PROOFS[self.stage] if self.done else "项目终止函.pdf"
        digest = sha256(f"{self.life.venture.code}/{self.stage}/{day}/{name}".encode()).hexdigest()
        fields: dict[str, object] = {
            "result": result or (_RESULTS[self.stage] if self.done else "项目已终止，任务销号"),
            "submitted_by": self.life.venture.lead_person or "项目专班",
            "reviewed_by": self.rng.choice(names.OFFICERS),
            "evidence": [{"name": name, "sha256": digest}],
        }
        return self._issue("TaskCleared", day, fields, task, last)

    def _again(self, task: Draft, clearing: Draft, cleared: date) -> None:
        """Opened again after a check on the spot, and cleared with better proof."""
        reopened = working_after(cleared, self.rng.randint(4, 10))
        settled = working_after(reopened, self.rng.randint(2, 5))
        if settled <= UNTIL:
            reason: dict[str, object] = {"reason": "回访发现佐证材料不完整，退回补正"}
            again = self._issue("TaskReopened", reopened, reason, task, clearing)
            self._clear(task, again, settled, f"{_RESULTS[self.stage]}，佐证材料已补正")

    def _issue(
        self,
        event: str,
        day: date,
        fields: dict[str, object],
        task: Draft | None = None,
        after: Draft | None = None,
    ) -> Draft:
        stream = {"project": self.life.venture.code}
        return self.book.note(event, stream, day, day, fields, about=task, after=after)


def issue(book: Book, life: Life, drafts: dict[str, Draft], seed: int) -> None:
    """Task sheets for a share of the milestones, for nearly all of those that the year left open."""
    done = reached(life)
    for set_on, stage, due in _milestones(life):
        rng = random.Random(f"{seed}/issue/{life.venture.code}/{stage}")
        assigned = working_from(
            max(set_on + timedelta(days=2), due - timedelta(days=rng.randint(25, 55)), SINCE)
        )
        day = done.get(stage)
        wanted = rng.randrange(100) < (life.care if day else 90)
        alive = life.ended is None or assigned < life.ended
        if (
            wanted
            and alive
            and assigned < due
            and assigned <= UNTIL
            and (day is None or day > assigned)
        ):
            known = _known(life, stage, day, drafts) if day else None
            Ladder(book, life, stage, _responsible(life, assigned), known, seed).climb(
                assigned, due
            )


def _known(life: Life, stage: str, day: date, drafts: dict[str, Draft]) -> date:
    """When the ledger took the event that reached the stage."""
    if stage == "investment":
        event = "TaxPaid" if life.venture.sector == "service" else "InvestmentReported"
        return drafts[f"{event}:{day:%Y-%m}"].at.date()
    event = next(event for event, name in STAGE_OF.items() if name == stage)
    return drafts[f"{event}:{day}"].at.date()


def _milestones(life: Life) -> Iterator[tuple[date, str, date]]:
    """The milestones of 2024 that no later plan moved: when set, which stage, due when."""
    plans = [fact for fact in life.facts if fact.event == "ScheduleSet"]
    for index, fact in enumerate(plans):
        revised = plans[index + 1].day if index + 1 < len(plans) else date.max
        for stage, due in _dated(fact):
            if due <= revised and SINCE < due < date(2025, 3, 1):
                yield fact.day, stage, due


def _dated(fact: Fact) -> Iterator[tuple[str, date]]:
    milestones = fact.fields["milestones"]
    assert isinstance(milestones, list)
    for milestone in milestones:
        yield milestone["stage"], date.fromisoformat(milestone["due_on"])


def _responsible(life: Life, day: date) -> str:
    """The unit that has the project on that day."""
    unit = life.venture.unit
    for fact in life.facts:
        if fact.event == "ProjectTransferred" and fact.day <= day and "to_unit" in fact.fields:
            unit = str(fact.fields["to_unit"])
    return unit
