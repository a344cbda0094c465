"""在谈项目信息确认表: the form by which a project's information is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from commands.handlers.moved_codes import require_present_code
from commands.reports.content import Form, FormBatch, FormEntry
from commands.reports.foot import DocumentRequest
from commands.words import form_words, report_words
from commands.words.date_text import chinese_date, chinese_moment
from commands.words.event_words import FIELDS
from commands.words.point_text import exact_percent
from commands.words.telephone_numbers import without_telephones
from commands.words.vocabulary_words import word
from lifecycle.ledger.contact_store import contacts_of, may_read_contacts
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View

_FIELDS: Final = (
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
_OPINION: Final = FormEntry(form_words.OPINION, tall=True)
_FOLLOW_UPS_SHOWN: Final = 3
_AMOUNTS: Final = ("planned_investment", "planned_fixed_assets")


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> FormBatch:
    """The form of a project. Raises `Rejected` if there is no such project by the day."""
    code = request.subject
    projects = judged_at(ledger, view, [code])
    if not projects:
        require_present_code(ledger, code)
        raise Rejected.by(
            "unknown_project",
            msg("there is no project {code} as of {day}; lifecycle project list shows the codes"),
            day=view.as_of,
            code=code,
        )
    contacts = _contacts(ledger, code) if request.contacts else ()
    issuer = view.rulebook.rulebook.issuer
    form = Form(
        title=form_words.information_title(report_words.county_name(issuer)),
        number=code,
        entries=(*_entries(projects[0], request), *contacts, _OPINION),
        signatures=form_words.INFORMATION_SIGNATURES,
    )
    return FormBatch(form_words.INFORMATION_FILE.format(code=code), issuer, (form,))


def _entries(project: JudgedProject, request: DocumentRequest) -> Iterator[FormEntry]:
    facts = project.information
    yield FormEntry(form_words.PROJECT_CODE, request.subject)
    for name in _FIELDS:
        value = getattr(facts, name)
        # Documents show units by their names of the day.
        if name == "reporting_unit":
            value = project.units.shown_name(value)
        yield FormEntry(FIELDS[name].chinese, _field_text(name, value))
    if request.contacts:
        # Who brought the project in is named for readers with the role alone.
        yield FormEntry(FIELDS["lead_person"].chinese, facts.lead_person or "")
    yield FormEntry(form_words.CONSULTATION, _consultation_text(project))
    yield from _needs(project)
    yield from _follow_ups(project)


def _contacts(ledger: Ledger, code: str) -> Iterator[FormEntry]:
    """The investor's contacts as they are now, to a reader who may see them."""
    if not may_read_contacts(ledger):
        return
    texts = []
    for row in contacts_of(ledger, code):
        texts.append(" ".join(filter(None, (row.person, row.position, row.telephone))))
    if texts:
        text = "；".join(texts) + form_words.CONTACTS_NOT_CHECKED
        yield FormEntry(form_words.CONTACTS, text, erasable=True)


def _needs(project: JudgedProject) -> Iterator[FormEntry]:
    """What the project needs of land and floor, where the report says so."""
    for name in ("needs_area_mu", "needs_floor_area_m2"):
        amount = getattr(project.information, name)
        if amount is not None:
            yield FormEntry(FIELDS[name].chinese, amount)


def _follow_ups(project: JudgedProject) -> Iterator[FormEntry]:
    """The last follow-ups, and what the last one says is next."""
    follow_ups = project.facts.follow_ups[-_FOLLOW_UPS_SHOWN:]
    if not follow_ups:
        return
    lines = [f"{chinese_date(each.on)}：{each.content}" for each in follow_ups]
    yield FormEntry(form_words.FOLLOW_UPS, without_telephones("；".join(lines)))
    last = follow_ups[-1]
    yield FormEntry(FIELDS["next_step"].chinese, without_telephones(last.next_step or ""))
    if last.next_on is not None:
        yield FormEntry(FIELDS["next_on"].chinese, chinese_date(last.next_on))


def _consultation_text(project: JudgedProject) -> str:
    consultation = project.node("consultation")
    if consultation is None:
        return form_words.NOT_PASSED
    return form_words.passed_on(chinese_date(consultation.on))


def _field_text(name: str, value: Any) -> str:
    if name == "reported_at":
        return chinese_moment(value)
    if name == "outside_ratio":
        return exact_percent(Fraction(value))
    if name in _AMOUNTS:
        return form_words.in_ten_thousand_yuan(value)
    if isinstance(value, tuple):
        value = list(value)
    return without_telephones(word(value))
