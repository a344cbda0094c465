"""Click's own messages, listed so that they enter our catalogue. Nothing calls this at run time."""

from __future__ import annotations

from gettext import gettext as _, ngettext


def click_messages() -> list[str]:
    """Return the messages exactly as click spells them, because it looks them up that way."""
    return [
        _("Usage:"),
        _("Options"),
        _("Error: {message}"),
        _("Try '{command} {option}' for help."),
        _("Show this message and exit."),
        _("Show the version and exit."),
        _("Invalid value: {message}"),
        _("Invalid value for {param_hint}: {message}"),
        _("Missing argument"),
        _("Missing option"),
        _("Missing parameter"),
        _("Missing command."),
        _("No such option {name!r}."),
        _("No such command {name!r}."),
        _("default: {default}"),
        _("required"),
        _("env var: {var}"),
        _("Option {name!r} does not take a value."),
        _("Aborted!"),
        _("{value!r} is not a valid {number_type}."),
        _("{value} is not in the range {range}."),
        _("Error: invalid input"),
        _("file"),
        _("directory"),
        _("path"),
        _("{name} {filename!r} does not exist."),
        _("{name} {filename!r} is a file."),
        _("{name} {filename!r} is a directory."),
        _("{name} {filename!r} is not readable."),
        *_plural_messages(),
    ]


def _plural_messages() -> list[str]:
    # The count is only formal: extraction takes both forms of each pair into the catalogue.
    return [
        ngettext(
            "Did you mean {possibility}?",
            "(Did you mean one of: {possibilities}?)",
            1,
        ),
        ngettext(
            "Got unexpected extra argument ({args})",
            "Got unexpected extra arguments ({args})",
            1,
        ),
        ngettext(
            "Option {name!r} requires an argument.",
            "Option {name!r} requires {nargs} arguments.",
            1,
        ),
        ngettext(
            "{value!r} is not {choice}.",
            "{value!r} is not one of {choices}.",
            1,
        ),
    ]
