"""Writes a life into the day book: what was so, when the clerks entered it, and in an order the ledger accepts."""

import random
from datetime import timedelta
from hashlib import sha256

from commands.demo.book import Book, Draft
from commands.demo.life import Fact, Life

Drafts = dict[str, Draft]


def write(book: Book, life: Life, seed: int) -> Drafts:
    """Draft all facts of a life; the drafts by event, by event:month and by event:date, for those who correct them."""
    venture = life.venture
    rng = random.Random(f"{seed}/scribe/{venture.code}")
    stream = {"project": venture.code}
    recorded = venture.reported.date() + timedelta(days=rng.choice((0, 0, 1)))
    report = book.note("InformationReported", stream, None, recorded, venture.report())
    report.at = max(report.at, venture.reported + timedelta(minutes=rng.randint(4, 40)))
    drafts = {report.event: report}
    for fact in sorted(life.facts, key=lambda fact: fact.day):
        drafts |= _write_fact(book, life, fact, drafts, rng)
    return drafts


def _write_fact(book: Book, life: Life, fact: Fact, drafts: Drafts, rng: random.Random) -> Drafts:
    """One fact, later than those that the ledger must know first."""
    fields = fact.fields
    if fact.event == "ProjectFiled":
        fields = {"project_code": filing_code(life.venture.code, fact, life.venture.kind)}
    fields = fields | _grounds(fact, life.venture.name)
    recorded = fact.day + timedelta(days=_delay(fact, rng))
    after = _known_first(fact.event, drafts)
    draft = book.note(
        fact.event, {"project": life.venture.code}, fact.on, recorded, fields, after=after
    )
    return {fact.event: draft, f"{fact.event}:{fields.get('month', fact.on)}": draft}


def _delay(fact: Fact, rng: random.Random) -> int:
    """How many days after it was so a fact is entered: figures when the next month's returns are in."""
    usual = rng.randint(4, 13) if fact.on is None else rng.choice((0, 0, 1, 1, 2, 4, 7))
    return usual if fact.late is None else fact.late


def _grounds(fact: Fact, name: str) -> dict[str, object]:
    """What the entry rests on: minutes of a consultation, the scanned agreement."""
    if fact.event == "ConsultationHeld":
        return {
            "source_ref": f"项目决策咨询会议纪要〔{fact.day.year}〕{fact.day.timetuple().tm_yday // 7 + 1}号"
        }
    if fact.event == "AgreementSigned":
        return {
            "evidence": [
                {"name": "投资协议.pdf", "sha256": sha256(f"{name}投资协议".encode()).hexdigest()}
            ]
        }
    return {}


def _known_first(event: str, drafts: Drafts) -> Draft:
    """The latest draft on which this event's acceptance depends."""
    needs = {
        "ConsultationHeld": "ConsultationHeld",
        "InvestmentReported": "StatisticsEntered",
        "ScheduleSet": "ScheduleSet",
        "ViolationCleared": "ViolationFound",
    }
    return drafts.get(needs.get(event, ""), drafts["InformationReported"])


def filing_code(code: str, fact: Fact, kind: str) -> str:
    """A national project code, 4-6-2-2-6: month of filing, Kaihua, the industry and type, a serial of its own."""
    serial = int(sha256(code.encode()).hexdigest(), 16) % 900000 + 100000
    return f"{fact.day:%y%m}-330824-04-{'02' if kind == 'technical_upgrade' else '01'}-{serial}"
