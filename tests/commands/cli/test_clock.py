"""Recording by an unlikely clock: rejected, asked about on a terminal, answered by an option."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click
import pytest

from commands.cli.main import cli as lifecycle_cli
from commands.cli.shared import clock_option
from commands.intake.jsonl_records import write_jsonl
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from tests.commands.conftest import Cli
from tests.given import TOWN

START = datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)
MONTH_LATER = START + timedelta(days=32)
ACTIVITY = ("record", "ActivityHeld", "--unit", TOWN, "--led-by-head", "true")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the machine's clock."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)

    return set_to


@pytest.fixture
def store(bare: Cli, set_clock: Callable[[datetime], None]) -> Cli:
    """A store with one unit, recorded at the start."""
    set_clock(START)
    assert bare("init").code == 0
    unit = ("--unit", TOWN, "--sequence", "乡镇", "--category", "township")
    assert bare("record", "UnitRegistered", *unit, "--occurred-on", "2027-01-01").code == 0
    return bare


def activity(name: str, *options: str) -> tuple[str, ...]:
    return (*ACTIVITY, "--activity", name, "--occurred-on", "2027-02-01", *options)


def test_an_unlikely_clock_is_rejected_and_the_option_answers_for_one_command(
    store: Cli, set_clock: Callable[[datetime], None]
) -> None:
    set_clock(MONTH_LATER)
    rejected = store(*activity("甲"))
    assert (rejected.code, store.events) == (1, 1)
    assert "[clock]" in rejected.err
    assert "--clock-is-right" in rejected.err
    assert store(*activity("甲", "--clock-is-right")).code == 0
    set_clock(MONTH_LATER + timedelta(days=32))
    assert store(*activity("乙")).code == 1
    assert store.events == 2


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 1)])
def test_a_terminal_is_asked(
    store: Cli,
    set_clock: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
    answer: bool,
    code: int,
) -> None:
    questions: list[str] = []

    def confirm(text: str, **_options: object) -> bool:
        questions.append(text)
        return answer

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    set_clock(MONTH_LATER)
    result = store(*activity("甲"))
    assert (result.code, len(questions)) == (code, 1)
    assert "32" in result.err


def test_an_import_is_asked_about_unless_it_brings_its_own_times(
    store: Cli, set_clock: Callable[[datetime], None], tmp_path: Path
) -> None:
    record = {
        "event": "ActivityHeld",
        "unit": TOWN,
        "occurred_on": "2027-02-01",
        "activity": "甲",
        "led_by_head": True,
        "recorded_at": "2027-03-01T10:00:00+08:00",
    }
    file = tmp_path / "l.jsonl"
    write_jsonl(file, iter([record]))
    set_clock(MONTH_LATER)
    assert "[clock]" in store("import", file).err
    assert store.events == 1
    assert store("import", file, "--keep-recorded-at").code == 0
    assert store.events == 2


def test_status_and_every_record_warn_while_the_last_time_lies_after_the_clock(
    store: Cli, set_clock: Callable[[datetime], None]
) -> None:
    ahead = START + timedelta(days=20)
    set_clock(ahead)
    assert "clock_behind" not in store(*activity("甲")).err
    set_clock(START)
    assert "[clock_behind]" in store(*activity("乙")).err
    assert "[clock_behind]" in store("status").err
    corrected = store(
        *("record", "RecordTimeCorrected", "--first", "2", "--last", "3"),
        *("--recorded-at", "2027-03-01 09:00", "--occurred-on", "2027-03-01"),
        *("--reason", "时钟误设", "--approved-by", "张主任"),
    )
    assert (corrected.code, corrected.err) == (0, "")
    assert store("status").err == ""
    assert store(*activity("丙")).err == ""


def commands_of(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each command that takes `--clock-is-right`."""
    context = click.Context(group)
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from commands_of(command, (*path, name))
    elif any("--clock-is-right" in parameter.opts for parameter in group.params):
        yield path


def test_every_command_that_records_takes_the_option() -> None:
    # Commands that hand events to the ledger import a handler that appends.
    folder = Path(clock_option.__file__).parents[1]
    appending = "recording importing correcting adopting publishing listing_units sheet_issuing"
    # `demo` has a clock of its own, and `rulebook check` takes the cases of a file alone.
    without_clock = ("demo_command.py", "rulebook_check.py")
    lacking: list[str] = []
    for file in folder.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        appends = any(f".{module} import" in source for module in appending.split())
        if appends and "clock_option" not in source and file.name not in without_clock:
            lacking.append(file.name)
    assert lacking == []
    full_paths = set(commands_of(lifecycle_cli))
    acts = {("sheets", act) for act in ("issue", "assign", "clear", "reopen", "expose")}
    assert acts <= full_paths
    paths = {path[0] for path in full_paths}
    assert {"record", "import", "correct", "publish", "board", "sheets", "rulebook"} <= paths
    assert ("audit", "key") in set(commands_of(lifecycle_cli))


FAR_CLOCKS = [
    datetime(1, 1, 1, tzinfo=SHANGHAI),
    datetime(2300, 5, 1, tzinfo=SHANGHAI),
    datetime.max.replace(tzinfo=SHANGHAI),
]


@pytest.mark.parametrize("clock", FAR_CLOCKS, ids=lambda clock: str(clock.year))
def test_a_clock_at_the_far_end_of_the_calendar_ends_no_command_in_an_internal_error(
    own_county: Cli, set_clock: Callable[[datetime], None], clock: datetime
) -> None:
    set_clock(clock)
    unit = ("华埠镇",)
    commands = (
        ("status",),
        ("score",),
        ("explain", *unit),
        ("targets",),
        ("today",),
        ("deadlines",),
        ("sheets", "due"),
        ("sheets", "week"),
        ("sheets", "issue", "--dry-run"),
        ("project", "list"),
        ("board", "--unit", *unit),
        ("record", "MeetingHeld", "--meeting", "ad_hoc", "--occurred-on", "2024-01-02"),
    )
    for command in commands:
        answer = own_county(*command)
        assert answer.code in (0, 1), command
        assert "internal error" not in answer.err, command


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_a_day_at_the_far_end_of_the_calendar_ends_no_command_in_an_internal_error(
    county: Cli, day: str
) -> None:
    for command in (("today",), ("deadlines",), ("sheets", "due"), ("sheets", "week"), ("score",)):
        for axis in ("--as-of", "--known-at"):
            answer = county(*command, axis, day)
            assert answer.code in (0, 1, 2), (command, axis)
            assert "internal error" not in answer.err, (command, axis)
