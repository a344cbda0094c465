"""The words of the workbook of parameters.

Chinese in every language, because the file is read back by them.
"""

from __future__ import annotations

from typing import Final

PARAMETER_SHEET: Final = "参数"
ABOUT_SHEET: Final = "说明"
RULEBOOK: Final = "规则手册"
INSTRUCTION: Final = "只填黄色两列：数值；文号（写明依据的文件后，该项依据转为“政策”）。"
COLUMNS: Final = {
    "place": "参数",
    "chinese": "内容",
    "value": "数值",
    "clause": "条款",
    "basis": "依据",
    "note": "说明",
    "document": "文号",
}
"""Field of a parameter → the heading of its column."""
