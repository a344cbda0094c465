"""How long something is due, overdue or waiting: `1 day left`, `2 days overdue`."""

from __future__ import annotations

from commands.words.reader_language import _, ngettext


def days_until(days: int) -> str:
    """Return how a deadline stands, by the days left; a negative number is overdue."""
    if days == 0:
        return _("due today")
    if days < 0:
        return _days_overdue(-days)
    template = ngettext("{days} day left", "{days} days left", days)
    return template.format(days=days)


def _days_overdue(days: int) -> str:
    template = ngettext("{days} day overdue", "{days} days overdue", days)
    return template.format(days=days)


def days_waiting(days: int) -> str:
    """Return how long something has been waiting."""
    template = ngettext("{days} day", "{days} days", days)
    return template.format(days=days)
