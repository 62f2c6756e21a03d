"""The runs of a kernel's cells, and in which of them each name of the notebook got its value.

A kernel knows the runs of its cells, not the notebook. IPython's history holds the text of every run of this session;
what it does not hold (ids of cells, where a run stopped, which name got its value when) is noted by two hooks, from
the moment at which the kernel first imports what a chapter's cells call. Runs before that are read from the history.
"""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from course_lib.cell_text import CellText, read
from course_lib.checking.code_used import MISSING, own_functions

# Values that are kept until the next run, so that another one at the same address is not taken for the same.
KEPT = (FunctionType, MethodType, partial, type)


@dataclass
class Run:
    """One run of a cell. `error` is the name of what ended it, `line` where; both are empty where it ran through."""

    number: int
    text: CellText
    file: str  # the file name that Python knows the cell's code by
    cell_id: str = ""
    error: str = ""
    line: int | None = None
    other_files: tuple[str, ...] = ()  # those of what a magic such as %%capture runs

    @property
    def failed(self) -> bool:
        return bool(self.error)

    @property
    def files(self) -> tuple[str, ...]:
        return (self.file, *self.other_files)

    def bound(self, name: str) -> bool | None:
        """Return whether this run bound `name`, by its text and where it stopped; None where that cannot be told."""
        if self.text.error:
            return False
        known: bool | None = False
        for statement in self.text.statements:
            if self.line is not None and statement.first > self.line:
                break
            stopped_here = self.line is not None and statement.last >= self.line
            if name in statement.binds:
                if name not in statement.surely:
                    known = known or None
                elif not stopped_here:
                    known = None if (self.failed and self.line is None) else True
        return known

    def should_bind(self, name: str) -> bool:
        """Return whether the cell defines `name`, would if it ran through, or is the chapter's cell for it."""
        return self.text.means(name) or self.cell_id == f"{name}-answer"

    def what_happened(self) -> str:
        """Say how a run ended that did not bind what it should have bound."""
        where = f" in line {self.line}" if self.line else ""
        if self.text.error:
            return f"cannot be read by Python ({self.text.error}{where})"
        if self.error in ("KeyboardInterrupt", "CancelledError"):
            return f"was interrupted{where}"
        return f"stopped with {self.error}{where}" if self.failed else "does not define it"


class Runs:
    """The runs of one kernel's cells, and in which of them each name of the notebook got its value."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.active: Run | None = None
        # This module is imported by a cell that is still running, hardly ever by a button.
        self._begin(running=shell.displayhook.exec_result is not None)
        shell.events.register("pre_run_cell", self.before_run)
        shell.events.register("post_run_cell", self.after_run)

    def _begin(self, running: bool) -> None:
        self.runs: list[Run] = []
        self.numbers: dict[str, list[int]] = {}  # of the runs that compiled code under this file name
        self.bound_in: dict[str, int] = {}  # 0 where it was bound outside of all cells
        self.lost_in: dict[str, int] = {}  # names that were deleted
        self.values: dict[str, Any] = {}
        history = self.shell.history_manager
        errors = getattr(history, "exceptions", {})
        pairs = list(zip(history.input_hist_raw, history.input_hist_parsed, strict=False))
        for number, (raw, parsed) in enumerate(pairs[1:], start=1):
            run = self._run(raw, parsed, number)
            if number in errors:
                run.error, run.line = errors[number]["ename"], _line_told(number, errors[number]["traceback"])
            self.runs.append(run)
        # The history has lost newlines at the end of a cell, which the name of its file depends on.
        known = {file for run in self.runs for file in run.files}
        for file, number in getattr(self.shell.compile, "_filename_map", {}).items():
            if file not in known and number <= len(self.runs):
                self.runs[number - 1].other_files += (file,)
        self.active, self.info = None, None
        if running:  # where no history is kept (nbval), the text of the cell that runs is known at its end
            self.active = self.runs.pop() if self.runs else Run(1, CellText(), "")
        for run in self.runs:
            self._number(run)
        self._read_history()
        self._remember(self.shell.user_ns)

    def _number(self, run: Run) -> None:
        for file in run.files:
            self.numbers.setdefault(file, []).append(run.number)

    def _run_of(self, info: Any, number: int) -> Run:
        try:
            parsed = self.shell.transform_cell(info.raw_cell)
        except SyntaxError:
            parsed = info.raw_cell
        return self._run(info.raw_cell, parsed, number)

    def _run(self, raw: str, parsed: str, number: int) -> Run:
        text, compiler = read(parsed, self.shell.transform_cell), self.shell.compile
        run = Run(number, text, compiler.get_code_name(raw, parsed, number))
        bodies = [(body, self.shell.transform_cell(body)) for body in text.bodies]
        run.other_files = tuple(compiler.get_code_name(*body, number) for body in bodies)
        run.error, run.line = text.error, text.error_line
        return run

    def _read_history(self) -> None:
        """Find for every name the run that bound it, before anything was watched."""
        binders: dict[str, list[Run]] = {}
        for run in self.runs:
            for name in run.text.binds | run.text.looks_like:
                binders.setdefault(name, []).append(run)
        for name, value in list(self.shell.user_ns.items()):
            numbers = {self.number_of(function) for function in own_functions(value)} - {None}
            self.bound_in[name] = max(numbers, default=0)
            for run in reversed(binders.get(name, [])):
                bound = run.bound(name)
                if 0 < self.bound_in[name] < run.number and (
                    run.failed if bound is None else name in run.text.definitions
                ):
                    # Its `def` would have made another object than that of the earlier cell: it stopped before that.
                    run.error = run.error or "an error"
                elif bound is not False:
                    self.bound_in[name] = max(self.bound_in[name], run.number)
                    break

    def _changed(self) -> list[str]:
        """Return the names that have another value than at the end of the last run."""
        changed = []
        for name, value in list(self.shell.user_ns.items()):
            known = self.values.get(name, MISSING)
            if known is not value and not (type(known) is int and known == id(value)):
                changed.append(name)
        return changed

    def before_run(self, info: Any) -> None:
        """Note that a cell begins to run."""
        history = len(self.shell.history_manager.input_hist_raw)  # 1 where there is none
        if not info.store_history and (self.active is not None or history > 1):
            return  # a magic such as %%capture runs its body like a cell, and extensions run code of theirs
        last = self.runs[-1].number if self.runs else 0
        if info.store_history and self.shell.execution_count <= last:  # %reset begins to count anew
            self._begin(running=False)
        self._settle_values(0)
        self.info = info
        self.active = self._run_of(info, self.runs[-1].number + 1 if self.runs else history)
        self.active.cell_id = getattr(info, "cell_id", None) or ""

    def after_run(self, result: Any) -> None:
        """Note how a run ended and what it bound."""
        info, error = result.info, result.error_before_exec or result.error_in_exec
        if not (info.raw_cell or "").strip() or self.active is None:
            return  # nothing ran, or it began before the hooks
        # The run during which the hooks were made has no `info`; it is kept in the history, if there is one.
        has_history = len(self.shell.history_manager.input_hist_raw) > 1
        if not info.store_history and (has_history if self.info is None else info is not self.info):
            if error is not None and info.raw_cell in self.active.text.bodies:
                self.active.error = type(error).__name__  # %%capture keeps the error of its body to itself
            return
        run, self.active, self.info = self.active, None, None
        if not run.file:
            run = self._run_of(info, run.number)
        if info.store_history:
            run.number = result.execution_count or run.number
        run.cell_id = run.cell_id or getattr(info, "cell_id", None) or ""
        if error is not None and not run.text.error:
            run.error, run.line = type(error).__name__, _line_reached(error, run.file)
        self.runs.append(run)
        self._number(run)
        self._settle_values(run.number, run)

    def _settle_values(self, number: int, run: Run | None = None) -> None:
        changed = self._changed()
        if run is not None:
            changed += [name for name in run.text.binds if name in self.shell.user_ns and run.bound(name)]
        for name in changed:
            self.bound_in[name] = number
            self.lost_in.pop(name, None)
        for name in self.values.keys() - self.shell.user_ns.keys():
            self.lost_in[name] = number
            self.bound_in.pop(name, None)
            del self.values[name]
        self._remember(changed)

    def _remember(self, names: Iterable[str]) -> None:
        for name in list(names):
            value = self.shell.user_ns.get(name)
            self.values[name] = value if issubclass(type(value), KEPT) else id(value)

    def is_held(self, name: str) -> bool:
        """Return whether another value for `name` would surely have been noticed."""
        return issubclass(type(self.shell.user_ns.get(name)), KEPT)

    def code(self) -> list[str]:
        """Return the code of all runs as Python ran it, in their order; also where there is no history."""
        runs = [*self.runs, self.active] if self.active else self.runs
        return ["".join(next(filter(None, map(linecache.getlines, run.files)), [])) for run in runs]

    def bound_by_now(self) -> dict[str, int]:
        """Return which run bound each name, the one that is running included."""
        if self.active is None:
            return self.bound_in
        run, frame, line = self.active, sys._getframe(), None
        while frame is not None:
            if frame.f_code.co_filename == run.file:
                line = frame.f_lineno  # the outermost is that of the cell's own level
            frame = frame.f_back
        so_far = replace(run, line=line, error="") if line else None
        executed = [name for name in run.text.binds if so_far and name in self.shell.user_ns and so_far.bound(name)]
        return self.bound_in | dict.fromkeys([*self._changed(), *executed], run.number)

    def number_of(self, function: FunctionType, before: float = float("inf")) -> int | None:
        """Return the last run, not after `before`, of a cell that holds the code of `function`."""
        file = function.__code__.co_filename
        here = [self.active.number] if self.active and file in self.active.files else []
        return max((number for number in [*self.numbers.get(file, ()), *here] if number <= before), default=None)

    def latest(self) -> list[Run]:
        """Return of every cell its last run, the newest first."""
        newest: dict[str | int, Run] = {}
        for run in reversed(self.all_runs()):
            newest.setdefault(run.cell_id or run.number, run)
        return list(newest.values())

    def all_runs(self) -> list[Run]:
        return [*self.runs, self.active] if self.active else self.runs


def _line_reached(error: BaseException, file: str) -> int | None:
    """Return the line of the cell, known to Python as `file`, at which `error` ended it."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            return trace.tb_lineno
        trace = trace.tb_next
    return error.lineno if isinstance(error, SyntaxError) and error.filename == file else None


def _line_told(number: int, traceback: list[str]) -> int | None:
    """Return the line at which run `number` ended, by the traceback that was shown."""
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(map(str, traceback)))
    found = re.search(rf"Cell In\[{number}\], line (\d+)", shown)
    return int(found[1]) if found else None
