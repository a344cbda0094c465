"""The server of pages: where it listens, who may read, and how it logs."""

from __future__ import annotations

import signal
import socket
import sys
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, Final

import click
import uvicorn
from starlette.applications import Starlette
from uvicorn.config import LOGGING_CONFIG

from commands.cli.shared.account_file import ACCOUNT_FILE_KEY, open_accounts
from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import store_url
from commands.cli.shared.store_metrics import served_metrics
from commands.cli.shared.typed_path import TypedPath
from commands.web.accounts import Accounts
from commands.web.login_sessions import LoginSessions
from commands.web.metrics_page import MetricsSource, read_token
from commands.web.server_log import JSON_LOGGING, LogForm
from commands.web.timed_connection import TimedConnection
from commands.words.messages import _, say, why
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, StoreError, msg

_ANY_FILE: Final = TypedPath(path_type=Path, dir_okay=False)
_PRESENT_FILE: Final = TypedPath(
    path_type=Path,
    dir_okay=False,
    exists=True,
)
_WAITING_CONNECTIONS: Final = 2048
# Between two looks at whether the server answers.
_STARTING_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class PageServer:
    """How pages are served, as the options of a command say."""

    host: str
    port: int
    certificate: Path | None
    private_key: Path | None
    token_file: Path | None
    log_form: LogForm
    publishes_tiles: bool
    opens_browser: bool

    def login_sessions(self) -> LoginSessions | None:
        """Return who may log in; None where the pages are for this machine alone.

        Raises `Rejected` where others reach the address and there are no accounts.
        """
        accounts = open_accounts()
        is_local = _is_loopback(self.host)
        if not is_local and not accounts.by_name:
            raise _without_accounts(self.host, accounts)
        if (self.certificate is None) != (self.private_key is None):
            raise click.UsageError(_("--certificate and --private-key must be given together"))
        if not is_local and self.certificate is None:
            _warn_of_plain_passwords()
        return LoginSessions(accounts) if accounts.by_name else None

    def metrics(self, ledger: Ledger) -> MetricsSource:
        """Return what a monitoring system reads of a store."""
        token = None if self.token_file is None else read_token(self.token_file)
        return MetricsSource(partial(served_metrics, ledger, store_url()), token)

    def listening_socket(self) -> socket.socket:
        """Listen on the address. Raises `StoreError` if it is taken or not this machine's."""
        return _listening_socket(self.host, self.port)

    def run(self, site: Starlette, listening: socket.socket) -> None:
        """Serve a site until interrupted."""
        server = uvicorn.Server(self._settings(site))
        scheme = "http" if self.certificate is None else "https"
        address = _served_address(scheme, self.host, listening)
        click.echo(say(msg("serving at {address}; press Ctrl-C to stop"), address=address))
        if self.opens_browser:
            Thread(target=_open_browser, args=(server, address), daemon=True).start()
        # uvicorn sends the signal that ended it again. A service's ends it as Ctrl-C does, so that
        # stores are closed and copies of them removed.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])

    def _settings(self, site: Starlette) -> uvicorn.Config:
        return uvicorn.Config(
            site,
            access_log=False,
            log_level="warning",
            log_config=JSON_LOGGING if self.log_form == "json" else LOGGING_CONFIG,
            # The version of the server is of use only to attackers.
            server_header=False,
            # A header sent by a client must not decide which address its session is bound to.
            proxy_headers=False,
            ssl_certfile=self.certificate,
            ssl_keyfile=self.private_key,
            timeout_keep_alive=20,
            http=TimedConnection,
            lifespan="on",
        )


def page_server_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a server of pages; the command takes them as `server`."""

    @wraps(function)
    def with_server(
        *arguments: Any,
        account_file: Path | None,
        **options: Any,
    ) -> Any:
        click.get_current_context().meta[ACCOUNT_FILE_KEY] = account_file
        fields = {name: options.pop(name) for name in PageServer.__dataclass_fields__}
        return function(*arguments, server=PageServer(**fields), **options)

    command = with_server
    # click lists options in the reverse of the order in which they are added.
    for add_option in reversed(_OPTIONS):
        command = add_option(command)
    return command


_OPTIONS: Final = (
    click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        help=_(
            "The address to listen on; any address other than the loopback address requires "
            "accounts."
        ),
    ),
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8024,
        show_default=True,
        help=_("The port to listen on."),
    ),
    click.option(
        "--accounts",
        "account_file",
        type=_ANY_FILE,
        envvar="LIFECYCLE_ACCOUNTS",
        help=_("The account file. Default: a file in the user's data folder."),
    ),
    click.option(
        "--certificate",
        type=_PRESENT_FILE,
        help=_("A TLS certificate (PEM), for https; with --private-key."),
    ),
    click.option(
        "--private-key",
        type=_PRESENT_FILE,
        help=_("The certificate's private key (PEM)."),
    ),
    click.option(
        "--tiles/--no-tiles",
        "publishes_tiles",
        default=True,
        show_default=True,
        help=_(
            "Publish the latest checkpoint and the tiles of the tree to anybody, without a login: "
            "hashes, no entries."
        ),
    ),
    click.option(
        "--metrics-token",
        "token_file",
        type=_PRESENT_FILE,
        help=_(
            "A file with the token by which a monitoring system reads /metrics without a login."
        ),
    ),
    click.option(
        "--log-format",
        "log_form",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help=_("How requests and errors are logged: as lines or as JSON."),
    ),
    click.option(
        "--open",
        "opens_browser",
        is_flag=True,
        help=_("Open the pages in the browser as soon as they can be read."),
    ),
)


def _warn_of_plain_passwords() -> None:
    message = _(
        "note: without --certificate, passwords are sent unencrypted; do this only behind an "
        "https proxy"
    )
    print_message(message)


def _without_accounts(host: str, accounts: Accounts) -> Rejected:
    template = msg(
        "{host} is not a loopback address: first create accounts with `lifecycle serve "
        "account add`; they are stored in {path}"
    )
    return Rejected.by("no_accounts", template, host=host, path=accounts.path)


def _served_address(
    scheme: str,
    host: str,
    listening: socket.socket,
) -> str:
    """Return where to read; port 0 lets the system choose one."""
    name = f"[{host}]" if ":" in host else host
    port = listening.getsockname()[1]
    return f"{scheme}://{name}:{port}/"


def _open_browser(server: uvicorn.Server, address: str) -> None:
    """Show the pages as soon as they answer; a machine without a browser still serves."""
    while not server.started:
        time.sleep(_STARTING_SECONDS)
    if not webbrowser.open(address):
        print_message(_("no browser could be opened; open the address above yourself"))


def _listening_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends small answers at once only if it reads it there.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        _take_address_alone(listening)
        listening.bind((host, port))
        listening.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        listening.close()
        raise StoreError(
            msg("cannot listen on {host} port {port}: {why}"),
            host=host,
            port=port,
            why=why(error),
        ) from error
    return listening


def _take_address_alone(listening: socket.socket) -> None:
    if sys.platform == "win32":
        # Windows' SO_REUSEADDR lets a second program take a port that is in use.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # A restart must not wait until the old connections have timed out.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    # Any other name may resolve to an address that other machines reach.
    except ValueError:
        return False
