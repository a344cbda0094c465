"""`serve`: the pages for leaders and auditors, and who may read them from another machine."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.cli.shared.lazy_group import SuggestingGroup
from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import OutputColumn, format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.unknown_names import unknown_unit
from commands.words.messages import _, say, why
from lifecycle.rejections import Rejected, StoreError, msg

if TYPE_CHECKING:
    from commands.web.accounts import Accounts

_FILE = click.Path(path_type=Path, dir_okay=False)
_PRESENT = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group(
    "serve",
    cls=SuggestingGroup,
    invoke_without_command=True,
    help=_("Serve read-only pages for leaders and auditors in a browser."),
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=_(
        "The address to listen on; any address other than the loopback address requires accounts."
    ),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8024,
    show_default=True,
    help=_("The port to listen on."),
)
@click.option(
    "--accounts",
    "file",
    type=_FILE,
    envvar="LIFECYCLE_ACCOUNTS",
    help=_("The account file. Default: a file in the user's data folder."),
)
@click.option(
    "--certificate",
    type=_PRESENT,
    help=_("A TLS certificate (PEM), for https; with --private-key."),
)
@click.option("--private-key", type=_PRESENT, help=_("The certificate's private key (PEM)."))
@click.pass_context
def command(
    ctx: click.Context,
    host: str,
    port: int,
    file: Path | None,
    certificate: Path | None,
    private_key: Path | None,
) -> None:
    """Serve until interrupted."""
    ctx.meta["accounts"] = file
    if ctx.invoked_subcommand is None:
        _serve(host, port, certificate, private_key)


def _accounts() -> Accounts:
    from platformdirs import user_data_path  # noqa: PLC0415 -- whoever names a file does not pay for it

    from commands.web.accounts import Accounts  # noqa: PLC0415 -- help does not pay for password hashes

    file: Path | None = click.get_current_context().meta["accounts"]
    return Accounts(file or user_data_path("lifecycle") / "accounts.json")


def _serve(host: str, port: int, certificate: Path | None, private_key: Path | None) -> None:
    import uvicorn  # noqa: PLC0415 -- as above

    from commands.web.application import application  # noqa: PLC0415 -- as above
    from commands.web.login_sessions import LoginSessions  # noqa: PLC0415 -- as above

    accounts = _accounts()
    local = _is_local(host)
    if not local and not accounts.by_name:
        template = msg(
            "{host} is not a loopback address: first create accounts with `lifecycle serve "
            "account add`; they are stored in {path}"
        )
        raise Rejected.by("no_accounts", template, host=host, path=accounts.path)
    if (certificate is None) != (private_key is None):
        raise click.UsageError(_("--certificate and --private-key must be given together"))
    sessions = None if local and not accounts.by_name else LoginSessions(accounts)
    if not local and certificate is None:
        print_message(
            _(
                "note: without --certificate, passwords are sent unencrypted; do this only "
                "behind an https proxy"
            )
        )
    with open_store() as ledger, _listening(host, port) as listening:
        app = application(ledger, sessions, _log)
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            ssl_certfile=certificate,
            ssl_keyfile=private_key,
            timeout_keep_alive=20,
            lifespan="off",
        )
        scheme, name = (
            "http" if certificate is None else "https",
            f"[{host}]" if ":" in host else host,
        )
        click.echo(
            say(
                msg("serving at {address}; press Ctrl-C to stop"),
                address=f"{scheme}://{name}:{listening.getsockname()[1]}/",
            )
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """A socket on the address. Raises `StoreError` where it is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, as asyncio sends small answers at once only where it reads it there.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(2048)
    except OSError as error:
        found.close()
        raise StoreError(
            msg("cannot listen on {host} port {port}: {why}"), host=host, port=port, why=why(error)
        ) from error
    return found


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _log(line: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}\n")
    sys.stderr.flush()


# Accounts -------------------------------------------------------------------------------------------------------------


@command.group(
    "account",
    cls=SuggestingGroup,
    help=_("Accounts for access from other machines: add, list, remove."),
)
def account() -> None:
    """Accounts."""


@account.command(
    "add",
    help=_(
        "Add the account NAME, or change its role or password; the password is prompted "
        "for or read from standard input."
    ),
)
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["leader", "auditor", "unit"]),
    required=True,
    help=_(
        "leader: everything except names of persons; auditor: everything; unit: its own "
        "data in full, the totals of others."
    ),
)
@click.option("--unit", help=_("The unit, for the role `unit`."))
def add_command(name: str, role: str, unit: str | None) -> None:
    """Add it."""
    accounts = _accounts()
    if unit is not None:
        _registered(unit)
    accounts.add(name, role, unit, _password())
    click.echo(say(msg("{name} can log in; stored in {path}"), name=name, path=accounts.path))


def _registered(unit: str) -> None:
    from projections.scoring.evaluation import units_at  # noqa: PLC0415 -- as above

    with open_store() as ledger:
        units = units_at(ledger, ledger.head().position)
    if unit not in units:
        raise unknown_unit(unit, list(units))


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt(_("password"), hide_input=True, confirmation_prompt=True, err=True)
    return answer


@account.command("list", help=_("List the accounts with their roles."))
@format_option
def list_command(form: str) -> None:
    """List them."""
    rows = [
        {"name": each.name, "role": each.role, "unit": each.unit}
        for each in _accounts().by_name.values()
    ]
    print_rows(
        rows,
        [
            OutputColumn("name", "用户名", show=str),
            OutputColumn("role", "角色", show=_ROLES.__getitem__),
            OutputColumn("unit", "单位"),
        ],
        form,
    )


_ROLES = {"leader": "领导", "auditor": "审计", "unit": "单位"}


@account.command("remove", help=_("Remove the account NAME; its sessions end at once."))
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove it."""
    _accounts().remove(name)
    click.echo(say(msg("{name} can no longer log in"), name=name))
