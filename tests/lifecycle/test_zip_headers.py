"""The same content makes the same archive, whenever and wherever it is written."""

import io
import zipfile

from hypothesis import given, strategies as st

from lifecycle.zip_headers import unify_zip_headers

CONTENT = {"正文.xml": b"<a/>" * 400, "[Content_Types].xml": b"", "目录/图.png": bytes(range(256))}


def archive(moment: tuple[int, int, int, int, int, int], system: int, mode: int) -> io.BytesIO:
    """An archive whose members were written at a moment, on a system, with permissions."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in CONTENT.items():
            member = zipfile.ZipInfo(name, moment)
            member.create_system = system
            member.external_attr = mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return file


@given(
    moment=st.tuples(
        *(st.integers(1980, 2099), st.integers(1, 12), st.integers(1, 28)),
        *(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
    ),
    system=st.sampled_from([0, 3, 10]),
    mode=st.sampled_from([0, 0o100600, 0o100666]),
)
def test_time_system_and_permissions_leave_no_trace(
    moment: tuple[int, int, int, int, int, int], system: int, mode: int
) -> None:
    expected = archive((2024, 2, 29, 8, 30, 0), 3, 0o644)
    unify_zip_headers(expected)
    file = archive(moment, system, mode)

    unify_zip_headers(file)

    assert file.getvalue() == expected.getvalue()


def test_the_content_and_its_names_stay_readable() -> None:
    file = archive((2024, 2, 29, 8, 30, 0), 0, 0)

    unify_zip_headers(file)

    with zipfile.ZipFile(file) as unified:
        assert unified.testzip() is None
        assert {name: unified.read(name) for name in unified.namelist()} == CONTENT
        assert {member.date_time for member in unified.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_archive_without_members_stays_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w"):
        pass

    unify_zip_headers(file)

    assert zipfile.ZipFile(file).namelist() == []
