"""The words of messages that are sent to units: titles, lines, and the templates' fields."""

from __future__ import annotations

from typing import Final

from commands.words.terms import Label

KINDS: Final[dict[str, Label]] = {
    "sheets": Label("sheets due today", "今日应发单"),
    "deadlines": Label("urgent deadlines", "临期和逾期事项"),
    "week": Label("the week's summary", "周结"),
    "board": Label("published red and black lists", "红黑榜公布"),
}
"""What messages are about, in the order of sending."""

WHOLE_COUNTY: Final = Label("the whole county", "全县")

TITLES: Final[dict[str, str]] = {
    "sheets": "{unit}：应办任务单{count}张（{day}）",
    "deadlines": "{unit}：临期和逾期事项{count}项（{day}）",
    "week": "{unit}：周结（{day}）",
    "board": "{unit}：红黑榜公布（{day}）",
}
"""The title of each kind of message."""

TEXT: Final = "{lines}\n\n{source}"
"""The text of a message where the office has not written its own."""

SHEET_LINE: Final = "应{action}：{project} {name}（{about}），期限{due_on}"
DEADLINE_LINE: Final = "{level}　{project} {name}：{kind}{about}，{due_on}（{days}）"
WEEK_LINE: Final = (
    "{unit}（{first}至{last}）：发单{issued}张，销号{cleared}件，其中按期{in_time}件；"
    "未销号{open}件，其中逾期{overdue}件；销号率{rate}"
)
NO_RATE: Final = "—"
BOARD_LINE: Final = "{month}红黑榜已公布（{ref}）"
SOURCE: Final = "数据截至{day}，账本总序号{position}；核对：{command}"
MORE_LINE: Final = "另有{count}项，见上述命令"

TEST_TITLE: Final = "招商引资台账：通知测试"
TEST_TEXT: Final = "收到本条，即表示通知地址设置正确。"

SKELETON: Final = """\
# `lifecycle notify` 的设置。地址中有口令：本文件只应由您本人可读。
# 由定时任务每小时运行一次 `lifecycle notify` 即可；同一事项对同一地址只发一次，发送失败的下次再发。

[hours]
from = "08:30"            # 只在此时段内发送
to = "17:30"
working_days = true       # 只在工作日发送

# 每个接收对象一段。unit 写单位名称，不写则为全县；kinds 可选：
# "sheets" 今日应发单，"deadlines" 红色和橙色时限，"week" 周结，"board" 红黑榜公布。
# addresses 按 apprise 的写法，例如：
#   钉钉群机器人   dingtalk://加签密钥@令牌/
#   企业微信机器人 wecombot://KEY/
#   飞书机器人     feishu://TOKEN/
#   邮件           mailtos://用户:口令@服务器:465?from=发件人&to=收件人
# [[recipient]]
# unit = "华埠镇"
# addresses = ["dingtalk://SECXXXX@TOKEN/"]
# kinds = ["sheets", "deadlines", "week", "board"]

# 标题和正文可以改写；可用的项：{unit} {count} {day} {lines} {source}。
# [templates.sheets]
# title = "{unit}：应办任务单{count}张"
# text = "{lines}\\n{source}"
"""
"""What `lifecycle notify --new` writes."""

CALENDAR_NAME: Final = "{unit}：招商引资时限"
CALENDAR_ENTRY: Final = "{kind}{about}：{project} {name}"
CALENDAR_BASIS: Final = "{clause}；责任单位：{unit}；数据截至{day}，账本总序号{position}"
