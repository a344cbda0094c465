"""Tab completion for PowerShell, which click has none for."""

from __future__ import annotations

import os
import shlex
from typing import ClassVar

from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
)

_SCRIPT = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s, %(prog_name)s.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    $env:COMP_LINE = $commandAst.ToString()
    $env:COMP_WORD = $wordToComplete
    $env:%(complete_var)s = 'powershell_complete'
    try {
        & %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            if (-not $help) { $help = $value }
            $text = if ($value -match '\\s') { "'$value'" } else { $value }
            [System.Management.Automation.CompletionResult]::new(
                $text, $value, 'ParameterValue', $help)
        }
    } finally {
        Remove-Item Env:COMP_LINE, Env:COMP_WORD, Env:%(complete_var)s
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Answers what the script's completer asks."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is completed, and its beginning."""
        words = typed_words(os.environ["COMP_LINE"])[1:]
        incomplete = os.environ.get("COMP_WORD", "").strip("'\"")
        if incomplete and words and words[-1].strip("'\"") == incomplete:
            words.pop()
        return words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return a value and its help on one line."""
        return f"{item.value}\t{item.help or ''}"


def typed_words(line: str) -> list[str]:
    """Return the words of a line that may end inside quotes, as PowerShell divides it."""
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = "`"  # a backslash stands in paths
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:  # quotes that are still open
        words.append(lexer.token)
    return words


def register() -> None:
    """Let click find it by its name."""
    add_completion_class(PowerShellComplete)
