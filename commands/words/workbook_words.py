"""The words of the ledger workbook: always Chinese, so that any office's file can be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ORDER: Final = "序号"
"""Heads the column that numbers the rows of a file across its sheets."""
REASON: Final = "原因"
"""Heads the column that says why a row was rejected."""
CONFIRMED: Final = "确认"
"""Heads the column that says that an unusual value of the row is right."""
ORIGINAL_SHEET: Final = "原表"
ORIGINAL_ROW: Final = "原行"
"""Head the columns that say where a rejected row stood."""
NAME_BESIDE_CODE: Final = ("项目名称", "单位名称")
"""Columns that a table has for its reader: the record names the project by its code."""
RAW_TEXT: Final = "原文"
"""Heads the column of a row that could not be read."""
UNREADABLE_SHEET: Final = "无法识别"
WORD_LIST_SHEET: Final = "词表"
NOTES_SHEET: Final = "说明"
GUIDE_SHEET: Final = "填写说明"
GUIDE_LINES: Final = (
    "一、每张工作表对应一类事件，一行为一条记录；不用的工作表留空即可，请勿改动表头文字。",
    "二、橙色表头为必填项，蓝色表头为选填项；带下拉箭头的单元格请从下拉列表中选择。",
    "三、金额单位为万元，也可写“1.5亿”；日期写2024-03-05或2024年3月5日；比例写0.3或30%；是否项写是或否。",
    "四、“项目编号”须与账本一致；新项目先在“项目信息”表登记，再填写其他各表。",
    "五、“序号”可不填；填写时各表统一编号，按序号先后录入。",
    "六、合计、小计行和表尾说明在导入时自动跳过，自行增加的列不予录入，导入时均会提示。",
    "七、“更正”表的“更正内容”写“字段=值”，多项以“；”分隔；整条作废写“作废”。",
    "八、填写完毕后先试导入：lifecycle import 文件名 --dry-run，无误后去掉 --dry-run 正式导入。",
)
"""How a clerk fills the workbook in."""
REQUIRED_COLOUR_TEXT: Final = "此色表头：必填"
OPTIONAL_COLOUR_TEXT: Final = "此色表头：选填"
VOID: Final = "作废"
LIST_SEPARATOR: Final = "、"
CHANGE_SEPARATOR: Final = "；"
"""Stands between the fields that a correction changes."""


def example_comment(example: str) -> str:
    """Word the comment on a heading that shows an example."""
    return f"例：{example}"


def choices_comment(choices: Iterable[str]) -> str:
    """Word the comment on a heading whose cells take several choices."""
    return f"可多选，以顿号分隔：{LIST_SEPARATOR.join(choices)}"
