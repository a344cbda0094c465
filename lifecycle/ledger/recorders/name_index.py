"""The rows by which projects' codes and names are found: derived from the claims to identities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lifecycle.deciding.claims import Claim
from lifecycle.deciding.near_names import name_signatures
from lifecycle.events import Stream
from lifecycle.events.folded_text import folded_name
from lifecycle.ledger.recorders.driver_cursor import Cursor

NAMES_VERSION: Final = 3
"""The first version of a store that has these rows."""
CODE: Final = "code"
"""A project's code as codes are compared."""
NEAR: Final = "near"
"""A signature of a project's name."""
NAME_KINDS: Final = frozenset((CODE, NEAR))
"""The kinds of these rows. Their positions say nothing: they decide on no precedence."""
_SELECT_IDENTITIES: Final = (
    "SELECT value, stream, position FROM ledger_claims WHERE kind = 'identity'"
)
_INSERT_CLAIM: Final = "INSERT INTO ledger_claims VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def code_claim(stream_id: str) -> Claim:
    """Return the row that finds a project by its code."""
    return Claim(CODE, folded_name(Stream.of(stream_id).name))


def near_claims(normalised_name: str) -> Iterator[Claim]:
    """Yield the rows that find a project by its name."""
    for signature in name_signatures(normalised_name):
        yield Claim(NEAR, signature)


def name_in_identity(value: str) -> str:
    """Return the normalised project name of an identity."""
    return value.partition("\t")[2]


def name_claims(identities: Iterable[tuple[str, str]]) -> Iterator[tuple[Claim, str]]:
    """Yield the rows that follow from identities and the streams that hold them."""
    for value, stream_id in identities:
        yield code_claim(stream_id), stream_id
        for claim in near_claims(name_in_identity(value)):
            yield claim, stream_id


def fill_name_index(cursor: Cursor, sql: Callable[[str], str]) -> None:
    """Give a store of an earlier version these rows, from the identities that it holds."""
    cursor.execute(sql(_SELECT_IDENTITIES))
    held = cursor.fetchall()
    positions = {stream_id: position for _value, stream_id, position in held}
    rows = []
    for claim, stream_id in name_claims((value, stream_id) for value, stream_id, _ in held):
        rows.append((claim.kind, claim.value, stream_id, positions[stream_id]))
    if rows:
        cursor.executemany(sql(_INSERT_CLAIM), rows)
