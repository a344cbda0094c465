"""Try every mutant that mutmut makes: `python tests/mutation/run.py [NAME… | --left]`, a name as `lifecycle.log.proofs.*`.

With `--left`, those that no run before has killed, or whose function was changed since.

mutmut starts pytest anew for each mutant, and asks at each call which one is meant. Here pytest collects once and runs
every test once, unchanged, seeing which functions each reaches; then a child is forked for some mutants of a function,
puts the code of each in the function's place, and runs the tests that reach it until one fails: first those that failed
for its neighbours, then the quick ones. Results are kept as mutmut keeps them, so that `mutmut results` and `mutmut show NAME` tell of them.
"""

from __future__ import annotations

import fnmatch
import gc
import linecache
import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol
from _pytest.warnings import catch_warnings_for_item
from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation import trampoline
from mutmut.mutation.data import SourceFileMutationData
from mutmut.utils.file_utils import (
    change_cwd,
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)
from mutmut.utils.format_utils import mangled_name_from_mutant_name

CHILDREN: Final = int(os.environ.get("MUTANT_CHILDREN", "2"))
SECONDS: Final = 1
KILLED, SURVIVED, UNREACHED, TIMED_OUT = 1, 0, 33, 36
TOGETHER, NOBODY = 40, -1
WORDS: Final = {
    KILLED: "killed",
    SURVIVED: "survived",
    UNREACHED: "reached by no test",
    TIMED_OUT: "timed out",
}


def failed(
    item: pytest.Item,
    after: pytest.Item,
) -> list[pytest.TestReport]:
    """Run one test, as pytest does but for what it would say; `after` is the next one."""
    with catch_warnings_for_item(config=item.config, ihook=item.ihook, when="runtest", item=item):
        return [
            report for report in runtestprotocol(item, log=False, nextitem=after) if report.failed
        ]


class Mutants:
    """A pytest plugin that runs the tests once, and then for each mutant those that reach it."""

    def __init__(
        self,
        wanted: list[str],
        say: Any,
    ) -> None:
        self.wanted, self.say = wanted, say
        self.functions: dict[str, tuple[Any, dict[str, Any]]] = {}
        self.reaching: dict[str, list[int]] = defaultdict(list)
        self.seconds: list[float] = []
        self.killers: dict[str, list[int]] = defaultdict(list)
        self.running: dict[int, tuple[list[str], int]] = {}
        self.found: dict[str, int] = {}
        setattr(trampoline, "wrap_in_trampoline", self.mutated)  # noqa: B010 -- it has another type

    def mutated(
        self,
        mutants: dict[str, Any],
        **_: Any,
    ) -> Any:
        """What mutmut's decorator is replaced by: the function as it is, and remembered with its mutants."""

        def remembered(function: Any) -> Any:
            owner = function.__qualname__.rpartition(".")[0]
            mangled = f"xǁ{owner}ǁ{function.__name__}" if owner else f"x_{function.__name__}"
            self.functions[f"{function.__module__}.{mangled}"] = function, mutants
            return function

        return remembered

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own."""
        self.items = session.items
        self.unchanged()
        slow = sorted(range(len(self.items)), key=self.seconds.__getitem__)[-5:]
        self.say(
            f"{len(self.items)} tests, {sum(self.seconds):.1f} s; the slowest: "
            + ", ".join(
                f"{self.items[number].nodeid} {self.seconds[number]:.1f}" for number in slow
            )
        )
        self.forget()
        gc.freeze()  # what children share stays shared
        for function, names in groupby(self.wanted, key=mangled_name_from_mutant_name):
            self.all_of(function, list(names))
        while self.running:
            self.ended()
        return True

    def all_of(
        self,
        function: str,
        names: list[str],
    ) -> None:
        """All mutants of a function, one after another in one child, in a few where there are many."""
        if not self.reaching[function]:
            self.found |= dict.fromkeys(names, UNREACHED)
            return
        for first in range(0, len(names), TOGETHER):
            while len(self.running) >= CHILDREN:
                self.ended()
            self.start(names[first : first + TOGETHER])

    def unchanged(self) -> None:
        """Each test once, in place; what a session shares is made now and stays for the children."""
        for number, item in enumerate(self.items):
            started, codes = monotonic(), set[Any]()
            after = self.items[number + 1] if number + 1 < len(self.items) else self.items[0]

            def noted(
                frame: Any,
                event: str,
                _: object,
                codes: set[Any] = codes,
            ) -> None:
                if event == "call":
                    codes.add(frame.f_code)

            sys.setprofile(noted)
            reports = failed(item, after)
            sys.setprofile(None)
            for report in reports:
                raise pytest.UsageError(
                    f"{item.nodeid} fails without any mutant: {report.longreprtext}"
                )
            self.seconds.append(monotonic() - started)
            for name, (function, _) in self.functions.items():
                if function.__code__ in codes:
                    self.reaching[name].append(number)

    @staticmethod
    def forget() -> None:
        """What the read side remembers of the unchanged run is forgotten, or a mutant of what made it would never be asked."""
        for name, module in list(sys.modules.items()):
            if name.startswith("projections."):
                linecache.getlines(str(module.__file__))  # a failure shows lines of it
                for remembering in [
                    value for value in vars(module).values() if hasattr(value, "cache_clear")
                ]:
                    remembering.cache_clear()

    def ordered(self, function: str) -> list[int]:
        """The tests that reach a function: those that told its other mutants first, then the quick ones."""
        first = [number for number, _ in Counter(self.killers[function]).most_common()]
        return first + sorted(
            set(self.reaching[function]) - set(first), key=self.seconds.__getitem__
        )

    def start(self, names: list[str]) -> None:
        """Fork a child for some mutants of a function; it tells of each by a pipe."""
        told, telling = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1), os.dup2(sink, 2)
            function = mangled_name_from_mutant_name(names[0])
            for name in names:
                self.put(name)
                self.forget()
                number = self.tried(self.ordered(function))
                if number != NOBODY:
                    self.killers[function].append(number)
                os.write(telling, f"{number}\n".encode())
            os._exit(0)
        os.close(telling)
        self.running[child] = names, told

    def put(self, name: str) -> None:
        """Put a mutant's code in its function's place."""
        function, mutants = self.functions[mangled_name_from_mutant_name(name)]
        mutant = mutants[name.rpartition(".")[2]]
        mutant = getattr(mutant, "__func__", mutant)
        function.__code__, function.__defaults__, function.__kwdefaults__ = (
            mutant.__code__,
            mutant.__defaults__,
            mutant.__kwdefaults__,
        )

    def tried(self, tests: list[int]) -> int:
        """In the child: run the tests until one fails; its number, or -1."""
        for place, number in enumerate(tests):
            item = self.items[number]
            signal.setitimer(
                signal.ITIMER_PROF, SECONDS + 3 * self.seconds[number]
            )  # of its own work; then the child is ended
            if not place:
                item.session._setupstate.teardown_exact(item)
            after = self.items[tests[place + 1]] if place + 1 < len(tests) else item
            if failed(item, after):
                return number
        return NOBODY

    def ended(self) -> None:
        """Wait for a child, and keep what became of its mutants; those behind one that ended it get another child."""
        child, status = os.wait()
        names, told = self.running.pop(child)
        with os.fdopen(told) as pipe:
            numbers = [int(line) for line in pipe]
        for name, number in zip(names, numbers, strict=False):
            self.keep(name, SURVIVED if number == NOBODY else KILLED)
            if number != NOBODY:
                self.killers[mangled_name_from_mutant_name(name)].append(number)
        if len(numbers) < len(names):
            self.keep(
                names[len(numbers)],
                TIMED_OUT if os.waitstatus_to_exitcode(status) == -signal.SIGPROF else KILLED,
            )
            if names[len(numbers) + 1 :]:
                self.start(names[len(numbers) + 1 :])

    def keep(
        self,
        name: str,
        code: int,
    ) -> None:
        """What became of a mutant; one that lives is told at once."""
        self.found[name] = code
        if code != KILLED:
            self.say(f"{WORDS[code]}: {name}")
        if len(self.found) % 500 == 0:
            self.say(f"{len(self.found)} of {len(self.wanted)}: {self.counts(self.found)}")

    @staticmethod
    def counts(found: dict[str, int]) -> str:
        """How many came to what."""
        counted = Counter(found.values())
        return ", ".join(f"{counted[code]} {WORDS[code]}" for code in WORDS if counted[code])


def made() -> Iterator[SourceFileMutationData]:
    """The mutants of each file, made where they are not there yet."""
    Path("mutants").mkdir(exist_ok=True)
    with mutmut.CatchOutput(spinner_title="Making the mutants"):
        copy_src_dir()
        copy_also_copy_files()
        setup_source_paths()
        mutmut.create_mutants(CHILDREN)
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        yield data


def main(patterns: list[str]) -> int:
    """Make, run, keep, tell."""
    started = monotonic()
    files = list(made())
    before = {name: code for data in files for name, code in data.exit_code_by_key.items()}
    left, patterns = "--left" in patterns, [pattern for pattern in patterns if pattern != "--left"]
    wanted = [
        name
        for name in before
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]
    if left:  # what was never tried comes first
        wanted = sorted(
            (name for name in wanted if before[name] not in (KILLED, TIMED_OUT)),
            key=lambda name: before[name] is not None,
        )
    terminal = os.fdopen(os.dup(1), "w", buffering=1)
    plugin = Mutants(wanted, lambda text: terminal.write(f"{text}\n"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was found by then is kept
    with change_cwd("mutants"):
        code = pytest.main(
            [
                "--rootdir=.",
                "-q",
                "-s",
                "--tb=native",
                "--assert=plain",
                *config().pytest_add_cli_args,
                *config().pytest_add_cli_args_test_selection,
            ],
            plugins=[plugin],
        )
    for data in files:
        data.exit_code_by_key |= {
            name: plugin.found[name] for name in data.exit_code_by_key if name in plugin.found
        }
        data.save()
        tried = {name: code for name, code in data.exit_code_by_key.items() if code is not None}
        plugin.say(f"{data.path}: {len(data.exit_code_by_key)} mutants, {plugin.counts(tried)}")
    plugin.say(f"{monotonic() - started:.0f} seconds")
    return int(code) if len(plugin.found) < len(wanted) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
