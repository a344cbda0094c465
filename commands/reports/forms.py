"""The forms of one page: each of the five sheets, a day's batch of those that are due, and a project's information."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from commands.reports.content import Form, FormEntry, Forms
from commands.reports.foot import Foot
from commands.reports.parts import chinese_day
from commands.words.event_words import FIELDS
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.calendar import working_calendar
from lifecycle.deciding.corrections import effective
from lifecycle.events import RecordedEvent, Stream
from lifecycle.events.codec import recorded_from
from lifecycle.events.sheet_events import (
    ExposurePublished,
    Sheet,
    SupervisionIssued,
    TaskAssigned,
    TaskCleared,
    TaskReopened,
    WarningIssued,
)
from lifecycle.ledger.recorders.ledger_recorder import StoredRow
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.evaluation import View, judged_at
from projections.scoring.judgement import JudgedProject
from projections.views.sheet_view import due_sheets

_SIGNED: Final = ("签发：", "签收：")
_FEEDBACK: Final = FormEntry("反馈情况", tall=True)
_PROOF: Final = "佐证清单"
_LOOP: Final = "五单管理制度（意8）"


# Finding a sheet ------------------------------------------------------------------------------------------------------


def sheet(ledger: Ledger, view: View, foot: Foot) -> Forms:
    """One of the five sheets by its number, as its project's history tells it by the view. Raises `Rejected`."""
    found = _project_of(ledger, foot.subject, view.position)
    history = (
        []
        if found is None
        else [
            item
            for item in effective(ledger.history(Stream("project", found), view.position))
            if item.event.on <= view.as_of
        ]
    )
    issued = next(
        (
            item.event
            for item in history
            if isinstance(item.event, Sheet) and item.event.number == foot.subject
        ),
        None,
    )
    if issued is None or found is None:
        raise Rejected.by(
            "unknown_sheet",
            msg("by {day} there is no sheet {number}; lifecycle sheets list shows the tasks"),
            day=view.as_of,
            number=foot.subject,
        )
    loop = _Loop(history, issued, judged_at(ledger, view, [found])[0], contacts=foot.contacts)
    return Forms(
        f"{type(issued).chinese}-{issued.number}", view.rulebook.rulebook.issuer, (loop.form(),)
    )


def _project_of(ledger: Ledger, number: str, position: int) -> str | None:
    """The project that a sheet's number stands in."""
    with ledger.rows_of_kind("project", position) as rows:
        for row in rows:
            if _bears(row, number):
                return row[1].partition("/")[2]
    return None


def _bears(row: StoredRow, number: str) -> bool:
    if number.encode() not in bytes(row[4]):
        return False
    event = recorded_from(*row).event
    return isinstance(event, Sheet) and event.number == number


class _Loop:
    """A sheet within its task's loop."""

    def __init__(
        self, history: list[RecordedEvent], issued: Sheet, judged: JudgedProject, *, contacts: bool
    ) -> None:
        self.issued = issued
        self.judged = judged
        self.contacts = contacts
        number = issued.number if isinstance(issued, TaskAssigned) else getattr(issued, "about", "")
        self.of_task = [item for item in history if _task_of(item) == number]
        self.task = next(
            item.event for item in self.of_task if isinstance(item.event, TaskAssigned)
        )

    def form(self) -> Form:
        """The sheet's form."""
        issued = self.issued
        name = f"{self.judged.information.name}（{self.judged.project.code}）"
        entries = [
            FormEntry("项目", name),
            FormEntry("责任单位", self.task.responsible_unit),
            *_ENTRIES[type(issued)](self, issued),
        ]
        return Form(
            type(issued).chinese,
            issued.number,
            tuple(entries),
            (*_SIGNED, f"签发日期：{chinese_day(str(issued.on))}"),
            tuple(self._told()),
        )

    def matter(self) -> FormEntry:
        """事由: the task and its number."""
        return FormEntry("事由", f"{without_telephones(self.task.task)}（{self.task.number}）")

    def due(self) -> FormEntry:
        """办结时限."""
        stage = "" if self.task.stage is None else f"，涉及节点：{word(self.task.stage)}"
        return FormEntry("办结时限", f"{chinese_day(str(self.task.due_on))}{stage}")

    def mandate(self) -> FormEntry:
        """依据."""
        named = self.issued.source_ref or getattr(self.task, "mandate", None)
        return FormEntry("依据", f"{without_telephones(named)}；{_LOOP}" if named else _LOOP)

    def proof(self) -> FormEntry:
        """佐证清单: names of files with the beginnings of their digests."""
        given = self.issued.evidence or []
        return FormEntry(
            _PROOF,
            "；".join(f"{one.name}（SHA-256 {one.sha256[:16]}）" for one in given),
            tall=not given,
        )

    def _told(self) -> Iterator[str]:
        yield "办理过程"
        for item in self.of_task:
            event = item.event
            number = event.number if isinstance(event, Sheet) else ""
            yield f"{event.on}  {type(event).chinese}  {number}".rstrip()


def _task_of(item: RecordedEvent) -> str | None:
    event = item.event
    if isinstance(event, TaskAssigned):
        return event.number
    return (
        event.about
        if isinstance(
            event, (WarningIssued, SupervisionIssued, TaskCleared, TaskReopened, ExposurePublished)
        )
        else None
    )


# What each of the five says -------------------------------------------------------------------------------------------


def _assigned(loop: _Loop, _issued: TaskAssigned) -> Iterator[FormEntry]:
    yield loop.matter()
    yield loop.due()
    yield loop.mandate()
    yield FormEntry(
        "要求",
        "请按时限办理，做到日清周结；办结后附佐证材料申请销号，不能按期办结的，请在时限前书面说明。",
    )
    yield _FEEDBACK
    yield loop.proof()


def _warned(loop: _Loop, issued: WarningIssued) -> Iterator[FormEntry]:
    left = (loop.task.due_on - issued.on).days
    yield loop.matter()
    yield FormEntry("办结时限", f"{chinese_day(str(loop.task.due_on))}，距签发之日{left}天")
    yield loop.mandate()
    yield FormEntry("要求", "任务临近时限尚未办结，请抓紧办理；逾期将予督办。")
    yield _FEEDBACK
    yield loop.proof()


def _supervised(loop: _Loop, issued: SupervisionIssued) -> Iterator[FormEntry]:
    estimated = (
        "" if working_calendar().knows(issued.rectify_by) else "（按周末推算，待放假安排公布）"
    )
    yield loop.matter()
    yield loop.due()
    yield FormEntry("存在问题", without_telephones(issued.problem))
    yield FormEntry("整改期限", f"{chinese_day(str(issued.rectify_by))}{estimated}")
    yield loop.mandate()
    yield FormEntry(
        "要求", "任务已逾期，请查明原因、限期整改并书面反馈；逾期未整改的，经批准予以公开曝光。"
    )
    yield _FEEDBACK
    yield loop.proof()


def _cleared(loop: _Loop, issued: TaskCleared) -> Iterator[FormEntry]:
    late = (issued.on - loop.task.due_on).days
    yield loop.matter()
    yield FormEntry(
        "办结时限",
        f"{chinese_day(str(loop.task.due_on))}，{'按期办结' if late <= 0 else f'逾期{late}天办结'}",
    )
    yield FormEntry("办理结果", without_telephones(issued.result))
    yield FormEntry(
        "提交", issued.submitted_by if loop.contacts else "（签名）", tall=not loop.contacts
    )
    yield FormEntry(
        "审核", issued.reviewed_by if loop.contacts else "（签名）", tall=not loop.contacts
    )
    yield loop.mandate()
    yield loop.proof()


def _exposed(loop: _Loop, issued: ExposurePublished) -> Iterator[FormEntry]:
    yield loop.matter()
    yield loop.due()
    yield FormEntry("曝光事实", without_telephones(issued.facts))
    yield loop.mandate()
    yield FormEntry(
        "批准", issued.approved_by if loop.contacts else "（签名）", tall=not loop.contacts
    )
    yield FormEntry("要求", "请立即整改，整改情况报县招商引资工作领导小组办公室。")
    yield _FEEDBACK


_ENTRIES: Final[dict[type[Any], Callable[[_Loop, Any], Iterator[FormEntry]]]] = {
    TaskAssigned: _assigned,
    WarningIssued: _warned,
    SupervisionIssued: _supervised,
    TaskCleared: _cleared,
    ExposurePublished: _exposed,
}


# A day's batch --------------------------------------------------------------------------------------------------------

_DUE: Final[dict[str, tuple[type[Sheet], str]]] = {
    "assign": (TaskAssigned, "请按计划推进该节点，并按时限办结。"),
    "warn": (WarningIssued, "任务临近时限尚未办结，请抓紧办理；逾期将予督办。"),
    "supervise": (SupervisionIssued, "任务已逾期，请查明原因、限期整改并书面反馈。"),
    "expose": (ExposurePublished, "整改期限已过仍未办结，拟经批准予以公开曝光。"),
    "clear": (TaskCleared, "节点已达到或项目已终止，请附佐证材料申请销号。"),
}


def batch(ledger: Ledger, view: View, foot: Foot) -> Forms:
    """The sheets that are due on a day, to be signed: nothing is issued by printing, so they bear no numbers yet."""
    ladder = view.rulebook.rulebook.ladder
    prefix = "" if ladder is None else ladder.prefix
    names = {judged.project.code: judged.information.name for judged in judged_at(ledger, view)}
    forms = tuple(
        _due_form(row.as_json(), names[row.project], prefix, view.as_of)
        for row in due_sheets(ledger, view)
    )
    if not forms:
        raise Rejected.by("nothing_due", msg("no sheet is due on {day}"), day=view.as_of)
    return Forms(f"{foot.subject}-待办五单", view.rulebook.rulebook.issuer, forms)


def _due_form(row: dict[str, Any], name: str, prefix: str, day: date) -> Form:
    kind, asked = _DUE[row["action"]]
    about = f"{word(row['about'])}节点" if row["action"] == "assign" else f"任务{row['about']}"
    entries = (
        FormEntry("项目", f"{name}（{row['project']}）"),
        FormEntry("责任单位", row["unit"]),
        FormEntry("事由", about),
        FormEntry("办结时限", chinese_day(row["due_on"])),
        FormEntry("依据", _LOOP),
        FormEntry("要求", asked),
        _FEEDBACK,
        FormEntry(_PROOF, tall=True),
    )
    return Form(
        f"{kind.chinese}（拟）",
        f"{prefix}{kind.sign}〔{day.year}〕　　号",
        entries,
        (*_SIGNED, "签发日期："),
    )


# A project's information ----------------------------------------------------------------------------------------------

_ASKED: Final = (
    "name",
    "investor",
    "investor_code",
    "investor_traits",
    "sector",
    "kind",
    "chains",
    "site",
    "planned_investment",
    "planned_fixed_assets",
    "outside_ratio",
    "government_funded",
    "meets_city_standard",
    "reporting_unit",
    "reported_at",
)


def information(ledger: Ledger, view: View, foot: Foot) -> Forms:
    """在谈项目信息确认表 of a project; who brought it in is named for those with the role alone. Raises `Rejected`."""
    found = judged_at(ledger, view, [foot.subject])
    if not found:
        raise Rejected.by(
            "unknown_project",
            msg("by {day} there is no project {code}; lifecycle project list shows the codes"),
            day=view.as_of,
            code=foot.subject,
        )
    told = found[0].information
    entries = [FormEntry("项目编号", foot.subject)]
    entries += [
        FormEntry(FIELDS[name].chinese, _field(name, getattr(told, name))) for name in _ASKED
    ]
    if foot.contacts:
        entries.append(FormEntry(FIELDS["lead_person"].chinese, told.lead_person or ""))
    node = found[0].node("consultation")
    entries += [
        FormEntry("决策咨询", "未通过" if node is None else f"{chinese_day(str(node.on))}通过"),
        FormEntry("核实意见", tall=True),
    ]
    county = view.rulebook.rulebook.issuer.partition("县")[0]
    form = Form(
        f"{county}县招商引资在谈项目信息确认表",
        foot.subject,
        tuple(entries),
        ("首报单位（盖章）：", "确认单位（盖章）：", "日期："),
    )
    return Forms(f"{foot.subject}-项目信息确认表", view.rulebook.rulebook.issuer, (form,))


def _field(name: str, value: Any) -> str:
    if name == "reported_at":
        return f"{value:%Y-%m-%d %H:%M}"
    if name in ("planned_investment", "planned_fixed_assets"):
        return f"{value} 万元"
    return without_telephones(word(list(value) if isinstance(value, tuple) else value))
