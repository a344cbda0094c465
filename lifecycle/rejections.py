"""What may not be done, by which rule, and what is allowed instead.

Messages are English templates here. The commands translate them and fill in their values.
"""

from __future__ import annotations

from dataclasses import dataclass, field as dataclass_field, replace
from typing import Any, Final


def msg(template: str) -> str:
    """Mark a message template for the gettext catalogues. The text is returned unchanged."""
    return template


NO_JSON: Final = msg("its bytes are not JSON")
NO_EVENT: Final = msg("its bytes are not those of an event")
"""Why a stored event cannot be read, where not even a field of it is known."""


class EventName(str):
    """An event's stored name inside a message; the commands show its Chinese term beside it."""

    __slots__ = ()


class LedgerError(Exception):
    """Base of all errors that this package raises for a user to read.

    `template` is an English sentence with `{named}` places and the key of the gettext catalogues;
    `values` fill the places.
    """

    def __init__(self, template: str, **values: object) -> None:
        # The exception keeps both, so that a message can be translated after it was raised.
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error pass from one process to another, whatever its class is made from."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[LedgerError],
    arguments: tuple[object, ...],
    attributes: dict[str, object],
) -> LedgerError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(attributes)
    return error


class StoreError(LedgerError):
    """The store or a file cannot be used (exit code 3)."""


class Conflict(LedgerError):  # noqa: N818 -- the field's own word for a lost optimistic race
    """Somebody else appended first; the decision has to be made again on fresh state."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to reject: the rule's id, the message with its values, and the field, if any."""

    rule: str
    template: str
    values: dict[str, object] = dataclass_field(default_factory=dict)
    field: str | None = None
    event: str = dataclass_field(default="", compare=False)
    """The stored name of the event whose field it is; some have terms of their own for a field."""

    def of_event(self, event: str) -> Problem:
        """Return the problem as that of an event's field."""
        return replace(self, event=event)

    def __str__(self) -> str:
        text = self.template.format(**self.values)
        return f"{self.field}: {text}" if self.field else text


class Rejected(LedgerError):  # noqa: N818 -- a business answer, not an error
    """A record or a command is not allowed, and nothing was stored. Carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        sentences = [str(problem) for problem in problems]
        super().__init__("{problems}", problems="; ".join(sentences))
        self.problems: Final = problems

    @classmethod
    def by(
        cls,
        rule: str,
        template: str,
        /,
        *,
        at: str | None = None,
        **values: object,
    ) -> Rejected:
        """Return the rejection by one rule; `at` names the field, `values` fill the template."""
        return cls([Problem(rule, template, values, at)])
