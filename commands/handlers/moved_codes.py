"""Codes from which a project was moved: whoever gives one is told the code that it has now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lifecycle.events import Stream
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, Rejected, msg

if TYPE_CHECKING:
    from lifecycle.ledger.unit_of_work import UnitOfWork

_NOBODY: Final = Author("")
"""The author of a look at the ledger: nothing is decided or recorded."""


def moved_code_problem(ledger: Ledger, code: str) -> Problem | None:
    """Return the problem with a code from which a project was moved; None for any other."""
    return ledger.preview(lambda work: moved_code_problem_within(work, code), _NOBODY)


def moved_code_problem_within(work: UnitOfWork, code: str) -> Problem | None:
    """Return the same problem to a caller that has a unit of work already."""
    new_code = _present_code(work, code)
    if new_code == code:
        return None
    template = msg("the project {project} was moved to {new_code}: give that code")
    values: dict[str, object] = {"project": code, "new_code": new_code}
    return Problem("unknown_project", template, values, "project")


def require_present_code(ledger: Ledger, code: str) -> None:
    """Raise `Rejected`, naming the code of now, for one from which a project was moved."""
    problem = moved_code_problem(ledger, code)
    if problem is not None:
        raise Rejected([problem])


def _present_code(work: UnitOfWork, code: str) -> str:
    """Return the code at which a project is, after any number of moves from this one."""
    passed = {code}
    while not work.is_project(code):
        new_code = work.moved_to(Stream("project", code))
        if new_code is None or new_code in passed:
            break
        passed.add(new_code)
        code = new_code
    return code
