"""Where other machines open a member's ledger: no password goes with it, and it must be the one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from commands.handlers.member_ledgers import SignedTree, ledger_at
from commands.handlers.region_file import RegionMember
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.stored_tree import StoredTree
from lifecycle.rejections import Rejected, StoreError, msg
from projections.facts.ledger_parts import LedgerPlace

OTHER_LEDGER: Final = msg(
    "what this machine opens as {place} is not the ledger that was verified: it has {held} events, "
    "and its tree of {size} events differs or is missing"
)
SECRET_IN_URL: Final = msg(
    "the URL of the bundle of {unit} holds a secret, which must not pass through a scheduler: keep "
    "it in the workers' own settings, or evaluate without --scheduler"
)
_PASSWORD_FIELDS: Final = ("password", "sslpassword")


def member_place(
    member: RegionMember,
    tree: SignedTree,
) -> LedgerPlace:
    """Return where any machine opens a member's ledger, and which tree it must find there."""
    checkpoint = tree.checkpoint
    return unverified_place(member)._replace(tree_size=checkpoint.size, root=checkpoint.root.hex())


def unverified_place(member: RegionMember) -> LedgerPlace:
    """Return where any machine opens a member's ledger, to verify it."""
    store = None if member.store is None else without_password(member.store)
    return LedgerPlace(store, member.bundle)


def without_password(url: str) -> str:
    """Return a store's URL without its password: each machine has its own (`PGPASSWORD`, …)."""
    if not url.startswith("postgresql"):
        return url
    parts = urlsplit(url)
    name, separator, address = parts.netloc.rpartition("@")
    user, _, _password = name.partition(":")
    options = []
    for field, value in parse_qsl(parts.query):
        if field not in _PASSWORD_FIELDS:
            options.append((field, value))
    return urlunsplit(
        parts._replace(
            netloc=f"{user}{separator}{address}",
            query=urlencode(options),
        )
    )


def require_sendable(member: RegionMember) -> None:
    """Reject a bundle's URL with a password, or with the signature that some hosts ask for."""
    bundle = member.bundle or ""
    if "://" in bundle and ("?" in bundle or "@" in urlsplit(bundle).netloc):
        raise Rejected.by("secret", SECRET_IN_URL, unit=member.unit)


@contextmanager
def opened_place(place: LedgerPlace) -> Iterator[Ledger]:
    """Open a member's ledger on any machine. Raises `StoreError` where it is another one."""
    with ExitStack() as resources:
        ledger = ledger_at(place.store, place.bundle, resources)
        if place.root:
            _require_tree(ledger, place)
        yield ledger


def _require_tree(
    ledger: Ledger,
    place: LedgerPlace,
) -> None:
    """Compare the stored tree: a copy that lags behind, or another ledger, must not count."""
    with ledger.recorder.cursor(write=False) as cursor:
        tree = StoredTree(ledger.recorder, cursor)
        if tree.size >= place.tree_size and tree.root(place.tree_size).hex() == place.root:
            return
    raise StoreError(
        OTHER_LEDGER,
        place=place.bundle or place.store,
        held=tree.size,
        size=place.tree_size,
    )
