"""Servers that play DingTalk, WeCom and a mail server, as the real clients see them."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOSTS = ("oapi.dingtalk.com", "qyapi.weixin.qq.com")
TAKEN = (200, {"errcode": 0, "errmsg": "ok"})
Answer = tuple[int, dict[str, Any]]


@dataclass
class ChatServices:
    """The texts that each host took; `answers` are the next answers, then everything is taken."""

    proxy: str
    authority: Path
    taken: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What leads a client's requests here."""
        return {"HTTPS_PROXY": self.proxy, "REQUESTS_CA_BUNDLE": str(self.authority)}

    def texts(self) -> list[str]:
        return [text for _host, text in self.taken]

    def answer_to(self, host: str, request: dict[str, Any]) -> Answer:
        answer = self.answers.pop(0) if self.answers else TAKEN
        if answer == TAKEN:
            self.taken.append((host, request["text"]["content"]))
        return answer


@contextmanager
def chat_services(folder: Path) -> Iterator[ChatServices]:
    """A proxy behind which both hosts are played, with certificates of an authority of ours."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    services = ChatServices("", folder / "authority.pem")

    class Tunnel(BaseHTTPRequestHandler):
        """Answers CONNECT, then speaks TLS as the host that was asked for."""

        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            host = self.path.partition(":")[0]
            with suppress(OSError), context.wrap_socket(self.connection, server_side=True) as inner:
                _answer_one(inner, lambda request: services.answer_to(host, request))
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tunnel)
    services.proxy = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer_one(inner: ssl.SSLSocket, answer_to: Callable[[dict[str, Any]], Answer]) -> None:
    stream = inner.makefile("rb")
    length = 0
    for line in iter(stream.readline, b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    status, content = answer_to(json.loads(stream.read(length)))
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
    inner.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@dataclass
class MailServer:
    """The mails that were taken, and how many of the next ones are refused."""

    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)
    refusals: int = 0

    async def handle_DATA(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.refusals:
            self.refusals -= 1
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body()
        assert body is not None
        self.mails.append((str(mail["subject"]), body.get_content()))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server at a port of its own."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
