"""CSV and JSONL are decoded as what they are, bounded, and never guessed at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.cli.shared.output_columns import csv_columns
from commands.cli.shared.row_output import print_csv
from commands.handlers.file_rows import FileRow
from commands.intake import csv_encoding, csv_records, jsonl_records
from commands.intake.record_files import rows_of_file
from lifecycle.rejections import StoreError
from tests.commands.conftest import Cli
from tests.given import of

LINE = "项目终止,P,2024-05-06,投资方放弃选址\n"
TABLE = f"事件,项目编号,发生日期,原因\n{LINE}"
HEADINGS = "event,project,occurred_on,note\n"


def csv_file(path: Path, content: bytes) -> list[FileRow]:
    file = path / "a.csv"
    file.write_bytes(content)
    return list(rows_of_file(file))


def jsonl_file(path: Path, content: bytes) -> list[FileRow]:
    file = path / "a.jsonl"
    file.write_bytes(content)
    return list(rows_of_file(file))


# Encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_that_is_cut_is_no_other_encoding(tmp_path: Path, cut: int, mark: bytes) -> None:
    content = mark + (HEADINGS + "FollowedUp,P,2024-05-06,投资方放弃选址").encode()
    with pytest.raises(StoreError) as caught:
        csv_file(tmp_path, content[:-cut])
    assert caught.value.values["offset"] == len(content) - 3
    assert caught.value.values["line"] == 2


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_cut_weighs_no_more_in_a_short_file(tmp_path: Path, end: bytes) -> None:
    with pytest.raises(StoreError, match="UTF-8"):
        csv_file(tmp_path, (HEADINGS + "FollowedUp,P,2024-05-06,投资方放弃").encode()[:-1] + end)


@pytest.mark.parametrize("wrong", [b"\xff", b"\xe6\x8a", b"\x80"])
def test_a_wrong_byte_is_named_by_its_offset(tmp_path: Path, wrong: bytes) -> None:
    beginning = (HEADINGS + "FollowedUp,P,2024-05-06,投资方").encode()
    with pytest.raises(StoreError) as caught:
        csv_file(tmp_path, beginning + wrong + "放弃选址\n".encode())
    assert caught.value.values["offset"] == len(beginning)
    assert "UTF-8" in str(caught.value)


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 64])
def test_offsets_and_encodings_do_not_depend_on_how_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(csv_encoding, "_PIECE", piece)
    path = tmp_path / "a.csv"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path.write_text(TABLE, encoding=encoding)
        assert csv_encoding.encoding_of_csv(path) == encoding
    path.write_bytes(TABLE.encode() + b"\xe6\x8a,")
    with pytest.raises(StoreError) as caught:
        csv_encoding.encoding_of_csv(path)
    assert caught.value.values["offset"] == len(TABLE.encode())
    assert caught.value.values["line"] == 3


def test_gb18030_is_read_and_its_wrong_bytes_are_named(tmp_path: Path) -> None:
    content = (HEADINGS + "FollowedUp,P,2024-05-06,茅台镇㎡\n").encode("gb18030")
    (line,) = csv_file(tmp_path, content)
    assert line.record["note"] == "茅台镇㎡"
    with pytest.raises(StoreError, match="GB18030") as caught:
        csv_file(tmp_path, content + b"\xff")
    assert caught.value.values["offset"] == len(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_rejected_with_what_to_save_as(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(StoreError, match="CSV UTF-8"):
        csv_file(tmp_path, TABLE.encode(encoding))


# Bounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "x," * (csv_records.MAX_ROW // 2 + 1),
        '"a\nb",' * (csv_records.MAX_ROW // 6 + 1),
        f'"{"x" * 200_000}"',
        '"' + "x\n" * 200_000,
    ],
)
def test_a_row_without_end_is_rejected_by_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(StoreError) as caught:
        csv_file(tmp_path, (HEADINGS + row).encode())
    line = caught.value.values["line"]
    assert isinstance(line, int)
    assert line >= 2


def test_a_json_line_without_end_spoils_itself_alone(tmp_path: Path) -> None:
    long = b'{"note": "' + b"x" * (3 * jsonl_records.MAX_LINE) + b'"}\n'
    lines = jsonl_file(tmp_path, b'{"a": 1}\n' + long + b'{"b": 1}\n')
    assert [line.problem.rule if line.problem else None for line in lines] == [
        None,
        "line_length",
        None,
    ]
    assert [line.place for line in lines] == [1, 2, 3]
    assert len(lines[1].record["line"]) < 40_000


@pytest.mark.parametrize("depth", [500, 900, 1100, 200_000])
def test_deep_json_is_rejected_or_read_and_never_ends_the_program(
    tmp_path: Path, depth: int
) -> None:
    (line,) = jsonl_file(tmp_path, b'{"a": ' + b"[" * depth + b"]" * depth + b"}\n")
    assert line.problem is None or line.problem.rule == "json"
    if depth > 1024:
        assert line.problem is not None


# Fields given twice -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"event": "A", "note": "1", "note": "1"}', "note"),
        ('{"event": "A", "ev\\u0065nt": "B"}', "event"),
        ('{"event": "A", "evidence": [{"name": "x", "sha256": "1", "name": "y"}]}', "name"),
        ('{"event": "A", "replacement": {"month": 1, "month": 2}}', "month"),
    ],
)
def test_a_field_given_twice_is_rejected_by_name(tmp_path: Path, line: str, field: str) -> None:
    (row,) = jsonl_file(tmp_path, line.encode())
    assert row.problem is not None
    assert (row.problem.rule, row.problem.field) == ("field_twice", field)


def test_nothing_of_an_import_with_a_field_twice_is_recorded(cli: Cli, tmp_path: Path) -> None:
    record = json.dumps(of("ConsultationHeld", "2024-02-01", outcome="passed"))
    file = tmp_path / "a.jsonl"
    file.write_text(record[:-1] + ', "outcome": "rejected"}\n', encoding="utf-8")
    said = cli("import", file)
    assert (said.code, cli.events) == (1, 4)
    assert "line 1" in said.err
    assert "outcome" in said.err


# Written CSV --------------------------------------------------------------------------------------


def test_no_text_of_a_written_csv_is_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    starts = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
    rows = [{"name": f"{start}cmd|' /C calc'!A0", "points": f"{start}1;x"} for start in starts]
    print_csv(rows, csv_columns("name", "points", numbers={"points"}))
    written = capsys.readouterr().out
    for start in starts:
        assert f"'{start}cmd" in written
        assert f"'{start}1;x" in written


def test_numbers_stay_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv([{"points": "-4.5"}, {"points": -3}], csv_columns("points", numbers={"points"}))
    assert capsys.readouterr().out == "points\n-4.5\n-3\n"
