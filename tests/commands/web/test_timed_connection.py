"""A connection that does not send its request in time is closed; a slow answer is waited for."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from commands.web.timed_connection import TimedConnection

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SECONDS = 0.3


class HastyConnection(TimedConnection):
    request_seconds = SECONDS


async def slow_answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await asyncio.sleep(3 * SECONDS)
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(slow_answer, http=HastyConnection, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=20)


def is_closed(connection: socket.socket) -> bool:
    """Whether the server ends the connection without sending anything more."""
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("half", [b"", b"GET / HTTP/1.1\r\n", REQUEST[:-2]])
def test_half_a_request_is_given_up(port: int, half: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        begun_at = time.monotonic()
        connection.sendall(half)
        assert is_closed(connection)
    assert time.monotonic() - begun_at < 40 * SECONDS


def test_a_request_that_drips_in_is_given_up(port: int) -> None:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
        pytest.raises((ConnectionResetError, BrokenPipeError)),
    ):
        for byte in REQUEST[:-2] * 100:
            connection.sendall(bytes([byte]))
            time.sleep(SECONDS / 10)


def test_a_slow_answer_and_the_next_request_are_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for _ in range(2):
            connection.sendall(REQUEST)
            answer = b""
            while not answer.endswith(b"ok"):
                answer += connection.recv(1000)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            time.sleep(2 * SECONDS)
        connection.sendall(REQUEST[:10])
        assert is_closed(connection)
