"""The same work by four programs: a raw limit, a stock library, an ORM and this ledger."""
