"""The tester: one process for each submission, which runs the teacher's test cells against the learner's process."""

from __future__ import annotations

import builtins
import os
import re
import socket
import sys
import unittest.case
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from course_lib import notebook
from course_lib.checking.examiner import Examiner
from course_lib.checking.isolation import Failure, OutOfTime, time_limit
from course_lib.checking.observe import Observation, Record, observe
from course_lib.checking.values import plain
from course_lib.grading.crossing import WireError
from course_lib.grading.seeds import SEED_VARIABLE
from course_lib.grading.split import plan as plans
from course_lib.grading.split import proxies, values
from course_lib.grading.split.link import Refused
from course_lib.grading.split.namespace import Names, warm_shell
from course_lib.grading.split.outputs import clean
from course_lib.grading.split.shared import Shared
from course_lib.grading.split.shell import Stream, as_json
from course_lib.grading.split.tester_link import TesterLink

# Where a test loads one of these it may look at any name.
ALL_NAMES = {"globals", "locals", "dir", "vars", "eval", "exec"}
GRACE = 3.0  # seconds beyond its limit that a cell has: the learner's process should have ended it by itself


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
    readable: list[str] = field(default_factory=list)  # more folders that cells and tests may read
    allowed: frozenset[tuple] | None = None  # operators that the tests ask for with the teacher's own solution
    refused: dict[str, str] = field(default_factory=dict)  # tests that are not run, and why


@dataclass
class CellResult:
    """What became of a cell.

    `state`: "ran", "raised", "timed out", "refused" (it cannot be run split), or "not run". `reason` says why.
    """

    name: str
    state: str
    outputs: list[dict]
    reason: str = ""


class Tester:
    """Runs a job in `folder`, where links to the teacher's files are; `end` is ours of the channel to the learner's."""

    def __init__(self, job: Job, end: socket.socket, folder: str):
        self.job, self.plan = job, job.plan
        self.shell = warm_shell()
        self.names: Names = self.shell.user_ns
        self.link = TesterLink(end, self.plan.operators, self.names)
        self.link.allowed = job.allowed
        self.names.link = self.link
        self.link.on_rebound = self.names.forget
        self._folder = folder
        trusted = "\n".join(step.trusted for step in self.plan.steps if step.role != "test")
        self.shared = Shared(self.link, self._folder, trusted, self.names)
        self.link.before_asking, self.link.after_asking = self.shared.before_asking, self._after_asking
        self.link.answering = self.shared.answering
        self._steps = {step.name: number for number, step in enumerate(self.plan.steps)}
        self._done = 0
        self._lost = ""

    def run(self, say: Callable[[CellResult], None]) -> None:
        """Run all cells; `say` each one's result as soon as it is there."""
        self._prepare()
        for cell in self.job.cells:
            self.link.cell = cell.name
            if self._lost:
                say(CellResult(cell.name, "not run", [], self._lost))
                continue
            try:
                say(self._run_cell(cell) if cell.role == "run" else self._test(cell))
            except (WireError, OutOfTime) as error:
                lost = isinstance(error, WireError)
                self._lost = f"the submission's process is lost: {error}" if lost else "it does not end when it should"
                say(CellResult(cell.name, "not run", [], self._lost))
            except Exception as error:  # an answer that nobody thought of
                say(CellResult(cell.name, "raised", [], f"{type(error).__name__}: {_text_of(error)}"))

    def _prepare(self) -> None:
        job = self.job
        os.chdir(self._folder)
        sys.path.insert(0, self._folder)  # the teacher's modules; nothing that is sent here can be imported
        os.environ[SEED_VARIABLE] = str(job.seed)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        sys.stdout, sys.stderr = Stream(self.shell.outputs, "stdout"), Stream(self.shell.outputs, "stdout")
        sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # to which a test sets them back
        dict.__setitem__(
            self.names,
            "__builtins__",
            {**vars(builtins), "isinstance": proxies.is_instance, "issubclass": proxies.is_subclass},
        )
        unittest.case.isinstance, unittest.case.issubclass = proxies.is_instance, proxies.is_subclass
        notebook.observe, notebook.is_ours = self._observe, self._is_ours
        allowed = {"masked": self.plan.has_masked, "missing": self.plan.has_missing}
        values.ALLOWED.update(name for name, is_allowed in allowed.items() if is_allowed)
        _seed_there_too(self.link)
        _draw_there_too(self.link, self.names)
        self.link.begin(job.seconds)
        try:
            folder = self.link.ask("begin", job.environment, job.files)
            self.link.folder_there = folder if type(folder) is str and folder[:1] == "/" else "/"
            self.shared.begin_alike()
        except Exception as error:
            self._lost = f"the submission's process could not begin: {_text_of(error)}"

    def _run_cell(self, cell: Cell) -> CellResult:
        self.link.begin(self.job.seconds)
        with time_limit(self.job.seconds + GRACE):
            answer = self.link.ask("run", cell.source)
        if type(answer) is not tuple or len(answer) != 2:
            raise WireError("The other side answers what is no answer.")
        outputs, done = answer
        self.link.sources.append(cell.source)
        outputs = clean(outputs)
        self.names.forget(self.names.learners & self.names.keys())
        if done is True:
            return CellResult(cell.name, "ran", outputs)
        error = next((output for output in outputs if output["output_type"] == "error"), {})
        late = error.get("ename") == "CellTimeoutError"
        return CellResult(cell.name, "timed out" if late else "raised", outputs, error.get("ename", ""))

    def _test(self, cell: Cell) -> CellResult:
        if cell.role == "test there":
            return self._run_cell(cell)
        if cell.name in self.job.refused:
            return CellResult(cell.name, "refused", [], self.job.refused[cell.name])
        if looked_into := re.search(r"\.__(code|globals|closure)__\b", cell.source):
            reason = f"it looks at `{looked_into[0][1:]}` of a function of the submission's"
            return CellResult(cell.name, "refused", [], reason)
        self._advance(cell.name)
        self.link.begin(self.job.seconds)
        step = self.plan.steps[self._steps[cell.name]]
        loads = None if step.loads & ALL_NAMES else step.loads
        wanted = (self.names.learners if loads is None else self.names.learners & loads) - self.names.keys()
        if wanted:
            self.names.fetch(wanted)
        self.names.hide_unless_bound(loads)
        self.names.shared = self.plan.read_by_solutions | step.gives
        self.shared.begin(cell.source)
        self.shell.failed, self.names.in_test = None, True
        try:
            with time_limit(self.job.seconds + GRACE):
                outputs, done = self.shell.run(cell.source)
        except OutOfTime:
            outputs, done = self.shell.outputs.take(), False
            self.shell.failed = TimeoutError(f"it took longer than {self.job.seconds:g} s")
            texts = {"ename": "TimeoutError", "evalue": str(self.shell.failed)}
            outputs.append({"output_type": "error", **texts, "traceback": []})
        finally:
            self.names.in_test = False
            self.shared.end()
        outputs = as_json(outputs)
        return CellResult(cell.name, "ran", outputs) if done else self._failed(cell, outputs, self.shell.failed)

    def _failed(self, cell: Cell, outputs: list[dict], error: BaseException | None) -> CellResult:
        if isinstance(error, WireError) or self.link.is_lost:
            why = error if isinstance(error, WireError) else f"the connection was closed in the test {cell.name}"
            self._lost = f"the submission's process is lost: {why}"
        # nbgrader would take a number that was shown before for the points.
        outputs = [output for output in outputs if output["output_type"] != "execute_result"]
        if outputs and (trace := self.link.tracebacks.get(id(error), "")):
            outputs[-1].setdefault("traceback", []).extend(["\nIn the submission:\n", trace[-5000:]])
        state = "timed out" if isinstance(error, TimeoutError | OutOfTime) else "raised"
        if isinstance(error, Refused) and self.job.allowed is None:
            state = "refused"  # with a submission, what was not refused in the rehearsal is the submission's doing
        return CellResult(cell.name, state, outputs, f"{type(error).__name__}: {_text_of(error)}")

    def _after_asking(self) -> None:
        self.names.after_call()
        self.shared.after_asking()

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
            self.names.imported |= set(step.imported)
            for learners in step.learners:
                dict.pop(self.names, learners, None)

    def _is_ours(self, answer: Any, exercise: Any) -> bool:
        return self.link.number_of_theirs(answer) is None and is_ours_here(answer, exercise)

    def _observe(self, exercise: Any, answer: Any, seed: int, tells_inputs: bool = False) -> Record:
        """Have the exercise's probe run in the learner's process. What it was called with stays there."""
        if self.link.number_of_theirs(answer) is None:
            return observe(exercise, answer, seed)
        if isinstance(exercise, Examiner):
            return self._examine(exercise, answer, seed)
        given = self.link.ask("probe", exercise.name, seed, answer)
        if given is None:
            raise notebook.OursError
        if type(given) is not tuple or [type(part) for part in given] != [list, int, list, list]:
            raise WireError("The other side answers what is no answer.")
        rows, printed, changed, iterators = given
        observations = []
        for label, value in rows:
            observations.append(Observation(str(label)[:500], value if type(value) is Failure else plain(value)))
        iterators = {str(name)[:200]: str(kind)[:200] for name, kind in iterators[:20]}
        return Record(observations, printed, [str(name)[:200] for name in changed[:20]], iterators)

    def _examine(self, exercise: Examiner, answer: Any, seed: int) -> Record:
        """Run the exercise's probe here: the answer and the implementations that it is given call one another."""
        if str(getattr(answer, "__module__", "")).partition(".")[0] == "course_lib":
            raise notebook.OursError

        def called(*implementations):
            try:
                return answer(*implementations)
            except TimeoutError:  # the learner's process has ended it
                raise OutOfTime from None
            except OutOfTime:  # it has not, and its answer would be taken for that to another question
                self.link.close()
                raise

        self.link.begin(exercise.time_limit)
        record = observe(replace(exercise, time_limit=exercise.time_limit + GRACE), called, seed)
        self.link.begin(self.job.seconds)
        if self.link.is_lost:
            raise WireError("it does not end when it should")
        for number, observation in enumerate(record.observations):
            if isinstance(observation.value, Failure) and observation.value.kind == "time":
                value = replace(observation.value, message=f"{exercise.time_limit:g}")
                record.observations[number] = replace(observation, value=value)
        return record


is_ours_here = notebook.is_ours


def _text_of(error: BaseException | None) -> str:
    try:
        return str(error)[:500]
    except Exception:  # a learner's exception is asked for its text
        return "(its message cannot be read)"


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


def _draw_there_too(link: TesterLink, names: Names) -> None:
    """Where a test asks for the current figure and has none of its own, it is that of the learner's process.

    Only where the test itself asks: what it draws by pyplot's other functions, which ask too, is no learner's business.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return

    def is_the_test(frame: Any) -> bool:
        return names.in_test and frame.f_globals is names

    def current(name: str, original: Callable) -> Callable:
        def current_or_theirs(*arguments, **options):
            theirs = is_the_test(sys._getframe(1)) and not pyplot.get_fignums()
            return link.ask("figure", name) if theirs else original(*arguments, **options)

        return current_or_theirs

    def close(*arguments, original=pyplot.close, **options):
        original(*arguments, **options)
        if is_the_test(sys._getframe(1)):
            link.ask("figure", "close")

    pyplot.gca, pyplot.gcf = current("gca", pyplot.gca), current("gcf", pyplot.gcf)
    pyplot.close = close
