"""What is worked out in another process while this one uses what came before."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

from lifecycle.late_module import LateModule

if TYPE_CHECKING:
    import multiprocessing
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
else:
    # Most files are short, and worked through in one process.
    multiprocessing = LateModule("multiprocessing")

T = TypeVar("T")


_SECONDS_BETWEEN_LOOKS: Final = 1.0
"""How long a value may take before somebody looks whether its process was stopped."""


class ProcessLostError(Exception):
    """The other process died, mostly for lack of memory, or somebody stopped it."""


class _Message(NamedTuple):
    """What the other process sends: a value, the error that ended its work, or the end."""

    kind: Literal["value", "error", "end"]
    content: Any = None


def worked_out_ahead(values: Iterable[T]) -> Iterator[T]:
    """Yield what an iterable yields, from a forked process that works one step ahead.

    The values are pickled; what the iterable raises is raised here. Raises `ProcessLostError` where
    the process died, was stopped, or had too little memory. Only for a process without threads, see
    `all_cores.safe_start_method`.
    """
    if sys.platform == "win32":
        raise NotImplementedError  # nothing is forked there
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send_all, args=(values, receiving, sending))
    process.start()
    # The end of the other process is seen once nobody else may write.
    sending.close()
    try:
        while (message := _received(receiving, process)).kind != "end":
            if message.kind == "error":
                raise message.content
            yield message.content
    finally:
        receiving.close()
        # A stopped process would take no other signal; it holds nothing that is to be closed.
        process.kill()
        process.join()
        process.close()


def _received(receiving: Connection, process: BaseProcess) -> _Message:
    try:
        while not receiving.poll(_SECONDS_BETWEEN_LOOKS):
            if _is_stopped(process):
                raise ProcessLostError
        # What our own process sent, through a pipe that nobody else has.
        message: _Message = pickle.loads(receiving.recv_bytes())  # noqa: S301 -- as said
    except (EOFError, OSError):
        # An `OSError` where the process died amid a message: it mostly waits in one.
        raise ProcessLostError from None
    return message


def _is_stopped(process: BaseProcess) -> bool:
    """Whether a signal stopped the process: it neither works nor ends until another comes."""
    if sys.platform == "win32":
        return False  # no process is forked there, nor stopped
    assert process.pid is not None  # it was started
    options = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, options) is not None


def _send_all(values: Iterable[object], receiving: Connection, sending: Connection) -> None:
    """Send the values one by one; the pipe is full until the one before was taken."""
    # Kept open here, the pipe would outlive the command that reads from it, and so would we.
    receiving.close()
    # The database connections of the first process came along: nothing may close them from here.
    gc.freeze()
    # Who presses Ctrl-C means the command; it ends this process, whatever the command catches.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for value in values:
            sending.send_bytes(_packed(_Message("value", value)))
        sending.send_bytes(_packed(_Message("end")))
    except BrokenPipeError:
        return  # the command has ended
    except MemoryError:
        return  # as if it had died: the first process alone may need less
    except Exception as error:  # noqa: BLE001 -- raised in the process that uses the values
        sending.send_bytes(_packed(_Message("error", error)))


def _packed(message: _Message) -> bytes:
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
