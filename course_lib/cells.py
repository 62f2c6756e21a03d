"""What a learner's kernel says of an answer: which run of a cell it is from, and whether that is the newest."""

from __future__ import annotations

import difflib
import importlib.util
import os
import re
import sys
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from course_lib.cell_runs import KEPT, Run, Runs
from course_lib.checking.code_used import MISSING, Used, inner_code, own_functions, used_by
from course_lib.checking.report import Notice
from course_lib.checking.sources import changed_on_disk, fingerprint


@dataclass(frozen=True)
class Origin:
    """Where an answer is from. `judged` names the run; `stale` says why it must not be judged, if so.

    `notes` are what was seen besides; `missing` are notes on names that the answer uses and that nothing defines.
    """

    judged: str = ""
    stale: str = ""
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class Cells(Runs):
    """The runs of a kernel's cells, asked about answers and about names that are not defined."""

    def origin_of(self, exercise: str, answer: Any) -> Origin:
        """Say which run of a cell `answer` is from, and whether that is the newest for its name."""
        bound_in, used, own = self.bound_by_now(), used_by(answer, self.shell.user_ns), own_functions(answer)
        name, others = self._names_of(exercise, answer)
        code_from = {number for function in own if (number := self.number_of(function))}
        now = self.active.number if self.active else (self.runs[-1].number if self.runs else 0)
        number = bound_in.get(name, 0) if name else max(code_from, default=now)
        notes: list[str] = []
        latest = self.latest()
        helpers = [helper for helper, value in used.names.items() if value is not MISSING]
        reasons = [self._stale(name, bound_in, latest, notes)] if name else []
        reasons += [
            self._stale(helper, bound_in, latest, notes, user=name or exercise)
            for helper in dict.fromkeys([*others, *helpers])
            if helper != name
        ]
        reasons += [self._outdated(function, bound_in, name) for function in used.functions]
        if stale := next(filter(None, reasons), ""):
            return Origin(stale=stale, notes=notes)
        judged = self._judged(number, now, {self.number_of(function, number) for function in own}, own, used)
        missing = [self._where_from(helper) for helper, value in used.names.items() if value is MISSING]
        return Origin(judged, notes=notes, missing=missing)

    def _names_of(self, exercise: str, answer: Any) -> tuple[str, list[str]]:
        """Return the notebook's name for `answer`, if it has one, and the names that the call of check makes it of."""
        namespace, others = self.shell.user_ns, []
        for whole, names in self.active.text.checks.get(exercise, []) if self.active else []:
            if whole and namespace.get(whole, MISSING) is answer:
                return whole, []
            others += [name for name in sorted(names) if name in namespace]
        own = getattr(answer, "__name__", "") if issubclass(type(answer), KEPT) else ""
        names = (name for name in [own, exercise, *namespace] if namespace.get(name, MISSING) is answer)
        return next((name for name in names if not re.fullmatch(r"_+\d*", name)), ""), others

    def _judged(self, number: int, now: int, code_from: set[int | None], own: list[FunctionType], used: Used) -> str:
        ago = now - number
        text = f"[{number}], {ago} run{'s' if ago > 1 else ''} ago"
        if not number:
            text = "not from a cell"
        elif not ago:
            text = f"[{number}], this run" if self.active else f"[{number}], the last run"
        if others := sorted(code_from - {None, number}):
            text += f", with code from {', '.join(f'[{other}]' for other in others)}"
        files = dict.fromkeys(_module(function) for function in own if self._is_from_file(function, used))
        return text + (f", from {' and '.join(files)}" if files else "")

    def _is_from_file(self, function: FunctionType, used: Used) -> bool:
        return any(function is known for known in used.functions) and os.path.isfile(function.__code__.co_filename)

    def _stale(self, name: str, bound_in: dict[str, int], latest: list[Run], notes: list[str], user: str = "") -> str:
        """Say why what `name` stands for is not the newest; empty where it is, or where that is not sure (a note)."""
        number = bound_in.get(name, 0)
        home = next((run for run in self.all_runs() if run.number == number), None)
        whose = f"`{user}` uses `{name}`, and the" if user else "The"
        held = f" What the kernel still holds is from [{number}]." if number else ""
        for run in latest:
            if run.number <= number:
                break
            same_cell = bool(run.cell_id and home and run.cell_id == home.cell_id)
            if same_cell and not run.text.error and not run.text.means(name):
                says = (
                    f"{whose} cell that defined `{name}` in [{number}] ran again as [{run.number}] and no longer does"
                )
                says += f": {instead}." if (instead := run.text.instead_of(name)) else "."
                if user and not self.is_held(name):  # a number or a module: something else may have bound it, unseen
                    notes.append(says + held)
                    continue
                return f"Not judged. {says}{held} Run a cell that defines `{name}`, then check again."
            if not run.failed or not (same_cell or run.should_bind(name)):
                continue
            bound = run.bound(name)
            if bound is None and self.is_held(name):
                bound = False  # a new value would have been noticed
            if bound is not False:
                continue
            before = "" if run.text.error else " before its definition"
            says = f"{whose} cell that should define `{name}` ran as [{run.number}] and {run.what_happened()}{before}."
            if home and name in home.text.imports and home.text.imports[name] == run.text.imports.get(name):
                notes.append(says + held)  # the same import: it stands for the same module
                continue
            other = "" if same_cell or not number else f", or run the cell of [{number}] again"
            return f"Not judged. {says}{held} Mend that cell and run it{other}, then check again."
        return ""

    def _outdated(self, function: FunctionType, bound_in: dict[str, int], name: str) -> str:
        """Say that `function` is older than what its own cell, or its file, says now."""
        code, number = function.__code__, self.number_of(function, bound_in.get(name) or float("inf"))
        if number is None:
            if self.number_of(function) is not None or not changed_on_disk(code):
                return ""
            return (
                f"Not judged. {_module(function)} has changed since `{code.co_name}` was taken from it, and the kernel "
                "still holds the old one. Restart the kernel and run the cells from the top."
            )
        root = code.co_qualname.partition(".")[0]
        newer = bound_in.get(root, 0)
        if newer <= number:
            return ""
        cells = {run.cell_id for run in self.all_runs() if run.number in (number, newer)}
        if len(cells) > 1 or "" in cells:  # another cell that has a use for the name
            return ""
        found = [inner for made in own_functions(self.shell.user_ns.get(root)) for inner in _all_code(made.__code__)]
        prints = [fingerprint(inner) for inner in found if inner.co_qualname == code.co_qualname]
        if not prints or fingerprint(code) in prints:
            return ""
        maker = f"the cell of [{bound_in[name]}]" if bound_in.get(name) else "the cell that makes the answer"
        return (
            f"Not judged. `{root}` was defined anew in [{newer}], and the answer still uses the one from [{number}]. "
            f"Run {maker} again, then check again."
        )

    def _where_from(self, name: str) -> str:
        """Say which cell to run for a `name` that is not defined."""
        then = "then this one again"
        since = self.lost_in.get(name, 0)
        run = next((run for run in self.latest() if run.should_bind(name) and run.number > since), None)
        if run is not None and not run.bound(name):
            instead = run.text.instead_of(name)
            happened = run.what_happened() + (f": {instead}" if instead and not run.failed else "")
            return (
                f"`{name}` is not defined: the cell that should define it ran as [{run.number}] and {happened}. "
                f"Mend it and run it, {then}."
            )
        if self.lost_in.get(name):
            return f"`{name}` was deleted in [{self.lost_in[name]}]. Run the cell that defines it, {then}."
        if is_usually_imported(name):
            return (
                f"`{name}` is not defined: it comes from the import cell at the top of the chapter. Run that cell, or "
                f"choose Run → Run All Above Selected Cell, {then}."
            )
        hidden = [run for run in self.runs if name in run.text.commented or name in run.text.inside]
        near = difflib.get_close_matches(name, [known for known, number in self.bound_in.items() if number], 1, 0.8)
        seen = ""
        if hidden:
            seen = f" In [{hidden[-1].number}], {hidden[-1].text.instead_of(name)}."
        elif near:
            seen = f" There is `{near[0]}`, from [{self.bound_in[near[0]]}]."
        return (
            f"`{name}` is not defined in this kernel.{seen} Run the cell in which you write `{name}`, {then}; "
            "after a restart, Run → Run All Above Selected Cell runs all that come before."
        )

    def after_run(self, result: Any) -> None:
        """Note how a run ended; after a NameError in a cell that checks, or for an import, say which cell to run."""
        run = self.active
        super().after_run(result)
        error = result.error_in_exec
        name = error.name if type(error) is NameError else None
        if run is None or self.active is run or not name:
            return
        if name not in self.shell.user_ns and (run.text.checks or is_usually_imported(name)):
            from IPython.display import display

            display(Notice(self._where_from(name)))


_USUAL = {"np", "plt", "keras", "tf", "style", "answers", "ours"}


def is_usually_imported(name: str) -> bool:
    """Return whether `name` is one that a chapter's import cell brings."""
    places = ("course_lib", "course_lib.exercises")
    return name in _USUAL or any(importlib.util.find_spec(f"{place}.{name}") is not None for place in places)


def _module(function: FunctionType) -> str:
    if function.__module__ in (None, "__main__"):
        return f"the file `{os.path.basename(function.__code__.co_filename)}`"
    return f"the module `{function.__module__}`"


def _all_code(code: CodeType) -> list[CodeType]:
    return [code, *(found for inner in inner_code(code) for found in _all_code(inner))]


_watched: Cells | None = None


def running_shell() -> Any:
    """Return IPython's shell where this runs in one; None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def watch() -> Cells | None:
    """Watch the cells of the kernel that this runs in, from the first call on; None in plain Python."""
    global _watched
    shell = running_shell()
    if shell is None or shell.history_manager is None:
        return None
    if _watched is None or _watched.shell is not shell:
        _watched = Cells(shell)
    return _watched


def origin_of(exercise: str, answer: Any) -> Origin:
    """Say where the `answer` to `exercise` is from, as far as this process has cells."""
    cells = watch()
    if cells is None:
        return Origin()
    try:
        return cells.origin_of(exercise, answer)
    except Exception as error:  # an odd object; its check must not suffer from that
        return Origin(notes=[f"Which cell this is from cannot be told ({type(error).__name__}: {error})."])
