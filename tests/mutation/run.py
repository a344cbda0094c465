"""Try every mutant that mutmut makes: `python tests/mutation/run.py [NAME… | --left | --table]`.

A name is a pattern such as `lifecycle.log.proofs.*`. With `--left`, only the mutants that no
earlier run has killed, or whose function has changed since. `--table` tries none; it shows what
became of those of each module.

mutmut starts pytest anew for each mutant, and asks at each call which one is meant. Here pytest
collects once and runs every test once, unchanged, noting which lines of the functions each runs.
Then a child is forked for some mutants of a function. It puts the code of each in the function's
place and runs the tests that run the changed line until one fails: first those that killed its
neighbours, then the quick ones. Results are stored as mutmut stores them, so that `mutmut results`
and `mutmut show NAME` read them.
"""

from __future__ import annotations

import fnmatch
import gc
import linecache
import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from time import monotonic, process_time
from types import CodeType, FrameType
from typing import Any, Final, TypeAlias

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
SECONDS: Final = 1  # of its own work that a test may take, beside three times what it took before
SECONDS_BY_THE_CLOCK: Final = 60  # likewise, beside thirty times: a test that waits does no work
MUTANTS_PER_CHILD: Final = 40
NO_TEST: Final = -1
HEAD: Final = 0  # in place of a line: whatever runs the function

# mutmut's exit codes, and its words for them.
KILLED, SURVIVED, UNREACHED, TIMED_OUT = 1, 0, 33, 36
OUTCOMES: Final = {
    KILLED: "killed",
    TIMED_OUT: "timed out",
    SURVIVED: "survived",
    UNREACHED: "reached by no test",
}


TraceFunction: TypeAlias = Callable[[FrameType, str, object], Any]


def failures(
    item: pytest.Item,
    next_item: pytest.Item,
) -> list[pytest.TestReport]:
    """Run one test as pytest does, without printing; return the reports that failed."""
    with catch_warnings_for_item(config=item.config, ihook=item.ihook, when="runtest", item=item):
        reports = runtestprotocol(item, log=False, nextitem=next_item)
    return [report for report in reports if report.failed]


class LinesRun:
    """Traces which lines of some functions a test runs; each is noted once."""

    def __init__(self, owners: dict[int, str]) -> None:
        self.owners = owners
        self.run: set[tuple[str, int]] = set()
        self.lines_left: dict[int, set[int]] = {}

    def trace_call(self, frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        """Trace the lines of a function that has mutants, until all of them were run."""
        code = frame.f_code
        if id(code) not in self.owners:
            return None
        self.run.add((self.owners[id(code)], HEAD))
        if id(code) not in self.lines_left:
            self.lines_left[id(code)] = own_lines(code) - {code.co_firstlineno}
        return self.trace_line if self.lines_left[id(code)] else None

    def trace_line(self, frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
        """Note a line; loops whose every line was run are not slowed down further."""
        code = id(frame.f_code)
        self.run.add((self.owners[code], frame.f_lineno))
        self.lines_left[code].discard(frame.f_lineno)
        return self.trace_line if self.lines_left[code] else None


def code_owners(functions: dict[str, tuple[Any, dict[str, Any]]]) -> dict[int, str]:
    """The name of the function that each code object belongs to, by the object's id."""
    owners: dict[int, str] = {}
    for name, (function, _) in functions.items():
        codes = [function.__code__]
        while codes:
            code = codes.pop()
            owners[id(code)] = name
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return owners


def changed_line(function: Any, mutant: Any) -> int:
    """The line of a function that a mutant changes, or `HEAD` where that is not in its body.

    Behind a bracket or a comment nothing runs: then the nearest line before it that can.
    """
    lines = linecache.getlines(function.__code__.co_filename)
    head = function.__code__.co_firstlineno
    while not lines[head - 1].lstrip().startswith("def "):
        head += 1
    runnable = lines_of(function.__code__)
    distance_to_mutant = mutant.__code__.co_firstlineno - head
    for line in range(head + 1, max(runnable) + 1):
        if lines[line - 1] != lines[line - 1 + distance_to_mutant]:
            return max((each for each in runnable if head < each <= line), default=HEAD)
    return HEAD


def mutant_function(mutants: dict[str, Any], name: str) -> Any:
    """The function that a mutant's name stands for."""
    mutant = mutants[name.rpartition(".")[2]]
    return getattr(mutant, "__func__", mutant)


def own_lines(code: CodeType) -> set[int]:
    """The lines that a code object can run itself."""
    return {line for _, _, line in code.co_lines() if line is not None}


def lines_of(code: CodeType) -> set[int]:
    """The lines that a function's code, and all code within it, can run."""
    lines = own_lines(code)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            lines |= lines_of(constant)
    return lines


class Mutants:
    """A pytest plugin that runs the tests once, and then for each mutant those that reach it."""

    def __init__(
        self,
        names: list[str],
        report: Callable[[str], object],
    ) -> None:
        self.names = names
        self.report = report
        self.items: list[pytest.Item] = []
        self.functions: dict[str, tuple[Any, dict[str, Any]]] = {}
        self.tests_reaching: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.changed_lines: dict[str, int] = {}  # found here, while functions have their own code
        self.seconds: list[float] = []
        self.killers: dict[str, list[int]] = defaultdict(list)
        self.running: dict[int, tuple[list[str], int]] = {}
        self.exit_codes: dict[str, int] = {}
        setattr(trampoline, "wrap_in_trampoline", self.remember)  # noqa: B010 -- it has another type

    def remember(
        self,
        mutants: dict[str, Any],
        **_: Any,
    ) -> Any:
        """Return what stands for mutmut's decorator.

        It leaves the function and notes its mutants.
        """

        def decorate(function: Any) -> Any:
            owner = function.__qualname__.rpartition(".")[0]
            mangled = f"x_{function.__name__}"
            if owner:
                mangled = f"xǁ{owner}ǁ{function.__name__}"
            self.functions[f"{function.__module__}.{mangled}"] = function, mutants
            return function

        return decorate

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests and the mutants, in place of pytest's own loop."""
        self.items = session.items
        self.run_unchanged()
        self.report_slowest()
        self.clear_caches()
        gc.freeze()  # what children share is not copied by their garbage collectors
        self.run_unchanged_in_child()
        for _, names in groupby(self.names, key=mangled_name_from_mutant_name):
            self.try_function(list(names))
        while self.running:
            self.wait_for_child()
        return True

    def report_slowest(self) -> None:
        """Report the five slowest tests: each survivor that they reach costs as much."""
        numbers = sorted(range(len(self.items)), key=self.seconds.__getitem__)[-5:]
        slowest = [f"{self.items[number].nodeid} {self.seconds[number]:.1f}" for number in numbers]
        total = sum(self.seconds)
        self.report(f"{len(self.items)} tests, {total:.1f} s; the slowest: {', '.join(slowest)}")

    def run_unchanged(self) -> None:
        """Run each test once, here, and note which lines of the functions it runs.

        What a session shares is made now and stays for the children.
        """
        owners = code_owners(self.functions)
        following = [*self.items[1:], self.items[0]]
        for number, (item, next_item) in enumerate(zip(self.items, following, strict=True)):
            self.clear_caches()  # each test reaches what fills them, not the first alone
            started = process_time()
            lines = LinesRun(owners)
            sys.settrace(lines.trace_call)
            failed_reports = failures(item, next_item)
            sys.settrace(None)
            if failed_reports:
                reason = failed_reports[0].longreprtext
                raise pytest.UsageError(f"{item.nodeid} fails without any mutant: {reason}")
            self.seconds.append(process_time() - started)
            for name, line in lines.run:
                self.tests_reaching[name, line].append(number)

    def run_unchanged_in_child(self) -> None:
        """Run each test once as for a mutant, but of nothing.

        What fails then would seem to kill every mutant.
        """
        child = os.fork()
        if child == 0:
            self.prepare_child()
            failed = self.tests_that_fail()
            for item in failed:
                self.report(f"{item.nodeid} fails in a child")
            os._exit(not failed)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != 1:
            raise pytest.UsageError("a test fails in a child without any mutant")

    def tests_that_fail(self) -> list[pytest.Item]:
        """In the child: run all tests, and return those that fail."""
        failed = []
        left = list(range(len(self.items)))
        while (number := self.killing_test(left)) != NO_TEST:
            failed.append(self.items[number])
            left = list(range(number + 1, len(self.items)))
        return failed

    @staticmethod
    def clear_caches() -> None:
        """Clear the caches of scoring, or a mutant of what filled one would never run."""
        # Others stay: the narrow types of events are known by identity, and made anew they would
        # no longer be those that the folds look for.
        for name, module in list(sys.modules.items()):
            if not name.startswith("projections."):
                continue
            linecache.getlines(str(module.__file__))  # a failure shows lines of it
            if not name.startswith("projections.scoring."):
                continue
            for member in list(vars(module).values()):
                is_of_module = getattr(member, "__module__", None) == name
                if is_of_module and hasattr(member, "cache_clear"):
                    member.cache_clear()

    def try_function(self, names: list[str]) -> None:
        """Try all mutants of a function, in one child after another."""
        if mangled_name_from_mutant_name(names[0]) not in self.functions:
            for name in names:  # no test imports the module
                self.note(name, UNREACHED)
            return
        for name in names:
            function, mutants = self.functions[mangled_name_from_mutant_name(name)]
            self.changed_lines[name] = changed_line(function, mutant_function(mutants, name))
        reached = [name for name in names if self.tests_of(name)]
        for name in names:
            if name not in reached:
                self.note(name, UNREACHED)
        for first in range(0, len(reached), MUTANTS_PER_CHILD):
            while len(self.running) >= CHILDREN:
                self.wait_for_child()
            self.start_child(reached[first : first + MUTANTS_PER_CHILD])

    def tests_of(self, name: str) -> list[int]:
        """The tests that run the line which a mutant changes.

        Those that killed other mutants of its function, then the quick ones.
        """
        mangled = mangled_name_from_mutant_name(name)
        tests = set(self.tests_reaching[mangled, self.changed_lines[name]])
        killers = [number for number, _ in Counter(self.killers[mangled]).most_common()]
        first = [number for number in killers if number in tests]
        return first + sorted(tests.difference(killers), key=self.seconds.__getitem__)

    def start_child(self, names: list[str]) -> None:
        """Fork a child for some mutants of a function; it writes a test's number for each."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self.run_child(names, writing)
        os.close(writing)
        self.running[child] = names, reading

    def run_child(
        self,
        names: list[str],
        writing: int,
    ) -> None:
        """In the child: try each mutant, write the number of the test that killed it, and exit."""
        self.prepare_child()
        function = mangled_name_from_mutant_name(names[0])
        for name in names:
            self.replace_function(name)
            self.clear_caches()
            number = self.killing_test(self.tests_of(name))
            if number != NO_TEST:
                self.killers[function].append(number)
            os.write(writing, f"{number}\n".encode())
        os._exit(0)

    @staticmethod
    def prepare_child() -> None:
        """In the child: end by signals as usual, print nothing."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)

    def replace_function(self, name: str) -> None:
        """Put a mutant's code in its function's place."""
        function, mutants = self.functions[mangled_name_from_mutant_name(name)]
        mutant = mutant_function(mutants, name)
        function.__code__ = mutant.__code__
        function.__defaults__ = mutant.__defaults__
        function.__kwdefaults__ = mutant.__kwdefaults__

    def killing_test(self, numbers: list[int]) -> int:
        """In the child: run the tests until one fails; return its number, or -1."""
        for place, number in enumerate(numbers):
            item = self.items[number]
            # The child is ended by a signal once a test takes far longer than before.
            before = self.seconds[number]
            signal.setitimer(signal.ITIMER_PROF, SECONDS + 3 * before)
            signal.setitimer(signal.ITIMER_REAL, SECONDS_BY_THE_CLOCK + 30 * before)
            if not place:
                item.session._setupstate.teardown_exact(item)
            next_item = item
            if place + 1 < len(numbers):
                next_item = self.items[numbers[place + 1]]
            if failures(item, next_item):
                return number
        return NO_TEST

    def wait_for_child(self) -> None:
        """Wait for a child, and note what became of its mutants.

        Those behind one that ended the child get another child.
        """
        child, status = os.wait()
        names, reading = self.running.pop(child)
        with os.fdopen(reading) as pipe:
            numbers = [int(line) for line in pipe]
        for name, number in zip(names, numbers, strict=False):
            if number == NO_TEST:
                self.note(name, SURVIVED)
            else:
                self.note(name, KILLED)
                self.killers[mangled_name_from_mutant_name(name)].append(number)
        if len(numbers) == len(names):
            return
        timed_out = os.waitstatus_to_exitcode(status) in (-signal.SIGPROF, -signal.SIGALRM)
        self.note(names[len(numbers)], TIMED_OUT if timed_out else KILLED)
        left = names[len(numbers) + 1 :]
        if left:
            self.start_child(left)

    def note(
        self,
        name: str,
        code: int,
    ) -> None:
        """Note what became of a mutant; one that lives is reported at once."""
        self.exit_codes[name] = code
        if code != KILLED:
            self.report(f"{OUTCOMES[code]}: {name}")
        tried = len(self.exit_codes)
        if tried % 500 == 0:
            self.report(f"{tried} of {len(self.names)}: {count_outcomes(self.exit_codes)}")


def count_outcomes(exit_codes: dict[str, int]) -> str:
    """How many mutants came to what."""
    counts = Counter(exit_codes.values())
    parts = [f"{counts[code]} {word}" for code, word in OUTCOMES.items() if counts[code]]
    return ", ".join(parts)


def make_mutants() -> Iterator[SourceFileMutationData]:
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


def choose_mutants(
    codes_before: dict[str, int | None],
    patterns: list[str],
) -> list[str]:
    """The names to try: those that a pattern takes; with `--left`, those not killed before."""
    only_left = "--left" in patterns
    patterns = [pattern for pattern in patterns if pattern != "--left"]
    names = list(codes_before)
    if patterns:
        names = [name for name in names if any(fnmatch.fnmatch(name, each) for each in patterns)]
    if only_left:
        names = [name for name in names if codes_before[name] not in (KILLED, TIMED_OUT)]
        names.sort(key=lambda name: codes_before[name] is not None)  # never tried comes first
    return names


def table() -> Iterator[str]:
    """Yield the table of `tests/mutants.md` from the stored results, row by row."""
    columns = ["module", "mutants", *OUTCOMES.values(), "not tried"]
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        codes = list(data.exit_code_by_key.values())
        numbers = [len(codes), *(codes.count(code) for code in OUTCOMES), codes.count(None)]
        if codes:
            yield f"| `{path}` | {' | '.join(map(str, numbers))} |"


def main(patterns: list[str]) -> int:
    """Make the mutants, try them, store and report what became of them."""
    if patterns == ["--table"]:
        sys.stdout.writelines(f"{row}\n" for row in table())
        return 0
    started = monotonic()
    files = list(make_mutants())
    codes_before: dict[str, int | None] = {}
    for data in files:
        codes_before |= data.exit_code_by_key
    terminal = os.fdopen(os.dup(1), "w", buffering=1)
    plugin = Mutants(
        choose_mutants(codes_before, patterns),
        lambda text: terminal.write(f"{text}\n"),
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is known by then is stored
    arguments = ["--rootdir=.", "-q", "-s", "--tb=native", "--assert=plain"]
    arguments += config().pytest_add_cli_args
    arguments += config().pytest_add_cli_args_test_selection
    with change_cwd("mutants"):
        exit_code = pytest.main(arguments, plugins=[plugin])
    for data in files:
        for name in data.exit_code_by_key:
            if name in plugin.exit_codes:
                data.exit_code_by_key[name] = plugin.exit_codes[name]
        data.save()
        tried = {name: code for name, code in data.exit_code_by_key.items() if code is not None}
        report = f"{len(data.exit_code_by_key)} mutants, {count_outcomes(tried)}"
        plugin.report(f"{data.path}: {report}")
    plugin.report(f"{monotonic() - started:.0f} seconds")
    if len(plugin.exit_codes) < len(plugin.names):
        return int(exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
