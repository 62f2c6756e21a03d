"""The tester: one process for each submission, which runs the teacher's test cells against the learner's process."""

from __future__ import annotations

import builtins
import os
import random
import re
import socket
import sys
import types
import unittest.case
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from course_lib import notebook
from course_lib.checking.isolation import OutOfTime, time_limit
from course_lib.checking.observe import Observation, Record, observe
from course_lib.grading.preprocessors import SEED_VARIABLE
from course_lib.grading.split import plan as plans
from course_lib.grading.split import proxies
from course_lib.grading.split.link import Refused
from course_lib.grading.split.shell import Shell, Stream, _Hook
from course_lib.grading.split.tester_link import GRACE, TesterLink
from course_lib.grading.wire import WireError

HERE = str(Path(__file__).parents[1])


@dataclass
class Cell:
    """A cell of the submission. `role`: "run" in the learner's process, "test" here, or "test there", unprotected."""

    name: str
    source: str
    role: str


@dataclass
class Job:
    """A submission to be run, and all that the tester must know for it."""

    cells: list[Cell]
    plan: plans.Plan
    seconds: float  # a cell may take
    seed: int
    environment: dict[str, str] = field(default_factory=dict)  # of the learner's process
    files: list[tuple[str, bytes]] = field(default_factory=list)  # beside the submission's notebook
    folder: str = ""  # the teacher's, in which the tests run


@dataclass
class CellResult:
    """What became of a cell.

    `state`: "ran", "raised", "timed out", "refused" (it cannot be run split), or "not run". `reason` says why.
    """

    name: str
    state: str
    outputs: list[dict]
    reason: str = ""
    hidden: bool = False  # whether an error arose in a hidden part of a test


class Names(dict):
    """The names of the tests. One of the learner's is asked for when it is loaded, forgotten when it may change."""

    def __init__(self):
        super().__init__()
        self.learners: set[str] = set()
        self._plain: set[str] = set()
        self._refused: dict[str, str] = {}
        self.link: TesterLink | None = None

    def __missing__(self, name):
        if name in self.learners:
            self.fetch([name])
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
            if name in self._refused:
                raise Refused(f"`{name}` of the submission cannot be had in another process: {self._refused[name]}")
        raise KeyError(name)

    def __setitem__(self, name, value):
        if name in self.learners or (name in vars(builtins) and self.link is not None and not name.startswith("_")):
            # The learner's functions would find the test's value under this name.
            self.learners.discard(name)
            self._plain.discard(name)
            self.link.ask("bind", name, value)
        dict.__setitem__(self, name, value)

    def fetch(self, names: list[str]) -> None:
        found, failed = self.link.ask("names", names)
        self._refused.update(failed)
        for name, value in found.items():
            if name in self.learners:
                dict.__setitem__(self, name, value)
                if self.link.number_of_theirs(value) is None:
                    self._plain.add(name)

    def forget(self, names) -> None:
        for name in names:
            if name in self.learners:
                dict.pop(self, name, None)
                self._plain.discard(name)

    def after_a_call(self) -> None:
        if self._plain:
            self.forget(list(self._plain))


class _TestersHook(_Hook):
    """Shows of a learner's object its sort alone: its own text could be a number, which nbgrader takes for points."""

    def __call__(self, result=None):
        if isinstance(type(result), proxies.RemoteClass) or isinstance(result, proxies.RemoteClass):
            self.shell.outputs.add(
                {
                    "output_type": "execute_result",
                    "data": {
                        "text/plain": object.__repr__(result)[:60]
                        and f"<{type(result).__name__[:60]} object of the submission>"
                    },
                    "metadata": {},
                    "execution_count": self.prompt_count,
                }
            )
            return
        super().__call__(result)


class TesterShell(Shell):
    """The shell of the tests."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.displayhook = _TestersHook(parent=self, shell=self)
        self.failed: BaseException | None = None
        self.failed_line: int | None = None

    def init_display_formatter(self):
        super().init_display_formatter()

    def showtraceback(self, exc_tuple=None, **options):
        kind, error, trace = self._get_exc_info(exc_tuple)
        self.failed = error
        if not isinstance(error, SyntaxError):
            trace = _without_ours(trace)
            error = error.with_traceback(trace)
            step = trace
            while step is not None:
                if "ipython-input" in step.tb_frame.f_code.co_filename or step.tb_frame.f_globals is self.user_ns:
                    self.failed_line = step.tb_lineno
                    break
                step = step.tb_next
        super().showtraceback((kind, error, trace), **options)


def _without_ours(trace: types.TracebackType | None) -> types.TracebackType | None:
    """Return the traceback without the frames of this package: a teacher wants to see the test."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    if trace.tb_frame.f_code.co_filename.startswith(HERE):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def warm_shell() -> TesterShell:
    """Return the shell, made before the fork."""
    if not InteractiveShell.initialized():
        shell = TesterShell.instance(user_ns=Names())
        for source in ("1 / 0", "import matplotlib.pyplot", "assert 1 == 2"):
            shell.run(source)
    return TesterShell.instance()


class Tester:
    """Runs a job. `end` is our end of the channel to the learner's process."""

    def __init__(self, job: Job, end: socket.socket):
        self.job, self.plan = job, job.plan
        self.shell = warm_shell()
        self.names: Names = self.shell.user_ns
        self.link = TesterLink(end, self.plan.operators, self.names)
        self.names.link = self.link
        self.link.on_rebound = self.names.forget
        self.link.after_call = self.names.after_a_call
        self._steps = {step.name: number for number, step in enumerate(self.plan.steps)}
        self._done = 0
        self._lost = ""
        self._all_loads = _loads_of_definitions(self.plan)

    def run(self, say: Callable[[CellResult], None]) -> None:
        """Run all cells; `say` each one's result as soon as it is there."""
        self._prepare()
        for cell in self.job.cells:
            if self._lost:
                say(CellResult(cell.name, "not run", [], self._lost))
                continue
            try:
                say(self._run_cell(cell) if cell.role == "run" else self._test(cell))
            except WireError as error:
                self._lost = f"the submission's process is lost: {error}"
                say(CellResult(cell.name, "not run", [], self._lost))

    def _prepare(self) -> None:
        job = self.job
        if job.folder:
            os.chdir(job.folder)
            sys.path.insert(0, job.folder)
        os.environ[SEED_VARIABLE] = str(job.seed)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        sys.stdout, sys.stderr = Stream(self.shell.outputs, "stdout"), Stream(self.shell.outputs, "stdout")
        dict.__setitem__(
            self.names,
            "__builtins__",
            {**vars(builtins), "isinstance": proxies.is_instance, "issubclass": proxies.is_subclass},
        )
        unittest.case.isinstance, unittest.case.issubclass = proxies.is_instance, proxies.is_subclass
        notebook.observe, notebook.is_ours = self._observe, self._is_ours
        _seed_there_too(self.link)
        self.link.begin(job.seconds)
        try:
            self.link.ask("begin", job.environment, job.files)
        except WireError as error:
            self._lost = f"the submission's process could not begin: {error}"

    def _run_cell(self, cell: Cell) -> CellResult:
        self.link.begin(self.job.seconds)
        outputs, done = self.link.ask("run", cell.source, False)
        outputs = clean(outputs)
        self.names.after_a_call()
        if done is True:
            return CellResult(cell.name, "ran", outputs)
        error = next((output for output in outputs if output["output_type"] == "error"), {})
        late = error.get("ename") == "CellTimeoutError"
        return CellResult(cell.name, "timed out" if late else "raised", outputs, error.get("ename", ""))

    def _test(self, cell: Cell) -> CellResult:
        if cell.role == "test there":
            return self._run_cell(cell)
        self._advance(cell.name)
        self.link.begin(self.job.seconds)
        self.shell.failed = self.shell.failed_line = None
        wanted = [name for name in self._loads(cell.source) if name in self.names.learners and name not in self.names]
        if wanted:
            self.names.fetch(wanted)
        self.link.baseline = random_state() if "random" in cell.source else None
        try:
            with time_limit(self.job.seconds + GRACE + 1):
                outputs, done = self.shell.run(cell.source)
        except OutOfTime:
            outputs, done = self.shell.outputs.take(), False
            self.shell.failed = TimeoutError(f"it took longer than {self.job.seconds:g} s")
            outputs.append(
                {"output_type": "error", "ename": "TimeoutError", "evalue": str(self.shell.failed), "traceback": []}
            )
        error = self.shell.failed
        if done:
            return CellResult(cell.name, "ran", outputs)
        if isinstance(error, WireError):
            self._lost = f"the submission's process is lost: {error}"
        if trace := getattr(error, "learners_traceback", ""):
            outputs[-1]["traceback"] += ["\nIn the submission:\n", trace[-5000:]]
        state = {Refused: "refused", TimeoutError: "timed out", OutOfTime: "timed out"}.get(type(error), "raised")
        hidden = self.shell.failed_line in hidden_lines(cell.source)
        return CellResult(cell.name, state, outputs, f"{type(error).__name__}: {error}"[:500], hidden)

    def _advance(self, name: str) -> None:
        """Run the teacher's own statements up to a test, in the order of the teacher's notebook."""
        upto = self._steps.get(name, len(self.plan.steps) - 1)
        while self._done <= upto:
            step = self.plan.steps[self._done]
            self._done += 1
            self.names.forget(step.learners)
            if step.role != "test" and step.trusted:
                self.link.begin(self.job.seconds)
                self.names.learners -= set(step.teachers)
                self.shell.run(step.trusted)
            self.names.learners |= set(step.learners)
            for learners in step.learners:
                dict.pop(self.names, learners, None)

    def _loads(self, source: str) -> set[str]:
        tree = plans.parse(source)
        return plans.loaded_by(tree) | self._all_loads

    def _is_ours(self, answer: Any, exercise: Any) -> bool:
        return self.link.number_of_theirs(answer) is None and is_ours_here(answer, exercise)

    def _observe(self, exercise: Any, answer: Any, seed: int) -> Record:
        """Have the exercise's probe run in the learner's process."""
        if self.link.number_of_theirs(answer) is None:
            return observe(exercise, answer, seed)
        given = self.link.ask("probe", exercise.name, seed, answer)
        if given is None:
            raise notebook.OursError
        rows, printed, changed = given
        return Record(
            [Observation(str(label)[:500], value) for label, value in rows],
            printed if type(printed) is int else 0,
            [str(name)[:200] for name in changed][:20],
        )


is_ours_here = notebook.is_ours


def random_state() -> tuple:
    """Return the state of the global random generators."""
    name, keys, *rest = np.random.get_state()
    return (name, keys.tobytes(), *rest), random.getstate()


def _loads_of_definitions(plan: plans.Plan) -> set[str]:
    """Return what the trusted code outside the tests loads: its functions may be called by any test."""
    return {
        name
        for step in plan.steps
        if step.role != "test" and step.trusted
        for name in plans.loaded_by(plans.parse(step.trusted))
    }


def _seed_there_too(link: TesterLink) -> None:
    """Seeding TensorFlow's or Keras's generators in a test seeds those of the learner's process."""
    for module, path in (("tensorflow", ("random", "set_seed")), ("keras", ("utils", "set_random_seed"))):
        if (owner := sys.modules.get(module)) is None:
            continue
        owner = getattr(owner, path[0])
        original = getattr(owner, path[1])

        def seed(*arguments, original=original, module=module, path=path):
            original(*arguments)
            link.ask("seed", module, list(path), arguments)

        setattr(owner, path[1], seed)


def hidden_lines(source: str) -> set[int]:
    """Return the numbers of the lines of a test that are not in the released notebook."""
    lines, hidden, inside = source.split("\n"), set(), False
    for number, line in enumerate(lines, 1):
        inside = inside or bool(re.search(r"#+\s*BEGIN HIDDEN TESTS", line))
        if inside:
            hidden.add(number)
        inside = inside and not re.search(r"#+\s*END HIDDEN TESTS", line)
    return hidden


def clean(outputs: Any) -> list[dict]:
    """Return a learner's outputs as nbformat allows them; what is none is left out."""
    kept = []
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            kept.append({"output_type": "stream", "name": name, "text": str(output.get("text", ""))})
        elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
            data = {
                str(mime): item
                for mime, item in output["data"].items()
                if re.fullmatch(r"[\w.+-]+/[\w.+-]+", str(mime))
            }
            data = {mime: item if mime.endswith("json") else str(item) for mime, item in data.items()}
            metadata = output.get("metadata") if isinstance(output.get("metadata"), dict) else {}
            kept.append({"output_type": kind, "data": data, "metadata": metadata})
            if kind == "execute_result":
                kept[-1]["execution_count"] = None
        elif kind == "error":
            trace = output.get("traceback") if isinstance(output.get("traceback"), list) else []
            texts = {key: str(output.get(key, "")) for key in ("ename", "evalue")}
            kept.append({"output_type": "error", **texts, "traceback": [str(line) for line in trace]})
    return kept
