"""What runs on a worker of another machine: one part of a piece of work, and who it was."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from lifecycle.rejections import LedgerError, StoreError, msg

PART_FAILED: Final = msg("the worker {worker} failed at a part of the work: {why}")


class PartAnswer(NamedTuple):
    """What a worker made of a part: the outcome, or the error that it met."""

    worker: str
    outcome: Any
    error: LedgerError | None


@lru_cache(maxsize=4)
def _work(packed: bytes) -> Callable[[Any], Any]:
    # Unpacked once for many parts. It names our own functions, which the worker has itself.
    function, common = pickle.loads(packed)  # noqa: S301 -- the command's own bytes

    def work(part: object) -> Any:
        return function(common, part)

    return work


def run_part(
    packed: bytes,
    packed_part: bytes,
) -> PartAnswer:
    """Run packed work on a part, within a worker. What fails is part of the answer.

    The scheduler unpacks what it passes on: of bytes it learns nothing, and needs no class.
    """
    worker = import_module("distributed").get_worker().address
    try:
        part = pickle.loads(packed_part)  # noqa: S301 -- as above
        return PartAnswer(worker, _work(packed)(part), None)
    except LedgerError as error:
        return PartAnswer(worker, None, error)
    except Exception as error:  # noqa: BLE001 -- the command says it in a sentence
        why = f"{type(error).__name__}: {error}"
        return PartAnswer(worker, None, StoreError(PART_FAILED, worker=worker, why=why))
