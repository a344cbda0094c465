"""Examples of what to write in a field, for prompts, workbooks and reference pages."""

from __future__ import annotations

from typing import Final

from commands.words.reader_language import reads_chinese

FIELD_EXAMPLES: Final[dict[str, str]] = {
    "occurred_on": "2024-03-12",
    "month": "2024-05",
    "reported_at": "2024-03-12 09:30",
    "recorded_at": "2024-03-12 09:30",
    "planned_investment": "120000",
    "outside_ratio": "0.85",
    "investor_code": "91330824MA28F3XN0F",
    "project_code": "2403-330824-04-01-123456",
    "milestones": "land=2024-06-30,filing=2024-08-31",
    "evidence": "会议纪要.pdf",
    "number": "开招办交〔2024〕1号",
    "period": "2024-Q2",
    "points": "0.5",
    "source_ref": "县招商专班纪要〔2024〕3号",
    "year": "2024",
}
"""Field name → an example, for fields whose form is not obvious."""
CHINESE_EXAMPLES: Final[dict[str, str]] = {
    "milestones": "土地摘牌=2024-06-30,项目备案=2024-08-31",
}
"""The examples that name choices, with the choices' Chinese words."""


def example_of(field: str) -> str | None:
    """Return a field's example in the reader's language, None for a field that has none."""
    example = FIELD_EXAMPLES.get(field)
    return CHINESE_EXAMPLES.get(field, example) if reads_chinese() else example


def chinese_example_of(field: str) -> str | None:
    """Return a field's example for the workbook, which is Chinese for every reader."""
    return CHINESE_EXAMPLES.get(field, FIELD_EXAMPLES.get(field))
