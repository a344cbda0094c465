"""What database a store is in, for whoever looks after it."""

from __future__ import annotations

from typing import Literal, NamedTuple

DatabaseRank = Literal["owner", "manager", "clerk", "auditor"]
"""What a login is to a store on PostgreSQL."""


class DatabaseFacts(NamedTuple):
    """The product, its version and encoding, and whether a pool of connections stands before it."""

    product: str
    version: str
    encoding: str
    is_pooled: bool
