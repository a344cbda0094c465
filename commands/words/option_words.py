"""Messages of the command line as pages say them: by fields and things, not by options."""

from __future__ import annotations

from re import sub
from typing import Final

_TERMS_OF_PAGES: Final = {
    "--rulebook": "看板上方的“规则”",
    "--known-at": "看板上方的“数据时点”",
    "--as-of": "看板上方的“截至”",
}
# What a verification asks for is given to the command line alone.
_VOUCHERS: Final = {
    "--key": "外部保管的公钥",
    "--cosigner": "共签方公钥",
    "--witness": "见证文件",
    "--receipt": "回执",
}


def without_voucher_options(text: str) -> str:
    """Say what would vouch for the ledger by name, not by the options that take it."""
    for option, name in _VOUCHERS.items():
        text = sub(rf" ?{option} ?", name, text)
    return text


def in_terms_of_pages(text: str) -> str:
    """Say what a message of the command line says, by the fields of a page.

    Commands stay as they are: an administrator types them.
    """
    for option, field in _TERMS_OF_PAGES.items():
        text = sub(rf" ?{option} ?", field, text)
    # A page has no other sign for what is to be typed than quotation marks.
    return sub("`([^`]*)`", r"“\1”", text)
