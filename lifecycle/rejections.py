"""What is refused, by which rule, and what is allowed instead; worded once, translated at the border."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


def msg(template: str) -> str:
    """Mark a message template for the gettext catalogues; the text itself is returned unchanged."""
    return template


class EventName(str):
    """An event's stored name inside a message; the commands show its Chinese term beside it."""

    __slots__ = ()


class LedgerError(Exception):
    """Base of everything this package raises for a user to read.

    `template` is an English sentence with `{named}` places, the key of the gettext catalogues; `values` fill the places.
    """

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)


class StoreError(LedgerError):
    """The store or a file cannot be used (exit code 3)."""


class Conflict(LedgerError):  # noqa: N818 -- the field's own word for a lost optimistic race
    """Somebody else appended first; the decision is to be taken again on fresh state."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal: the rule's id, the field where there is one, what is wrong, what is allowed."""

    rule: str
    template: str
    values: dict[str, object] = field(default_factory=dict)
    field: str | None = None

    def __str__(self) -> str:
        text = self.template.format(**self.values)
        return f"{self.field}: {text}" if self.field else text


class Rejected(LedgerError):  # noqa: N818 -- a refusal is a business answer, not an error
    """A business answer: this may not be recorded. Carries every problem found, nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("{problems}", problems="; ".join(map(str, problems)))
        self.problems: Final = problems

    @classmethod
    def by(
        cls, rule: str, template: str, /, *, at: str | None = None, **values: object
    ) -> Rejected:
        """Refuse for one reason: `rule` id, message `template` with its `values`, `at` the field concerned."""
        return cls([Problem(rule, template, values, at)])
